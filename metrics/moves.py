"""What moved from one period to the next by more than chance does: means by Welch's test, medians by ranks."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import sqrt

import numpy as np
import polars as pl

from metrics.likelihoods import Array
from metrics.overall import Metric, Overall, Sample, overall, sample_of

LEAST = 20  # conversations on each side, to be compared at all
ALPHA = 0.05


@dataclass(frozen=True)
class Change:
    """A metric in two periods; `p` says how easily chance alone would do that."""

    metric: Metric
    now: Overall
    before: Overall
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


def moved(now: pl.DataFrame, before: pl.DataFrame, metrics: Sequence[Metric]) -> tuple[list[Change], int]:
    """The changes that chance does not explain (Benjamini-Hochberg, 5 %), the surest first; how many were tested."""
    from scipy.stats import false_discovery_control

    changes = [change for metric in metrics if (change := compare(now, before, metric))]
    q = false_discovery_control([change.p for change in changes]) if changes else []
    named = [replace(change, q=float(one)) for change, one in zip(changes, q, strict=True) if one <= ALPHA]
    return sorted(named, key=lambda change: (change.p, change.metric["metric"])), len(changes)


def compare(now: pl.DataFrame, before: pl.DataFrame, metric: Metric) -> Change | None:
    """The metric's change; None where there is too little on either side, or nothing varies."""
    ours, theirs = sample_of(now, metric), sample_of(before, metric)
    if min(len(ours.values), len(theirs.values)) < LEAST or None in (ours.value, theirs.value):
        return None
    p = _p_value(ours, theirs, metric)
    return None if p is None else Change(metric, overall(now, metric), overall(before, metric), p)


def _p_value(ours: Sample, theirs: Sample, metric: Metric) -> float | None:
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


def _ranks(a: Array, b: Array) -> tuple[Array, Array]:
    from scipy.stats import rankdata

    ranks = rankdata(np.concatenate([a, b]))
    return ranks[: len(a)], ranks[len(a) :]
