"""The input that everyone can produce: CSV, JSONL and Parquet, one row a segment or message."""

import csv
import io
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl

from data.generator.case import Case, Turn
from data.generator.company import COMPANY, local

CALL = ("conversation_id", "turn_index", "speaker", "speaker_id", "text", "start_s", "end_s", "channel", "language",
        "started_at", "agent_id", "team", "queue", "topic", "customer_id", "source", "kind")  # fmt: skip
CHAT = ("conversation_id", "turn_index", "sent_at", "speaker", "text", "channel", "language", "agent_id", "team",
        "queue", "topic", "customer_id", "source", "kind")  # fmt: skip
Row = dict[str, Any]


def rows(case: Case) -> list[Row]:
    """A case as rows of the common input."""
    return [_row(case, turn, index) for index, turn in enumerate(case.turns)]


def _row(case: Case, turn: Turn, index: int) -> Row:
    assert case.customer is not None
    return {
        "conversation_id": case.id,
        "turn_index": index,
        "speaker": turn.speaker,
        "text": turn.text,
        "start_s": turn.start,
        "end_s": turn.end,
        "sent_at": stamp(turn.sent_at) if turn.sent_at else None,
        "channel": case.channel,
        "language": case.language,
        "started_at": stamp(case.started_at),
        "agent_id": case.agent.id,
        "team": case.agent.team,
        "queue": COMPANY["queue"][case.topic],
        "topic": case.topic,
        "customer_id": case.customer.id,
        "source": {"parquet": "telephony", "calls_csv": "branch-pbx"}.get(
            case.source, case.source.removesuffix("_csv").removesuffix("_jsonl")
        ),
        "kind": turn.kind,
    }


def stamp(moment: datetime) -> str:
    """ISO 8601 in UTC."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def local_stamp(moment: datetime) -> str:
    """ISO 8601 with the company's own offset."""
    return local(moment).isoformat(timespec="seconds")


def write_parquet(path: Path, given: list[Row], columns: list[str]) -> None:
    """Rows as Parquet."""
    path.parent.mkdir(parents=True, exist_ok=True)
    frame = pl.DataFrame(given, infer_schema_length=None).select(columns)
    frame.with_columns(pl.col("started_at").str.to_datetime(time_zone="UTC")).write_parquet(path, compression="zstd")


def write_jsonl(path: Path, given: list[Row], columns: list[str]) -> None:
    """Rows as JSON, one a line; what is null is left out."""
    lines = [json.dumps({c: row[c] for c in columns if row.get(c) is not None}, ensure_ascii=False) for row in given]
    put(path, "\n".join(lines) + "\n")


def write_csv(path: Path, given: list[Row], columns: list[str], newline: str = "\n", bom: bool = False) -> None:
    """Rows as CSV."""
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, extrasaction="ignore", lineterminator=newline)
    writer.writeheader()
    writer.writerows(given)
    put(path, ("\ufeff" if bom else "") + out.getvalue())


def put(path: Path, text: str) -> None:
    """The text as a file, its line ends as they are."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode("utf-8"))
