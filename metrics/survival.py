"""Time to escalation as Kaplan–Meier curves: a conversation that ended unescalated is censored there, never dropped."""

import warnings

import numpy as np
import polars as pl

from metrics.likelihoods import Array

FACETS = ("all", "team", "channel", "trigger")
POINTS = 200  # a curve is told at so many moments at most

SCHEMA = {
    "group": pl.String(),
    "seconds": pl.Float64(),
    "at_risk_count": pl.Int64(),
    "escalated_count": pl.Int64(),
    "escalated_share": pl.Float64(),
    "escalated_low": pl.Float64(),
    "escalated_high": pl.Float64(),
}


def escalation_curves(escalations: pl.DataFrame, by: str | None = None) -> pl.DataFrame:
    """The share escalated by each moment after the trigger, with its 95 % interval, a curve for each value of `by`.

    Takes rows of `escalation` with what they are grouped by (trigger, or team and channel of the conversation). Those
    without a trigger or a time are left out: there is nothing to count from. `at_risk_count` is how many were neither
    escalated nor ended before the moment, `escalated_count` how many were escalated up to it.
    """
    timed = escalations.filter(
        pl.col("trigger").is_not_null(), pl.col("delay_seconds") >= 0, pl.col("class") != "untriggered"
    )
    groups = timed.with_columns((pl.col(by).cast(pl.String) if by else pl.lit("all")).alias("group"))
    parts = [_curve(str(name), part) for (name,), part in groups.drop_nulls("group").group_by("group")]
    return pl.concat([pl.DataFrame(schema=SCHEMA), *parts]).sort("group", "seconds")


def curves_by_facet(escalations: pl.DataFrame) -> pl.DataFrame:
    """The curve of all, and those of each team, channel and trigger: `facet`, `name`, and the columns of a curve."""
    parts = [
        escalation_curves(escalations, None if facet == "all" else facet).select(
            pl.lit(facet).alias("facet"), pl.col("group").alias("name"), pl.exclude("group")
        )
        for facet in FACETS
    ]
    return pl.concat(parts)


def _curve(name: str, rows: pl.DataFrame) -> pl.DataFrame:
    from scipy.stats import CensoredData, ecdf

    seconds = rows["delay_seconds"].cast(pl.Float64).to_numpy()
    escalated = ~rows["is_censored"].to_numpy()
    curve = ecdf(CensoredData.right_censored(seconds, ~escalated)).sf
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # undefined where none or all are escalated: null below
        interval = curve.confidence_interval(method="log-log")
    moments = _moments(seconds)
    return pl.DataFrame(
        {
            "group": [name] * len(moments),
            "seconds": moments,
            "at_risk_count": len(seconds) - np.searchsorted(np.sort(seconds), moments, side="left"),
            "escalated_count": np.searchsorted(np.sort(seconds[escalated]), moments, side="right"),
            "escalated_share": 1 - curve.evaluate(moments),
            "escalated_low": 1 - interval.high.evaluate(moments),
            "escalated_high": 1 - interval.low.evaluate(moments),
        },
        schema=SCHEMA,
    ).with_columns(pl.col("escalated_low", "escalated_high").fill_nan(None))


def _moments(seconds: Array) -> Array:
    """0 and the moments at which something happened; of many, some, evenly through the order, and the last."""
    moments = np.unique(np.append(seconds, 0.0))
    if len(moments) <= POINTS:
        return moments
    return moments[np.linspace(0, len(moments) - 1, POINTS).round().astype(np.int64)]
