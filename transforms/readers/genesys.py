"""Genesys Cloud: a call's transcripts, with who took part when.

https://developer.genesys.cloud/analyticsdatamanagement/speechtextanalytics/
"""

from typing import Any

from transforms.readers.content import Head
from transforms.readers.each import read_each
from transforms.readers.format import Reader, Supports
from transforms.readers.record import Record
from transforms.readers.roles import role_of
from transforms.readers.times import from_epoch
from transforms.readers.transcript import Conversation, Draft, File, Roles

NAME = "genesys"
EPOCH_MS = 1e11  # beyond it a number is a date, below it an offset from the start
INSIDE = {"agent": "agent", "user": "agent", "ivr": "bot", "acd": "bot", "bot": "bot", "voicemail": "bot"}


def recognise(head: Head) -> bool:
    """Whether it holds phrases with the purpose of who says them."""
    return any(key.endswith("transcripts[].phrases") for key in head.keys)


def read(files: list[File], roles: Roles) -> Draft:
    """The calls, each a communication of a conversation."""
    return read_each(NAME, files, "transcripts", lambda one, _: _call(one, roles))


def _call(one: Record, roles: Roles) -> Conversation:
    began = one.milliseconds("conversationStartTime") or 0
    people = one.children("participants", "participant")
    transcripts = one.children("transcripts", "transcript")
    phrases = [said for some in transcripts for said in some.children("phrases", "phrase")]
    rows = [_phrase(said, began, people, roles) for said in phrases]
    agents = {person.id("userId") for person in people if person.text("participantPurpose") == "agent"} - {None}
    queues = [person.id("queueId") for person in people if person.has("queueId")]
    transcript = {
        "conversation_id": one.needed_id("conversationId"),
        "channel": "voice" if (one.text("mediaType") or "call") in ("call", "callback", "voice") else "chat",
        "language": transcripts[0].id("language") if transcripts else None,
        "started_at": from_epoch(began / 1000) if began > EPOCH_MS else None,
        "agent_id": agents.pop() if len(agents) == 1 else None,
        "queue": queues[0] if queues else None,
    }
    return Conversation(transcript, sorted(rows, key=lambda row: row["start_ms"] or 0))


def _phrase(said: Record, began: int, people: list[Record], roles: Roles) -> dict[str, Any]:
    at = said.milliseconds("startTimeMs")
    start = at - began if at is not None and at > EPOCH_MS else at
    lasts = said.child("duration").milliseconds("milliseconds")
    purpose = said.text("participantPurpose")
    active = [one for one in people if purpose == "internal" and _is_active(one, at)]
    named = {INSIDE.get(one.text("participantPurpose") or "") for one in active} - {None}
    role = "customer" if purpose in ("external", "customer") else named.pop() if len(named) == 1 else None
    role = role or role_of(purpose, roles) or INSIDE.get(purpose or "")
    ids = {one.id("userId") for one in active} - {None}
    return {
        "speaker": role or "unknown",
        "speaker_id": ids.pop() if role == "agent" and len(ids) == 1 else None if role else purpose,
        "text": said.text("decoratedText") or said.text("text"),
        "start_ms": start,
        "end_ms": start + lasts if start is not None and lasts is not None else None,
        "place": said.place,
    }


def _is_active(person: Record, at: int | None) -> bool:
    """Whether somebody of the company's side took part then."""
    if at is None or person.text("participantPurpose") not in INSIDE:
        return False
    start, end = person.milliseconds("startTimeMs"), person.milliseconds("endTimeMs")
    return (start is None or start <= at) and (end is None or at < end)


READER = Reader(
    NAME,
    Supports("Genesys Cloud", roles="via participants", ends="yes", overlap="phrases", transfer="no"),
    recognise,
    read,
)
