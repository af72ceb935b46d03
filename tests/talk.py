"""A conversation that anyone can read, taken through the real turns, facts, markers and metrics.

A call: `0.0-2.5 agent  Hello.`, from-to in seconds; the words' own times may follow in braces: `{0.0-0.4 1.1-2.5}`.
Messages: `10:00 customer  Where is my parcel?`, or `10:00:05`; all on one working day, in UTC.
Without times: `agent  Hello.`, one row a turn. A speaker may have a name: `agent/ana`. `-` stands for an unknown end.
"""

import re
from datetime import datetime, timedelta
from textwrap import dedent
from typing import Any

import polars as pl

from metrics import families
from metrics.measure import measure
from transforms import schema
from transforms.around import with_context
from transforms.calendar import Calendar, add_hours
from transforms.facts import conversation_facts
from transforms.markers import BACKCHANNELS, add_markers, find, is_unfinished
from transforms.thresholds import DEFAULT, Thresholds
from transforms.turns import build_turns

DAY = datetime(2026, 11, 3)
LINE = re.compile(
    r"(?:(?P<start>[\d.]+)-(?P<end>[\d.]+|-)\s+|(?P<clock>\d\d:\d\d(?::\d\d)?)\s+)?"
    r"(?P<speaker>[a-z]+)(?:/(?P<name>\w+))?(?:\s+\((?P<kind>note|event)\))?(?:\s+\{(?P<words>[^}]*)\})?(?:\s+(?P<text>.*))?"
)

assert families.FAMILIES


def talk(text: str, **facts: Any) -> dict[str, pl.DataFrame]:
    """The transcript and segment frames of one conversation; `facts` are columns of the transcript."""
    lines = [line for line in dedent(text).strip().splitlines() if line.strip()]
    rows = [_row(number, line.strip()) for number, line in enumerate(lines)]
    is_voice = all(row["sent_at"] is None for row in rows)
    transcript = {
        "conversation_id": "a",
        "source": "test",
        "format": "test",
        "channel": "voice" if is_voice else "chat",
        "language": "en",
    } | facts
    segments = [row | {"conversation_id": transcript["conversation_id"]} for row in rows]
    return {
        "transcript": schema.TRANSCRIPT.shape(pl.DataFrame([transcript])),
        "segment": schema.SEGMENT.shape(pl.DataFrame(segments, schema_overrides={"words": schema.INTERVALS})),
    }


def turns_of(conversation: dict[str, pl.DataFrame], thresholds: Thresholds = DEFAULT) -> pl.DataFrame:
    """Its turns with their facts and markers."""
    segments, transcripts = conversation["segment"], conversation["transcript"]
    turns = build_turns(segments, transcripts, thresholds, BACKCHANNELS, is_unfinished)
    return with_context(add_hours(add_markers(turns, find(turns)), Calendar()))


def measured(
    conversation: dict[str, pl.DataFrame], thresholds: Thresholds = DEFAULT, shows_overlap: bool = True
) -> dict[str, Any]:
    """Its row of the wide table; the source is taken to show overlap unless said otherwise."""
    turns = turns_of(conversation, thresholds)
    overlapping = pl.Series(["test"] if shows_overlap else [], dtype=pl.String)
    facts = conversation_facts(turns, conversation["transcript"], thresholds, Calendar(), overlapping)
    return measure(turns.lazy(), facts.lazy()).collect().row(0, named=True)


def value(metric: str, conversation: dict[str, pl.DataFrame], **settings: Any) -> Any:
    """What a metric is in a conversation."""
    return measured(conversation, **settings)[metric]


def why_null(metric: str, conversation: dict[str, pl.DataFrame], **settings: Any) -> str:
    """Why a metric is null in a conversation, which it has to be."""
    row = measured(conversation, **settings)
    assert row[metric] is None
    return row[f"{metric}_why_null"]


def _row(number: int, line: str) -> dict[str, Any]:
    found = LINE.fullmatch(line)
    assert found, f"cannot read the line: {line}"
    words = [tuple(_ms(side) for side in word.split("-")) for word in (found["words"] or "").split()]
    return {
        "position": number,
        "speaker": found["speaker"],
        "speaker_id": found["name"],
        "kind": found["kind"] or "message",
        "text": found["text"] or "",
        "start_ms": _ms(found["start"]),
        "end_ms": _ms(found["end"]),
        "sent_at": _moment(found["clock"]),
        "words": [{"start_ms": start, "end_ms": end} for start, end in words] or None,
    }


def _ms(text: str | None) -> int | None:
    return None if text in (None, "-") else round(float(text) * 1000)


def _moment(clock: str | None) -> datetime | None:
    if clock is None:
        return None
    hours, minutes, seconds = (int(part) for part in f"{clock}:00".split(":")[:3])
    return DAY + timedelta(hours=hours, minutes=minutes, seconds=seconds)
