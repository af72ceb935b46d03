"""Who does what in a case: intents by exchange, drawn independently of any outcome."""

import math
from random import Random

from data.generator.case import DISTRESS, LIVE, Case

# How often in a conversation, where nothing of the case calls for more or less.
RATES = {
    "sympathy": 0.4, "apology": 0.8, "reassurance": 0.6, "self_disclosure": 0.14, "appreciation": 0.7, "victory": 0.25,
    "humour": 0.2, "smalltalk": 0.2, "boundary_care": 0.1, "bare_no": 0.12, "refusal": 0.25, "refusal_reason": 0.28,
    "defensive": 0.4, "dismissive": 0.22, "prying": 0.1, "pause_offer": 0.13, "hours_reminder": 0.12,
    "open_question": 0.9, "closed_question": 1.0, "question": 0.9, "clarifying": 0.5, "paraphrase": 0.7,
    "understanding_check": 0.45, "expectation": 0.7, "explain": 0.8, "transparency_general": 0.2, "objection": 0.22,
    "options": 0.4, "collaboration": 0.4, "flexibility": 0.22, "referral": 0.2, "written_record": 0.45,
    "contact_details": 0.25,
}  # fmt: skip
ORDER = (
    "greeting", "acknowledge", "humour", "sympathy", "validation", "apology", "appreciation", "victory",
    "paraphrase", "self_disclosure", "reassurance", "ownership", "dismissive", "defensive", "bare_no",
    "boundary_insults", "boundary_care", "refusal", "refusal_reason", "lookup", "reading", "statement",
    "deflect_escalation", "escalation", "explain", "transparency_general", "objection", "solution", "options",
    "flexibility", "referral", "expectation", "commit", "written_record", "contact_details", "hours_reminder",
    "smalltalk", "summary", "understanding_check", "pause_offer", "prying", "clarifying", "question",
    "closed_question", "open_question", "identity", "collaboration", "anything_else", "closing", "sign_off",
)  # fmt: skip
PLANTED = {
    "solution",
    "options",
    "refusal_reason",
    "flexibility",
    "ownership",
}  # without any, they talk of something else, as long
AFTER = (
    "explain",
    "question",
    "options",
    "expectation",
    "reassurance",
    "solution",
    "understanding_check",
)  # an escalation
QUESTIONS = ("understanding_check", "clarifying", "question", "closed_question", "open_question", "identity", "prying")
CALLS_FOR_FEELING = {"sympathy": 0.5, "apology": 0.3, "reassurance": 0.25}  # more of it, the harder the case


def assign(case: Case, rng: Random) -> None:
    """Fills in said, heard, interrupted, barged and the escalation of a case."""
    n = case.exchanges
    case.said, case.heard = [[] for _ in range(n)], [[] for _ in range(n)]
    _distress(case, rng)
    _escalation(case, rng)
    last = n - 2
    case.body = range(max(1, last if case.escalated_in is None else min(last, case.escalated_in)))
    _validation(case, rng)
    for intent, rate in RATES.items():
        _spread(case, intent, _poisson(rng, 0.8 * rate * _factor(case, intent)), rng)
    _spread(case, "solution", _poisson(rng, 1.9 * _mood(rng) * _factor(case, "solution")), rng, first=1)
    _spread(case, "ownership", _poisson(rng, 1.1 * _mood(rng) * _factor(case, "ownership")), rng)
    _ask_in_vain(case)
    _frame(case, rng)
    _overlaps(case, rng)
    for j, intents in enumerate(case.said):
        case.said[j] = sorted(_one_question(intents), key=ORDER.index)


def _factor(case: Case, intent: str) -> float:
    size = {"voice": 1.0, "chat": 0.9}.get(case.channel, 0.7)
    return size * math.exp(case.agent.style.get(intent, 0)) * (1 + CALLS_FOR_FEELING.get(intent, 0) * case.severity)


def _poisson(rng: Random, rate: float) -> int:
    count, product, limit = 0, rng.random(), math.exp(-rate)
    while product > limit:
        count, product = count + 1, product * rng.random()
    return count


def _mood(rng: Random) -> float:
    """How much of it an agent does this time, against their usual: so that doses vary from one case to the next."""
    return rng.gammavariate(1.1, 1 / 1.1)


def _spread(case: Case, intent: str, count: int, rng: Random, first: int = 0) -> None:
    places = [j for j in case.body if j >= first] or list(case.body)
    for j in rng.sample(places, min(count, len(places))):
        case.said[j].append(intent)


def _distress(case: Case, rng: Random) -> None:
    n, s = case.exchanges, case.severity
    first = max(1, round(n / 3))
    early = (0, 1, 1, 2)[s] if first > 1 else min(s, 1)
    for j in rng.sample(range(first), min(early, first)):
        case.heard[j].append(_kind(rng))
    for j in range(first, n - 2):
        if rng.random() < (0.04, 0.22, 0.4, 0.52)[s]:
            case.heard[j].append(_kind(rng))
    for j in range(1, n - 2):
        if rng.random() < (0.02, 0.07, 0.15, 0.24)[s]:
            case.heard[j].append("again")


def _kind(rng: Random) -> str:
    return rng.choices(DISTRESS, (5, 2, 2, 1.5, 0))[0]


def _escalation(case: Case, rng: Random) -> None:
    n = case.exchanges
    if rng.random() < 0.03 and n >= 5:
        case.escalation, case.escalated_in = "untriggered", rng.randrange(2, n - 2)
    elif n >= 4 and rng.random() < (0.03, 0.1, 0.24, 0.42)[case.severity]:
        at = rng.randrange(1, max(2, n - 3))
        case.heard[at].append(rng.choices(("escalation_request", "aggression"), (3, 1))[0])
        case.escalation = rng.choices(("timely", "late", "missed"), (4, 3, 3.5))[0]
        _answer_escalation(case, at, rng)


def _answer_escalation(case: Case, at: int, rng: Random) -> None:
    n = case.exchanges
    if case.escalation == "late" and at + 3 > n - 2:
        case.escalation = "missed"
    if case.escalation == "timely":
        case.escalated_in = min(at + rng.choice((0, 0, 1)), n - 2)
    elif case.escalation == "late":
        case.escalated_in = rng.randrange(at + 3, n - 1)
    if case.escalation in ("late", "missed") and "escalation_request" in case.heard[at]:
        case.said[at].append("deflect_escalation")
    if case.escalated_in is not None:
        case.said[case.escalated_in].append("escalation")


def _validation(case: Case, rng: Random) -> None:
    middle = 1 / (1 + math.exp(-(-1.1 + 0.6 * case.severity + case.agent.style["validation"])))
    chance = rng.betavariate(0.5 * middle, 0.5 * (1 - middle))
    for j in case.distress:
        if j in case.body and rng.random() < chance:
            case.said[j].append("validation")
    if not case.distress and rng.random() < 0.15:
        case.said[0].append("validation")


def _ask_in_vain(case: Case) -> None:
    """A refusal answers a request; insults call for a limit."""
    for j, intents in enumerate(case.said):
        if any(i in intents for i in ("bare_no", "refusal", "refusal_reason")):
            case.heard[j].append("request")
        if "aggression" in case.heard[j] and j in case.body and case.number % 2:
            intents.append("boundary_insults")


def _frame(case: Case, rng: Random) -> None:
    """Greeting, first questions, the close: what every conversation has."""
    n = case.exchanges
    if case.channel != "voice":
        case.said[0].append("greeting")
    if case.channel in LIVE:
        case.said[rng.choice((0, 0, 1)) if n > 4 else 0].append("identity")
    close = case.said[n - 2]
    close.extend(i for i, p in (("summary", 0.4), ("anything_else", 0.7), ("expectation", 0.2)) if rng.random() < p)
    case.said[n - 1].append("closing")
    for j, intents in enumerate(case.said[:-1]):
        if j not in case.body and j < n - 2:
            intents.extend(rng.sample(AFTER, rng.choice((1, 2))))
        is_cold = j in case.distress and "validation" not in intents
        if j in case.body and (is_cold or not PLANTED & set(intents)):
            intents.append("reading")
        elif not intents or rng.random() < 0.25:
            intents.append(rng.choice(("lookup", "statement", "acknowledge")))


def _one_question(intents: list[str]) -> list[str]:
    """The intents with the first question only, as people ask one thing at a time (a check may go with it)."""
    kept: list[str] = []
    for intent in dict.fromkeys(intents):
        if intent in QUESTIONS and sum(i in QUESTIONS for i in kept) > 0:
            continue
        kept.append(intent)
    return kept


def _overlaps(case: Case, rng: Random) -> None:
    if case.channel != "voice":
        return
    count = min(_poisson(rng, 1.5 * math.exp(case.agent.style["interruption"]) * _mood(rng)), 5, len(case.body))
    case.interrupted = set(rng.sample(list(case.body), count))
    later = range(1, case.exchanges - 1)
    case.barged = set(rng.sample(later, min(_poisson(rng, 0.5 + 0.2 * case.severity), len(later))))
