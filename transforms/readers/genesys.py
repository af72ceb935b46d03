"""Genesys Cloud: a conversation's transcripts, with who took part when.

https://developer.genesys.cloud/analyticsdatamanagement/speechtextanalytics/
"""

import re
from typing import Any

from transforms.readers.content import Head
from transforms.readers.each import count_of
from transforms.readers.format import Reader, Supports
from transforms.readers.pieces import read_pieces
from transforms.readers.record import Record, plain
from transforms.readers.roles import mapped, role_of
from transforms.readers.times import from_epoch
from transforms.readers.transcript import Conversation, Draft, File, Roles

NAME = "genesys"
EPOCH_MS = 1e11  # beyond it a number is a date, below it an offset from the start
VOICE = ("call", "callback", "voice")
INSIDE = {"agent": "agent", "user": "agent", "ivr": "bot", "acd": "bot", "bot": "bot", "voicemail": "bot"}
SYSTEM = {"speaker": "system", "kind": "event"}
HAPPENS = ("hold", "silence", "overtalk", "ivr", "acd")  # what the acoustic events tell of
_ID = re.compile(r'"conversationId"\s*:\s*"([^"]+)"')


def recognise(head: Head) -> bool:
    """Whether it holds phrases with the purpose of who says them."""
    return any(key.endswith("transcripts[].phrases") for key in head.keys)


def read(files: list[File], roles: Roles) -> Draft:
    """The conversations of the files, each of all its communications."""
    return read_pieces(
        NAME, files, ("conversations",), _named, _count, lambda id_, some: _conversation(id_, some, roles)
    )


def _named(record: Record, file: File) -> list[tuple[str, Record]]:
    id_ = record.value.get("conversationId")
    return [(plain(id_) if isinstance(id_, str) and id_ else file.id, record)]


def _count(one: Record) -> int:
    return count_of(one.value, "transcripts")


def _conversation(id_: str, pieces: list[Record], roles: Roles) -> Conversation:
    """All communications, by time from the first one's start; a phrase that comes twice counts once."""
    began = min((at for one in pieces if (at := _began(one)) is not None), default=0)
    people = [_Person(person, began) for one in pieces for person in one.children("participants", "participant")]
    is_voice = any((one.text("mediaType") or "call").lower() in VOICE for one in pieces)
    transcripts = [transcript for one in pieces for transcript in one.children("transcripts", "transcript")]
    phrases = [said for some in transcripts for said in some.children("phrases", "phrase")]
    rows = [_phrase(said, began, people, roles, is_voice) for said in phrases]
    rows += [row for some in transcripts for row in _events(some, began)]
    rows = list({(row["start_ms"], row["speaker"], row["text"]): row for row in rows}.values())
    agents = sorted((p for p in people if p.purpose == "agent" and p.user), key=lambda p: p.start or 0)
    queues = [person.queue for person in people if person.queue]
    transcript = {
        "conversation_id": id_,
        "channel": "voice" if is_voice else "email" if pieces[0].text("mediaType") == "email" else "chat",
        "language": next((language for one in transcripts if (language := one.id("language"))), None),
        "started_at": from_epoch(began / 1000) if began > EPOCH_MS else None,
        "agent_id": agents[0].user if len({person.user for person in agents}) == 1 else None,
        "queue": queues[0] if queues else None,
    }
    return Conversation(transcript, sorted(rows, key=_start), _transfer(agents, began))


def _began(one: Record) -> int | None:
    """When it began, in milliseconds: as told, else by the first date that a phrase has."""
    told = one.milliseconds("conversationStartTime") or one.milliseconds("startTime")
    phrases = [said for some in one.children("transcripts") for said in some.children("phrases")]
    dates = [at for said in phrases if (at := said.milliseconds("startTimeMs")) is not None and at > EPOCH_MS]
    return told or min(dates, default=None)


def _start(row: dict[str, Any]) -> int:
    return row["start_ms"] or 0


class _Person:
    """Somebody who took part, from when to when, in milliseconds from the start."""

    def __init__(self, one: Record, began: int) -> None:
        self.purpose = one.text("participantPurpose") or ""
        self.user, self.queue = one.id("userId"), one.id("queueId")
        self.start, self.end = _offset(one, "startTimeMs", began), _offset(one, "endTimeMs", began)

    def is_active(self, at: int | None) -> bool:
        """Whether they spoke for the company's side then."""
        if at is None or self.purpose not in INSIDE:
            return False
        return (self.start or 0) <= at and (self.end is None or at < self.end)


def _offset(one: Record, key: str, began: int) -> int | None:
    """A time as milliseconds from the conversation's start, given so or since 1970."""
    at = one.milliseconds(key)
    return at - began if at is not None and at > EPOCH_MS else at


def _lasts(one: Record) -> int | None:
    """A duration in milliseconds, as a number or an object."""
    if isinstance(one.value.get("duration"), dict):
        return one.child("duration").milliseconds("milliseconds")
    return one.milliseconds("durationMs" if one.has("durationMs") else "duration")


def _phrase(said: Record, began: int, people: list[_Person], roles: Roles, is_voice: bool) -> dict[str, Any]:
    start, lasts, purpose = _offset(said, "startTimeMs", began), _lasts(said), said.text("participantPurpose")
    active = [one for one in people if purpose != "external" and one.is_active(start)]
    named = {INSIDE[one.purpose] for one in active} if purpose == "internal" else set()
    ids = {one.user for one in active if one.user}
    role = mapped(purpose, roles) or ("customer" if purpose in ("external", "customer") else None)
    role = role or (named.pop() if len(named) == 1 else None) or role_of(purpose, roles) or INSIDE.get(purpose or "")
    times = {
        "start_ms": start,
        "end_ms": start + lasts if start is not None and lasts is not None else None,
        "words": _words(said, began),
    }
    at = said.milliseconds("startTimeMs")
    moment = {"start_ms": start, "sent_at": from_epoch(at / 1000) if at is not None and at > EPOCH_MS else None}
    return {
        "speaker": role or "unknown",
        "speaker_id": ids.pop() if role == "agent" and len(ids) == 1 else None if role else purpose,
        "text": said.text("decoratedText") or said.text("text"),
        **(times if is_voice else moment),
        "place": said.place,
    }


def _words(said: Record, began: int) -> list[dict[str, int]] | None:
    """The times of the words, where they have any."""
    found = [(_offset(one, "startTimeMs", began), _lasts(one)) for one in said.children("words", "word")]
    return [{"start_ms": at, "end_ms": at + long} for at, long in found if at is not None and long is not None] or None


def _events(transcript: Record, began: int) -> list[dict[str, Any]]:
    """Hold and silence, as the acoustic analysis tells."""
    found = transcript.child("analytics").children("acoustic", "acoustic event")
    told = [(one, one.text("eventType") or "", _offset(one, "startTimeMs", began)) for one in found]
    return [
        {**SYSTEM, "text": kind, "start_ms": at, "end_ms": _end(one, at), "place": one.place}
        for one, kind, at in told
        if kind.lower() in HAPPENS and at is not None
    ]


def _end(one: Record, start: int | None) -> int | None:
    lasts = _lasts(one)
    return start + lasts if start is not None and lasts is not None else None


def _transfer(agents: list[_Person], began: int) -> dict[str, Any] | None:
    """When another agent took over."""
    other = next((one for one in agents if one.user != agents[0].user and one.start is not None), None)
    if other is None or other.start is None or began <= EPOCH_MS:
        return None
    return {"transferred_at": from_epoch((began + other.start) / 1000)}


def part_of(head: Head) -> str | None:
    """The conversation of whose communications this is one."""
    found = _ID.search(head.text)
    return found[1] if found else None


READER = Reader(
    NAME,
    Supports(
        "Genesys Cloud", roles="via participants", ends="yes", words="yes", overlap="phrases", transfer="participants"
    ),
    recognise,
    read,
    part_of=part_of,
)
