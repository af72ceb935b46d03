"""Zendesk Chat: exported chats with their history.

https://developer.zendesk.com/api-reference/live-chat/chat-api/chats/
"""

from typing import Any

from transforms.readers.content import Head
from transforms.readers.each import read_each
from transforms.readers.format import Reader, Supports
from transforms.readers.html import html_text
from transforms.readers.record import Record, plain, told
from transforms.readers.roles import mapped
from transforms.readers.times import when_sent
from transforms.readers.transcript import Conversation, Draft, File, Roles

NAME = "zendesk_chat"
RATINGS = {"good": 1.0, "bad": 0.0}
SENDERS = {"visitor": "customer", "agent": "agent", "trigger": "bot", "bot": "bot", "system": "system"}
SAID = ("chat.msg", "chat.file", "chat.attachment")


def recognise(head: Head) -> bool:
    """Whether it holds chats with a visitor and a history, or offline messages."""
    names = head.names | {key.removeprefix("[].").removeprefix("chats[].") for key in head.keys}
    is_offline = {"visitor", "message", "session"} <= names
    is_bulk = any(key.endswith((".visitor.notes", ".history[].nick")) for key in head.keys if key.startswith("docs."))
    return ({"visitor", "history"} <= names and "threads" not in names) or is_offline or is_bulk


def read(files: list[File], roles: Roles) -> Draft:
    """The chats of the files."""
    return read_each(NAME, files, "history", lambda one, _: _chat(one, roles), inside=("chats", "docs"))


def _chat(one: Record, roles: Roles) -> Conversation:
    visitor, history = one.child("visitor"), one.children("history", "line")
    ids = one.value.get("agent_ids")
    agents = [plain(str(id_)) for id_ in ids if isinstance(id_, str | int)] if isinstance(ids, list) else []
    rows = [_line(line, roles) for line in history] or _offline(one, visitor)
    rows.sort(key=when_sent)
    response = one.child("response_time")
    transcript = {
        "conversation_id": one.needed_id("id"),
        "channel": "chat",
        "started_at": one.time("timestamp"),
        "agent_id": agents[0] if len(agents) == 1 else None,
        "team": one.text("department_name"),
        "customer_id": visitor.id("id"),
        "vendor_first_response_seconds": response.number("first"),
    }
    people = [told(one.value, "visitor", "name"), told(one.value, "visitor", "email")]
    people += [told(line.value, "name") for line in history if "trigger" not in (told(line.value, "nick") or "")]
    return Conversation(transcript, rows, _outcome(one, history), people=people)


def _offline(one: Record, visitor: Record) -> list[dict[str, Any]]:
    """The message that a visitor left while nobody was there."""
    text = one.text("message")
    row = {
        "speaker": "customer",
        "speaker_id": visitor.id("id"),
        "text": text,
        "sent_at": one.time("timestamp"),
        "place": one.place,
    }
    return [row] if text else []


def _line(line: Record, roles: Roles) -> dict[str, Any]:
    """A message, or an event by its type."""
    kind, nick, name = line.text("type") or "", line.text("nick") or "", line.text("name")
    is_said = kind in SAID
    agent = line.id("agent_id") or (nick.removeprefix("agent:") if nick.startswith("agent:") else None)
    usual = "customer" if nick.startswith("visitor") else "bot" if "trigger" in nick else "agent" if agent else None
    role = mapped(name, roles) or SENDERS.get((line.text("sender_type") or "").lower()) or usual
    text = html_text(line.text("msg") or "")
    return {
        "speaker": role or ("unknown" if is_said else "system"),
        "speaker_id": agent or name or nick or None,
        "kind": "message" if kind == "chat.msg" else "event",
        "text": text or kind,
        "sent_at": line.time("timestamp"),
        "place": line.place,
    }


def _outcome(one: Record, history: list[Record]) -> dict[str, Any] | None:
    """The rating, when it was given, and when another agent or department took over."""
    rated = [line for line in history if line.text("type") == "chat.rating"]
    score = one.text("rating") or (rated[-1].text("new_rating") if rated else None)
    was_asked = bool(score) or any(line.text("type") == "chat.request.rating" for line in history)
    moved = _moved_at(history)
    if not was_asked and moved is None:
        return None
    return {
        "was_surveyed": True if was_asked else None,
        "csat": RATINGS.get(score or ""),
        "csat_scale": "good/bad" if score in RATINGS else None,
        "answered_at": rated[-1].time("timestamp") if rated and score in RATINGS else None,
        "transferred_at": moved,
    }


def _moved_at(history: list[Record]) -> Any:
    """When it went to another department, or another agent wrote first."""
    before = None
    for line in history:
        if line.has("prev_department_id") and line.id("prev_department_id") != line.id("department_id"):
            return line.time("timestamp")
        nick = line.text("nick") or ""
        agent = line.id("agent_id") or (nick.removeprefix("agent:") if nick.startswith("agent:") else None)
        if agent and "trigger" not in nick and line.text("type") == "chat.msg":
            if before not in (None, agent):
                return line.time("timestamp")
            before = agent
    return None


READER = Reader(
    NAME,
    Supports("Zendesk Chat", roles="yes", csat="yes", transfer="departments, agents"),
    recognise,
    read,
)
