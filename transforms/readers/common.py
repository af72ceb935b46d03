"""The input that everyone can produce: CSV, JSONL or Parquet, one row a segment or message."""

import polars as pl

from transforms.readers import cells
from transforms.readers.cells import Cell
from transforms.readers.content import Head
from transforms.readers.format import Reader, Supports
from transforms.readers.rows import Rows, columns_of, read_rows
from transforms.readers.table import read_table
from transforms.readers.transcript import Draft, File, ReadError, Rejected, Roles, nothing
from transforms.schema import FEEDBACK

NAME = "common"
REQUIRED = ("conversation_id", "speaker", "text")
SHARED = ("channel", "language", "team", "queue", "topic", "customer_id")
ADD_ORDER = "Add turn_index, start_s or sent_at."


def columns(roles: Roles) -> dict[str, Cell]:
    """The columns that Heard knows, and what their cells may hold."""
    ids = ("agent_id", "team", "queue", "topic", "customer_id", "source")
    return {
        "conversation_id": cells.TEXT,
        "speaker": cells.speaker(roles),
        "text": cells.SAID,
        "turn_index": cells.TURN_INDEX,
        **dict.fromkeys(("start_s", "end_s"), cells.OFFSET),
        **dict.fromkeys(("sent_at", "started_at", "updated_at"), cells.TIMES),
        "channel": cells.CHANNEL,
        "language": cells.LANGUAGE,
        "kind": cells.KIND,
        **dict.fromkeys(ids, cells.TEXT),
    }


def recognise(head: Head) -> bool:
    """Whether it has a conversation_id, and a speaker or a text."""
    names = columns_of(head)
    return "conversation_id" in names and bool(names & {"speaker", "text"})


def read(files: list[File], roles: Roles) -> Draft:
    """The conversations of one file."""
    file = files[0]
    try:
        rows = read_rows(read_table(file, columns(roles)), columns(roles), REQUIRED)
    except ReadError as broken:
        return nothing(NAME, [Rejected.of(broken, raw=file.data)])
    return draft_of(NAME, rows)


def draft_of(name: str, rows: Rows) -> Draft:
    """The conversations of these rows, as this format."""
    return Draft(
        name,
        _transcripts(name, rows),
        rows.distinct.pipe(_with_agent).pipe(_segments),
        FEEDBACK.empty(),
        rows.nameless,
        len(rows.values),
        rows.notices,
        rows.raw,
    )


def _transcripts(name: str, rows: Rows) -> pl.DataFrame:
    """A row for each conversation: of what its rows say the first, its agent where they name just one."""
    has_offsets = pl.col("start_s").is_not_null().any() | pl.col("end_s").is_not_null().any()
    shared = [pl.col(column).drop_nulls().first() for column in SHARED]
    return (
        rows.named.pipe(_with_agent)
        .group_by("conversation_id", maintain_order=True)
        .agg(
            *shared,
            pl.col("source").drop_nulls().first().fill_null(name),
            pl.col("agent_in_charge").first().alias("agent_id"),
            pl.col("started_at").min(),
            pl.col("updated_at").max(),
            record_count=pl.len(),
            usual_channel=pl.when(has_offsets).then(pl.lit("voice")).otherwise(pl.lit("chat")),
        )
        .with_columns(format=pl.lit(name), channel=pl.coalesce("channel", "usual_channel"))
    )


def _with_agent(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with `agent_in_charge`: the one agent that their conversation names, null where there are several."""
    by_agents = pl.col("agent_id").filter(pl.col("speaker") == "agent").drop_nulls().unique()
    by_any = pl.col("agent_id").drop_nulls().unique()
    agents = rows.group_by("conversation_id").agg(by_agents=by_agents, by_any=by_any)
    named = pl.when(pl.col("by_agents").list.len() > 0).then("by_agents").otherwise("by_any")
    only = pl.when(named.list.len() == 1).then(named.list.first())
    return rows.join(agents.select("conversation_id", agent_in_charge=only), on="conversation_id", how="left")


def _segments(rows: pl.DataFrame) -> pl.DataFrame:
    has_order = pl.any_horizontal(pl.col("turn_index", "start_s", "sent_at").is_not_null())
    customer = pl.col("customer_id").drop_nulls().first().over("conversation_id")
    by_agent, by_customer = pl.col("speaker") == "agent", pl.col("speaker") == "customer"
    no_order = pl.col("problem").is_null() & ~has_order
    reason = "there is neither turn_index nor a time; expected turn_index, start_s or sent_at"
    return rows.with_columns(
        position=pl.int_range(pl.len()).over("conversation_id"),
        speaker_id=pl.when(by_agent)
        .then(pl.coalesce("agent_id", "agent_in_charge"))
        .when(by_customer)
        .then(pl.coalesce("customer_id", customer)),
        kind=pl.col("kind").fill_null("message"),
        start_ms="start_s",
        end_ms="end_s",
        problem=pl.when(no_order).then(pl.lit(reason)).otherwise("problem"),
        cure=pl.when(no_order).then(pl.lit(ADD_ORDER)).otherwise("cure"),
    )


READER = Reader(
    NAME,
    Supports(
        "CSV, JSONL or Parquet, one row a message",
        roles="yes",
        ends="where given",
        overlap="where given",
        csat="own file",
        resolved="own file",
        reopened="own file",
        transfer="own file",
    ),
    recognise,
    read,
)
