"""Genesys Cloud: a conversation's transcripts, with who took part when.

https://developer.genesys.cloud/analyticsdatamanagement/speechtextanalytics/
"""

from dataclasses import replace
from typing import Any

from transforms.readers.content import Head, as_json
from transforms.readers.each import count_of, objects
from transforms.readers.format import Reader, Supports
from transforms.readers.record import Record
from transforms.readers.roles import mapped, role_of
from transforms.readers.times import from_epoch
from transforms.readers.transcript import Conversation, Draft, File, ReadError, Rejected, Roles, draft

NAME = "genesys"
EPOCH_MS = 1e11  # beyond it a number is a date, below it an offset from the start
VOICE = ("call", "callback", "voice")
INSIDE = {"agent": "agent", "user": "agent", "ivr": "bot", "acd": "bot", "bot": "bot", "voicemail": "bot"}
SYSTEM = {"speaker": "system", "kind": "event"}
HAPPENS = ("hold", "silence", "overtalk", "ivr", "acd")  # what the acoustic events tell of


def recognise(head: Head) -> bool:
    """Whether it holds phrases with the purpose of who says them."""
    return any(key.endswith("transcripts[].phrases") for key in head.keys)


def read(files: list[File], roles: Roles) -> Draft:
    """The conversations of the files, each of all its communications."""
    found, rejected = objects(files, ("conversations",))
    conversations: dict[str, Conversation] = {}
    for record, _ in found:
        count, raw = count_of(record.value, "transcripts"), as_json(record.value)
        try:
            one = _communication(record, roles)
        except ReadError as error:
            rejected.append(Rejected.of(error, count, raw))
            continue
        one.record_count, one.raw = count, raw
        id_ = one.transcript["conversation_id"]
        conversations[id_] = _joined(conversations[id_], one) if id_ in conversations else one
    return draft(NAME, list(conversations.values()), rejected)


def _joined(one: Conversation, other: Conversation) -> Conversation:
    """Two communications of one conversation; a transcript that comes twice counts once."""
    rows = list({(row["start_ms"], row["speaker"], row["text"]): row for row in one.segments + other.segments}.values())
    transcript = {**other.transcript, **{key: value for key, value in one.transcript.items() if value is not None}}
    moved = [feedback for feedback in (one.feedback, other.feedback) if feedback]
    raw = b"\n".join(part for part in (one.raw, other.raw) if part)
    return replace(
        one,
        transcript=transcript,
        segments=sorted(rows, key=_start),
        feedback=min(moved, key=lambda feedback: feedback["transferred_at"], default=None),
        record_count=one.record_count + other.record_count,
        raw=raw,
    )


def _communication(one: Record, roles: Roles) -> Conversation:
    began = one.milliseconds("conversationStartTime") or 0
    people = [_Person(person, began) for person in one.children("participants", "participant")]
    is_voice = (one.text("mediaType") or "call").lower() in VOICE
    transcripts = one.children("transcripts", "transcript")
    phrases = [said for some in transcripts for said in some.children("phrases", "phrase")]
    rows = [_phrase(said, began, people, roles, is_voice) for said in phrases]
    rows += [row for some in transcripts for row in _events(some, began)]
    agents = sorted((p for p in people if p.purpose == "agent" and p.user), key=lambda p: p.start or 0)
    queues = [person.queue for person in people if person.queue]
    transcript = {
        "conversation_id": one.needed_id("conversationId"),
        "channel": "voice" if is_voice else "email" if one.text("mediaType") == "email" else "chat",
        "language": transcripts[0].id("language") if transcripts else None,
        "started_at": from_epoch(began / 1000) if began > EPOCH_MS else None,
        "agent_id": agents[0].user if len({person.user for person in agents}) == 1 else None,
        "queue": queues[0] if queues else None,
    }
    return Conversation(transcript, sorted(rows, key=_start), _transfer(agents, began))


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
        is_inside = at is not None and self.purpose in INSIDE
        return is_inside and (self.start or 0) <= at and (self.end is None or at < self.end)  # type: ignore[operator]


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
    active = [one for one in people if purpose == "internal" and one.is_active(start)]
    named = {INSIDE[one.purpose] for one in active}
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


READER = Reader(
    NAME,
    Supports(
        "Genesys Cloud", roles="via participants", ends="yes", words="yes", overlap="phrases", transfer="participants"
    ),
    recognise,
    read,
)
