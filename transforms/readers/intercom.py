"""Intercom conversations, as any version of the API gives them.

https://developers.intercom.com/docs/references/rest-api/api.intercom.io/conversations
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from transforms.readers.content import Head
from transforms.readers.each import read_each
from transforms.readers.format import Reader, Supports
from transforms.readers.mail import own_words
from transforms.readers.record import Record, told
from transforms.readers.roles import mapped
from transforms.readers.transcript import Conversation, Draft, File, Roles

NAME = "intercom"
CHANNELS = {"email": "email", **dict.fromkeys(("facebook", "twitter", "instagram"), "social")}
AUTHORS = {"admin": "agent", "user": "customer", "lead": "customer", "contact": "customer", "bot": "bot"}
PERSONS = ("admin", "user", "lead", "contact")
AUTHORS |= {"operator": "bot", "workflow": "bot", "fin": "bot", "team": "system", "api": "system"}
STATES: dict[Any, str] = {True: "open", False: "closed"}  # as old versions tell it


def recognise(head: Head) -> bool:
    """Whether its objects are Intercom's conversations."""
    told = ("conversation_parts", "source.delivered_as", "conversation_message.author")
    return any(key.endswith(told) for key in head.keys)


def read(files: list[File], roles: Roles) -> Draft:
    """The conversations of the files."""
    items, inside = "conversation_parts.conversation_parts", ("conversations",)
    return read_each(NAME, files, items, lambda one, _: _conversation(one, roles), inside)


def _conversation(one: Record, roles: Roles) -> Conversation:
    one = one.child("data").child("item") if isinstance(one.value.get("data"), dict) else one  # as a webhook sends it
    parts = sorted(_listed(one, "conversation_parts", "part"), key=_order)
    contacts = [*_listed(one, "contacts", "contact"), *_listed(one, "customers", "customer")]
    contacts += [one.child("user")] if isinstance(one.value.get("user"), dict) else []
    topics = _listed(one, "topics", "topic")
    source = _source(one)
    transcript = {
        "conversation_id": one.needed_id("id"),
        "channel": CHANNELS.get(source.text("type") or "", "chat"),
        "started_at": one.time("created_at"),
        "updated_at": one.time("updated_at"),
        "agent_id": _assignee(one),
        "team": _id(one, "team_assignee_id"),
        "topic": topics[0].text("name") if topics else None,
        "customer_id": contacts[0].id("id") if contacts else None,
        "vendor_first_response_business_seconds": one.child("statistics").number("time_to_admin_reply"),
    }
    segments = [*_first(one, source, roles), *(_part(part, roles) for part in parts)]
    outcome = _feedback(one, parts, lambda id_: mapped(id_, roles) == "supervisor")
    written = [said for said in (source, *parts) if told(said.value, "author", "type") in PERSONS]
    authors = [told(said.value, "author", key) for said in written for key in ("name", "email")]
    people = [*authors, *(told(contact.value, key) for contact in contacts for key in ("name", "email"))]
    return Conversation(transcript, segments, outcome, people=people)


def _listed(one: Record, key: str, name: str) -> list[Record]:
    """The objects of a list, which may be wrapped in an object of the same name."""
    if isinstance(one.value.get(key), list):
        return one.children(key, name)
    wrapped = one.child(key)
    return wrapped.children(key if wrapped.has(key) else "data", name)


def _id(one: Record, key: str) -> str | None:
    """An id, of which Intercom writes 0 where there is none."""
    return id_ if (id_ := one.id(key)) != "0" else None


def _assignee(one: Record) -> str | None:
    if one.has("admin_assignee_id"):
        return _id(one, "admin_assignee_id")
    assignee = one.child("assignee") if isinstance(one.value.get("assignee"), dict) else None
    return assignee.id("id") if assignee and assignee.text("type") == "admin" else None


def _source(one: Record) -> Record:
    """What began it: in old versions the conversation message."""
    return one.child("source" if one.has("source") else "conversation_message")


def _order(part: Record) -> tuple[float, str]:
    return part.number("created_at") or 0, part.id("id") or ""


def _first(one: Record, source: Record, roles: Roles) -> list[dict[str, Any]]:
    """The first message, which is no part."""
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
    is_fin = author.value.get("from_ai_agent") is True or author.value.get("is_ai_answer") is True
    usual = "bot" if is_fin else AUTHORS.get((author.text("type") or "").lower())
    role = mapped(name, roles) or mapped(id_, roles) or usual
    return {
        "speaker": role or "unknown",
        "speaker_id": id_ if role else name or id_,
        "text": text,
        "place": part.place,
    }


def _feedback(one: Record, parts: list[Record], is_higher: Callable[[str | None], bool]) -> dict[str, Any]:
    state = one.text("state") or STATES.get(one.value.get("open"))
    statistics, is_closed = one.child("statistics"), state == "closed"
    closed = [part.time("created_at") for part in parts if part.text("part_type") == "close"]
    last = statistics.time("last_close_at") or (closed[-1] if closed else None)
    moves = _moves(parts)
    return {
        "status": state,
        "resolved": is_closed if state else None,
        "resolved_at": statistics.time("first_close_at") or (closed[0] if closed else None),
        "fully_resolved_at": last if is_closed else None,
        "reopened": _reopened(statistics, parts),
        **_rating(one),
        "transferred_at": next((at for at, before, _ in moves if before), None),
        "escalated_at": next((at for at, _, to in moves if is_higher(to)), None),
        "updated_at": one.time("updated_at"),
    }


def _rating(one: Record) -> dict[str, Any]:
    """The customer's rating of the conversation, else that of the AI agent."""
    rating, agent = one.child("conversation_rating"), one.child("ai_agent")
    value = rating.number("rating")
    value = agent.number("rating") if value is None else value
    return {
        "was_surveyed": True if rating.value or value is not None else None,
        "csat": value,
        "csat_scale": None if value is None else "1-5",
        "answered_at": rating.time("created_at") if rating.has("rating") else None,
    }


def _reopened(statistics: Record, parts: list[Record]) -> bool | None:
    """By Intercom's count, else by what followed a close; unknown where there are no parts."""
    if statistics.has("count_reopens"):
        return (statistics.number("count_reopens") or 0) > 0
    kinds = [part.text("part_type") or "" for part in parts]
    after = kinds[kinds.index("close") + 1 :] if "close" in kinds else []
    return any("open" in kind for kind in after) if kinds else None


def _moves(parts: list[Record]) -> list[tuple[datetime | None, str | None, str]]:
    """Each hand-over between people: when, from whom (nobody at first) and to whom."""
    found: list[tuple[datetime | None, str | None, str]] = []
    before: str | None = None
    for part in parts:
        assigned = part.value.get("assigned_to")
        to = part.child("assigned_to").id("id") if isinstance(assigned, dict) else None
        if to and to != before:
            found.append((part.time("created_at"), before, to))
            before = to
    return found


READER = Reader(
    NAME,
    Supports(
        "Intercom", roles="yes", csat="yes", resolved="closed", reopened="statistics or parts", transfer="assignments"
    ),
    recognise,
    read,
)
