"""The company: its agents, its customers, its clock."""

from datetime import date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from data.generator.case import Agent, Customer
from data.generator.grammar import load

COMPANY = load("company.toml")
ZONE = ZoneInfo(COMPANY["time_zone"])
FIRST: date = COMPANY["first_day"]
LAST: date = COMPANY["last_day"]
OPEN, CLOSED = 8, 20  # o'clock, Monday to Saturday

STYLED = (
    "validation", "interruption", "solution", "ownership", "sympathy", "apology", "reassurance", "open_question",
    "paraphrase", "defensive", "dismissive", "backchannel", "appreciation", "humour", "explain", "expectation",
    "written_record", "self_disclosure", "speed",
)  # fmt: skip


def agents(rng: Random, leniency: float) -> list[Agent]:
    """The twelve, each with a style; how lenient their customers are has nothing to do with it."""
    return [
        Agent(**row, style={name: rng.gauss(0, 0.4) for name in STYLED}, leniency=rng.gauss(0, leniency))
        for row in COMPANY["agent"]
    ]


def customer(number: int, language: str, rng: Random) -> Customer:
    """An invented customer; phone numbers, cards and accounts are such as nobody has."""
    people = COMPANY["people"]
    first, last = rng.choice(people[f"{language}_first"]), rng.choice(people[f"{language}_last"])
    mail = (
        f"{first}.{last}".lower()
        .replace("'", "")
        .replace("é", "e")
        .replace("è", "e")
        .replace("ë", "e")
        .replace("ï", "i")
    )
    facts = {
        "card": rng.choice(people["cards"]),
        "iban": rng.choice(people[f"ibans_{language}"]),
        "customer_number": str(rng.randrange(200000, 999999)),
    }
    return Customer(
        id=str(884000 + number),
        first=first,
        last=last,
        email=f"{mail}{rng.randrange(1, 99)}@{rng.choice(('example.com', 'example.org', 'mail.example.net'))}",
        phone=_phone(language, rng),
        facts=facts,
    )


def _phone(language: str, rng: Random) -> str:
    three, two = rng.randrange(100, 999), rng.randrange(10, 99)
    if language == "fr":
        return rng.choice((f"06 39 98 {two:02d} {three % 100:02d}", f"+33 1 99 00 {two:02d} {three % 100:02d}"))
    return rng.choice((f"07700 900{three}", f"020 7946 0{three}", f"+44 7700 900 {three}", f"+353 20 91{three}{two}"))


def local(moment: datetime) -> datetime:
    """A UTC moment on the company's clock."""
    return moment.astimezone(ZONE)


def working(moment: datetime) -> datetime:
    """The moment itself if somebody is at work then, otherwise the next opening with some minutes to settle."""
    here = local(moment)
    while here.weekday() == 6 or not OPEN <= here.hour < CLOSED:
        day = here.date() + timedelta(days=0 if here.weekday() < 6 and here.hour < OPEN else 1)
        here = datetime(day.year, day.month, day.day, OPEN, 7 + here.minute % 40, here.second, tzinfo=ZONE)
    return here.astimezone(moment.tzinfo)
