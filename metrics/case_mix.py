"""Case mix: what the agent does not choose, as columns to adjust for."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from metrics.likelihoods import Array

KINDS = ("channel", "topic", "team", "language")
LENGTH, DISTRESS = "turn_count", "early_distress_share"
TURNS = ("agent_turn_count", "customer_turn_count")  # the length; `turn_count` where these are not given
FEWEST = 20  # a level with fewer rows joins the others that are rare
MOST_LEVELS = 30

NAMES = {
    "agent_id": "agent",
    "channel": "channel",
    "topic": "topic",
    "team": "team",
    "language": "language",
    DISTRESS: "the customer's early distress",
    LENGTH: "length",
}


@dataclass(frozen=True)
class CaseMix:
    """Columns to adjust for, one row a conversation, and the fact that each stands for."""

    matrix: Array
    facts: tuple[str, ...]


def case_mix(rows: pl.DataFrame) -> CaseMix:
    """Channel, topic, team and language as a column a level; early distress and the log of the length, standardised."""
    parts = [column for kind in KINDS if kind in rows.columns for column in _levels(rows[kind])]
    if DISTRESS in rows.columns:
        parts += _distress(rows[DISTRESS].cast(pl.Float64))
    lengths = [name for name in TURNS if name in rows.columns] or [name for name in (LENGTH,) if name in rows.columns]
    if lengths:
        turns = (
            rows.select(pl.sum_horizontal(pl.col(lengths).fill_null(0)).clip(lower_bound=1).log())
            .to_series()
            .to_numpy()
        )
        parts.append((LENGTH, standardised(turns)))
    if not parts or rows.is_empty():
        return CaseMix(np.empty((rows.height, len(parts))), tuple(fact for fact, _ in parts))
    return CaseMix(np.column_stack([values for _, values in parts]), tuple(fact for fact, _ in parts))


def standardised(values: Array) -> Array:
    """The values less their mean, in standard deviations; zeros where they do not differ."""
    spread = values.std() if len(values) else 0.0
    return (values - values.mean()) / spread if spread > 0 else np.zeros_like(values)


def _levels(facts: pl.Series) -> list[tuple[str, Array]]:
    """A column of 0 and 1 for each level but the most frequent; rare levels and nulls share one."""
    counts = facts.drop_nulls().value_counts().sort("count", facts.name, descending=[True, False])
    common = counts.filter(pl.col("count") >= FEWEST)[facts.name].to_list()[:MOST_LEVELS]
    columns = [(facts.name, _is(facts == level)) for level in common[1:]]
    rest = _is(~facts.is_in(common) | facts.is_null())
    return [*columns, (facts.name, rest)] if common and rest.any() else columns


def _distress(shares: pl.Series) -> list[tuple[str, Array]]:
    columns = [(shares.name, standardised(shares.fill_null(shares.mean() or 0.0).to_numpy()))]
    unknown = _is(shares.is_null())
    return [*columns, (shares.name, unknown)] if 0 < unknown.sum() < len(unknown) else columns


def _is(condition: pl.Series) -> Array:
    return condition.fill_null(False).cast(pl.Float64).to_numpy()
