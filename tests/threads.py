"""Small conversations with absolute times, written as anyone can read them; promises stand in [brackets]."""

import re
from datetime import datetime
from typing import Any

import polars as pl

from transforms import schema

LINE = re.compile(r"(\d{4}-\d{2}-\d{2} \d{2}:\d{2}(?::\d{2})?) +(\w+) +(.*)")
TURN = {
    "conversation_id": pl.String,
    "turn_index": pl.Int64,
    "position": pl.Int64,
    "speaker": pl.String,
    "speaker_id": pl.String,
    "kind": pl.String,
    "text": pl.String,
    "start_ms": pl.Int64,
    "end_ms": pl.Int64,
    "sent_at": schema.TIME,
    "said_at": schema.TIME,
    "ended_at": schema.TIME,
    "message_count": pl.Int64,
    "language": pl.String,
    "channel": pl.String,
    "source": pl.String,
}


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def thread(conversation_id: str, lines: str, **facts: Any) -> dict[str, pl.DataFrame]:
    """The frames turns, transcripts and markers of one conversation: lines of time, speaker, words."""
    found = [LINE.fullmatch(line.strip()) for line in lines.splitlines() if line.strip()]
    assert all(found), "a line is not: 2024-03-04 10:00 agent Words"
    known = {"channel": "ticket", "language": "en", "source": "csv", "customer_id": "ada"} | facts
    started = at(found[0][1])
    turns = [_turn(conversation_id, position, match, started, known) for position, match in enumerate(found)]
    marked = [marker for turn in turns for marker in _markers(turn)]
    for turn in turns:
        turn["text"] = re.sub(r"[\[\]]", "", turn["text"])
    transcript = {"conversation_id": conversation_id, "format": "csv", "started_at": started} | known
    return {
        "turns": pl.DataFrame(turns, schema=TURN, orient="row"),
        "transcripts": schema.TRANSCRIPT.shape(pl.DataFrame([transcript], infer_schema_length=None)),
        "markers": schema.MARKER.shape(pl.DataFrame(marked, schema=schema.MARKER.dtypes)),
    }


def together(*threads: dict[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """The frames of several conversations."""
    return {
        name: pl.concat([one[name] for one in threads]).sort("conversation_id", maintain_order=True)
        for name in threads[0]
    }


def _turn(conversation_id: str, position: int, match: Any, started: datetime, known: dict[str, Any]) -> dict[str, Any]:
    said_at = at(match[1])
    ms = int((said_at - started).total_seconds() * 1000)
    return {
        "conversation_id": conversation_id,
        "turn_index": position,
        "position": position,
        "speaker": match[2],
        "speaker_id": known.get("agent_id", "mia") if match[2] == "agent" else None,
        "kind": "message",
        "text": match[3],
        "start_ms": ms,
        "end_ms": ms,
        "sent_at": said_at,
        "said_at": said_at,
        "ended_at": said_at,
        "message_count": 1,
        **{name: known[name] for name in ("language", "channel", "source")},
    }


def _markers(turn: dict[str, Any]) -> list[dict[str, Any]]:
    rows = []
    for number, match in enumerate(re.finditer(r"\[([^\]]*)\]", turn["text"])):
        start = match.start() - 2 * number
        rows.append(
            {
                "conversation_id": turn["conversation_id"],
                "turn_index": turn["turn_index"],
                "marker": "commitment",
                "start_char": start,
                "end_char": start + len(match[1]),
                "words": match[1],
                "rule": "by hand",
            }
        )
    return rows
