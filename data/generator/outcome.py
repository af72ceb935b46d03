"""What came of a case: satisfaction and resolution, from what was planted and from nothing else."""

import math
import tomllib
from pathlib import Path
from random import Random

from data.generator.case import Case

PLANTED = tomllib.loads((Path(__file__).parent / "planted.toml").read_text(encoding="utf-8"))
_SATISFACTION, _RESOLUTION = PLANTED["satisfaction"], PLANTED["resolution"]
PROPOSES = ("solution", "options", "refusal_reason", "flexibility")  # each offers something to be done
SHARES = (0.14, 0.26, 0.41, 0.66)  # of ratings up to 1, 2, 3 and 4


def resolve(case: Case, luck: float, rng: Random) -> None:
    """Draws whether the case was resolved."""
    proposals, ownership = case.count(*PROPOSES), case.count("ownership")
    effect = _RESOLUTION["solution"] * (proposals - 2.1) + _RESOLUTION["ownership"] * (ownership - 0.9)
    mix = _RESOLUTION["difficulty"] * case.difficulty + _RESOLUTION["luck"] * luck
    case.resolved = 1.0 + effect + mix + logistic(rng) > 0


def satisfy(case: Case, luck: float, rng: Random) -> None:
    """Draws the latent satisfaction."""
    share = case.validated_share
    known = case.source not in ("amazon", "teams", "zoom")
    case.latent = (
        (_SATISFACTION["validated_share"] * (share - 0.4) if share is not None else 0)
        + _SATISFACTION["interruption"] * (len(case.interrupted) - (1.3 if case.channel == "voice" else 0))
        + (_follow_through(case) if known else 0)
        + _SATISFACTION.get(f"escalation_{case.escalation}", 0)
        + _SATISFACTION["difficulty"] * case.difficulty
        + _SATISFACTION["first_distress"] * sum(j < case.exchanges / 3 for j in case.distress)
        + case.agent.leniency
        + _SATISFACTION["luck"] * luck
        + logistic(rng)
    )


def _follow_through(case: Case) -> float:
    if case.promise:
        return _SATISFACTION.get(f"promise_{case.promise.status}", 0)
    if case.followed_up is None:
        return 0
    return _SATISFACTION["followed_up" if case.followed_up else "not_followed_up"]


def rate(cases: list[Case]) -> None:
    """Turns the latent satisfaction into 1 to 5, by its place among all."""
    ordered = sorted(case.latent for case in cases)
    limits = [ordered[int(share * len(ordered))] for share in SHARES]
    for case in cases:
        case.satisfaction = 1 + sum(case.latent > limit for limit in limits)


def logistic(rng: Random) -> float:
    """A draw of standard logistic noise."""
    u = rng.uniform(1e-6, 1 - 1e-6)
    return math.log(u / (1 - u))
