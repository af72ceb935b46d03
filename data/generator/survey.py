"""Who answers the survey, what, and when."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from data.generator.case import Case
from data.generator.outcome import PLANTED
from data.generator.promises import END

RESPONSE = PLANTED["response"]


@dataclass(frozen=True)
class Answer:
    at: datetime
    csat: int  # 1 to 5
    nps: int | None
    ces: int | None

    @property
    def score(self) -> str:
        """As Zendesk has it."""
        return "good" if self.csat > 3 else "bad"


def answer(case: Case, rng: Random) -> Answer | None:
    """The customer's answer, if any; after a promise they wait to see what becomes of it."""
    chance = RESPONSE[_way(case)] + (RESPONSE["promise"] if case.promise else 0)
    ended = ended_at(case)
    awaited = [ended, case.promise.due if case.promise else ended, (case.promise and case.promise.kept_at) or ended]
    at = max(awaited) + timedelta(hours=rng.lognormvariate(2.2, 1.2))
    draws = rng.random(), rng.random(), rng.random(), rng.gauss(0, 1.2), rng.gauss(0, 1)
    if case.kind == "follow_up" or draws[0] > chance or at > END + timedelta(hours=4):
        return None
    nps = min(10, max(0, round(2.1 * case.satisfaction - 0.6 + draws[3]))) if draws[1] < 0.45 else None
    ces = min(7, max(1, round(8.4 - 1.3 * case.satisfaction + draws[4]))) if draws[2] < 0.3 else None
    return Answer(at.replace(microsecond=0), case.satisfaction, nps, ces)


def _way(case: Case) -> str:
    """How the survey reaches the customer."""
    if case.source in ("amazon", "teams", "zoom"):
        return "nameless"
    return case.channel if case.channel in RESPONSE else "other"


def ended_at(case: Case) -> datetime:
    """When the last word was said."""
    times = [turn.sent_at for turn in case.turns if turn.sent_at]
    if times:
        return max(times)
    return case.started_at + timedelta(seconds=max(turn.end or 0 for turn in case.turns))
