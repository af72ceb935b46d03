"""Amazon Connect Contact Lens: analysed calls and chats.

https://docs.aws.amazon.com/connect/latest/adminguide/contact-lens-example-output-files.html
"""

import json
from datetime import datetime
from typing import Any

from transforms.readers.amazon_transcribe import characteristics, check_done
from transforms.readers.content import Head
from transforms.readers.each import read_each
from transforms.readers.format import Reader, Supports
from transforms.readers.record import Record, told
from transforms.readers.roles import mapped, role_of
from transforms.readers.speech import vendor_role
from transforms.readers.transcript import Conversation, Draft, File, Roles

NAME = "contact_lens"
MOVED = "transfer.succeeded"
KINDS = {"MESSAGE": "message", "EVENT": "event", "ATTACHMENT": "event"}


def recognise(head: Head) -> bool:
    """Whether its segments name a participant, with offsets (a call) or moments (a chat)."""
    keys = {key.removeprefix("[].") for key in head.keys}
    told = {"Transcript[].BeginOffsetMillis", "Transcript[].AbsoluteTime"}
    is_live = "Segments[].Transcript.ParticipantId" in keys
    return is_live or ("Transcript[].ParticipantId" in keys and bool(told & keys))


def read(files: list[File], roles: Roles) -> Draft:
    """The contacts, each an analysis."""
    return read_each(NAME, files, "Transcript", lambda one, file: _contact(one, file, roles))


def _contact(one: Record, file: File, roles: Roles) -> Conversation:
    check_done(one)
    participants = {p.id("ParticipantId"): p.text("ParticipantRole") for p in one.children("Participants")}
    agent = next((id_ for id_, role in participants.items() if role == "AGENT"), None) or "AGENT"
    rows = [_segment(said, participants, roles) for said in _segments(one)]
    moments = [row["sent_at"] for row in rows if row["sent_at"]]
    is_chat = one.text("Channel") == "CHAT" or bool(moments)
    transcript = {
        "conversation_id": one.child("CustomerMetadata").id("ContactId")
        or one.id("ContactId")
        or file.id.split("_analysis")[0],
        "channel": "chat" if is_chat else "voice",
        "language": one.id("LanguageCode"),
        "started_at": min(moments, default=None),
        **characteristics(one.child("ConversationCharacteristics"), agent),
    }
    moved_at = next((row["sent_at"] for row in rows if row["text"] == MOVED), None) or _second_agent(rows)
    people = [told(said.value, "DisplayName") for said in _segments(one)]
    return Conversation(transcript, rows, {"transferred_at": moved_at} if moved_at else None, people=people)


def _segments(one: Record) -> list[Record]:
    """The transcript's segments, or those of the real-time API."""
    live = [part.child("Transcript") for part in one.children("Segments", "segment") if part.has("Transcript")]
    return one.children("Transcript", "segment") or live


def _segment(said: Record, participants: dict[str | None, str | None], roles: Roles) -> dict[str, Any]:
    id_, name = said.id("ParticipantId"), said.text("DisplayName")
    stated = vendor_role(said.text("ParticipantRole") or participants.get(id_), roles) or role_of(id_, roles)
    role = mapped(name, roles) or stated
    kind = KINDS.get(said.text("Type") or "MESSAGE", "event")
    event = (said.text("ContentType") or "").rpartition("event.")[2] or (said.text("Type") or "").lower()
    is_nobodys = kind == "event" and not role and not name and not id_
    return {
        "speaker": "system" if is_nobodys else role or "unknown",
        "speaker_id": None if role and not name else name or id_,
        "kind": kind,
        "text": _content(said) if kind == "message" else said.text("Content") or event,
        "start_ms": said.milliseconds("BeginOffsetMillis"),
        "end_ms": said.milliseconds("EndOffsetMillis"),
        "sent_at": said.time("AbsoluteTime"),
        "place": said.place,
    }


def _content(said: Record) -> str | None:
    """The words; of an interactive message, which is JSON, its title."""
    text = said.text("Content")
    if text is None or "interactive" not in (said.text("ContentType") or ""):
        return text
    try:
        title = json.loads(text)["data"]["content"]["title"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return text
    return title if isinstance(title, str) else text


def _second_agent(rows: list[dict[str, Any]]) -> datetime | None:
    """When another agent joined than the one before."""
    before = None
    for row in rows:
        if row["speaker"] == "agent" and row["speaker_id"]:
            if before not in (None, row["speaker_id"]):
                return row["sent_at"]
            before = row["speaker_id"]
    return None


READER = Reader(
    NAME,
    Supports("Amazon Connect Contact Lens (voice, chat)", roles="yes", ends="voice", overlap="turns", transfer="joins"),
    recognise,
    read,
)
