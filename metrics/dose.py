"""Dose and response: the outcome in each band of an indicator, with how many conversations stand behind it."""

from collections.abc import Iterable

import numpy as np
import polars as pl

from metrics.association import is_tied, tested_indicators
from metrics.catalogue import Metric
from metrics.likelihoods import Array
from metrics.overall import wilson
from metrics.results import RESULTS, Result

BANDS = 5
FEW_VALUES = 6  # an indicator with so few values has a band for each
MANY_ZEROS = 0.1  # zeros of this share or more are a band of their own

SCHEMA = {
    "indicator": pl.String(),
    "outcome": pl.String(),
    "bin": pl.Int64(),
    "low": pl.Float64(),
    "high": pl.Float64(),
    "n": pl.Int64(),
    "mean": pl.Float64(),
    "mean_low": pl.Float64(),
    "mean_high": pl.Float64(),
}


def dose_response(wide: pl.DataFrame, before: pl.DataFrame, metrics: Iterable[Metric] | None = None) -> pl.DataFrame:
    """One row an indicator, an outcome and a band: the band's lowest and highest value, n, and the mean outcome.

    Nothing is adjusted for. Intervals are 95 %: Wilson's for a share, else by the t distribution. A time to resolution
    is told by its geometric mean. Bands are the same for every outcome, as even as ties allow.
    """
    indicators = tested_indicators(before, metrics)
    results = [result for result in RESULTS if result.name in wide.columns]
    behaviour = before.select("conversation_id", *(pl.col(m.name).alias(f"{m.name}:behaviour") for m in indicators))
    outcomes = wide.select("conversation_id", *(_modelled(result) for result in results))
    rows = outcomes.join(behaviour, on="conversation_id", how="left")
    parts = [_responses(rows, m, [result for result in results if not is_tied(m, result)]) for m in indicators]
    return pl.concat([pl.DataFrame(schema=SCHEMA), *parts]).sort("indicator", "outcome", "bin")


def bands(values: pl.Series) -> pl.Series:
    """The band of each value, numbered from 0; null where there is none. Equal values share a band."""
    known = values.drop_nulls().to_numpy()
    few = np.unique(known)
    edges = few[1:] if len(few) <= FEW_VALUES else _edges(known)
    numbers = pl.Series(values.name, np.searchsorted(edges, values.fill_null(0).to_numpy(), side="right"), pl.Int64)
    return pl.select(pl.when(values.is_not_null()).then(numbers)).to_series()


def _edges(known: Array) -> Array:
    """Where bands begin: at quantiles; where many are 0 and none below, after the zeros, then at quantiles."""
    has_zeros = known.min() == 0 and np.mean(known == 0) >= MANY_ZEROS
    rest = known[known > 0] if has_zeros else known
    edges = np.unique(np.quantile(rest, np.arange(1, BANDS) / BANDS, method="higher"))
    return np.unique(np.append(edges, rest.min())) if has_zeros else edges[edges > known.min()]


def _modelled(result: Result) -> pl.Expr:
    value = pl.col(result.name).cast(pl.Float64)
    return value.clip(lower_bound=1).log() if result.kind == "log time" else value


def _responses(rows: pl.DataFrame, metric: Metric, results: list[Result]) -> pl.DataFrame:
    values = rows[f"{metric.name}:behaviour"].cast(pl.Float64)
    banded = rows.select(*(result.name for result in results), bin=bands(values), value=values)
    summed = (
        banded.filter(pl.col("bin").is_not_null())
        .group_by("bin")
        .agg(
            pl.col("value").min().alias("low"),
            pl.col("value").max().alias("high"),
            *(pl.col(result.name).count().alias(f"{result.name}:n") for result in results),
            *(pl.col(result.name).mean().alias(f"{result.name}:mean") for result in results),
            *(pl.col(result.name).std().alias(f"{result.name}:spread") for result in results),
        )
    )
    return pl.concat([pl.DataFrame(schema=SCHEMA), *(_response(summed, metric, result) for result in results)])


def _response(summed: pl.DataFrame, metric: Metric, result: Result) -> pl.DataFrame:
    known = summed.filter(pl.col(f"{result.name}:n") > 0)
    n, mean, spread = (known[f"{result.name}:{part}"].cast(pl.Float64) for part in ("n", "mean", "spread"))
    low, high = _share_interval(mean, n) if result.kind == "yes/no" else _t_interval(mean, spread, n)
    parts = [part.exp() if result.kind == "log time" else part for part in (mean, low, high)]
    return known.select(
        pl.lit(metric.name).alias("indicator"),
        pl.lit(result.name).alias("outcome"),
        "bin",
        "low",
        "high",
        n.cast(pl.Int64).alias("n"),
        *(part.alias(name) for part, name in zip(parts, ("mean", "mean_low", "mean_high"), strict=True)),
    )


def _share_interval(share: pl.Series, n: pl.Series) -> tuple[pl.Series, pl.Series]:
    low, high = wilson(share.to_numpy(), n.to_numpy())
    return pl.Series(low), pl.Series(high)


def _t_interval(mean: pl.Series, spread: pl.Series, n: pl.Series) -> tuple[pl.Series, pl.Series]:
    """The 95 % interval of a mean; null where one conversation stands alone."""
    from scipy.stats import t

    reach = spread / n.sqrt() * pl.Series(t.ppf(0.975, (n - 1).clip(lower_bound=1).to_numpy()))
    return mean - reach, mean + reach
