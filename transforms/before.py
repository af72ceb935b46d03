"""The turns that could have driven the outcome: those before it.

Source: indicators.md, "Before the outcome". The thank-you after the fix is no cause of it.
"""

import polars as pl

LAST_TURNS = 2


def before_outcome(turns: pl.DataFrame, outcome: pl.DataFrame, escalation: pl.DataFrame) -> pl.DataFrame:
    """The turns before the earlier of resolution and escalation where these fall inside the conversation.

    Where neither does, the turns without the last two of the agent's side and the last two of the customer.
    `turns` has conversation_id, position, turn_index, speaker, kind, said_at and ended_at; `outcome` resolved_at;
    `escalation` escalated_turn_index. Gives rows of `turns`, in order.
    """
    cuts = _cuts(turns, outcome, escalation)
    return (
        turns.join(cuts, on="conversation_id", how="left", maintain_order="left")
        .filter(
            pl.when(pl.col("cut_position").is_not_null())
            .then(pl.col("position") < pl.col("cut_position"))
            .otherwise(_turns_left() > LAST_TURNS)
        )
        .drop("cut_position")
    )


def _cuts(turns: pl.DataFrame, outcome: pl.DataFrame, escalation: pl.DataFrame) -> pl.DataFrame:
    """cut_position: the first turn at or after the earlier of the two, where there is one inside the conversation."""
    resolved = outcome.filter(pl.col("resolved_at").is_not_null()).select("conversation_id", "resolved_at")
    resolution = (
        turns.join(resolved, on="conversation_id", how="inner", maintain_order="left")
        .filter(
            pl.col("resolved_at") > pl.col("said_at").min().over("conversation_id"),
            pl.col("resolved_at") <= pl.max_horizontal("ended_at", "said_at").max().over("conversation_id"),
        )
        .group_by("conversation_id")
        .agg(_first_at_or_after("resolved_at"))
    )
    escalated = (
        turns.join(
            escalation.filter(pl.col("escalated_turn_index").is_not_null()).select(
                "conversation_id", "escalated_turn_index"
            ),
            on="conversation_id",
            how="inner",
            maintain_order="left",
        )
        .filter(pl.col("turn_index") == pl.col("escalated_turn_index"))
        .select("conversation_id", pl.col("position").alias("cut_position"))
    )
    return (
        pl.concat([resolution, escalated], how="vertical_relaxed")
        .group_by("conversation_id")
        .agg(pl.col("cut_position").min())
    )


def _first_at_or_after(moment: str) -> pl.Expr:
    later = pl.col("position").filter(pl.col("said_at") >= pl.col(moment)).min()
    return later.fill_null(pl.col("position").max() + 1).alias("cut_position")


def _turns_left() -> pl.Expr:
    """How many turns of its side, this one included, are still to come: notes and events stay out of the count."""
    said = pl.col("kind") == "message"
    left = pl.int_range(pl.len(), 0, -1).over(
        "conversation_id", "kind", pl.col("speaker").replace({"supervisor": "agent"})
    )
    return (
        pl.when(said & pl.col("speaker").is_in(["agent", "supervisor", "customer"]))
        .then(left)
        .otherwise(LAST_TURNS + 1)
    )
