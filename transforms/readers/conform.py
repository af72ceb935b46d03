"""The last look at what a reader found: names, types, roles, times; a conversation is taken whole or not at all."""

from collections.abc import Iterator
from typing import Any

import polars as pl

from transforms.readers.record import label
from transforms.readers.roles import ELSE, MAP_IT, unmapped
from transforms.readers.transcript import CORRECT, SEGMENT_DRAFT, TRANSCRIPT_DRAFT, Draft, Rejected, Roles, Transcript
from transforms.schema import CHANNELS, EVALUATION, FEEDBACK, KINDS, ROLES, SEGMENT, TRANSCRIPT

TELL_ROLES = "agent, customer, supervisor, bot or system"
TELL_CHANNELS = "voice, chat, email, ticket or social"
TELL_KINDS = "message, note or event"


def conform(draft: Draft, roles: Roles) -> Transcript:
    """What the reader found, by the tables of the schema, less the conversations in which something is wrong."""
    transcript = _typed(draft.transcript, TRANSCRIPT_DRAFT)
    segment = _typed(draft.segment, SEGMENT_DRAFT).with_columns(_everybody_else(roles))
    refused = {rejected[0]: rejected[1] for rejected in _refused(transcript, segment, draft)}
    kept = ~pl.col("conversation_id").is_in(list(refused))
    segment = SEGMENT.shape(segment.filter(kept))
    return Transcript(
        draft.format,
        TRANSCRIPT.shape(transcript.filter(kept)),
        segment,
        FEEDBACK.shape(draft.feedback).filter(kept),
        EVALUATION.shape(draft.evaluation),
        [*draft.rejected, *refused.values()],
        draft.given_count,
        [*draft.notices, *unmapped(segment.filter(speaker="unknown")["speaker_id"])],
        draft.person.filter(kept),
    )


def _everybody_else(roles: Roles) -> pl.Expr:
    """The speaker: whoever is named and still unknown as [roles] says of everybody else."""
    is_else = (pl.col("speaker") == "unknown") & pl.col("speaker_id").is_not_null()
    return pl.when(is_else).then(pl.lit(roles.get(ELSE, "unknown"))).otherwise("speaker").alias("speaker")


def _typed(frame: pl.DataFrame, dtypes: dict[str, pl.DataType]) -> pl.DataFrame:
    missing = [pl.lit(None, kind).alias(name) for name, kind in dtypes.items() if name not in frame.columns]
    return frame.with_columns(missing).select(pl.col(name).cast(kind) for name, kind in dtypes.items())


def _refused(transcript: pl.DataFrame, segment: pl.DataFrame, draft: Draft) -> Iterator[tuple[str, Rejected]]:
    """Each conversation that is refused, with the first thing wrong in it."""
    counts = dict(transcript.group_by("conversation_id").agg(pl.col("record_count").sum()).iter_rows())
    faults = {**_faults(_of_conversations(transcript, segment)), **_faults(_of_segments(segment))}
    for conversation_id, (place, reason, cure) in sorted(faults.items()):
        count, raw = counts.get(conversation_id, 1), draft.raw(conversation_id)
        yield conversation_id, Rejected(place, reason, cure, count, raw, conversation_id)


def _faults(wrong: pl.DataFrame) -> dict[str, tuple[str, str, str]]:
    first = wrong.unique("conversation_id", keep="first", maintain_order=True)
    return {row["conversation_id"]: _said(row) for row in first.iter_rows(named=True)}


def _of_segments(segment: pl.DataFrame) -> pl.DataFrame:
    """The segments in which something is wrong, in order."""
    same_turn = pl.len().over("conversation_id", "turn_index") > 1
    return segment.with_columns(
        fault=pl.coalesce(
            _when(pl.col("problem").is_not_null(), "problem"),
            _when(~pl.col("speaker").is_in(ROLES).fill_null(False), "speaker"),
            _when(~pl.col("kind").is_in(KINDS).fill_null(False), "kind"),
            _when(pl.col("text").is_null(), "text"),
            _when(pl.min_horizontal("start_ms", "end_ms") < 0, "negative"),
            _when(pl.col("end_ms") < pl.col("start_ms"), "end"),
            _when(_word_is_wrong(), "words"),
            _when(pl.col("turn_index").is_not_null() & same_turn, "turn_index"),
        )
    ).filter(pl.col("fault").is_not_null())


def _of_conversations(transcript: pl.DataFrame, segment: pl.DataFrame) -> pl.DataFrame:
    """The conversations that are wrong as a whole."""
    return transcript.with_columns(
        place=pl.format("conversation {}", "conversation_id"),
        fault=pl.coalesce(
            _when(~pl.col("channel").is_in(CHANNELS).fill_null(False), "channel"),
            _when(pl.col("conversation_id").is_duplicated(), "twice"),
            _when(~pl.col("conversation_id").is_in(segment["conversation_id"].unique().to_list()), "empty"),
        ),
    ).filter(pl.col("fault").is_not_null())


def _when(wrong: pl.Expr, fault: str) -> pl.Expr:
    return pl.when(wrong).then(pl.lit(fault))


def _word_is_wrong() -> pl.Expr:
    start, end = pl.element().struct["start_ms"], pl.element().struct["end_ms"]
    return pl.col("words").list.eval((end < start) | (start < 0)).list.any()


def _said(row: dict[str, Any]) -> tuple[str, str, str]:
    """Place, reason and cure of a row's fault."""
    fault, place = row["fault"], row["place"] or "whole file"
    if fault == "problem":
        return place, row["problem"], row["cure"] or CORRECT
    reasons = {
        "speaker": lambda: f"speaker is {label(row['speaker'] or '')}; expected {TELL_ROLES}",
        "kind": lambda: f"kind is {label(row['kind'] or '')}; expected {TELL_KINDS}",
        "channel": lambda: f"channel is {label(row['channel'] or '')}; expected {TELL_CHANNELS}",
        "text": lambda: "text is missing; expected what was said",
        "negative": lambda: f"a time is {_seconds(min_of(row))} s; expected seconds from the start",
        "end": lambda: (
            f"it ends at {_seconds(row['end_ms'])} s; expected an end after its start, {_seconds(row['start_ms'])} s"
        ),
        "words": lambda: "a word ends before it starts, or starts below 0; expected times from the start",
        "turn_index": lambda: f"turn_index {row['turn_index']} comes twice with different content; expected once",
        "twice": lambda: "it comes twice in one file; expected once",
        "empty": lambda: "nobody says anything in it; expected at least one turn",
    }
    return place, reasons[fault](), MAP_IT if fault == "speaker" else CORRECT


def min_of(row: dict[str, Any]) -> int:
    """The lesser of a row's start and end."""
    return min(value for value in (row["start_ms"], row["end_ms"]) if value is not None)


def _seconds(milliseconds: int) -> str:
    return f"{milliseconds / 1000:g}"
