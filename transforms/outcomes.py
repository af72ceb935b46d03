"""What came of a conversation: every source's word on it merged, satisfaction on one scale, resolution times.

Of each field the latest word stands, by updated_at, then answered_at, then content, so that the order of arrival cannot
matter; a later row changes what it says and nothing else. A rating keeps its own scale, a status its own resolution.
"""

from collections.abc import Mapping

import polars as pl

from transforms import schema

FIELDS = ("resolved_at", "fully_resolved_at", "reopened", "was_surveyed", "nps", "ces", "answered_at")
HAND_OVERS = ("escalated_at", "transferred_at")
RANGE = r"^\s*(-?\d+(?:\.\d+)?)\s*-\s*(-?\d+(?:\.\d+)?)\s*$"
TEXT_CHANNELS = ("chat", "email", "ticket", "social")


def outcomes(
    feedback: pl.DataFrame,
    transcripts: pl.DataFrame,
    turns: pl.DataFrame,
    resolved_by_status: Mapping[str, bool] | None = None,
    told: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """The table outcome, a row for each conversation, without was_first_contact_resolved, which needs the others.

    `resolved_by_status` is the configured rule: what a status means (in small letters) where its source does not say.
    `told` says which sources ever tell of hand-overs (hand_overs_told), found in `feedback` if left out.
    """
    merged = merge(feedback, resolved_by_status or {})
    known = transcripts.select("conversation_id", "started_at", "channel").join(
        _sizes(turns), on="conversation_id", how="left"
    )
    rows = known.join(merged, on="conversation_id", how="left").with_columns(
        origin=pl.coalesce("started_at", "first_said_at")
    )
    rows = rows.pipe(_with_resolution).pipe(_with_satisfaction).pipe(_with_hand_overs, feedback, told)
    return schema.OUTCOME.shape(rows.sort("conversation_id"))


def merge(feedback: pl.DataFrame, resolved_by_status: Mapping[str, bool]) -> pl.DataFrame:
    """One row a conversation: of each field the latest word."""
    ranked = feedback.select(*schema.FEEDBACK.columns).sort("updated_at", "answered_at", *_content(), nulls_last=False)
    by_rule = (
        pl.col("status").str.to_lowercase().replace_strict(resolved_by_status, default=None, return_dtype=pl.Boolean)
    )
    ranked = ranked.with_columns(
        resolution=pl.struct(
            was_resolved=pl.coalesce("resolved", by_rule),
            resolution_source=pl.when(pl.col("resolved").is_null()).then(pl.lit("rule")).otherwise("source"),
        ),
        rating=pl.struct("csat", pl.col("csat_scale").fill_null("1-5")),
    )
    has_resolution = pl.col("resolution").struct.field("was_resolved").is_not_null()
    has_satisfaction = pl.any_horizontal(pl.col("csat", "nps", "ces").is_not_null())
    return (
        ranked.group_by("conversation_id")
        .agg(
            *(pl.col(name).drop_nulls().last() for name in (*FIELDS, *HAND_OVERS)),
            pl.col("resolution").filter(has_resolution).last(),
            pl.col("rating").filter(pl.col("csat").is_not_null()).last(),
            satisfaction_from=pl.col("source").filter(has_satisfaction).last(),
        )
        .unnest("resolution", "rating")
    )


def _content() -> list[str]:
    return [name for name in schema.FEEDBACK.columns if name not in ("updated_at", "answered_at")]


def _sizes(turns: pl.DataFrame) -> pl.DataFrame:
    """By conversation: first_said_at, and the agents' public messages that answer the customer."""
    said = turns.filter(pl.col("kind") == "message").sort("conversation_id", "position")
    asked = (pl.col("speaker") == "customer").cum_max().over("conversation_id")
    return said.group_by("conversation_id").agg(
        first_said_at=pl.col("said_at").min(), reply_count=((pl.col("speaker") == "agent") & asked).sum()
    )


def _with_resolution(rows: pl.DataFrame) -> pl.DataFrame:
    """Adds was_reopened, is_one_touch and the times from the start to the first and the last resolution.

    A resolution without a second one, and without a reopening, is also the last.
    """
    last = pl.coalesce("fully_resolved_at", pl.when(~pl.col("reopened").fill_null(False)).then("resolved_at"))
    rows = rows.with_columns(fully_resolved_at=pl.when(pl.col("was_resolved").fill_null(True)).then(last))
    one_reply = pl.col("channel").is_in(TEXT_CHANNELS) & pl.col("reopened").is_not_null()
    return rows.with_columns(
        was_reopened="reopened",
        is_one_touch=pl.when(one_reply).then((pl.col("reply_count") == 1) & ~pl.col("reopened")),
        resolution_seconds=_seconds_to("resolved_at"),
        full_resolution_seconds=_seconds_to("fully_resolved_at"),
    )


def _seconds_to(moment: str) -> pl.Expr:
    length = (pl.col(moment) - pl.col("origin")).dt.total_milliseconds()
    return pl.when(length >= 0).then(length / 1000)


def _with_satisfaction(rows: pl.DataFrame) -> pl.DataFrame:
    """Adds csat on 1..5 beside the raw answer: linear from its own scale; good is 5, bad is 1."""
    low, high = (pl.col("csat_scale").str.extract(RANGE, group).cast(pl.Float64) for group in (1, 2))
    is_word = pl.col("csat_scale") == "good/bad"
    low, high = pl.when(is_word).then(0.0).otherwise(low), pl.when(is_word).then(1.0).otherwise(high)
    csat = 1 + 4 * (pl.col("csat") - low) / (high - low)
    return rows.with_columns(
        csat=csat,
        csat_raw="csat",
        csat_scale=pl.when(pl.col("csat").is_not_null()).then("csat_scale"),
        is_csat_positive=csat >= 4,
        satisfaction_source="satisfaction_from",
        was_surveyed=pl.when(pl.col("satisfaction_from").is_not_null()).then(True).otherwise("was_surveyed"),
    )


def hand_overs_told(feedback: pl.LazyFrame) -> pl.LazyFrame:
    """By source of feedback: tells_escalated_at, tells_transferred_at."""
    tells = (pl.col(name).is_not_null().any().alias(f"tells_{name}") for name in HAND_OVERS)
    return feedback.group_by("source").agg(tells).sort("source")


def _with_hand_overs(rows: pl.DataFrame, feedback: pl.DataFrame, told: pl.DataFrame | None) -> pl.DataFrame:
    """Adds was_transferred and was_escalated: no where the conversation's source tells of such things but not here."""
    told = hand_overs_told(feedback.lazy()).collect() if told is None else told
    tells = (
        feedback.select("conversation_id", "source")
        .join(told, on="source")
        .group_by("conversation_id")
        .agg(pl.col(f"tells_{name}").any() for name in HAND_OVERS)
    )
    rows = rows.join(tells, on="conversation_id", how="left")
    transferred_at = pl.min_horizontal("transferred_at", "escalated_at")
    return rows.with_columns(
        transferred_at=transferred_at,
        was_transferred=_yes_or_told(transferred_at, pl.col("tells_transferred_at")),
        was_escalated=_yes_or_told(pl.col("escalated_at"), pl.col("tells_escalated_at")),
    )


def _yes_or_told(moment: pl.Expr, is_told: pl.Expr) -> pl.Expr:
    return pl.when(moment.is_not_null()).then(True).when(is_told).then(False)
