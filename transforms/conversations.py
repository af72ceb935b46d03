"""The table conversation: who had it, about what, when, and how large it was."""

import polars as pl

from transforms import schema
from transforms.fold import fold

SAID = pl.col("kind") == "message"
BY_AGENT = SAID & (pl.col("speaker") == "agent")
BY_CUSTOMER = SAID & (pl.col("speaker") == "customer")


def with_agent(transcripts: pl.DataFrame, turns: pl.DataFrame) -> pl.DataFrame:
    """The transcripts, each agent_id that is null replaced by the agent with most turns, the first of several."""
    spoke = turns.filter(BY_AGENT, pl.col("speaker_id").is_not_null())
    counts = spoke.group_by("conversation_id", "speaker_id").agg(pl.len(), pl.col("position").min())
    most = (
        counts.sort("conversation_id", "len", "position", descending=[False, True, False])
        .group_by("conversation_id", maintain_order=True)
        .agg(pl.col("speaker_id").first().alias("spoke_most"))
    )
    joined = transcripts.join(most, on="conversation_id", how="left", maintain_order="left")
    return joined.with_columns(agent_id=pl.coalesce("agent_id", "spoke_most")).drop("spoke_most")


def conversations(transcripts: pl.DataFrame, turns: pl.DataFrame, facts: pl.DataFrame) -> pl.DataFrame:
    """The table conversation, measured_at left out; `facts` gives duration_ms."""
    sizes = turns.group_by("conversation_id").agg(
        SAID.sum().alias("turn_count"),
        BY_AGENT.sum().alias("agent_turn_count"),
        BY_CUSTOMER.sum().alias("customer_turn_count"),
        pl.col("speaker_id").filter(BY_AGENT).drop_nulls().n_unique().alias("agent_count"),
        pl.col("word_count").filter(BY_AGENT | BY_CUSTOMER).sum(),
        pl.col("said_at").min().alias("first_said_at"),
        pl.max_horizontal("ended_at", "said_at").max().alias("ended_at"),
    )
    durations = facts.select("conversation_id", duration_seconds=pl.col("duration_ms") / 1000)
    counts = [name for name in sizes.columns if name.endswith("_count")]
    rows = (
        transcripts.join(sizes, on="conversation_id", how="left", maintain_order="left")
        .join(durations, on="conversation_id", how="left", maintain_order="left")
        .join(words_to_search(turns), on="conversation_id", how="left", maintain_order="left")
        .with_columns(pl.col(counts).fill_null(0), started_at=pl.coalesce("started_at", "first_said_at"))
    )
    return schema.CONVERSATION.shape(rows)


def words_to_search(turns: pl.DataFrame) -> pl.DataFrame:
    """The folded words of each conversation, a line a turn: conversation_id, text_folded."""
    folded = pl.Series(fold(turns["text"].to_list()), dtype=pl.String).str.replace_all("\n", " ", literal=True)
    lines = turns.select("conversation_id", text_folded=folded)
    return lines.group_by("conversation_id", maintain_order=True).agg(pl.col("text_folded").str.join("\n"))


def turn_table(turns: pl.DataFrame) -> pl.DataFrame:
    """The table turn, from the turns with their facts."""
    seconds = {f"{name}_seconds": pl.col(f"{name}_ms") / 1000 for name in ("start", "end", "gap", "overlap")}
    return schema.TURN.shape(turns.with_columns(**seconds))
