"""Amazon Connect Contact Lens: analysed calls and chats.

https://docs.aws.amazon.com/connect/latest/adminguide/contact-lens-example-output-files.html
"""

from pathlib import PurePath
from typing import Any

from transforms.readers.amazon_transcribe import characteristics, check_done
from transforms.readers.content import Head
from transforms.readers.each import read_each
from transforms.readers.format import Reader, Supports
from transforms.readers.record import Record, plain
from transforms.readers.roles import role_of
from transforms.readers.transcript import Conversation, Draft, File, Roles

NAME = "contact_lens"
KINDS = {"MESSAGE": "message", "EVENT": "event", "ATTACHMENT": "event"}


def recognise(head: Head) -> bool:
    """Whether its segments name a participant, with offsets (a call) or moments (a chat)."""
    told = {"Transcript[].BeginOffsetMillis", "Transcript[].AbsoluteTime"}
    return "Transcript[].ParticipantId" in head.keys and bool(told & head.keys)


def read(files: list[File], roles: Roles) -> Draft:
    """The contacts, each an analysis."""
    return read_each(NAME, files, "Transcript", lambda one, file: _contact(one, file, roles))


def _contact(one: Record, file: File, roles: Roles) -> Conversation:
    check_done(one)
    participants = {p.id("ParticipantId"): p.text("ParticipantRole") for p in one.children("Participants")}
    agent = next((id_ for id_, role in participants.items() if role == "AGENT"), None) or "AGENT"
    segments = one.children("Transcript", "segment")
    moments = [moment for said in segments if (moment := said.time("AbsoluteTime"))]
    transcript = {
        "conversation_id": one.child("CustomerMetadata").id("ContactId") or _named(file),
        "channel": "chat" if one.text("Channel") == "CHAT" else "voice",
        "language": one.id("LanguageCode"),
        "started_at": min(moments, default=None),
        **characteristics(one.child("ConversationCharacteristics"), agent),
    }
    return Conversation(transcript, [_segment(said, participants, roles) for said in segments])


def _named(file: File) -> str:
    """The contact that the file's name tells."""
    return plain(PurePath(file.name).stem).split("_analysis")[0]


def _segment(said: Record, participants: dict[str | None, str | None], roles: Roles) -> dict[str, Any]:
    id_ = said.id("ParticipantId")
    name = said.text("DisplayName")
    role = role_of(name, roles) or role_of(said.text("ParticipantRole") or participants.get(id_) or id_, roles)
    kind = KINDS.get(said.text("Type") or "MESSAGE", "event")
    event = (said.text("ContentType") or said.text("AttachmentName") or "").rpartition("event.")[2]
    is_nobodys = kind == "event" and not role and not name and not id_
    return {
        "speaker": "system" if is_nobodys else role or "unknown",
        "speaker_id": None if role and not name else name or id_,
        "kind": kind,
        "text": said.text("Content") if kind == "message" else said.text("Content") or event,
        "start_ms": said.milliseconds("BeginOffsetMillis"),
        "end_ms": said.milliseconds("EndOffsetMillis"),
        "sent_at": said.time("AbsoluteTime"),
        "place": said.place,
    }


READER = Reader(
    NAME,
    Supports("Amazon Connect Contact Lens (voice, chat)", roles="yes", ends="voice", overlap="turns", transfer="joins"),
    recognise,
    read,
)
