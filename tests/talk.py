"""A conversation that anyone can read, taken through the real turns, facts, markers and metrics.

A call: `0.0-2.5 agent  Hello.`, from-to in seconds; the words' own times may follow in braces: `{0.0-0.4 1.1-2.5}`.
Messages: `10:00 customer  Where is my parcel?`, or `10:00:05`; all on one working day, in UTC.
Without times: `agent  Hello.`, one row a turn. A speaker may have a name: `agent/ana`. `-` stands for an unknown end.
Outcomes and other conversations of the customer: see tests/later.py.
"""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from textwrap import dedent
from typing import Any

import polars as pl

from metrics import families
from metrics.catalogue import CATALOGUE
from metrics.measure import measure
from tests.later import LATER, later, outcome_of
from transforms import schema
from transforms.around import with_context
from transforms.calendar import Calendar, add_hours
from transforms.facts import conversation_facts
from transforms.markers import BACKCHANNELS, add_markers, find, is_unfinished
from transforms.thresholds import DEFAULT, Thresholds
from transforms.turns import build_turns

DAY = datetime(2026, 11, 3)
LINE = re.compile(
    r"(?:(?P<start>[\d.]+)-(?P<end>[\d.]+|-)\s+|(?:\+(?P<days>\d+)\s+)?(?P<clock>\d\d:\d\d(?::\d\d)?)\s+)?"
    r"(?P<speaker>[a-z]+)(?:/(?P<name>\w+))?(?:\s+\((?P<kind>note|event)\))?(?:\s+\{(?P<words>[^}]*)\})?(?:\s+(?P<text>.*))?"
)

NO_MARKERS = schema.MARKER.empty()

Frames = dict[str, pl.DataFrame]
Marked = Mapping[int, str]

assert families.MODULES


def talk(text: str, **facts: Any) -> dict[str, pl.DataFrame]:
    """The transcript and segment frames of one conversation; `facts` are columns of the transcript."""
    first, *others = re.split(r"^== ", dedent(text).strip(), flags=re.MULTILINE)
    conversations = [_conversation(first, {"conversation_id": "a"} | facts)]
    for other in others:
        heading, _, rest = other.partition("\n")
        name, *known = heading.split()
        own = dict(word.split("=") for word in known)
        conversations.append(_conversation(rest, facts | own | {"conversation_id": name}))
    return {name: pl.concat([one[name] for one in conversations]) for name in conversations[0]}


def _conversation(text: str, facts: dict[str, Any]) -> dict[str, pl.DataFrame]:
    told = [line.strip() for line in text.splitlines() if line.strip()]
    lines = [line for line in told if not line.startswith("outcome ")]
    rows = [_row(number, line) for number, line in enumerate(lines)]
    is_voice = all(row["sent_at"] is None for row in rows)
    transcript = {
        "source": "test",
        "format": "test",
        "channel": "voice" if is_voice else "chat",
        "language": "en",
        "customer_id": "ada",
        "topic": "parcel",
    } | facts
    segments = [row | {"conversation_id": transcript["conversation_id"]} for row in rows]
    results = [outcome_of(facts["conversation_id"], line[8:], DAY) for line in told if line.startswith("outcome ")]
    return {
        "transcript": schema.TRANSCRIPT.shape(pl.DataFrame([transcript])),
        "segment": schema.SEGMENT.shape(pl.DataFrame(segments, schema_overrides={"words": schema.INTERVALS})),
        "feedback": schema.FEEDBACK.shape(pl.DataFrame(results)) if results else schema.FEEDBACK.empty(),
    }


def turns_of(conversation: Frames, thresholds: Thresholds = DEFAULT, marked: Marked | None = None) -> pl.DataFrame:
    """Its turns with their facts and markers; `marked` has the markers of each position, and takes the rules' place."""
    turns = _built(conversation, thresholds)
    return _counted(turns, find(turns)) if marked is None else _counted_as(turns, marked)


def rows(
    conversations: Frames,
    thresholds: Thresholds = DEFAULT,
    shows_overlap: bool = True,
    marked: Marked | None = None,
    as_of: datetime | None = None,
) -> pl.DataFrame:
    """The wide table; the sources are taken to show overlap unless said otherwise."""
    turns = _built(conversations, thresholds)
    markers = find(turns) if marked is None else NO_MARKERS
    turns = _counted(turns, markers) if marked is None else _counted_as(turns, marked)
    overlapping = conversations["transcript"]["source"] if shows_overlap else pl.Series([], dtype=pl.String)
    facts = conversation_facts(turns, conversations["transcript"], thresholds, Calendar(), overlapping)
    came_of_it = later(conversations, turns, markers, as_of or DAY + LATER)
    new = ["conversation_id", *(name for name in came_of_it.columns if name not in facts.columns)]
    facts = facts.join(came_of_it.select(new), on="conversation_id", how="left", maintain_order="left")
    return measure(turns.lazy(), facts.lazy()).collect()


def measured(conversation: Frames, **settings: Any) -> dict[str, Any]:
    """Its row of the wide table."""
    return rows(conversation, **settings).row(0, named=True)


def value(metric: str, conversation: Frames, **settings: Any) -> Any:
    """What a metric is in a conversation."""
    return measured(conversation, **_rules(metric) | settings)[metric]


def why_null(metric: str, conversation: Frames, **settings: Any) -> str:
    """Why a metric is null in a conversation, which it has to be."""
    row = measured(conversation, **_rules(metric) | settings)
    assert row[metric] is None
    return row[f"{metric}_why_null"]


def _rules(metric: str) -> dict[str, Any]:
    """No rules where a metric of ours needs none: they take long to prepare."""
    facts = CATALOGUE.metrics[metric]
    needs_none = "text" not in facts.needs and facts.family in ("listening", "professionalism")
    return {"marked": {}} if needs_none else {}


def _built(conversations: Frames, thresholds: Thresholds) -> pl.DataFrame:
    turns = build_turns(conversations["segment"], conversations["transcript"], thresholds, BACKCHANNELS, is_unfinished)
    return add_hours(turns, Calendar())


def _counted(turns: pl.DataFrame, markers: pl.DataFrame) -> pl.DataFrame:
    return with_context(add_markers(turns, markers))


def _counted_as(turns: pl.DataFrame, marked: Marked) -> pl.DataFrame:
    return with_context(turns.with_columns(_counts(turns.height, marked)))


def _counts(height: int, marked: Marked) -> list[pl.Series]:
    names = {name for metric in CATALOGUE.metrics.values() for name in metric.markers}
    found = [marked.get(position, "").split() for position in range(height)]
    return [pl.Series(f"{name}_count", [turn.count(name) for turn in found], dtype=pl.Int64) for name in sorted(names)]


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
        "sent_at": _moment(found["clock"], found["days"]),
        "words": [{"start_ms": start, "end_ms": end} for start, end in words] or None,
    }


def _ms(text: str | None) -> int | None:
    return None if text in (None, "-") else round(float(text) * 1000)


def _moment(clock: str | None, days: str | None) -> datetime | None:
    if clock is None:
        return None
    hours, minutes, seconds = (int(part) for part in f"{clock}:00".split(":")[:3])
    return DAY + timedelta(days=int(days or 0), hours=hours, minutes=minutes, seconds=seconds)
