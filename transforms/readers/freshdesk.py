"""Freshdesk tickets (v1 and v2) with their conversations and ratings, in one file or several of one folder.

https://developers.freshdesk.com/api/#tickets
"""

from collections import defaultdict
from functools import partial
from typing import Any

import polars as pl

from transforms.readers.content import Head, as_json
from transforms.readers.each import built, objects
from transforms.readers.format import Reader, Supports
from transforms.readers.mail import own_words
from transforms.readers.record import Record, plain, told
from transforms.readers.roles import mapped
from transforms.readers.times import when_sent
from transforms.readers.transcript import Conversation, Draft, File, ReadError, Rejected, Roles, draft
from transforms.schema import FEEDBACK

NAME = "freshdesk"
PUT_BESIDE = "Put the ticket's file into the same folder."
CHANNELS = {"1": "email", "10": "email", "7": "chat", "5": "social", "6": "social"}
STATUSES = {"2": "open", "3": "pending", "4": "resolved", "5": "closed"}
RATINGS = {-103: 1.0, -102: 2.0, -101: 3.0, 100: 4.0, 101: 5.0, 102: 6.0, 103: 7.0}
WRAPPERS = ("tickets", "results", "satisfaction_ratings")


def _keys(head: Head) -> set[str]:
    """The names of the objects' keys, whatever wraps them."""
    found = {key.removeprefix("[].") for key in head.keys}
    for wrapper in (*(f"{name}[]." for name in WRAPPERS), "helpdesk_ticket."):
        found = {key.removeprefix(wrapper) for key in found}
    return found


def is_ticket(head: Head) -> bool:
    """Whether the file holds tickets."""
    keys = _keys(head)
    is_theirs = bool(keys & {"responder_id", "description_text"}) and "assignee_id" not in keys
    return "requester_id" in keys and is_theirs


def is_piece(head: Head) -> bool:
    """Whether the file holds conversations of tickets."""
    return not is_ticket(head) and {"incoming", "private", "user_id"} <= _keys(head)


def is_rating(head: Head) -> bool:
    """Whether the file holds ratings of tickets."""
    return not is_ticket(head) and {"ratings", "ticket_id"} <= _keys(head)


def recognise(head: Head) -> bool:
    """Whether it holds tickets, or what belongs to them."""
    return is_ticket(head) or is_piece(head) or is_rating(head)


def read(files: list[File], roles: Roles) -> Draft:
    """The tickets of files that belong together; ratings stand for themselves where their ticket is not here."""
    every, rejected = objects(files, WRAPPERS)
    found = [_unwrapped(record) for record, _ in every]
    pieces: dict[str | None, list[Record]] = defaultdict(list)
    for one in found:
        if not _is_ticket(one):
            pieces[_ticket_id(one)].append(one)
    conversations: list[Conversation] = []
    for ticket in filter(_is_ticket, found):
        mine = pieces.pop(_id(ticket), [])
        count, given = 1 + len(mine) + len(_inside(ticket)), [one.value for one in (ticket, *mine)]
        conversations += built(partial(_conversation, ticket, mine, roles), count, given, rejected)
    return _with_late_ratings(conversations, list(pieces.values()), rejected)


def _with_late_ratings(conversations: list[Conversation], alone: list[list[Record]], rejected: list[Rejected]) -> Draft:
    """The draft of the conversations, and of ratings whose tickets came another time."""
    rows: list[dict[str, Any]] = []
    for some in alone:
        ratings = [one for one in some if "ratings" in one.value and _ticket_id(one)]
        try:
            late = [{"source": NAME, "conversation_id": _ticket_id(one), **_rating([one])} for one in ratings]
        except ReadError as error:
            rejected.append(Rejected.of(error, len(ratings), as_json([one.value for one in ratings])))
        else:
            rows += late
        others = [one for one in some if one not in ratings]
        rejected += [_orphans(others)] if others else []
    result = draft(NAME, conversations, rejected)
    result.feedback = pl.concat([result.feedback, pl.DataFrame(rows, schema=FEEDBACK.dtypes)])
    result.given_count += len(rows)
    return result


def _is_ticket(one: Record) -> bool:
    return "requester_id" in one.value


def _unwrapped(one: Record) -> Record:
    inner = one.value.get("helpdesk_ticket")
    return Record(inner, one.place) if isinstance(inner, dict) else one


def _id(ticket: Record) -> str | None:
    value = ticket.value.get("display_id", ticket.value.get("id"))
    return plain(str(value)) if isinstance(value, int | str) else None


def _ticket_id(piece: Record) -> str | None:
    value = piece.value.get("ticket_id")
    return plain(str(value)) if isinstance(value, int | str) else None


def _orphans(some: list[Record]) -> Rejected:
    first, more = some[0], len(some) - 1
    reason = f"ticket {_ticket_id(first)}, to which it belongs, is not here; expected its ticket beside it"
    raw = as_json([one.value for one in some])
    return Rejected(
        first.place + (f" and {more} more" if more else ""), reason, PUT_BESIDE, len(some), raw, is_part=True
    )


def _inside(ticket: Record) -> list[Any]:
    found = ticket.value.get("conversations") or ticket.value.get("notes") or []
    return found if isinstance(found, list) else []


def _conversation(ticket: Record, pieces: list[Record], roles: Roles) -> Conversation:
    notes = [*ticket.children("conversations", "conversation"), *ticket.children("notes", "note")]
    notes = [one.child("note") if "note" in one.value else one for one in notes]
    notes += [one for one in pieces if "ratings" not in one.value]
    said = [one for one in notes if not one.flag("deleted")]
    transcript = {
        "conversation_id": _id(ticket) or ticket.needed_id("id"),
        "channel": CHANNELS.get(ticket.text("source") or "", "ticket"),
        "started_at": ticket.time("created_at"),
        "updated_at": ticket.time("updated_at"),
        "agent_id": ticket.id("responder_id"),
        "team": ticket.id("group_id"),
        "topic": ticket.text("type") or ticket.text("ticket_type"),
        "customer_id": ticket.id("requester_id"),
    }
    rows = [_note(one, ticket, roles) for one in said]
    rows.sort(key=lambda row: (when_sent(row), row["place"]))
    ratings = [one for one in pieces if "ratings" in one.value]
    people = [told(ticket.value, "requester", key) for key in ("name", "email")]
    people += [told(ticket.value, key) for key in ("requester_name", "responder_name", "name", "email")]
    people += [told(one.value, "from_email") for one in notes]
    return Conversation(transcript, [*_description(ticket), *rows], _feedback(ticket, ratings), people=people)


def _words(one: Record, html: str, text: str) -> str:
    """What was written: by the HTML, which tells quotes apart, else by the text."""
    return own_words(one.text(html) or one.text(text) or "")


def _description(ticket: Record) -> list[dict[str, Any]]:
    """The first message, which is in the ticket itself."""
    text = _words(ticket, "description", "description_text")
    row = {
        "speaker": "customer",
        "speaker_id": ticket.id("requester_id"),
        "text": text,
        "sent_at": ticket.time("created_at"),
        "place": ticket.place,
    }
    return [row] if text else []


def _note(note: Record, ticket: Record, roles: Roles) -> dict[str, Any]:
    author = note.id("user_id")
    is_agent = author is not None and author == ticket.id("responder_id")  # whose forwarded mail comes in as well
    is_requester = author is not None and author == ticket.id("requester_id")
    is_customer = is_requester or (note.flag("incoming") and not is_agent)
    return {
        "speaker": mapped(author, roles) or ("customer" if is_customer else "agent"),
        "speaker_id": author,
        "kind": "note" if note.flag("private") else "message",
        "text": _words(note, "body", "body_text"),
        "sent_at": note.time("created_at"),
        "place": note.place,
    }


def _feedback(ticket: Record, ratings: list[Record]) -> dict[str, Any]:
    stats, status = ticket.child("stats"), STATUSES.get(ticket.text("status") or "", ticket.text("status"))
    is_resolved = status in ("resolved", "closed")
    resolved_at = stats.time("resolved_at") or stats.time("closed_at")
    was_reopened = stats.has("reopened_at") if stats.value else None
    return {
        "status": status,
        "resolved": is_resolved if status else None,
        "resolved_at": resolved_at if is_resolved and not was_reopened else None,
        "fully_resolved_at": resolved_at if is_resolved else None,
        "reopened": was_reopened,
        **_rating(ratings),
        "updated_at": ticket.time("updated_at"),
    }


def _rating(ratings: list[Record]) -> dict[str, Any]:
    """The last answer; -103 to 103 become 1 to 7."""
    answers = [(one, one.child("ratings").number("default_question")) for one in ratings]
    rated = [(one, RATINGS[int(value)]) for one, value in answers if value in RATINGS]
    return {
        "was_surveyed": True if ratings else None,
        "csat": rated[-1][1] if rated else None,
        "csat_scale": "1-7" if rated else None,
        "answered_at": rated[-1][0].time("created_at") if rated else None,
    }


READER = Reader(
    NAME,
    Supports("Freshdesk (v1, v2)", roles="incoming flag", csat="ratings file", resolved="yes", reopened="by stats"),
    recognise,
    read,
    lambda head: is_piece(head) or is_rating(head),
)
