"""A metric over many conversations, with its 95 % interval, and what moved from one week to the next.

Conversations are the unit of chance: a ratio of sums is linearised over them, a median compared by ranks.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import sqrt
from typing import Any

import numpy as np
import polars as pl

Z = 1.959964
LEAST = 20  # conversations on each side, to be compared at all
ALPHA = 0.05
Metric = Mapping[str, Any]


@dataclass(frozen=True)
class Estimate:
    """A value, its 95 % interval, the n it stands on, and of how many conversations."""

    value: float | None
    low: float | None
    high: float | None
    n: int
    of: int

    @property
    def coverage(self) -> float:
        return self.n / self.of if self.of else 0.0


@dataclass(frozen=True)
class Change:
    """A metric in two periods; `p` says how easily chance alone would do that."""

    metric: Metric
    now: Estimate
    before: Estimate
    p: float
    q: float = 1.0

    @property
    def difference(self) -> float:
        return (self.now.value or 0.0) - (self.before.value or 0.0)

    @property
    def is_better(self) -> bool | None:
        """Whether it moved the way that is usually better; None where there is no such way."""
        direction = self.metric["direction"]
        return None if direction is None else (self.difference > 0) == (direction == "higher")


def wilson(yes: int, n: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share."""
    share, spread = yes / n, Z**2 / n
    middle, half = share + spread / 2, Z * sqrt(share * (1 - share) / n + spread / (4 * n))
    return max((middle - half) / (1 + spread), 0.0), min((middle + half) / (1 + spread), 1.0)


def estimate(frame: pl.DataFrame, metric: Metric) -> Estimate:
    """The metric over these conversations."""
    sample = _sample(frame, metric)
    n, of = len(sample.values), frame.height
    if not n or sample.value is None:
        return Estimate(None, None, None, n, of)
    if metric["unit"] == "yes/no":
        return Estimate(sample.value, *wilson(int(sample.values.sum()), n), n, of)
    if n < 2 or metric["aggregate"] == "median":
        return Estimate(sample.value, None, None, n, of)
    half = Z * sqrt(sample.variance / n)
    return Estimate(sample.value, sample.value - half, sample.value + half, n, of)


def moved(now: pl.DataFrame, before: pl.DataFrame, metrics: Sequence[Metric]) -> tuple[list[Change], int]:
    """The changes that chance does not explain (Benjamini-Hochberg, 5 %), the surest first; how many were tested."""
    changes = [change for metric in metrics if (change := compare(now, before, metric))]
    ordered = sorted(changes, key=lambda change: (change.p, change.metric["metric"]))
    tested, q, found = len(ordered), 1.0, []
    for rank in range(tested, 0, -1):
        q = min(q, ordered[rank - 1].p * tested / rank)
        found.append(replace(ordered[rank - 1], q=q))
    return [change for change in reversed(found) if change.q <= ALPHA], tested


def compare(now: pl.DataFrame, before: pl.DataFrame, metric: Metric) -> Change | None:
    """The metric's change; None where there is too little on either side, or nothing varies."""
    ours, theirs = _sample(now, metric), _sample(before, metric)
    if min(len(ours.values), len(theirs.values)) < LEAST or None in (ours.value, theirs.value):
        return None
    p = _p_value(ours, theirs, metric)
    return None if p is None else Change(metric, estimate(now, metric), estimate(before, metric), p)


@dataclass(frozen=True)
class _Sample:
    value: float | None
    values: np.ndarray  # one a conversation; for a ratio the linearised ones

    @property
    def variance(self) -> float:
        return float(self.values.var(ddof=1))


def _sample(frame: pl.DataFrame, metric: Metric) -> _Sample:
    name = metric["metric"]
    is_number = name in frame.columns and frame.schema[name] != pl.String
    known = frame.filter(pl.col(name).is_not_null()) if is_number else frame.clear()
    if known.is_empty():
        return _Sample(None, np.array([]))
    if metric["aggregate"] == "ratio":
        return _ratio(known, metric)
    values = known[name].cast(pl.Float64).to_numpy()
    return _Sample(float(np.median(values) if metric["aggregate"] == "median" else values.mean()), values)


def _ratio(known: pl.DataFrame, metric: Metric) -> _Sample:
    above, below = (known[metric[part]].cast(pl.Float64).to_numpy() for part in ("numerator", "denominator"))
    if not below.sum():
        return _Sample(None, above)
    ratio = above.sum() / below.sum()
    scale = float(metric["scale"] or 1)
    return _Sample(float(scale * ratio), scale * (ratio + (above - ratio * below) / below.mean()))


def _p_value(ours: _Sample, theirs: _Sample, metric: Metric) -> float | None:
    """Welch's test; for a yes/no with one variance for both, as one side may be all yes. None where nothing varies."""
    from scipy.special import stdtr

    a, b = ours.values, theirs.values
    if metric["aggregate"] == "median":
        a, b = _ranks(a, b)
    if metric["unit"] == "yes/no":
        pooled = np.concatenate([a, b]).var(ddof=1)
        parts, freedom = (pooled / len(a), pooled / len(b)), len(a) + len(b) - 2.0
    else:
        parts = (a.var(ddof=1) / len(a), b.var(ddof=1) / len(b))
        weights = parts[0] ** 2 / (len(a) - 1) + parts[1] ** 2 / (len(b) - 1)
        freedom = sum(parts) ** 2 / weights if weights else 0.0
    if not sum(parts):
        return None
    return float(2 * stdtr(freedom, -abs(a.mean() - b.mean()) / sqrt(sum(parts))))


def _ranks(a: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    from scipy.stats import rankdata

    ranks = rankdata(np.concatenate([a, b]))
    return ranks[: len(a)], ranks[len(a) :]
