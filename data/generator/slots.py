"""What fills the slots of a case's phrases."""

from datetime import timedelta
from random import Random

from data.generator.case import Case
from data.generator.company import COMPANY, local
from data.generator.grammar import Phrases


def slots(case: Case, phrases: Phrases, rng: Random) -> dict[str, str]:
    """Names, numbers and days as this case's people would say them."""
    here = local(case.started_at)
    words = phrases.general["words"]
    person = case.customer
    assert person is not None
    return {
        "company": COMPANY["name"],
        "agent": case.agent.first,
        "customer": person.first,
        "surname": person.last,
        "product": phrases.word("product"),
        "topic_word": phrases.general["topic_words"][case.topic],
        "order": f"{rng.choice('ABDK')}{rng.randrange(100000, 999999)}",
        "ref": f"{rng.choice(('AW', 'CS', 'R'))}-{rng.randrange(10000, 99999)}",
        "ref_customer": f"W{rng.randrange(1000, 9999)}-{rng.randrange(10, 99)}",
        "serial": f"{rng.randrange(10, 99)}X{rng.randrange(1000, 9999)}",
        "amount": _amount(case.language, rng),
        "date": _date(case, words["month"], rng),
        "pastday": words["weekday"][(here - timedelta(days=rng.randrange(1, 6))).weekday()],
        "day": words["weekday"][rng.choice([d for d in range(6) if d != here.weekday()])],
        "email": person.email,
        "phone": person.phone,
        "card": person.facts["card"],
        "last4": person.facts["card"].replace(" ", "").replace("-", "")[-4:],
        "iban": person.facts["iban"],
        "customer_number": person.facts["customer_number"],
        "street": phrases.word("street"),
        "town": phrases.word("town"),
        "postcode": phrases.word("postcode"),
        "direct": f"020 7946 0{100 + int(case.agent.id) % 100}"
        if case.language == "en"
        else f"01 99 00 1{int(case.agent.id) % 10} 20",
        "agent_email": f"{case.agent.first.lower()}@alderway.example",
        "supervisor": rng.choice(COMPANY["supervisors"]),
        "when": case.promise.words if case.promise else "",
    }


def _amount(language: str, rng: Random) -> str:
    pounds, pence = rng.randrange(19, 640), rng.choice(("", "", ".50", ".99"))
    if language == "en":
        return f"£{pounds}{pence}" if rng.random() < 0.7 else f"{pounds} euro"
    return f"{pounds}{pence.replace('.', ',')} euros"


def _date(case: Case, months: list[str], rng: Random) -> str:
    day = local(case.started_at) - timedelta(days=rng.randrange(6, 40))
    if case.language == "fr":
        return f"{day.day} {months[day.month - 1]}"
    ending = "th" if 10 < day.day < 14 else {1: "st", 2: "nd", 3: "rd"}.get(day.day % 10, "th")
    return f"{day.day}{ending} of {months[day.month - 1]}"
