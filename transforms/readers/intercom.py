"""Intercom conversations.

https://developers.intercom.com/docs/references/rest-api/api.intercom.io/conversations
"""

from typing import Any

from transforms.readers.content import Head
from transforms.readers.each import read_each
from transforms.readers.format import Reader, Supports
from transforms.readers.mail import own_words
from transforms.readers.record import Record
from transforms.readers.roles import role_of
from transforms.readers.transcript import Conversation, Draft, File, Roles

NAME = "intercom"
CHANNELS = {"email": "email", **dict.fromkeys(("facebook", "twitter", "instagram"), "social")}
AUTHORS = {"admin": "agent", "user": "customer", "lead": "customer", "contact": "customer", "bot": "bot"}


def recognise(head: Head) -> bool:
    """Whether its objects are Intercom's conversations."""
    return any(key.endswith(("conversation_parts", "source.delivered_as")) for key in head.keys)


def read(files: list[File], roles: Roles) -> Draft:
    """The conversations of the files."""
    items = "conversation_parts.conversation_parts"
    return read_each(NAME, files, items, lambda one, _: _conversation(one, roles), inside="conversations")


def _conversation(one: Record, roles: Roles) -> Conversation:
    parts = sorted(one.child("conversation_parts").children("conversation_parts", "part"), key=_order)
    contacts = one.child("contacts").children("contacts", "contact")
    topics = one.child("topics").children("topics", "topic")
    transcript = {
        "conversation_id": one.needed_id("id"),
        "channel": CHANNELS.get(one.child("source").text("type") or "", "chat"),
        "started_at": one.time("created_at"),
        "updated_at": one.time("updated_at"),
        "agent_id": one.id("admin_assignee_id"),
        "team": one.id("team_assignee_id"),
        "topic": topics[0].text("name") if topics else None,
        "customer_id": contacts[0].id("id") if contacts else None,
        "vendor_first_response_business_seconds": one.child("statistics").number("time_to_admin_reply"),
    }
    segments = [*_first(one, roles), *(_part(part, roles) for part in parts)]
    return Conversation(transcript, segments, _feedback(one, parts))


def _order(part: Record) -> tuple[float, str]:
    return part.number("created_at") or 0, part.id("id") or ""


def _first(one: Record, roles: Roles) -> list[dict[str, Any]]:
    """The first message, which is no part."""
    source = one.child("source")
    row = _said(source, roles, own_words(source.text("body") or ""))
    if source.text("delivered_as") == "automated":
        row["speaker"] = "bot"
    return [{**row, "sent_at": one.time("created_at")}] if row["text"] else []


def _part(part: Record, roles: Roles) -> dict[str, Any]:
    """A reply, a note, or (without a body) an event by the name of its type."""
    kind, text = part.text("part_type") or "", own_words(part.text("body") or "")
    is_said = bool(text) or kind == "comment"
    row = _said(part, roles, text if is_said else kind)
    row["kind"] = "note" if kind.startswith("note") else "message" if is_said else "event"
    return {**row, "sent_at": part.time("created_at")}


def _said(part: Record, roles: Roles, text: str) -> dict[str, Any]:
    author = part.child("author")
    name, id_ = author.text("name"), author.id("id")
    role = role_of(name, roles) or AUTHORS.get(author.text("type") or "")
    return {
        "speaker": role or "unknown",
        "speaker_id": id_ if role else name or id_,
        "text": text,
        "place": part.place,
    }


def _feedback(one: Record, parts: list[Record]) -> dict[str, Any]:
    state, statistics, rating = one.text("state"), one.child("statistics"), one.child("conversation_rating")
    closed = [part.time("created_at") for part in parts if part.text("part_type") == "close"]
    is_closed = state == "closed"
    return {
        "status": state,
        "resolved": is_closed if state else None,
        "resolved_at": statistics.time("first_close_at") or (closed[0] if closed else None),
        "fully_resolved_at": statistics.time("last_close_at") or (closed[-1] if closed else None)
        if is_closed
        else None,
        "reopened": (statistics.number("count_reopens") or 0) > 0 if statistics.has("count_reopens") else None,
        "was_surveyed": True if rating.value else None,
        "csat": rating.number("rating"),
        "csat_scale": "1-5" if rating.has("rating") else None,
        "answered_at": rating.time("created_at"),
        "transferred_at": _transferred_at(parts),
        "updated_at": one.time("updated_at"),
    }


def _transferred_at(parts: list[Record]) -> Any:
    """When it went from one assignee to another."""
    before = None
    for part in parts:
        to = part.child("assigned_to").id("id")
        if to and before and to != before:
            return part.time("created_at")
        before = to or before
    return None


READER = Reader(
    NAME,
    Supports("Intercom", roles="yes", csat="yes", resolved="closed", reopened="by statistics", transfer="assignments"),
    recognise,
    read,
)
