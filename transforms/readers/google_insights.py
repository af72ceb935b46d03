"""Google CX Insights (and Agent Assist): the file to upload, and the API's conversation.

https://cloud.google.com/contact-center/insights/docs/conversation-data-format
"""

from pathlib import PurePath
from typing import Any

from transforms.readers.content import Head
from transforms.readers.each import read_each
from transforms.readers.format import Reader, Supports
from transforms.readers.record import Record, plain
from transforms.readers.runs import Word, segment
from transforms.readers.speech import vendor_role
from transforms.readers.times import from_epoch
from transforms.readers.transcript import Conversation, Draft, File, Roles

NAME = "google_insights"
MICROSECOND = 0.001
EPOCH_MICROSECONDS = 1e14  # beyond it a number is a date, below it an offset from the start


def is_upload(head: Head) -> bool:
    """Whether it is a file to upload."""
    return {"entries[].text", "entries[].role"} <= {key.removeprefix("[].") for key in head.keys}


def recognise(head: Head) -> bool:
    """Whether it is either of the two."""
    return is_upload(head) or any("transcript.transcriptSegments" in key for key in head.keys)


def read(files: list[File], roles: Roles) -> Draft:
    """The conversations of the files, in either form."""
    return read_each(NAME, files, "entries", lambda one, file: _conversation(one, file, roles), inside="conversations")


def _conversation(one: Record, file: File, roles: Roles) -> Conversation:
    return _uploaded(one, file, roles) if one.has("entries") else _of_api(one, file, roles)


def _uploaded(one: Record, file: File, roles: Roles) -> Conversation:
    entries = one.children("entries", "entry")
    rows = [_entry(entry, roles) for entry in entries]
    is_voice = any(row["start_ms"] is not None for row in rows)
    moments = [row["sent_at"] for row in rows if row["sent_at"]]
    agents = {row["speaker_id"] for row in rows if row["speaker"] == "agent"}
    transcript = {
        "conversation_id": plain(PurePath(file.name).stem),
        "channel": "voice" if is_voice else "chat",
        "started_at": min(moments, default=None),
        "agent_id": agents.pop() if len(agents) == 1 else None,
    }
    return Conversation(transcript, rows)


def _entry(entry: Record, roles: Roles) -> dict[str, Any]:
    moment = entry.number("start_timestamp_usec")
    is_date = moment is not None and moment >= EPOCH_MICROSECONDS
    name = entry.text("role")
    return {
        "speaker": vendor_role(name, roles) or "unknown",
        "speaker_id": entry.id("user_id") or name,
        "text": entry.text("text"),
        "sent_at": from_epoch(moment / 1e6) if moment is not None and is_date else None,
        "start_ms": None if is_date else entry.milliseconds("start_timestamp_usec", MICROSECOND),
        "place": entry.place,
    }


def _of_api(one: Record, file: File, roles: Roles) -> Conversation:
    quality = one.child("qualityMetadata")
    agents = quality.children("agentInfo", "agent")
    segments = one.child("transcript").children("transcriptSegments", "segment")
    transcript = {
        "conversation_id": (one.text("name") or "").rpartition("/")[2] or plain(PurePath(file.name).stem),
        "channel": "chat" if one.text("medium") == "CHAT" else "voice",
        "language": one.id("languageCode"),
        "started_at": one.time("startTime"),
        "updated_at": one.time("updateTime"),
        "duration_ms": _offset(one, "duration"),
        "agent_id": one.id("agentId") or (agents[0].id("agentId") if len(agents) == 1 else None),
        "team": agents[0].id("team") if agents else None,
    }
    return Conversation(transcript, [_segment(said, roles) for said in segments])


def _segment(said: Record, roles: Roles) -> dict[str, Any]:
    participant = said.child("segmentParticipant")
    name = participant.text("role") or (f"channel {said.text('channelTag')}" if said.has("channelTag") else None)
    words = [Word("", _offset(w, "startOffset"), _offset(w, "endOffset"), None) for w in said.children("words", "word")]
    row = segment(name, said.text("text") or "", words, roles, sent_at=said.time("messageTime"), place=said.place)
    row["speaker"] = vendor_role(name, roles) or "unknown"
    return row


def _offset(record: Record, key: str) -> int | None:
    """A duration such as `1.200s` in milliseconds."""
    text = record.text(key)
    if text is None:
        return None
    return Record({key: text.removesuffix("s")}, record.place).milliseconds(key, 1000)


READER = Reader(
    NAME,
    Supports(
        "Google CX Insights, Agent Assist", roles="yes", ends="API", words="API", overlap="two channels", transfer="no"
    ),
    recognise,
    read,
)
