"""Weights for survey non-response: who answers differs from who is asked; weights undo what is known of that."""

import numpy as np
import polars as pl

from metrics.case_mix import case_mix
from metrics.effects import Sample, Start, fit
from metrics.likelihoods import Array, logistic, share

WEIGHT = "response_weight"
LIGHTEST, HEAVIEST = 0.2, 5.0  # beyond these a few answers would speak for too many


def response_weights(wide: pl.DataFrame) -> pl.DataFrame:
    """`conversation_id` and `response_weight`: how many conversations like it an answered one stands for.

    The mean over the answered is 1; the unanswered have null. The chance of an answer is taken from channel, topic,
    team, language, early distress, length, and whether the conversation was resolved, by a logistic model among the
    surveyed (among all, where no source says who was). Weights undo differences in these and in nothing else.
    """
    asked = wide.filter(_was_asked(wide))
    answered = asked.select(_answered(asked)).to_series().to_numpy().astype(np.float64)
    if not 0 < answered.sum() < len(answered):
        weight = pl.when(_answered(wide)).then(1.0)
        return wide.select("conversation_id", weight.alias(WEIGHT))
    weights = _bounded(answered.mean() / _chances(asked, answered), answered > 0)
    told = asked.select("conversation_id", pl.Series(WEIGHT, weights).fill_nan(None))
    return wide.select("conversation_id").join(told, on="conversation_id", how="left", maintain_order="left")


def _was_asked(wide: pl.DataFrame) -> pl.Expr:
    known = "was_surveyed" in wide.columns and bool(wide["was_surveyed"].fill_null(False).any())
    return (pl.col("was_surveyed").fill_null(False) | _answered(wide)) if known else pl.lit(True)


def _answered(wide: pl.DataFrame) -> pl.Expr:
    there = [pl.col(name).is_not_null() for name in ("csat", "nps") if name in wide.columns]
    return pl.any_horizontal(there) if there else pl.lit(False)


def _chances(asked: pl.DataFrame, answered: Array) -> Array:
    """Each conversation's chance of an answer."""
    known = case_mix(asked).matrix
    resolved = asked["was_resolved"].cast(pl.Float64) if "was_resolved" in asked.columns else pl.Series([0.0])
    parts = [np.ones(len(answered)), *known.T, *(_is(resolved, value, len(answered)) for value in (0.0, 1.0))]
    sample = Sample(answered, np.column_stack(parts), np.array([0]))
    start = Start(np.array([np.log(answered.mean() / (1 - answered.mean()))]), np.zeros(len(parts) - 1), np.empty(0))
    return share(fit(sample, logistic, start, within=False, free=0).predictor)


def _is(column: pl.Series, value: float, length: int) -> Array:
    is_value = (column == value).fill_null(False).cast(pl.Float64).to_numpy()
    return np.broadcast_to(is_value, (length,)) if len(is_value) == 1 else is_value


def _bounded(weights: Array, answered: np.ndarray) -> Array:
    """Weights of the answered within bounds, their mean 1; NaN for the others."""
    bounded = np.clip(weights, LIGHTEST, HEAVIEST)
    return np.where(answered, bounded / bounded[answered].mean(), np.nan)
