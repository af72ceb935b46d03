"""How long a customer waited for news while a conversation was unresolved."""

import polars as pl

from metrics.catalogue import TEXT_CHANNELS

BY_AGENT_SIDE = pl.col("speaker").is_in(["agent", "supervisor"])


def update_gaps(turns: pl.DataFrame, outcomes: pl.DataFrame) -> pl.DataFrame:
    """By written conversation: longest_update_gap_ms, the longest time without a message from the agent's side.

    From the first message to the first resolution, or to the last message where no resolution is known; null where the
    times are not known.
    """
    said = turns.filter(
        pl.col("channel").is_in(TEXT_CHANNELS),
        pl.col("kind") == "message",
        pl.col("speaker").is_in(["agent", "supervisor", "customer", "unknown"]),
    ).select("conversation_id", "ended_at", at="said_at", by_agent_side=BY_AGENT_SIDE)
    last = pl.max_horizontal("at", "ended_at")  # a turn joins messages: the silence begins after its last one
    spans = said.group_by("conversation_id").agg(
        began_at=pl.col("at").min(), ended_at=last.max(), is_timed=pl.col("at").is_not_null().all()
    )
    resolved = outcomes.select("conversation_id", "resolved_at")
    spans = spans.join(resolved, on="conversation_id", how="left").with_columns(
        stop_at=pl.coalesce("resolved_at", "ended_at")
    )
    by_agent = said.filter("by_agent_side")
    messages = pl.concat([by_agent.select("conversation_id", "at"), by_agent.select("conversation_id", at=last)])
    written = messages.join(spans, on="conversation_id").filter(pl.col("at") < pl.col("stop_at"))
    points = pl.concat(
        [
            written.select("conversation_id", "at"),
            spans.select("conversation_id", at="began_at"),
            spans.select("conversation_id", at="stop_at"),
        ]
    )
    longest = pl.col("at").sort().diff().dt.total_milliseconds().max()
    gaps = points.group_by("conversation_id").agg(longest_update_gap_ms=longest)
    is_known = pl.col("is_timed") & (pl.col("stop_at") > pl.col("began_at"))
    return (
        spans.join(gaps, on="conversation_id")
        .select("conversation_id", longest_update_gap_ms=pl.when(is_known).then("longest_update_gap_ms"))
        .sort("conversation_id")
    )
