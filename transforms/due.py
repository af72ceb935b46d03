"""When a promise is due: its words of time, read on the calendar's wall clock from the moment it was made.

A day without an hour is due at the end of its working hours; a named day is the next one whose moment lies after the
promise; hours and minutes run on the wall clock; "24 business hours" are a working day. A vague "in a moment" is five
minutes. What can only lie behind ("this morning", said at noon) is no time at all.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import TypeVar

from dateutil.relativedelta import relativedelta

from transforms.calendar import Calendar
from transforms.promise_words import When

SOON = timedelta(minutes=5)
PARTS = {"morning": timedelta(hours=12), "noon": timedelta(hours=12), "evening": timedelta(hours=24)}
FIRST_HOUR = (
    8  # an hour of 1 to 7 without am or pm is in the afternoon: nobody is promised a call at four in the morning
)

At = Callable[[date], datetime]  # the moment of a day
Resolve = Callable[["Said", At | None], datetime | None]


@dataclass(frozen=True)
class Found:
    """Where in the text words of time stand."""

    start: int
    end: int


@dataclass(frozen=True)
class Piece(Found):
    """Words for a day or a length of time; `resolve` gives the moment, from the hour if one was named."""

    resolve: Resolve


@dataclass(frozen=True)
class Clock(Found):
    """Words for an hour or a part of the day; weak ones count only beside a day."""

    at: Callable[[Calendar], At]
    is_weak: bool


@dataclass(frozen=True)
class Said:
    """When it was said, on the wall clock, and by whose calendar."""

    at: datetime
    calendar: Calendar


F = TypeVar("F", bound=Found)


def due_at(text: str, made_at: datetime, calendar: Calendar, words: When) -> datetime | None:
    """The UTC moment that folded text names, later than the UTC moment `made_at`; null where it names none."""
    said = Said(calendar.to_local(made_at), calendar)
    wall = _moment(text, said, words)
    due = calendar.to_utc(wall) if wall else None
    return due if due and due > made_at else None


def names_a_day(text: str, words: When) -> bool:
    """Whether folded text names a day or a length of time."""
    return next(_pieces(text, words), None) is not None


def assumed_due_at(made_at: datetime, calendar: Calendar, working_days: int = 3) -> datetime:
    """The UTC moment by which a promise without a time is due: the end of the third working day after it."""
    day = calendar.add_working_days(calendar.to_local(made_at).date(), working_days)
    return calendar.to_utc(calendar.end_of_working_day(day))


def _moment(text: str, said: Said, words: When) -> datetime | None:
    clocks = _without_overlap(_clocks(text, words))
    days = [piece for piece in _without_overlap(_pieces(text, words)) if piece.resolve(said, None) or clocks]
    if not days:
        strong = [clock for clock in clocks if not clock.is_weak]
        return _next_day_at(said, strong[0].at(said.calendar)) if strong else None
    chosen = days[0]
    for later in days[1:]:
        chosen = later if words.joined.fullmatch(text[chosen.end : later.start]) else chosen
    clock = next((clock for clock in clocks if _beside(text, chosen, clock, words)), None)
    clock = clock or next((clock for clock in clocks if not clock.is_weak and clock.start >= chosen.end), None)
    return chosen.resolve(said, clock.at(said.calendar) if clock else None)


def _beside(text: str, piece: Piece, clock: Clock, words: When) -> bool:
    """Whether only small words stand between the day and the hour."""
    first, last = sorted([(piece.start, piece.end), (clock.start, clock.end)])
    return last[0] >= first[1] and words.beside.fullmatch(text[first[1] : last[0]]) is not None


def _without_overlap(found: Iterator[F]) -> list[F]:
    """In order of place; of those that overlap, the longest, else the first found."""
    kept: list[F] = []
    for one in sorted(found, key=lambda one: one.start - one.end):
        if all(one.end <= other.start or one.start >= other.end for other in kept):
            kept.append(one)
    return sorted(kept, key=lambda one: one.start)


# Days


def _pieces(text: str, words: When) -> Iterator[Piece]:
    for match in words.soon.finditer(text):
        yield Piece(*match.span(), lambda said, _: said.at + SOON)
    for match in (match for pattern in words.durations for match in pattern.finditer(text)):
        yield Piece(*match.span(), _duration(match, words))
    for pattern, offset, part in words.days:
        for match in pattern.finditer(text):
            yield Piece(*match.span(), _near_day(offset, part))
    for weekday, pattern in words.weekdays.items():
        for match in pattern.finditer(text):
            yield Piece(*match.span(), _weekday(weekday))
    for match in (match for pattern in words.dates for match in pattern.finditer(text)):
        yield Piece(*match.span(), _date(match, words))
    for name, pattern in words.spans.items():
        for match in pattern.finditer(text):
            yield Piece(*match.span(), SPANS[name])


def _day_end(said: Said) -> At:
    return said.calendar.end_of_working_day


def _duration(match: re.Match[str], words: When) -> Resolve:
    named = match.groupdict().get("n")
    count = _number(named, words) if named else 1
    unit = next(unit for unit, pattern in words.units.items() if pattern.fullmatch(match["unit"]))

    def resolve(said: Said, at: At | None) -> datetime | None:
        if unit in ("minute", "hour"):
            return said.at + timedelta(**{f"{unit}s": count})
        if unit == "working_hour":
            return _working_hours(said, count)
        if unit == "working_day":
            return (at or _day_end(said))(said.calendar.add_working_days(said.at.date(), int(count)))
        return (at or _day_end(said))(said.at.date() + relativedelta(**{f"{unit}s": int(count)}))

    return resolve


def _working_hours(said: Said, count: float) -> datetime:
    if count % 24 == 0:
        return said.calendar.end_of_working_day(said.calendar.add_working_days(said.at.date(), int(count // 24)))
    return said.calendar.add_working_time(said.at, timedelta(hours=count))


def _near_day(offset: int, part: str | None) -> Resolve:
    def resolve(said: Said, at: At | None) -> datetime | None:
        day = said.at.date() + timedelta(days=offset)
        at = at or (_part(part)(said.calendar) if part else None)
        moment = (at or _day_end(said))(day)
        if moment > said.at:
            return moment
        return None if at else said.calendar.end_of_day(day)  # "today", said after hours

    return resolve


def _weekday(weekday: int) -> Resolve:
    def resolve(said: Said, at: At | None) -> datetime | None:
        ahead = (weekday - said.at.weekday()) % 7
        days = (said.at.date() + timedelta(days=ahead + week) for week in (0, 7))
        return _first_after(said, at, days)

    return resolve


def _date(match: re.Match[str], words: When) -> Resolve:
    named = match.groupdict().get("month")
    month = _month(named, words) if named else None

    def resolve(said: Said, at: At | None) -> datetime | None:
        firsts = (said.at.date().replace(day=1) + relativedelta(months=ahead) for ahead in range(13))
        wanted = (first for first in firsts if month in (None, first.month))
        days = (first + timedelta(days=int(match["day"]) - 1) for first in wanted)
        return _first_after(said, at, (day for day in days if day.day == int(match["day"])))

    return resolve


def _month(named: str, words: When) -> int:
    if named.isdigit():
        return int(named)
    return next(month for month, pattern in words.months.items() if pattern.fullmatch(named))


def _first_after(said: Said, at: At | None, days: Iterator[date]) -> datetime | None:
    moments = ((at or _day_end(said))(day) for day in days)
    return next((moment for moment in moments if moment > said.at), None)


def _end_of_week(weeks: int) -> Resolve:
    def resolve(said: Said, at: At | None) -> datetime | None:
        monday = said.at.date() - timedelta(days=said.at.weekday())
        fridays = (_last_working_day(said, monday + timedelta(weeks=weeks + more), 7) for more in (0, 1))
        return _first_after(said, at, fridays)

    return resolve


def _end_of_month(months: int) -> Resolve:
    def resolve(said: Said, at: At | None) -> datetime | None:
        first = said.at.date().replace(day=1)
        starts = [first + relativedelta(months=months + more) for more in (0, 1, 2)]
        lasts = (_last_working_day(said, a, (b - a).days) for a, b in pairwise(starts))
        return _first_after(said, at, lasts)

    return resolve


def _last_working_day(said: Said, first: date, length: int) -> date:
    days = [first + timedelta(days=step) for step in reversed(range(length))]
    return next((day for day in days if said.calendar.is_working_day(day)), days[0])


def _weekend(said: Said, at: At | None) -> datetime | None:
    sunday = said.at.date() + timedelta(days=6 - said.at.weekday())
    return (at or said.calendar.end_of_day)(sunday)


SPANS: dict[str, Resolve] = {
    "end_of_week": _end_of_week(0),
    "next_week": _end_of_week(1),
    "weekend": _weekend,
    "end_of_month": _end_of_month(0),
    "next_month": _end_of_month(1),
}

# Hours


def _clocks(text: str, words: When) -> Iterator[Clock]:
    for match in (match for pattern in words.hours for match in pattern.finditer(text)):
        yield from _hour(match, words, is_weak=False)
    for match in (match for pattern in words.hours_beside for match in pattern.finditer(text)):
        yield from _hour(match, words, is_weak=True)
    for part, pattern in words.parts.items():
        for match in pattern.finditer(text):
            is_led = part == "end_of_day" or words.lead.search(text[: match.start()])
            yield Clock(*match.span(), _part(part), is_weak=not is_led)


def _hour(match: re.Match[str], words: When, is_weak: bool) -> Iterator[Clock]:
    hour = _number(match["h"], words)
    groups = match.groupdict()
    minute = _number(groups["m"], words) if groups.get("m") else 0
    half = (groups.get("half") or "").replace("du matin", "am")[:1]
    if hour == 12 and half == "a":
        hour = 0
    elif half != "a" and hour < (12 if half else FIRST_HOUR):
        hour += 12
    if hour <= 24 and minute < 60 and hour == int(hour):
        after_midnight = timedelta(hours=hour, minutes=minute)
        yield Clock(*match.span(), lambda _: lambda day: datetime.combine(day, time()) + after_midnight, is_weak)


def _part(part: str) -> Callable[[Calendar], At]:
    if part in PARTS:
        return lambda _: lambda day: datetime.combine(day, time()) + PARTS[part]
    return lambda calendar: calendar.end_of_working_day


def _next_day_at(said: Said, at: At) -> datetime | None:
    """The next moment of an hour that was named without its day."""
    return _first_after(said, at, (said.at.date() + timedelta(days=day) for day in (0, 1)))


def _number(found: str, words: When) -> float:
    plain = re.sub(r"[\s-]+", " ", found).strip()
    return float(plain) if plain.isdigit() else words.numbers[plain]
