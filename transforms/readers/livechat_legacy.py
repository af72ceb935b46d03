"""LiveChat's chats as its REST API gave them before the Agent Chat API (v2).

https://platform.text.com/docs/management/rest-api/v2
"""

from typing import Any

from transforms.readers.content import Head
from transforms.readers.html import html_text
from transforms.readers.record import Record
from transforms.readers.roles import mapped
from transforms.readers.transcript import Conversation, Roles

ROLES = {"visitor": "customer", "agent": "agent", "supervisor": "supervisor", "bot": "bot"}
RATES = {"rated_good": 1.0, "rated_bad": 0.0}


def is_legacy(head: Head) -> bool:
    """Whether it holds such chats."""
    return any(key.endswith("messages[].user_type") for key in head.keys)


def legacy_chat(id_: str, chat: Record, roles: Roles) -> Conversation:
    """The chat, its messages in order."""
    rows = [_message(said, roles) for said in chat.children("messages", "message")]
    agents = {row["speaker_id"] for row in rows if row["speaker"] == "agent"}
    rate = chat.text("rate")
    transcript = {
        "conversation_id": id_,
        "channel": "chat",
        "started_at": chat.time("started_timestamp"),
        "agent_id": agents.pop() if len(agents) == 1 else None,
        "customer_id": chat.child("visitor").id("id"),
    }
    rating = {"was_surveyed": True, "csat": RATES[rate], "csat_scale": "good/bad"} if rate in RATES else None
    return Conversation(transcript, rows, rating)


def _message(said: Record, roles: Roles) -> dict[str, Any]:
    kind, name = said.text("user_type") or "", said.text("author_name")
    is_welcome = said.value.get("welcome_message") is True
    return {
        "speaker": mapped(name, roles) or ("bot" if is_welcome else ROLES.get(kind, "unknown")),
        "speaker_id": said.id("agent_id") or name,
        "text": html_text(said.text("text") or ""),
        "sent_at": said.time("timestamp"),
        "place": said.place,
    }
