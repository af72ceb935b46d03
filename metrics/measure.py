"""Every metric of every conversation, in one wide table."""

import polars as pl

from metrics.catalogue import CATALOGUE, NEEDS, Metric


def measure(turns: pl.LazyFrame, conversations: pl.LazyFrame) -> pl.LazyFrame:
    """One row a conversation: its own columns, the bases, each metric, and why a metric is null.

    `turns` holds the turns with their facts, in order; `conversations` the columns that metrics over the row need.
    A metric `m` is null where channel, needs or its own definition leave nothing to say; `m_why_null` says which.
    """
    metrics = CATALOGUE.metrics.values()
    summed = turns.group_by("conversation_id").agg(
        *(expression().alias(name) for name, expression in CATALOGUE.bases.items()),
        *(m.expression().alias(m.name) for m in metrics if m.stage == "turns"),
    )
    rows = conversations.join(summed, on="conversation_id", how="left", maintain_order="left").with_columns(
        (pl.col("agent_turn_count").fill_null(0) > 0).alias("has_agent"),
        (pl.col("customer_turn_count").fill_null(0) > 0).alias("has_customer"),
    )
    rows = rows.with_columns(_gated(m) for m in metrics if m.stage == "turns")
    for m in metrics:
        if m.stage == "row":
            rows = rows.with_columns(_gated(m, m.expression()))
    return rows.with_columns(_why_null(m).alias(f"{m.name}_why_null") for m in metrics)


def _gated(m: Metric, value: pl.Expr | None = None) -> pl.Expr:
    value = pl.col(m.name) if value is None else value
    return pl.when(_applies(m) & _has_needs(m)).then(value).alias(m.name)


def _applies(m: Metric) -> pl.Expr:
    return pl.col("channel").is_in(m.channels) if m.channels else pl.lit(True)


def _has_needs(m: Metric) -> pl.Expr:
    return pl.all_horizontal(pl.lit(True), *(pl.col(NEEDS[need]).fill_null(False) for need in m.needs))


def _why_null(m: Metric) -> pl.Expr:
    """not_applicable, not_measurable, open or nothing_to_measure; null where there is a value."""
    parties = [pl.col(NEEDS[need]) for need in m.needs if need in ("agent", "customer")]
    others = [pl.col(NEEDS[need]).fill_null(False) for need in m.needs if need not in ("agent", "customer")]
    party_missing = ~pl.all_horizontal(pl.lit(True), *parties)
    is_open = pl.col(m.open_when).fill_null(False) if m.open_when else pl.lit(False)
    return (
        pl.when(pl.col(m.name).is_not_null())
        .then(None)
        .when(~_applies(m))
        .then(pl.lit("not_applicable"))
        .when(~pl.all_horizontal(pl.lit(True), *others) | (party_missing & pl.col("has_unknown_speaker")))
        .then(pl.lit("not_measurable"))
        .when(is_open)
        .then(pl.lit("open"))
        .otherwise(pl.lit("nothing_to_measure"))
    )
