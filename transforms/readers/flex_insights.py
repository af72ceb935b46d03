"""Twilio Flex Insights: what evaluators answered about conversations, and who handled their segments.

https://www.twilio.com/docs/flex/developer/insights/api/assessments-api
"""

from typing import Any

import polars as pl

from transforms.readers.content import Head, as_json
from transforms.readers.each import objects
from transforms.readers.format import Reader, Supports
from transforms.readers.record import Record
from transforms.readers.transcript import Draft, File, ReadError, Rejected, Roles, nothing
from transforms.schema import EVALUATION, FEEDBACK

NAME = "flex_insights"
ASSESSMENT, SEGMENT = "assessment_sid", "segment_id"
MARKS = {ASSESSMENT, f"assessments[].{ASSESSMENT}", "conversations[].segment_count"}
MARKS |= {"segments[].external_segment_link_id", "segments[].segment_recording_offset"}


def recognise(head: Head) -> bool:
    """Whether it holds assessments, or conversations or segments as Flex Insights lists them."""
    keys = {key.removeprefix("[].") for key in head.keys}
    return bool(MARKS & keys)


def read(files: list[File], roles: Roles) -> Draft:
    """The evaluations of the files by conversation (by segment where nothing tells it), and who took over."""
    found, rejected = objects(files)
    segments: list[Record] = []
    asked: list[Record] = []
    for record, _ in found:
        try:
            segments += _segments(record)
            asked += _assessments(record)
        except ReadError as error:
            rejected.append(Rejected.of(error, 1, as_json(record.value)))
    segments = _dated(segments, rejected)
    of_segment = {one.id(SEGMENT): one.id("conversation_id") for one in segments if _is_id(one, SEGMENT)}
    rows: list[dict[str, Any]] = []
    for one in asked:
        try:
            rows.append(_answer(one, of_segment))
        except ReadError as error:
            rejected.append(Rejected.of(error, 1, as_json(one.value)))
    result = nothing(NAME, rejected)
    result.evaluation = pl.DataFrame(rows, schema=EVALUATION.dtypes)
    result.feedback = pl.DataFrame(_transfers(segments), schema=FEEDBACK.dtypes)
    result.given_count += len(rows) + len(segments)
    return result


def _is_id(one: Record, key: str) -> bool:
    return isinstance(one.value.get(key), str | int) and not isinstance(one.value[key], bool)


def _segments(record: Record) -> list[Record]:
    """The segments, each with its conversation."""
    found = []
    for one in record.children("conversations", "conversation"):
        inner = one.children("segments", "segment")
        found += [Record({"conversation_id": one.needed_id("conversation_id"), **s.value}, s.place) for s in inner]
    return found + record.children("segments", "segment")


def _dated(segments: list[Record], rejected: list[Rejected]) -> list[Record]:
    """Those whose date can be read; the others are refused."""
    found = []
    for one in segments:
        try:
            one.time("date")
            found.append(one)
        except ReadError as error:
            rejected.append(Rejected.of(error, 1, as_json(one.value)))
    return found


def _assessments(record: Record) -> list[Record]:
    if ASSESSMENT in record.value:
        return [record]
    return record.children("assessments", "assessment")


def _answer(one: Record, of_segment: dict[str | None, str | None]) -> dict[str, Any]:
    segment = one.needed_id(SEGMENT)
    asked = one.child("assessment") if isinstance(one.value.get("assessment"), dict) else one
    question = asked.id("metric_id") or asked.id("question_sid") or one.needed_id(ASSESSMENT)
    return {
        "source": NAME,
        "conversation_id": of_segment.get(segment) or segment,
        "evaluation_id": one.needed_id(ASSESSMENT),
        "form": asked.text("questionnaire_name") or asked.text("questionnaire_sid"),
        "section": asked.text("category_name"),
        "question_id": question,
        "question": asked.text("metric_name") or asked.text("question"),
        "answer": one.text("answer_text"),
        "notes": asked.text("comment"),
        "evaluator_id": one.id("user_email") or one.id("user_name"),
        "is_automatic": False,
        "agent_id": one.id("agent_id"),
        "evaluated_at": one.time("timestamp"),
    }


def _transfers(segments: list[Record]) -> list[dict[str, Any]]:
    """For each conversation with segments of several agents, when the second took over."""
    by_id: dict[str, list[Record]] = {}
    for one in segments:
        if _is_id(one, "conversation_id") and _is_id(one, "agent_id"):
            by_id.setdefault(str(one.value["conversation_id"]), []).append(one)
    rows = []
    for id_, some in by_id.items():
        dated = [(moment, one.id("agent_id")) for one in some if (moment := one.time("date"))]
        dated.sort(key=lambda pair: pair[0])
        other = next((moment for moment, agent in dated if agent != dated[0][1]), None)
        rows.append({"source": NAME, "conversation_id": id_, "transferred_at": other})
    return rows


READER = Reader(
    NAME,
    Supports("Twilio Flex Insights (assessments, segments)", roles="not needed", transfer="segments", labels="yes"),
    recognise,
    read,
    recognise,
)
