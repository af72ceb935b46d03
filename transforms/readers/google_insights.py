"""Google CX Insights (and Agent Assist): the file to upload, and the API's conversation or messages.

https://cloud.google.com/contact-center/insights/docs/conversation-data-format
https://cloud.google.com/contact-center/insights/docs/reference/rest/v1/projects.locations.conversations
"""

import re
from typing import Any

from transforms.readers.content import Head
from transforms.readers.each import read_each
from transforms.readers.format import Reader, Supports
from transforms.readers.google_insights_table import of_table
from transforms.readers.record import Record, told
from transforms.readers.runs import Word, segment
from transforms.readers.speech import first_text, vendor_role
from transforms.readers.times import from_epoch, when_sent
from transforms.readers.transcript import Conversation, Draft, File, ReadError, Roles

NAME = "google_insights"
MICROSECOND = 0.001
EPOCH_MICROSECONDS = 1e14  # beyond it a number is a date, below it an offset from the start
SCALE = (1, 5)  # ratings beyond it are on a scale that the file does not tell
_SNAKE = re.compile(r"_([a-z])")
_MARKS = (
    "transcript.transcriptSegments",
    "transcript.transcript_segments",
    "messages[].participantRole",
    "messages[].participant_role",
)


def recognise(head: Head) -> bool:
    """Whether it is an upload, a conversation of the API, or the messages of Agent Assist."""
    keys = {key.removeprefix("[].").removeprefix("conversations[].") for key in head.keys}
    is_row = bool({"conversationName", "conversation_name"} & keys) and bool(
        {"transcript", "sentences", "words"} & keys
    )
    is_upload = {"entries[].text", "entries[].role"} <= keys
    return is_upload or is_row or any(mark in key for key in keys for mark in _MARKS)


def read(files: list[File], roles: Roles) -> Draft:
    """The conversations of the files, in any of the forms."""
    return read_each(
        NAME, files, "entries", lambda one, file: _conversation(one, file, roles), inside=("conversations",)
    )


def _conversation(one: Record, file: File, roles: Roles) -> Conversation:
    if one.has("entries"):
        return _uploaded(one, file, roles)
    one = Record(_camel(one.value), one.place)
    if one.has("conversationName"):
        return of_table(one, file, roles)
    return _of_messages(one, file, roles) if one.has("messages") else _of_api(one, file, roles)


def _camel(value: Any, levels: int = 10) -> Any:
    """The value with its names as the API writes them, which Google's libraries change to snake case."""
    if isinstance(value, list) and levels:
        return [_camel(one, levels - 1) for one in value]
    if isinstance(value, dict) and levels:
        return {_SNAKE.sub(lambda found: found[1].upper(), key): _camel(one, levels - 1) for key, one in value.items()}
    return value


def _uploaded(one: Record, file: File, roles: Roles) -> Conversation:
    rows = [_entry(entry, roles) for entry in one.children("entries", "entry")]
    is_voice = any(row["start_ms"] is not None for row in rows)
    agents = {row["speaker_id"] for row in rows if row["speaker"] == "agent"}
    categories = one.child("conversation_info").children("categories", "category")
    transcript = {
        "conversation_id": file.id,
        "channel": "voice" if is_voice else "chat",
        "started_at": min((row["sent_at"] for row in rows if row["sent_at"]), default=None),
        "agent_id": agents.pop() if len(agents) == 1 else None,
        "topic": first_text(categories[0], ("display_name", "displayName")) if categories else None,
    }
    return Conversation(transcript, rows, _moved(rows))


def _entry(entry: Record, roles: Roles) -> dict[str, Any]:
    key = "start_timestamp_usec" if entry.has("start_timestamp_usec") else "startTimestampUsec"
    moment = entry.number(key)
    is_date = moment is not None and moment >= EPOCH_MICROSECONDS
    name = entry.text("role")
    return {
        "speaker": vendor_role(name, roles) or "unknown",
        "speaker_id": entry.id("user_id") or entry.id("userId") or name,
        "text": entry.text("text"),
        "sent_at": from_epoch(moment / 1e6) if moment is not None and is_date else None,
        "start_ms": None if is_date else entry.milliseconds(key, MICROSECOND),
        "place": entry.place,
    }


def _moved(rows: list[dict[str, Any]]) -> dict[str, Any] | None:
    """A transfer, where another agent goes on."""
    agents = [row for row in rows if row["speaker"] == "agent" and row["sent_at"]]
    other = next((row for row in agents if row["speaker_id"] != agents[0]["speaker_id"]), None)
    return {"transferred_at": other["sent_at"]} if other else None


def _of_api(one: Record, file: File, roles: Roles) -> Conversation:
    quality = one.child("qualityMetadata")
    agents = quality.children("agentInfo", "agent")
    transcript = {
        "conversation_id": (one.text("name") or "").rpartition("/")[2] or file.id,
        "channel": "chat" if one.text("medium") == "CHAT" else "voice",
        "language": one.id("languageCode"),
        "started_at": one.time("startTime") or one.time("createTime"),
        "updated_at": one.time("updateTime"),
        "duration_ms": _offset(one, "duration"),
        "agent_id": one.id("agentId") or (agents[0].id("agentId") if len(agents) == 1 else None),
        "team": agents[0].id("team") if agents else None,
    }
    channels = _channels(one.child("callMetadata"))
    segments = one.child("transcript").children("transcriptSegments", "segment")
    rows = [_segment(said, channels, roles) for said in segments]
    people = [told(agent.value, "displayName") for agent in agents]
    return Conversation(transcript, rows, _outcome(quality, agents), people=people)


def _channels(call: Record) -> dict[str, str]:
    """Whose each channel is, where the call says it."""
    named = {"agent": call.id("agentChannel"), "customer": call.id("customerChannel")}
    return {channel: role for role, channel in named.items() if channel}


def _segment(said: Record, channels: dict[str, str], roles: Roles) -> dict[str, Any]:
    participant, channel = said.child("segmentParticipant"), said.text("channelTag")
    name = participant.text("role") or (f"channel {channel}" if channel else None)
    words = [Word("", _offset(w, "startOffset"), _offset(w, "endOffset"), None) for w in said.children("words", "word")]
    row = segment(name, said.text("text") or "", words, roles, sent_at=said.time("messageTime"), place=said.place)
    role = vendor_role(name, roles) or channels.get(channel or "")
    user = participant.id("userId") or (participant.text("dialogflowParticipantName") or "").rpartition("/")[2]
    return {**row, "speaker": role or "unknown", "speaker_id": user or name}


def _outcome(quality: Record, agents: list[Record]) -> dict[str, Any] | None:
    """The rating, where it can be on the scale of 1 to 5, and the last agent's disposition as the status."""
    rating, codes = quality.number("customerSatisfactionRating"), [one.text("dispositionCode") for one in agents]
    status = next((code for code in reversed(codes) if code), None)
    if rating is None and status is None:
        return None
    is_known = rating is not None and SCALE[0] <= rating <= SCALE[1]
    return {
        "status": status,
        "was_surveyed": True if rating is not None else None,
        "csat": rating if is_known else None,
        "csat_scale": "1-5" if is_known else None,
    }


def _offset(record: Record, key: str) -> int | None:
    """A duration such as `1.200s` in milliseconds."""
    value = record.value.get(key)
    if isinstance(value, dict):
        parts = record.child(key)
        return (parts.milliseconds("seconds", 1000) or 0) + (parts.milliseconds("nanos", 1e-6) or 0)
    text = record.text(key)
    if text is None:
        return None
    return Record({key: text.removesuffix("s")}, record.place).milliseconds(key, 1000)


def _of_messages(one: Record, file: File, roles: Roles) -> Conversation:
    """The messages of an Agent Assist conversation, which their names tell."""
    messages = one.children("messages", "message")
    named = re.search(r"/conversations/([^/]+)", messages[0].text("name") or "") if messages else None
    rows = [_message(said, roles) for said in messages]
    rows.sort(key=when_sent)
    if not rows:
        raise ReadError(one.place, "there is no message; expected at least one")
    transcript = {
        "conversation_id": named[1] if named else file.id,
        "channel": "chat",
        "language": messages[0].id("languageCode"),
        "started_at": rows[0]["sent_at"],
    }
    return Conversation(transcript, rows, _moved(rows))


def _message(said: Record, roles: Roles) -> dict[str, Any]:
    name = said.text("participantRole")
    return {
        "speaker": vendor_role(name, roles) or "unknown",
        "speaker_id": said.id("participant") or name,
        "text": said.text("content"),
        "sent_at": said.time("sendTime") or said.time("createTime"),
        "place": said.place,
    }


READER = Reader(
    NAME,
    Supports(
        "Google CX Insights (upload, API, BigQuery export), Agent Assist",
        roles="yes",
        ends="API",
        words="API",
        overlap="two channels",
        csat="API, 1-5",
        resolved="by disposition",
        transfer="several agents",
    ),
    recognise,
    read,
)
