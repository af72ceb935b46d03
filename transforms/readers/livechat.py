"""LiveChat: chats with their threads and events.

https://platform.text.com/docs/messaging/agent-chat-api/data-structures
"""

from typing import Any

from transforms.readers.content import Head
from transforms.readers.each import read_each
from transforms.readers.format import Reader, Supports
from transforms.readers.html import html_text
from transforms.readers.record import Record
from transforms.readers.roles import role_of
from transforms.readers.transcript import Conversation, Draft, File, Roles

NAME = "livechat"
USERS = {"customer": "customer", "agent": "agent", "bot": "bot"}


def recognise(head: Head) -> bool:
    """Whether it holds threads of events, or one event as a webhook sends it."""
    told = ("thread.events", "threads[].events", "payload.event.author_id")
    return any(key.endswith(told) for key in head.keys)


def read(files: list[File], roles: Roles) -> Draft:
    """The chats of the files."""
    return read_each(NAME, files, "thread.events", lambda one, _: _chat(one, roles), inside="chats")


def _chat(one: Record, roles: Roles) -> Conversation:
    one = one.child("payload") if one.has("payload") else one
    chat = one.child("chat") if one.has("chat") else one
    threads = chat.children("threads", "thread") or ([chat.child("thread")] if chat.has("thread") else [])
    events = [event for thread in threads for event in thread.children("events", "event")]
    events += [one.child("event")] if one.has("event") else []
    users = {user.id("id"): user for user in chat.children("users", "user")}
    rows = sorted((_event(event, users, roles) for event in events), key=lambda row: str(row["sent_at"]))
    transcript = {
        "conversation_id": chat.id("id") or one.needed_id("chat_id"),
        "channel": "chat",
        "started_at": min((row["sent_at"] for row in rows if row["sent_at"]), default=None),
        "agent_id": _only(users, "agent"),
        "customer_id": _only(users, "customer"),
    }
    return Conversation(transcript, rows, _feedback(chat, threads, rows))


def _only(users: dict[str | None, Record], kind: str) -> str | None:
    found = [id_ for id_, user in users.items() if user.text("type") == kind]
    return found[0] if len(found) == 1 else None


def _event(event: Record, users: dict[str | None, Record], roles: Roles) -> dict[str, Any]:
    kind, author = event.text("type"), event.id("author_id")
    user = users.get(author)
    role = role_of(user.text("name"), roles) if user else None
    role = role or role_of(author, roles) or (USERS.get(user.text("type") or "") if user else None)
    is_private = (event.text("visibility") or event.text("recipients")) == "agents"
    is_said = kind in ("message", "rich_message")
    return {
        "speaker": "system" if kind == "system_message" else role or "unknown",
        "speaker_id": author,
        "kind": "note" if is_private and is_said else "message" if is_said else "event",
        "text": html_text(event.text("text") or "") or (kind or "" if not is_said else ""),
        "sent_at": event.time("created_at"),
        "place": event.place,
    }


def _feedback(chat: Record, threads: list[Record], rows: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The rating, which is 1 or 0, and a transfer, which a system message tells."""
    ratings = [one.child("properties").child("rating") for one in (chat, *threads)]
    rated = [one for one in ratings if one.has("score")]
    moved = [row["sent_at"] for row in rows if row["speaker"] == "system" and "transferred" in row["text"].lower()]
    if not rated and not moved:
        return None
    value = rated[-1].child("score").number("value") if rated and isinstance(rated[-1].value["score"], dict) else None
    score = value if value is not None or not rated else rated[-1].number("score")
    return {
        "was_surveyed": True if rated else None,
        "csat": score,
        "csat_scale": "good/bad" if rated else None,
        "transferred_at": moved[0] if moved else None,
    }


READER = Reader(
    NAME, Supports("LiveChat", roles="by users", csat="yes", resolved="no", transfer="system messages"), recognise, read
)
