"""Every metric of every conversation, in one wide table."""

from collections.abc import Collection

import polars as pl

from metrics.catalogue import CATALOGUE, NEEDS, Metric

PARTIES = ("agent", "customer")


def measure(turns: pl.LazyFrame, conversations: pl.LazyFrame, only: Collection[str] | None = None) -> pl.LazyFrame:
    """One row a conversation: its own columns, the bases, each metric, and why a metric is null.

    `turns` holds the turns with their facts, in order; `conversations` the columns that metrics over the row need.
    A metric `m` is null where channel, needs or its own definition leave nothing to say; `m_why_null` says which.
    `only` names the metrics to measure; all without it.
    """
    metrics = [m for m in CATALOGUE.metrics.values() if only is None or m.name in only]
    turns = turns.with_columns(_without_rules(turns))
    knows = (_counts(name).is_not_null().any().alias(f"knows_{name}") for name in _markers())
    summed = turns.group_by("conversation_id").agg(
        *(expression().alias(name) for name, expression in CATALOGUE.bases.items()),
        *(m.expression().alias(m.name) for m in metrics if m.stage == "turns"),
        *knows,
    )
    rows = conversations.join(summed, on="conversation_id", how="left", maintain_order="left").with_columns(
        (pl.col("agent_turn_count").fill_null(0) > 0).alias("has_agent"),
        (pl.col("customer_turn_count").fill_null(0) > 0).alias("has_customer"),
    )
    rows = rows.with_columns(_gated(m) for m in metrics if m.stage == "turns")
    for m in metrics:
        if m.stage == "row":
            rows = rows.with_columns(_gated(m, m.expression()))
    reasons = rows.with_columns(_why_null(m).alias(f"{m.name}_why_null") for m in metrics)
    return reasons.drop(f"knows_{name}" for name in _markers())


def _markers() -> list[str]:
    """The markers that metrics count in texts."""
    texts = [m.markers for m in CATALOGUE.metrics.values() if "text" in m.needs]
    return sorted({name for names in texts for name in names})


def _counts(marker: str) -> pl.Expr:
    return pl.col(f"{marker}_count")


def _without_rules(turns: pl.LazyFrame) -> list[pl.Expr]:
    """An empty count for each marker for which no language has rules."""
    columns = turns.collect_schema().names()
    return [pl.lit(None, pl.Int64).alias(f"{name}_count") for name in _markers() if f"{name}_count" not in columns]


def _gated(m: Metric, value: pl.Expr | None = None) -> pl.Expr:
    value = pl.col(m.name) if value is None else value
    return pl.when(_applies(m) & _has_needs(m)).then(value).alias(m.name)


def _applies(m: Metric) -> pl.Expr:
    return pl.col("channel").is_in(m.channels) if m.channels else pl.lit(True)


def _has_needs(m: Metric) -> pl.Expr:
    return _all(_parties(m)) & _all(_inputs(m))


def _all(conditions: list[pl.Expr]) -> pl.Expr:
    return pl.all_horizontal(pl.lit(True), *(condition.fill_null(False) for condition in conditions))


def _parties(m: Metric) -> list[pl.Expr]:
    return [pl.col(NEEDS[need]) for need in m.needs if need in PARTIES]


def _inputs(m: Metric) -> list[pl.Expr]:
    """What the source must give besides the parties; for a metric of words, rules for each of its markers."""
    given = [pl.col(NEEDS[need]) for need in m.needs if need not in (*PARTIES, "text")]
    return given + [pl.col(f"knows_{name}") for name in m.markers if "text" in m.needs]


def _why_null(m: Metric) -> pl.Expr:
    """not_applicable, not_measurable, open or nothing_to_measure; null where there is a value."""
    is_open = pl.col(m.open_when).fill_null(False) if m.open_when else pl.lit(False)
    return (
        pl.when(pl.col(m.name).is_not_null())
        .then(None)
        .when(~_applies(m))
        .then(pl.lit("not_applicable"))
        .when(_all(_parties(m)) & ~_all(_inputs(m)))
        .then(pl.lit("not_measurable"))
        .when(~_all(_parties(m)) & pl.col("has_unknown_speaker"))
        .then(pl.lit("not_measurable"))
        .when(is_open)
        .then(pl.lit("open"))
        .otherwise(pl.lit(m.unsaid))
    )
