"""Made-up conversations whose truth is known: what drives the outcomes is chosen here."""

import numpy as np
import polars as pl

from metrics.catalogue import Metric
from metrics.units import COUNT, PER_100_TURNS, PER_MINUTE, SECONDS, SHARE, YES_NO

# Kinds of indicators as they occur: counts of rare things, rates, shares, long-tailed times, yes or no.
SHAPES = (COUNT, PER_100_TURNS, SHARE, SECONDS, YES_NO, PER_MINUTE)
AGENT_SPREAD, CONFOUNDING = 0.6, 0.8


def indicators(count: int) -> list[Metric]:
    """As many indicators, of all shapes in turn."""
    return [
        Metric(f"behaviour_{i}", "made_up", "made up", lambda: pl.lit(0), "turns", SHAPES[i % len(SHAPES)], "none")
        for i in range(count)
    ]


def world(
    rng: np.random.Generator,
    *,
    conversations: int = 600,
    agents: int = 12,
    indicator_count: int = 30,
    rated_share: float = 0.4,
    depends: bool = True,
    effects: dict[str, float] | None = None,
) -> pl.DataFrame:
    """A wide table. Each effect is log-odds (or rating points, log seconds) a standard deviation of that indicator.

    Hard topics and distress lower the outcomes, and change the behaviours too: the confounder. Agents differ in both.
    Without `depends` the outcomes depend on nothing at all. Of every 12 indicators the later are rarer, and the last 3
    are null outside voice.
    """
    effects = effects or {}
    agent = rng.integers(0, agents, conversations)
    topic = rng.choice(8, conversations, p=[0.25, 0.2, 0.15, 0.12, 0.1, 0.08, 0.06, 0.04])
    channel = rng.choice(3, conversations, p=[0.4, 0.35, 0.25])
    distress = rng.beta(1, 3, conversations) * (rng.random(conversations) < 0.6)
    length = np.round(np.exp(rng.normal(2.8, 0.5, conversations))).clip(2)
    hard = rng.normal(0, 0.5, 8)[topic] + 2 * (distress - distress.mean()) + rng.normal(0, 0.3, 3)[channel]
    behaviour = {}
    for i in range(indicator_count):
        own = rng.normal(0, AGENT_SPREAD, agents)[agent]
        pull = CONFOUNDING * hard + own + 0.4 * np.log(length / 16)
        values = _shaped(rng, SHAPES[i % len(SHAPES)], pull - 0.12 * (i % 12))
        behaviour[f"behaviour_{i}"] = np.where((i % 12 >= 9) & (channel != 0), np.nan, values)
    drive = -CONFOUNDING * hard + rng.normal(0, AGENT_SPREAD, agents)[agent] - 0.3 * np.log(length / 16)
    drive = drive if depends else np.zeros(conversations)
    for name, effect in effects.items():
        drive = drive + effect * (behaviour[name] - behaviour[name].mean()) / behaviour[name].std()
    return pl.DataFrame(
        {
            "conversation_id": [f"c{i:07d}" for i in range(conversations)],
            "agent_id": [f"agent-{a:04d}" for a in agent],
            "team": [f"team-{a % 3}" for a in agent],
            "channel": np.array(["voice", "chat", "email"])[channel],
            "topic": [f"topic-{t}" for t in topic],
            "language": rng.choice(["en", "fr"], conversations, p=[0.7, 0.3]),
            "turn_count": length.astype(np.int64),
            "early_distress_share": distress,
            **{name: pl.Series(values).fill_nan(None) for name, values in behaviour.items()},
            **_outcomes(rng, drive, rated_share),
        }
    )


def _shaped(rng: np.random.Generator, shape: str, pull: np.ndarray) -> np.ndarray:
    if shape == COUNT:
        return rng.poisson(np.exp(-0.5 + 0.5 * pull)).astype(float)
    if shape == PER_100_TURNS:
        return 100 * rng.binomial(8, 1 / (1 + np.exp(2 - 0.5 * pull))) / 8
    if shape == SHARE:
        return 1 / (1 + np.exp(-pull - rng.normal(0, 1, len(pull))))
    if shape == SECONDS:
        return np.exp(4 + 0.5 * pull + rng.normal(0, 1, len(pull)))
    if shape == YES_NO:
        return (rng.random(len(pull)) < 1 / (1 + np.exp(1.5 - pull))).astype(float)
    return rng.gamma(0.8, np.exp(0.5 * pull))


def _outcomes(rng: np.random.Generator, drive: np.ndarray, rated_share: float) -> dict[str, pl.Series]:
    rated = rng.random(len(drive)) < rated_share
    rating = 1.0 + np.digitize(drive + rng.logistic(size=len(drive)), [-2.5, -1.5, -0.6, 0.8])
    chance = 1 / (1 + np.exp(-drive))
    return {
        "was_resolved": pl.Series(rng.random(len(drive)) < 1 / (1 + np.exp(-1 - drive))),
        "was_first_contact_resolved": pl.Series(rng.random(len(drive)) < chance),
        "was_reopened": pl.Series(rng.random(len(drive)) < 1 / (1 + np.exp(2 + drive))),
        "was_escalated": pl.Series(rng.random(len(drive)) < 1 / (1 + np.exp(2 + drive))),
        "resolution_seconds": pl.Series(np.exp(9 - drive + rng.normal(0, 1, len(drive)))),
        "csat": _where(rated, rating),
        "is_csat_positive": _where(rated, rating >= 4),
        "nps": _where(rated, np.clip(np.round(7 + drive + rng.normal(0, 2, len(drive))), 0, 10)),
    }


def _where(rows: np.ndarray, values: np.ndarray) -> pl.Series:
    return pl.select(pl.when(pl.Series(rows)).then(pl.Series(values))).to_series()
