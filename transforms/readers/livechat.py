"""LiveChat: chats with their threads and events, as API and webhooks give them, and chats of the older REST API.

https://platform.text.com/docs/messaging/agent-chat-api/data-structures
"""

from typing import Any

from transforms.readers.content import Head
from transforms.readers.each import count_of
from transforms.readers.format import Reader, Supports
from transforms.readers.html import html_text
from transforms.readers.livechat_legacy import is_legacy, legacy_chat
from transforms.readers.pieces import read_pieces
from transforms.readers.record import Record, told
from transforms.readers.roles import mapped
from transforms.readers.times import when_sent
from transforms.readers.transcript import Conversation, Draft, File, Roles

NAME = "livechat"
USERS = {"customer": "customer", "agent": "agent", "bot": "bot"}
SAID = ("message", "rich_message")


def recognise(head: Head) -> bool:
    """Whether it holds threads of events, one event as a webhook sends it, or chats of the older API."""
    told = ("thread.events", "threads[].events", "payload.event.author_id", "payload.event.created_at")
    return any(key.endswith(told) for key in head.keys) or is_legacy(head)


def read(files: list[File], roles: Roles) -> Draft:
    """The chats of the files, each with all its threads."""
    return read_pieces(
        NAME, files, ("chats", "chats_summary"), _named, _count, lambda id_, parts: _chat(id_, parts, roles)
    )


def _named(record: Record, file: File) -> list[tuple[str, Record]]:
    one = _unwrapped(record)
    return [(one.id("id") or one.id("chat_id") or file.id, one)]


def _count(one: Record) -> int:
    return count_of(one.value, "messages" if "messages" in one.value else "thread.events")


def _unwrapped(record: Record) -> Record:
    """The chat of a webhook or a response."""
    one = record.child("payload") if isinstance(record.value.get("payload"), dict) else record
    if not isinstance(one.value.get("chat"), dict):
        return one
    rest = {key: one.value[key] for key in ("event", "thread") if key in one.value}
    return Record({**rest, **one.value["chat"]}, one.place)


def _chat(id_: str, parts: list[Record], roles: Roles) -> Conversation:
    if "messages" in parts[0].value:
        return legacy_chat(id_, parts[0], roles)
    threads = [thread for chat in parts for thread in _threads(chat)]
    events = [event for thread in threads for event in thread.children("events", "event")]
    events += [chat.child("event") for chat in parts if chat.has("event")]
    users = {user.id("id"): user for chat in parts for user in chat.children("users", "user")}
    unique = {(event.id("id") or event.place): event for event in events}
    rows = [_event(event, users, roles) for event in unique.values()]
    rows.sort(key=when_sent)
    transcript = {
        "conversation_id": id_,
        "channel": "chat",
        "started_at": min((row["sent_at"] for row in rows if row["sent_at"]), default=None),
        "agent_id": _only(users, "agent"),
        "customer_id": _only(users, "customer"),
    }
    people = [
        told(user.value, key)
        for user in users.values()
        if told(user.value, "type") != "bot"
        for key in ("name", "email")
    ]
    return Conversation(transcript, rows, _feedback(parts, threads, list(unique.values()), rows), people=people)


def _threads(chat: Record) -> list[Record]:
    one = [chat.child("thread")] if chat.has("thread") else []
    one += [chat.child("last_thread_summary")] if isinstance(chat.value.get("last_thread_summary"), dict) else []
    return chat.children("threads", "thread") or one


def _only(users: dict[str | None, Record], kind: str) -> str | None:
    found = [id_ for id_, user in users.items() if user.text("type") == kind]
    return found[0] if len(found) == 1 else None


def _event(event: Record, users: dict[str | None, Record], roles: Roles) -> dict[str, Any]:
    kind, author = event.text("type"), event.id("author_id")
    user = users.get(author)
    role = mapped(user.text("name") if user else None, roles) or mapped(author, roles)
    role = role or (USERS.get(user.text("type") or "") if user else None)
    is_private = "agents" in (event.value.get("visibility"), event.value.get("recipients"))
    is_said = kind in SAID
    return {
        "speaker": "system" if kind == "system_message" else role or "unknown",
        "speaker_id": author,
        "kind": "note" if is_private and is_said else "message" if is_said else "event",
        "text": _text(event) or (kind or "" if not is_said else ""),
        "sent_at": event.time("created_at"),
        "place": event.place,
    }


def _text(event: Record) -> str:
    """The words; of a rich message the titles of its elements."""
    elements = event.children("elements", "element") if isinstance(event.value.get("elements"), list) else []
    titles = [text for one in elements if (text := one.text("title") or one.text("subtitle"))]
    return html_text(event.text("text") or "\n".join(titles))


def _feedback(
    parts: list[Record], threads: list[Record], events: list[Record], rows: list[dict[str, Any]]
) -> dict[str, Any] | None:
    """The rating, which is 1 or 0, and a transfer, which a system message tells."""
    ratings = [rating for one in (*parts, *threads) if (rating := _rating(one)) is not None]
    moved = [event.time("created_at") for event in events if "transferred" in (event.text("system_message_type") or "")]
    moved += [row["sent_at"] for row in rows if row["speaker"] == "system" and "transferred" in row["text"].lower()]
    if not ratings and not moved:
        return None
    return {
        "was_surveyed": True if ratings else None,
        "csat": ratings[-1] if ratings else None,
        "csat_scale": "good/bad" if ratings else None,
        "transferred_at": min((at for at in moved if at), default=None),
    }


def _rating(one: Record) -> float | None:
    """The score, as a number or as an object with a value."""
    rating = one.child("properties").child("rating")
    score = rating.child("score") if isinstance(rating.value.get("score"), dict) else None
    return score.number("value") if score else rating.number("score")


READER = Reader(
    NAME,
    Supports("LiveChat", roles="by users", csat="yes", transfer="system messages"),
    recognise,
    read,
)
