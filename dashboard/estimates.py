"""A metric over many conversations: its value, its 95 % interval and the n it stands on.

A yes/no is a share with Wilson's interval; a mean has the interval of a mean; a median that of its ranks; a ratio of
sums the one of the linearised ratio, which is what resampling conversations tends to.
"""

from collections.abc import Callable, Sequence
from math import ceil, erfc, floor, sqrt
from typing import Any

import polars as pl

from dashboard.warehouse import query

Z = 1.959964  # 95 %
Row = dict[str, Any]
Interval = tuple[float | None, float | None, float | None]


def wilson(yes_count: int, n: int) -> Interval:
    """A share with Wilson's interval."""
    if not n:
        return None, None, None
    share, spread = yes_count / n, Z**2 / n
    middle = (share + spread / 2) / (1 + spread)
    half = Z / (1 + spread) * sqrt(share * (1 - share) / n + spread / (4 * n))
    return share, middle - half, middle + half


def mean(average: float | None, deviation: float | None, n: int) -> Interval:
    """A mean with its interval; one value has none."""
    if average is None or deviation is None:
        return average, None, None
    half = Z * deviation / sqrt(n)
    return average, average - half, average + half


def ratio(sums: Row, scale: float) -> Interval:
    """Sum over sum with its interval, from the means, variances and covariance of the two by conversation."""
    above, below, n = sums["above"], sums["below"], sums["n"]
    if not below:
        return None, None, None
    found = above / below
    if sums["covariance"] is None:
        return scale * found, None, None
    variance = sums["above_variance"] + found**2 * sums["below_variance"] - 2 * found * sums["covariance"]
    half = Z * sqrt(max(variance, 0.0) / n) / below
    return scale * found, scale * (found - half), scale * (found + half)


def difference(now: Row, before: Row) -> Interval:
    """Now minus before, with an interval made from the two intervals (the MOVER method)."""
    if None in (now["value"], before["value"]):
        return None, None, None
    change = now["value"] - before["value"]
    if None in (now["low"], before["low"]):
        return change, None, None
    low = sqrt((now["value"] - now["low"]) ** 2 + (before["high"] - before["value"]) ** 2)
    high = sqrt((now["high"] - now["value"]) ** 2 + (before["value"] - before["low"]) ** 2)
    return change, change - low, change + high


def p_value(moved: Interval) -> float | None:
    """How easily chance alone would move so far, from a change's 95 % interval on the side of none."""
    change, low, high = moved
    if change is None or low is None or high is None:
        return None
    error = ((change - low) if change > 0 else (high - change)) / Z
    return erfc(abs(change) / error / sqrt(2)) if error > 0 else None


def adjusted(p_values: Sequence[float | None]) -> list[float | None]:
    """Benjamini and Hochberg's q of each p-value that there is, over all of them."""
    tested = sorted((p, place) for place, p in enumerate(p_values) if p is not None)
    q: list[float | None] = [None] * len(p_values)
    least = 1.0
    for rank, (p, place) in reversed(list(enumerate(tested, 1))):
        least = min(least, p * len(tested) / rank)
        q[place] = least
    return q


def estimate(metrics: Sequence[Row], where: str, by: str = "", **parameters: Any) -> pl.DataFrame:
    """Each metric in each group of conversations: metric, group, all_count, n, value, low, high.

    `where` and `by` are SQL over conversation_wide; without `by` they are one group.
    """

    def asked(columns: Sequence[str]) -> list[Row]:
        grouped = ' GROUP BY "group" ORDER BY "group"' if by else ""
        sql = f'SELECT {by or "NULL"} AS "group", {", ".join(columns)} FROM conversation_wide WHERE {where}{grouped}'
        return query(sql, **parameters).to_dicts()

    groups = asked(["count(*) AS all_count", *(f'{_sums(metric)} AS "{metric["metric"]}"' for metric in metrics)])
    medians = [metric["metric"] for metric in metrics if metric["aggregate"] == "median"]
    if medians:
        _pick(medians, groups, asked)
    rows = [_row(metric, group) for group in groups for metric in metrics]
    return pl.DataFrame(rows, schema=_SHAPE, infer_schema_length=None) if rows else pl.DataFrame(schema=_SHAPE)


_SHAPE: Any = ["metric", "group", "all_count", "n", "value", "low", "high"]


def _sums(metric: Row) -> str:
    column = f'"{metric["metric"]}"'
    if metric["aggregate"] == "ratio":
        above = f'CASE WHEN {column} IS NOT NULL THEN "{metric["numerator"]}"::DOUBLE END'
        below = f'CASE WHEN {column} IS NOT NULL THEN "{metric["denominator"]}"::DOUBLE END'
        return (
            f"{{n: count({column}), above: avg({above}), below: avg({below}), covariance: covar_samp({above}, {below}),"
            f" above_variance: var_samp({above}), below_variance: var_samp({below})}}"
        )
    if metric["aggregate"] == "median":
        return f"{{n: count({column})}}"
    if metric["unit"] == "yes/no":
        return f"{{n: count({column}), yes_count: count_if({column}::DOUBLE > 0)::BIGINT}}"
    return f"{{n: count({column}), average: avg({column}::DOUBLE), deviation: stddev_samp({column}::DOUBLE)}}"


def _pick(medians: Sequence[str], groups: Sequence[Row], asked: Callable[[Sequence[str]], list[Row]]) -> None:
    """Puts into each group the values that its medians stand on, by the share of the sorted values below them."""
    shares = {name: sorted({at for group in groups for at in _shares(group[name]["n"])}) or [0.5] for name in medians}
    found = asked([f'quantile_disc("{name}"::DOUBLE, {shares[name]}) AS "{name}"' for name in medians])
    for group, values in zip(groups, found, strict=True):
        for name in medians:
            group[name]["picked"] = dict(zip(shares[name], values[name] or (), strict=False))


def _shares(n: int) -> list[float]:
    """Of n sorted values: where the middle two stand, and those that bound the median's 95 % interval, as shares."""
    half = Z / 2 * sqrt(n)
    ranks = ((n + 1) // 2, n // 2 + 1, max(1, floor(n / 2 - half)), min(n, ceil(1 + n / 2 + half)))
    return [(rank - 0.5) / n for rank in ranks] if n else []


def _row(metric: Row, group: Row) -> Row:
    sums = group[metric["metric"]]
    amount, low, high = _within_bounds(metric["unit"], _estimate(metric, sums))
    named = {"metric": metric["metric"], "group": group["group"], "all_count": group["all_count"], "n": sums["n"]}
    return {**named, "value": amount, "low": low, "high": high}


def _within_bounds(unit: str, found: Interval) -> Interval:
    """The interval without what the unit cannot be: no share beyond 0 and 1, no count or rate below 0."""
    amount, low, high = found
    if low is None or high is None or unit in ("seconds", "score"):
        return found
    return amount, max(low, 0.0), min(high, 1.0) if unit == "share 0..1" else high


def _estimate(metric: Row, sums: Row) -> Interval:
    if metric["aggregate"] == "ratio":
        return ratio(sums, metric["scale"])
    if metric["aggregate"] == "median":
        return _median(sums["picked"], sums["n"])
    if metric["unit"] == "yes/no":
        return wilson(sums["yes_count"], sums["n"])
    return mean(sums["average"], sums["deviation"], sums["n"])


def _median(picked: dict[float, float], n: int) -> Interval:
    if not n:
        return None, None, None
    one, other, low, high = (picked[at] for at in _shares(n))
    # Under six values no two ranks bound the median with 95 %.
    return ((one + other) / 2, low, high) if n >= 6 else ((one + other) / 2, None, None)
