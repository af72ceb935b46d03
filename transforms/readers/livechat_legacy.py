"""LiveChat's chats as its REST API gave them before the Agent Chat API (v2).

https://platform.text.com/docs/management/rest-api/v2
"""

from typing import Any

from transforms.readers.content import Head
from transforms.readers.html import html_text
from transforms.readers.record import Record, told
from transforms.readers.roles import mapped
from transforms.readers.times import when_sent
from transforms.readers.transcript import Conversation, Roles

ROLES = {"visitor": "customer", "agent": "agent", "supervisor": "supervisor", "bot": "bot"}
RATES = {"rated_good": 1.0, "rated_bad": 0.0}


def is_legacy(head: Head) -> bool:
    """Whether it holds such chats."""
    return any(key.endswith("messages[].user_type") for key in head.keys)


def legacy_chat(id_: str, chat: Record, roles: Roles) -> Conversation:
    """The chat, its messages in order."""
    visitor = chat.child("visitor").id("id") or chat.id("visitor_id")
    rows = [_message(said, visitor, roles) for said in chat.children("messages", "message")]
    rows += [_event(told) for told in chat.children("events", "event") if told.text("type") != "message"]
    rows.sort(key=when_sent)
    moved = [row["sent_at"] for row in rows if row["kind"] == "event" and "transferred" in row["text"].lower()]
    agents = {row["speaker_id"] for row in rows if row["speaker"] == "agent"}
    rate = chat.text("rate")
    transcript = {
        "conversation_id": id_,
        "channel": "chat",
        "started_at": chat.time("started_timestamp"),
        "agent_id": agents.pop() if len(agents) == 1 else None,
        "customer_id": visitor,
    }
    outcome = {"was_surveyed": True, "csat": RATES[rate], "csat_scale": "good/bad"} if rate in RATES else {}
    outcome |= {"transferred_at": moved[0]} if moved else {}
    people = [told(chat.value, "visitor", "name"), told(chat.value, "visitor", "email"), chat.text("visitor_name")]
    people += [told(said.value, "author_name") for said in chat.children("messages", "message")]
    return Conversation(transcript, rows, outcome or None, people=people)


def _event(told: Record) -> dict[str, Any]:
    """What happened, as the chat's list of events tells it."""
    text, at = html_text(told.text("text") or told.text("type") or ""), told.time("timestamp")
    return {"speaker": "system", "kind": "event", "text": text, "sent_at": at, "place": told.place}


def _message(said: Record, visitor: str | None, roles: Roles) -> dict[str, Any]:
    kind, name = said.text("user_type") or "", said.text("author_name")
    own = visitor if kind == "visitor" else None
    is_welcome = said.value.get("welcome_message") is True
    return {
        "speaker": mapped(name, roles) or ("bot" if is_welcome else ROLES.get(kind, "unknown")),
        "speaker_id": said.id("agent_id") or own or name,
        "kind": "message",
        "text": html_text(said.text("text") or ""),
        "sent_at": said.time("timestamp"),
        "place": said.place,
    }
