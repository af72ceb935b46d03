"""Promises: when they fall due, whether they are kept, and by what."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from random import Random

from data.generator.case import LIVE, Case, Promise
from data.generator.company import CLOSED, LAST, ZONE, local, working
from data.generator.grammar import load

WORDS = {language: load(f"{language}.toml")["words"] for language in ("en", "fr")}
END = datetime(LAST.year, LAST.month, LAST.day, 19, 30, tzinfo=ZONE)


def _day_end(day: datetime) -> datetime:
    return datetime.combine(day.date(), time(CLOSED), ZONE)


def _weekday(here: datetime, ahead: int) -> datetime:
    day = here + timedelta(days=ahead)
    return day + timedelta(days=day.weekday() == 6)


def _working_days(here: datetime, count: int) -> datetime:
    day = here
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < 6
    return _day_end(day)


def _saturday(here: datetime) -> datetime:
    return _day_end(here + timedelta(days=(5 - here.weekday()) % 7))


Due = Callable[[datetime], datetime]
# In English, in French, and when it is due by the company's clock.
PLAIN: list[tuple[str, str, Due]] = [
    ("today", "aujourd'hui", _day_end),
    ("by the end of the day", "avant ce soir", _day_end),
    ("tomorrow", "demain", lambda here: _day_end(here + timedelta(days=1))),
    ("tomorrow morning", "demain matin", lambda h: datetime.combine(h.date() + timedelta(days=1), time(12), ZONE)),
    ("by noon tomorrow", "d'ici demain midi", lambda h: datetime.combine(h.date() + timedelta(days=1), time(12), ZONE)),
    ("within 24 hours", "sous 24 heures", lambda here: here + timedelta(hours=24)),
    ("within 48 hours", "sous 48 heures", lambda here: here + timedelta(hours=48)),
    ("in the next two hours", "dans les deux heures", lambda here: here + timedelta(hours=2)),
    ("within three days", "sous trois jours", lambda here: here + timedelta(days=3)),
    ("in two business days", "sous deux jours ouvrés", lambda here: _working_days(here, 2)),
    ("before the end of the week", "avant la fin de la semaine", _saturday),
    ("as soon as I have news", "dès que j'ai du nouveau", lambda here: _working_days(here, 3)),
]
NAMED = (("by {}", "d'ici {}", CLOSED), ("on {}", "{}", CLOSED), ("by {} 5 pm", "avant {} 17 h", 17))


def promise(case: Case, rng: Random) -> None:
    """Gives the case a promise, its due time and its fate; of letters the last has it, so that no answer keeps it."""
    turn = case.body[-1] if case.channel in LIVE else case.exchanges - 1
    at = local(case.times[turn][1] if case.times else case.started_at + timedelta(minutes=3))
    words, due = _when(case.language, at, rng)
    kinds = ("call", "write", "either", "other")
    kind = rng.choices(kinds, (5, 3, 2, 1.2) if case.channel == "voice" else (3, 5, 3, 1.2))[0]
    fate = rng.choices(("kept", "kept_late", "broken"), (5, 2, 3.4))[0]
    case.promise = Promise(kind, words, due, "pending" if due > END else fate)
    if case.promise.status in ("kept", "kept_late"):
        _keep(case.promise, at, rng)
    case.said[turn].append("commit")


def _when(language: str, at: datetime, rng: Random) -> tuple[str, datetime]:
    if rng.random() < 0.3:
        english, french, hour = rng.choice(NAMED)
        day = _weekday(at, rng.randrange(2, 6))
        name = WORDS[language]["weekday"][day.weekday()]
        return (english if language == "en" else french).format(name), datetime.combine(day.date(), time(hour), ZONE)
    english, french, due = rng.choice([plain for plain in PLAIN if _makes_sense(plain[0], at)])
    return (english if language == "en" else french), due(at)


def _makes_sense(words: str, at: datetime) -> bool:
    """Nobody says "today" at closing time, nor "tomorrow" of a Sunday."""
    if words in ("today", "by the end of the day", "in the next two hours"):
        return at.hour < CLOSED - 4
    return at.weekday() < 4 or "tomorrow" not in words


def _keep(promise: Promise, at: datetime, rng: Random) -> None:
    if promise.status == "kept":
        soon = at + (promise.due - at) * rng.uniform(0.35, 0.8)
        kept = working(soon)
        promise.kept_at = kept if at + timedelta(minutes=25) < kept < promise.due else at + (promise.due - at) * 0.7
    else:
        promise.kept_at = working(promise.due + timedelta(hours=rng.uniform(5, 60)))
    if promise.kept_at > END:
        promise.status, promise.kept_at = ("broken" if promise.due < END else "pending"), None


def follow_up(case: Case, rng: Random) -> None:
    """Whether anybody comes back to a customer with nothing solved and nothing promised."""
    case.followed_up = rng.random() < 0.45
    ended = case.times[-1][1] if case.times else case.started_at + timedelta(minutes=9)
    at = working(ended + timedelta(hours=rng.uniform(20, 110)))
    if case.followed_up and at < END:
        case.follow_up_at = at


def is_in_thread(case: Case, kind: str, rng: Random) -> bool:
    """Whether the agent's side comes back in the same thread and not by a new contact."""
    return case.channel not in LIVE or (case.channel == "chat" and kind != "call" and rng.random() < 0.6)
