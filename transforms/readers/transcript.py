"""What readers give: four tables, what was refused, and what there is to say about it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import Any

import polars as pl

from transforms.schema import EVALUATION, FEEDBACK, SEGMENT, TRANSCRIPT

WHOLE_FILE = "whole file"
CORRECT = "Correct it and run again."
EXPORT = "Export it again."

Roles = Mapping[str, str]


class SourceError(ValueError):
    """A source that was named and cannot be used at all, in one line."""


class ReadError(ValueError):
    """A record that cannot be read: where it is, what was found and expected, what to do."""

    def __init__(self, place: str, reason: str, cure: str = CORRECT) -> None:
        super().__init__(f"{place}: {reason}. {cure}")
        self.place, self.reason, self.cure = place, reason, cure


class IncompleteError(ReadError):
    """A record that makes sense only beside another, which is not there."""


@dataclass(frozen=True)
class Rejected:
    """What was refused; reads as `file, place: reason. cure`."""

    place: str
    reason: str
    cure: str
    record_count: int = 1
    raw: bytes | None = None
    conversation_id: str | None = None  # where it is known
    is_part: bool = False  # whether it makes sense only beside what was not there

    @classmethod
    def of(
        cls, broken: ReadError, record_count: int = 1, raw: bytes | None = None, conversation_id: str | None = None
    ) -> "Rejected":
        """The refusal of these records for what is broken in them."""
        is_part = isinstance(broken, IncompleteError)
        return cls(broken.place, broken.reason, broken.cure, record_count, raw, conversation_id, is_part)


@dataclass(frozen=True)
class Source:
    """One file, or the files of one folder that belong together; format None where no reader knows it."""

    name: str
    paths: list[Path]
    format: str | None
    is_namesake: bool = False  # another folder's file has the same name: only both together tell what it is
    location: str = ""  # where its files lie, a line each; of an object its address
    problem: str | None = None  # what keeps it from being read at all

    @property
    def shown(self) -> str:
        """What it is called where it is told of: an address in full, a file as it was named."""
        first, *others = self.location.split("\n")
        if "://" not in first:
            return self.name
        return first.rpartition("/")[0] + "/" if others else first


@dataclass(frozen=True)
class File:
    """A file's name, as places name it, and its bytes."""

    name: str
    data: bytes
    number: int | None = None  # of one of several conversations in it

    @property
    def id(self) -> str:
        """The id of a conversation that has none but the name of its file."""
        name = str(PurePath(self.name).with_suffix(""))
        return name if self.number is None else f"{name}/{self.number}"

    def id_or(self, own: str | None) -> str:
        """The same, or of several conversations in one file what each gives as its own."""
        return own or self.id if self.number is not None else self.id


@dataclass(frozen=True)
class Transcript:
    """What a source holds, checked: accepted and rejected records are together those given."""

    format: str
    transcript: pl.DataFrame
    segment: pl.DataFrame
    feedback: pl.DataFrame
    evaluation: pl.DataFrame
    rejected: list[Rejected]
    given_count: int
    notices: list[str]
    person: pl.DataFrame  # conversation_id and person: whose names the redactor has to know; never stored

    @property
    def rejected_count(self) -> int:
        """Records refused."""
        return sum(one.record_count for one in self.rejected)

    @property
    def accepted_count(self) -> int:
        """Records that landed, exact duplicates among them."""
        return self.given_count - self.rejected_count


@dataclass
class Conversation:
    """A conversation as a vendor's reader understood it: rows by column name, and how many records they came from."""

    transcript: dict[str, Any]
    segments: list[dict[str, Any]]
    feedback: dict[str, Any] | None = None
    record_count: int = 1
    raw: bytes | None = None
    people: list[str | None] = field(default_factory=list)  # names and addresses of those who take part, as it tells


def no_raw(_: str) -> bytes | None:
    """None: nothing is kept of the conversation as it came."""
    return None


PERSON = {"conversation_id": pl.String(), "person": pl.String()}


@dataclass
class Draft:
    """What a reader found, not yet checked; segments have `place` and `problem` too, transcripts `record_count`."""

    format: str
    transcript: pl.DataFrame
    segment: pl.DataFrame
    feedback: pl.DataFrame
    rejected: list[Rejected] = field(default_factory=list)
    given_count: int = 0
    notices: list[str] = field(default_factory=list)
    raw: Callable[[str], bytes | None] = no_raw
    evaluation: pl.DataFrame = field(default_factory=EVALUATION.empty)
    person: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=PERSON))


SEGMENT_DRAFT = {**SEGMENT.dtypes, "place": pl.String(), "problem": pl.String(), "cure": pl.String()}
TRANSCRIPT_DRAFT = {**TRANSCRIPT.dtypes, "record_count": pl.Int64()}


def draft(
    format_name: str, conversations: list[Conversation], rejected: list[Rejected], notices: list[str] | None = None
) -> Draft:
    """The draft of these conversations, each of which counts its own records."""
    transcripts = [_transcript_row(format_name, one) for one in conversations]
    segments = [row for one in conversations for row in _segment_rows(one)]
    feedback = [_feedback_row(format_name, one) for one in conversations if one.feedback]
    raw = {one.transcript["conversation_id"]: one.raw for one in conversations}
    return Draft(
        format_name,
        pl.DataFrame(transcripts, schema=TRANSCRIPT_DRAFT),
        pl.DataFrame(segments, schema=SEGMENT_DRAFT),
        pl.DataFrame(feedback, schema=FEEDBACK.dtypes),
        rejected,
        sum(one.record_count for one in conversations) + sum(one.record_count for one in rejected),
        notices or [],
        raw.get,
        person=pl.DataFrame([row for one in conversations for row in _person_rows(one)], PERSON, orient="row"),
    )


def _transcript_row(format_name: str, one: Conversation) -> dict[str, Any]:
    return {"source": format_name, "format": format_name, **one.transcript, "record_count": one.record_count}


def _segment_rows(one: Conversation) -> list[dict[str, Any]]:
    conversation_id = one.transcript["conversation_id"]
    return [
        {"kind": "message", **row, "conversation_id": conversation_id, "position": position}
        for position, row in enumerate(one.segments)
    ]


def _person_rows(one: Conversation) -> list[tuple[str, str]]:
    return [(one.transcript["conversation_id"], person) for person in dict.fromkeys(one.people) if person]


def _feedback_row(format_name: str, one: Conversation) -> dict[str, Any]:
    return {"source": format_name, **(one.feedback or {}), "conversation_id": one.transcript["conversation_id"]}


def nothing(format_name: str, rejected: list[Rejected]) -> Draft:
    """A draft of which nothing could be read."""
    return draft(format_name, [], rejected)
