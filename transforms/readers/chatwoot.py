"""Chatwoot: conversations with their messages.

https://developers.chatwoot.com/api-reference/messages/get-messages
"""

from typing import Any

from transforms.readers.content import Head
from transforms.readers.each import read_each
from transforms.readers.format import Reader, Supports
from transforms.readers.html import html_text
from transforms.readers.record import Record
from transforms.readers.roles import role_of
from transforms.readers.transcript import Conversation, Draft, File, Roles

NAME = "chatwoot"
TYPES = {"0": "customer", "1": "agent", "2": "system", "3": "bot"}
TYPES |= {"incoming": "customer", "outgoing": "agent", "activity": "system", "template": "bot"}
SENDERS = {"Contact": "customer", "contact": "customer", "AgentBot": "bot", "agent_bot": "bot"}


def recognise(head: Head) -> bool:
    """Whether it holds messages of Chatwoot's types."""
    return any(key.endswith(("messages[].message_type", "payload[].message_type")) for key in head.keys)


def read(files: list[File], roles: Roles) -> Draft:
    """The conversations of the files."""
    return read_each(NAME, files, "messages", lambda one, _: _conversation(one, roles), inside="conversations")


def _conversation(one: Record, roles: Roles) -> Conversation:
    messages = one.children("messages", "message") or one.children("payload", "message")
    messages.sort(key=lambda said: (str(said.time("created_at")), said.number("id") or 0))
    meta = one.child("meta")
    first = messages[0] if messages else one
    channel = (one.text("channel") or meta.text("channel") or "").rpartition("::")[2].lower()
    transcript = {
        "conversation_id": one.id("display_id") or one.id("id") or first.needed_id("conversation_id"),
        "channel": "email" if channel == "email" else "chat",
        "started_at": one.time("created_at") or first.time("created_at"),
        "agent_id": meta.child("assignee").id("id"),
        "team": meta.child("team").text("name"),
        "customer_id": meta.child("sender").id("id") or meta.child("contact").id("id"),
    }
    return Conversation(transcript, [_message(said, roles) for said in messages], _feedback(one, messages))


def _message(said: Record, roles: Roles) -> dict[str, Any]:
    sender = said.child("sender")
    kind = said.text("message_type") or ""
    by_sender = SENDERS.get(said.text("sender_type") or sender.text("type") or "")
    role = role_of(sender.text("name"), roles) or by_sender or TYPES.get(kind)
    is_event = TYPES.get(kind) == "system" or said.text("content_type") == "input_csat"
    return {
        "speaker": "system" if is_event else role or "unknown",
        "speaker_id": said.id("sender_id") or sender.id("id"),
        "kind": "event" if is_event else "note" if said.flag("private") else "message",
        "text": html_text(said.text("content") or ""),
        "sent_at": said.time("created_at"),
        "place": said.place,
    }


def _feedback(one: Record, messages: list[Record]) -> dict[str, Any]:
    status = one.text("status")
    surveys = [said for said in messages if said.text("content_type") == "input_csat"]
    answers = [said.child("content_attributes").child("submitted_values") for said in surveys]
    answers = [answer.child("csat_survey_response") for answer in answers]
    ratings = [answer.number("rating") for answer in answers if answer.has("rating")]
    return {
        "status": status,
        "resolved": status == "resolved" if status else None,
        "was_surveyed": True if surveys else None,
        "csat": ratings[-1] if ratings else None,
        "csat_scale": "1-5" if ratings else None,
    }


READER = Reader(NAME, Supports("Chatwoot", roles="yes", csat="yes", resolved="yes", reopened="no"), recognise, read)
