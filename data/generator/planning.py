"""All cases: who calls whom, when and about what, what is done, and what comes of it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

from data.generator import behaviour, outcome, promises
from data.generator.case import Agent, Case, Customer
from data.generator.company import COMPANY, FIRST, LAST, OPEN, ZONE, agents, customer, working

# The writers, their channel, and how many cases begin there.
SOURCES = {
    "amazon": ("voice", 40), "teams": ("voice", 10), "zoom": ("voice", 10), "parquet": ("voice", 150),
    "calls_csv": ("voice", 42), "chats_jsonl": ("chat", 72), "chats_csv": ("chat", 50), "zendesk": ("ticket", 90),
    "social": ("social", 8), "email": ("email", 10),
}  # fmt: skip
NAMELESS = ("amazon", "teams", "zoom")  # these carry no customer's id


def plan(seed: int) -> list[Case]:
    """Every case, in order of its beginning, with its fate."""
    rng = Random(seed)
    cases = _first_contacts(rng)
    _give_customers(cases, rng)
    cases += _later_contacts(cases, rng)
    cases.sort(key=lambda case: (case.started_at, case.number))
    base = [case for case in cases if case.kind != "follow_up"]
    outcome.rate(base)
    for number, case in enumerate(cases):
        case.number = number
        case.id = _name(case)
    return cases


def _first_contacts(rng: Random) -> list[Case]:
    staff = agents(rng, outcome.PLANTED["satisfaction"]["leniency"])
    cases = [
        _case(source, channel, rng.choice(staff), rng)
        for source, (channel, count) in SOURCES.items()
        for _ in range(count)
    ]
    for agent in staff:
        _schedule([case for case in cases if case.agent is agent], rng)
    cases.sort(key=lambda case: case.started_at)
    for number, case in enumerate(cases):
        case.number = number
        live_through(case, rng)
    return cases


def _case(source: str, channel: str, agent: Agent, rng: Random, topic: str = "") -> Case:
    topic = topic or rng.choices(list(COMPANY["share"]), list(COMPANY["share"].values()))[0]
    difficulty = COMPANY["difficulty"][topic] + rng.gauss(0, 0.3)
    severity = sum(difficulty + rng.gauss(0, 0.55) > limit for limit in (-0.5, 0.5, 1.15))
    low, high = {"voice": (6, 11), "chat": (6, 10)}.get(channel, (4, 6))
    return Case(
        number=0,
        id="",
        source=source,
        channel=channel,
        language="fr" if rng.random() < agent.french else "en",
        topic=topic,
        difficulty=difficulty,
        agent=agent,
        severity=severity,
        exchanges=rng.randint(low, high),
        is_asr=source in ("parquet", "calls_csv") and rng.random() < 0.3,
    )


def _schedule(cases: list[Case], rng: Random) -> None:
    """Working days with a few contacts each, one after the other, as on a shift."""
    days = [FIRST + timedelta(days=d) for d in range((LAST - FIRST).days + 1)]
    days = [day for day in days if day.weekday() < 6]
    rng.shuffle(cases)
    left = list(cases)
    while left:
        day = rng.choice(days)
        at = datetime(day.year, day.month, day.day, OPEN, 15, tzinfo=ZONE) + timedelta(minutes=rng.randrange(480))
        for case in left[: rng.choice((1, 2, 2, 3, 4))]:
            left.remove(case)
            case.started_at = at.astimezone(UTC)
            at += timedelta(minutes=rng.randrange(9, 40), seconds=rng.randrange(60))
            _let_write_at_night(case, rng)


def _let_write_at_night(case: Case, rng: Random) -> None:
    if case.channel not in ("voice", "chat") or (case.channel == "chat" and rng.random() < 0.1):
        case.started_at += timedelta(minutes=rng.randrange(-900, 300))
    case.started_at = case.started_at.replace(microsecond=0)


def live_through(case: Case, rng: Random) -> None:
    """What is done in a case, and what comes of it."""
    behaviour.assign(case, rng)
    case.times = [] if case.channel == "voice" else _times(case, rng)
    luck = rng.gauss(0, 1)
    outcome.resolve(case, luck, rng)
    if rng.random() < (0.2 if case.source in NAMELESS else 0.48 if case.resolved else 0.68):
        promises.promise(case, rng)
    elif not case.resolved and case.source not in NAMELESS:
        promises.follow_up(case, rng)
    if case.source == "zendesk" and case.severity == 0 and case.resolved and not case.promise:
        _answer_at_once(case)
    outcome.satisfy(case, luck, rng)


def _answer_at_once(case: Case) -> None:
    """An easy ticket: one answer, and that was it."""
    case.exchanges, case.times, case.body = 1, case.times[:1], range(1)
    case.said = [[*case.said[0], *(["solution"] if "solution" not in case.said[0] else [])]]
    case.heard, case.escalation, case.escalated_in = [case.heard[0]], "none", None


def _times(case: Case, rng: Random) -> list[tuple[datetime, datetime]]:
    """When the customer wrote and when the agent answered, exchange by exchange."""
    at, times = case.started_at, []
    for j in range(case.exchanges):
        asked = at
        if case.channel == "chat":
            wait = rng.uniform(25, 330) if j == 0 else rng.lognormvariate(3.6, 0.5)
            answered = working(asked + timedelta(seconds=wait))
            at = answered + timedelta(seconds=rng.lognormvariate(3.5, 0.6))
        else:
            answered = working(asked + timedelta(hours=rng.lognormvariate(1.0, 0.9)))
            at = answered + timedelta(hours=rng.lognormvariate(1.0, 1.0))
        times.append((asked.replace(microsecond=0), answered.replace(microsecond=0)))
    return times


def _give_customers(cases: list[Case], rng: Random) -> None:
    """Most are new, some come again; nobody does while a promise to them is open or after it was broken."""
    known: dict[str, list[Customer]] = {"en": [], "fr": []}
    free_from: dict[str, datetime] = {}
    for number, case in enumerate(cases):
        free = [one for one in known[case.language] if free_from[one.id] < case.started_at]
        case.customer = rng.choice(free) if free and rng.random() < 0.26 else customer(number, case.language, rng)
        if case.source in NAMELESS:
            continue
        if case.customer not in known[case.language]:
            known[case.language].append(case.customer)
        free_from[case.customer.id] = _free_from(case)


def _free_from(case: Case) -> datetime:
    ended = case.times[-1][1] if case.times else case.started_at + timedelta(minutes=15)
    if case.promise is None and not case.resolved:
        return (case.follow_up_at or ended) + timedelta(days=9)
    if case.promise is None:
        return ended + timedelta(days=1)
    if case.promise.kept_at is None:
        return case.promise.due + timedelta(days=100)
    return max(ended, case.promise.kept_at) + timedelta(days=2)


def _later_contacts(cases: list[Case], rng: Random) -> list[Case]:
    later = []
    staff = list({case.agent.id: case.agent for case in cases}.values())
    for case in cases:
        if case.source in NAMELESS:
            continue
        at = case.promise.kept_at if case.promise else case.follow_up_at
        kind = case.promise.kind if case.promise else rng.choice(("call", "write"))
        if at and promises.is_in_thread(case, kind, rng):
            case.follow_up_at = at
        elif at:
            later.append(_contact_back(case, at, kind, rng))
            case.follow_up_at = None
        elif case.promise is None and rng.random() < (0.07 if case.resolved else 0.45):
            later += _return(case, staff, rng)
    return later


def _contact_back(case: Case, at: datetime, kind: str, rng: Random) -> Case:
    is_call = kind == "call" or (kind != "write" and case.channel == "voice")
    source = rng.choice(("parquet", "parquet", "calls_csv")) if is_call else "zendesk"
    at = at.astimezone(UTC).replace(microsecond=0)
    answered = at + timedelta(hours=rng.uniform(1, 9))
    return replace(
        case,
        number=10_000 + case.number,
        source=source,
        channel="voice" if is_call else "ticket",
        kind="follow_up",
        started_at=at,
        exchanges=2,
        said=[["done"], ["closing"]],
        heard=[[], []],
        interrupted=set(),
        barged=set(),
        body=range(1),
        times=[] if is_call else [(at, at), (answered, working(answered + timedelta(hours=rng.uniform(0.5, 4))))],
        escalation="none",
        escalated_in=None,
        promise=None,
        followed_up=None,
        follow_up_at=None,
        resolved=rng.random() < 0.8,
        satisfaction=0,
        turns=[],
    )


def _return(case: Case, staff: list[Agent], rng: Random) -> list[Case]:
    """The customer, again, about the same thing."""
    at = case.started_at + timedelta(days=rng.choice((1, 2, 3, 4, 5, 6, 9, 12)), minutes=rng.randrange(-90, 90))
    at = working(at if case.channel == "voice" else at + timedelta(hours=2)).replace(microsecond=0)
    if at.date() >= LAST:
        return []
    agent = rng.choice([one for one in staff if _speaks(one, case.language)])
    source = rng.choice(("parquet", "parquet", "calls_csv", "chats_jsonl", "zendesk"))
    again = _case(source, SOURCES[source][0], agent, rng, case.topic)
    again.language, again.kind, again.customer = case.language, "return", case.customer
    again.number, again.started_at = 20_000 + case.number, at
    live_through(again, rng)
    again.promise, again.followed_up, again.follow_up_at = None, None, None
    again.said = [[intent for intent in intents if intent != "commit"] for intents in again.said]
    outcome.satisfy(again, rng.gauss(0, 1), rng)
    return [again]


def _speaks(agent: Agent, language: str) -> bool:
    return agent.french > 0 if language == "fr" else agent.french < 1


def _name(case: Case) -> str:
    """The id by which its source knows the case."""
    day, number = f"{case.started_at:%Y%m%d}", case.number
    names = {
        "amazon": f"alderway-call-{day}-{number:04d}",
        "teams": f"kitchen-advice-{day}-{number:04d}",
        "zoom": f"video-visit-{day}-{number:04d}",
        "zendesk": str(31_000 + number),
    }
    return names.get(case.source, f"{ {'voice': 'CALL', 'chat': 'CHAT'}.get(case.channel, 'MSG') }-{40_000 + number}")
