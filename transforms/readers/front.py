"""Front: conversations with their messages and comments.

https://dev.frontapp.com/reference/conversations
"""

from typing import Any

from transforms.readers.content import Head
from transforms.readers.each import read_each
from transforms.readers.format import Reader, Supports
from transforms.readers.mail import own_words
from transforms.readers.record import Record
from transforms.readers.roles import role_of
from transforms.readers.transcript import Conversation, Draft, File, Roles

NAME = "front"
CHANNELS = {"email": "email", **dict.fromkeys(("tweet", "facebook", "instagram"), "social")}


def recognise(head: Head) -> bool:
    """Whether it holds messages that say whether they came in."""
    return any(key.endswith(("messages[].is_inbound", "_results[].is_inbound")) for key in head.keys)


def read(files: list[File], roles: Roles) -> Draft:
    """The conversations of the files."""
    return read_each(NAME, files, "messages", lambda one, file: _conversation(one, roles), inside="conversations")


def _conversation(one: Record, roles: Roles) -> Conversation:
    messages = one.children("messages", "message") or one.children("_results", "message")
    rows = [_message(said, roles) for said in messages if not said.flag("is_draft")]
    rows += [_comment(note) for note in one.children("comments", "comment")]
    rows.sort(key=lambda row: str(row["sent_at"]))
    kinds = [said.text("type") or "" for said in messages]
    inbound = [_handle(said, "from") for said in messages if said.flag("is_inbound")]
    transcript = {
        "conversation_id": one.id("id") or _by_link(one),
        "channel": CHANNELS.get(kinds[0] if kinds else "", "chat"),
        "started_at": one.time("created_at") or min((row["sent_at"] for row in rows if row["sent_at"]), default=None),
        "agent_id": one.child("assignee").id("id"),
        "customer_id": next(filter(None, inbound), None),
    }
    return Conversation(transcript, rows, _feedback(one))


def _by_link(one: Record) -> str:
    """The conversation whose messages a page lists, from the page's own address."""
    link = one.child("_links").text("self") or ""
    return Record(
        {"id": next(iter(part for part in link.split("/") if part.startswith("cnv_")), None)}, one.place
    ).needed_id("id")


def _message(said: Record, roles: Roles) -> dict[str, Any]:
    author = said.child("author")
    is_customer = said.flag("is_inbound")
    name = _handle(said, "from") if is_customer else author.id("id")
    text = own_words(said.text("body") or said.text("text") or said.text("blurb") or "")
    return {
        "speaker": role_of(name, roles) or ("customer" if is_customer else "agent"),
        "speaker_id": name,
        "text": text,
        "sent_at": said.time("created_at"),
        "place": said.place,
    }


def _comment(note: Record) -> dict[str, Any]:
    """What colleagues write to each other."""
    return {
        "speaker": "agent",
        "speaker_id": note.child("author").id("id"),
        "kind": "note",
        "text": note.text("body") or "",
        "sent_at": note.time("posted_at"),
        "place": note.place,
    }


def _handle(said: Record, role: str) -> str | None:
    found = [one.id("handle") for one in said.children("recipients", "recipient") if one.text("role") == role]
    return found[0] if found else None


def _feedback(one: Record) -> dict[str, Any]:
    status = one.text("status_category") or one.text("status")
    return {"status": status, "resolved": status in ("resolved", "archived") if one.has("status_category") else None}


READER = Reader(NAME, Supports("Front", roles="yes", csat="no", resolved="with ticketing"), recognise, read)
