"""Agents or teams side by side: adjusted for case mix, drawn towards the whole by partial pooling, with funnel limits.

A difference is observed less expected: what the group's own case mix would give over all. Groups with few
conversations are drawn towards no difference (empirical Bayes, the spread between groups by Paule and Mandel). A
difference is named only where it lies outside the funnel's 99.8 % limits, its pooled interval excludes none, and it
stands on ten conversations or more.
"""

from collections.abc import Iterable
from datetime import timedelta

import numpy as np
import polars as pl

from metrics.case_mix import DISTRESS, KINDS, LENGTH, TURNS, case_mix
from metrics.effects import PRIOR
from metrics.likelihoods import Array

OUTER, INNER = 0.999, 0.975  # quantiles of the t distribution: limits of 99.8 % and 95 %
FEWEST_GROUPS, FEWEST_ROWS, FEWEST_NAMED = 3, 2, 10
DAYS = timedelta(days=91)
CAP = 0.95
ORDER = ("conversation_id", "agent_id")
LEVELS = {"agent": "agent_id", "team": "team"}

SCHEMA = {
    "group": pl.String(),
    "n": pl.Int64(),
    "mean": pl.Float64(),
    "expected": pl.Float64(),
    "difference": pl.Float64(),
    "pooled": pl.Float64(),
    "pooled_low": pl.Float64(),
    "pooled_high": pl.Float64(),
    "overall": pl.Float64(),
    "limit_95_low": pl.Float64(),
    "limit_95_high": pl.Float64(),
    "limit_998_low": pl.Float64(),
    "limit_998_high": pl.Float64(),
    "differs": pl.Boolean(),
}


def side_by_side(wide: pl.DataFrame, metric: str, by: str = "agent_id") -> pl.DataFrame:
    """A row a group: its n and mean, what its case mix would give, the difference, and the difference pooled.

    `metric` is any number or yes/no of `wide`. Limits and `overall` are for the adjusted mean `overall + difference`:
    where a group of that n would lie 95 % and 99.8 % of the time if groups did not differ (teams: no more than their
    agents would make them). Groups of one conversation are left out; under 3 groups there is no row.
    """
    from scipy.stats import t

    known = [name for name in (*ORDER, *KINDS, DISTRESS, LENGTH, *TURNS, metric) if name in wide.columns]
    rows = wide.select(*dict.fromkeys(known)).filter(pl.col(metric).is_not_null(), pl.col(by).is_not_null())
    rows = rows.filter(pl.len().over(by) >= FEWEST_ROWS).sort(by, "agent_id", "conversation_id")
    if rows[by].n_unique() < FEWEST_GROUPS:
        return pl.DataFrame(schema=SCHEMA)
    values = rows[metric].cast(pl.Float64).to_numpy()
    starts = _starts(rows[by])
    expected = _expected(rows.drop("team", strict=False), values, starts)
    sizes = np.diff(np.append(starts, len(values)))
    difference = np.add.reduceat(values - expected, starts) / sizes
    left = values - expected - np.repeat(difference, sizes)
    variance, freedom = _variance(left, sizes, len(values) - len(starts))
    if by != "agent_id":
        added, freedom = _of_agents(rows["agent_id"], left, starts)
        variance = variance + added
    outer, inner = (float(t.ppf(quantile, freedom)) for quantile in (OUTER, INNER))
    told = pl.DataFrame(
        {
            "group": rows[by].cast(pl.String).gather(starts),
            "n": sizes,
            "mean": np.add.reduceat(values, starts) / sizes,
            "expected": np.add.reduceat(expected, starts) / sizes,
            **_drawn(difference, variance, inner),
            "differs": np.abs(difference) > outer * np.sqrt(variance),
            **_limits(float(values.mean()), variance, outer, inner, is_share=rows.schema[metric] == pl.Boolean),
        }
    )
    holds = (pl.col("n") >= FEWEST_NAMED) & pl.col("differs") & (pl.col("pooled_low") * pl.col("pooled_high") > 0)
    return told.with_columns(differs=holds).select(pl.col(name).cast(kind) for name, kind in SCHEMA.items())


def peers(wide: pl.DataFrame, metrics: Iterable[str], times: Iterable[str] = ()) -> pl.DataFrame:
    """A row a level (agent, team), a name and a metric: `level`, `name`, `metric`, and what `side_by_side` gives.

    Over the DAYS up to the latest conversation: what somebody did last year is no ground to coach them on today.
    Conversations without a time count. Times (metrics summed up by their median) are capped at their 95th percentile:
    one case that slept over a weekend is no agent's way.
    """
    began = pl.col("started_at").dt.date()
    recent = wide.filter((began > began.max() - DAYS) | began.is_null())
    recent = recent.with_columns(pl.col(metric).clip(upper_bound=pl.col(metric).quantile(CAP)) for metric in times)
    told = [
        side_by_side(recent, metric, by).select(pl.lit(level).alias("level"), pl.lit(metric).alias("metric"), pl.all())
        for metric in metrics
        for level, by in LEVELS.items()
    ]
    return pl.concat(told).rename({"group": "name"}).sort("level", "name", "metric")


def spread_between(difference: Array, variance: Array, freedom: int | None = None) -> float:
    """The variance between groups that makes their differences as spread as they are (Paule and Mandel 1982), or 0."""
    expected = len(difference) - 1 if freedom is None else freedom
    from scipy.optimize import brentq

    def excess(between: float) -> float:
        weights = 1 / (between + variance)
        middle = np.sum(weights * difference) / np.sum(weights)
        return float(np.sum(weights * (difference - middle) ** 2) - expected)

    if not np.all(variance > 0) or expected < 1 or excess(0.0) <= 0:
        return 0.0
    return float(brentq(excess, 0.0, float(np.ptp(difference)) ** 2 * len(difference)))


def _starts(groups: pl.Series) -> np.ndarray:
    return np.flatnonzero(np.diff(groups.cast(pl.String).rle_id().to_numpy().astype(np.int64), prepend=-1))


def _expected(rows: pl.DataFrame, values: Array, starts: np.ndarray) -> Array:
    """What each conversation's case mix gives, learnt within groups so that no group's own way is taken for it."""
    known = case_mix(rows).matrix
    if not known.shape[1]:
        return np.full(len(values), values.mean())
    sizes = np.diff(np.append(starts, len(values)))
    within = known - np.repeat(np.add.reduceat(known, starts) / sizes[:, None], sizes, axis=0)
    effects = np.linalg.solve(within.T @ within + PRIOR * np.eye(known.shape[1]), within.T @ values)
    return np.asarray(values.mean() + (known - known.mean(axis=0)) @ effects, dtype=np.float64)


def _variance(left: Array, sizes: np.ndarray, freedom: int) -> tuple[Array, int]:
    """The variance of each group's mean, by how conversations vary within groups."""
    return np.asarray(np.sum(left**2) / max(freedom, 1) / sizes, dtype=np.float64), max(freedom, 1)


def _of_agents(agents: pl.Series, left: Array, starts: np.ndarray) -> tuple[Array, int]:
    """What agents who differ within their group add to the variance of the group's mean."""
    begins = np.union1d(_starts(agents.fill_null("")), starts)
    sizes = np.diff(np.append(begins, len(left)))
    means = np.add.reduceat(left, begins) / sizes
    variance, _ = _variance(left - np.repeat(means, sizes), sizes, len(left) - len(begins))
    freedom = len(begins) - len(starts)
    between = spread_between(means, variance, freedom)
    group = np.searchsorted(starts, begins, side="right") - 1
    whole = np.bincount(group, sizes)
    return np.asarray(between * np.bincount(group, (sizes / whole[group]) ** 2), dtype=np.float64), max(freedom, 1)


def _drawn(difference: Array, variance: Array, times: float) -> dict[str, Array]:
    """The differences, drawn towards none the more the less is known, with their 95 % intervals."""
    # that groups do not differ at all is never known: their number bounds how small a spread would be seen
    between = max(spread_between(difference, variance), float(variance.mean()) / len(variance))
    drawn = between / (between + variance) if between else np.zeros_like(variance)
    pooled, reach = drawn * difference, times * np.sqrt(drawn * variance)
    return {"difference": difference, "pooled": pooled, "pooled_low": pooled - reach, "pooled_high": pooled + reach}


def _limits(overall: float, variance: Array, outer: float, inner: float, *, is_share: bool) -> dict[str, Array]:
    lowest, highest = (0.0, 1.0) if is_share else (-np.inf, np.inf)
    error = np.sqrt(variance)
    return {
        "overall": np.full(len(variance), overall),
        "limit_95_low": np.clip(overall - inner * error, lowest, highest),
        "limit_95_high": np.clip(overall + inner * error, lowest, highest),
        "limit_998_low": np.clip(overall - outer * error, lowest, highest),
        "limit_998_high": np.clip(overall + outer * error, lowest, highest),
    }
