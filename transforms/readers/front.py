"""Front: conversations with their messages and comments, together or page by page.

https://dev.frontapp.com/reference/conversations
"""

from collections import defaultdict
from typing import Any

from transforms.readers.content import Head
from transforms.readers.each import count_of
from transforms.readers.format import Reader, Supports
from transforms.readers.mail import own_words
from transforms.readers.pieces import read_pieces
from transforms.readers.record import Record, told
from transforms.readers.roles import mapped
from transforms.readers.times import when_sent
from transforms.readers.transcript import Conversation, Draft, File, IncompleteError, Roles

NAME = "front"
CHANNELS = {"email": "email", **dict.fromkeys(("tweet", "facebook", "instagram"), "social")}
PUT_BESIDE = "Put the page of its messages into the same folder."
PAGE = "_results"


def has_messages(head: Head) -> bool:
    """Whether it holds messages that say whether they came in."""
    told = ("messages[].is_inbound", f"{PAGE}[].is_inbound", "messages._results[].is_inbound")
    return any(key.endswith(told) for key in head.keys) or {"is_inbound", "recipients"} <= head.names


def is_piece(head: Head) -> bool:
    """Whether it holds conversations or comments without messages."""
    keys = {key.removeprefix(f"{PAGE}[].").removeprefix("[].") for key in head.keys}
    is_comment = {"posted_at", "body", "author.id"} <= keys
    return not has_messages(head) and ("status_category" in keys or "last_message.is_inbound" in keys or is_comment)


def recognise(head: Head) -> bool:
    """Whether it holds messages, or what belongs to them."""
    return has_messages(head) or is_piece(head)


def read(files: list[File], roles: Roles) -> Draft:
    """The conversations of the files, each of all the pages and pieces that name it."""
    return read_pieces(
        NAME, files, ("conversations",), _pieces, _count, lambda id_, some: _conversation(id_, some, roles)
    )


def _count(one: Record) -> int:
    """How many records a page or a piece holds."""
    return count_of(one.value, next((key for key in (PAGE, "messages") if one.has(key)), "comments"))


def _pieces(record: Record, _: File) -> list[tuple[str, Record]]:
    """Conversations, or messages and comments as the conversation that they belong to."""
    page = record.children(PAGE, "result") if PAGE in record.value else [record]
    if page and (page[0].id("id") or "").startswith("cnv_"):
        return [(one.needed_id("id"), one) for one in page]
    if PAGE not in record.value and (record.has("messages") or record.has("comments")):
        return [(record.needed_id("id"), record)]
    kind = "comments" if page and page[0].has("posted_at") else "messages"
    named = [(_by_link(record) or _by_link(one) or one.needed_id("conversation_id"), one) for one in page]
    together: dict[str, list[Any]] = defaultdict(list)
    for id_, one in named:
        together[id_].append(one.value)
    return [(id_, Record({kind: some}, record.place)) for id_, some in together.items()]


def _by_link(one: Record) -> str | None:
    """The conversation that an address names: a page's own, or a message's."""
    links = one.child("_links")
    related = links.child("related").text("conversation") if isinstance(links.value.get("related"), dict) else None
    parts = f"{links.text('self') or ''}/{related or ''}".split("/")
    return next((part for part in parts if part.startswith("cnv_")), None)


def _listed(one: Record, key: str) -> list[Record]:
    """The objects of a list or of a page of it."""
    inner = one.value.get(key)
    return one.child(key).children(PAGE, key[:-1]) if isinstance(inner, dict) else one.children(key, key[:-1])


def _conversation(id_: str, pieces: list[Record], roles: Roles) -> Conversation:
    messages = [said for one in pieces for said in _listed(one, "messages") if not said.flag("is_draft")]
    notes = [note for one in pieces for note in _listed(one, "comments")]
    known = next((one for one in pieces if one.has("id")), Record({}, ""))
    if not messages:
        reason = "there are no messages; expected those of the conversation"
        raise IncompleteError(known.place or "whole file", reason, PUT_BESIDE)
    unique = {(said.id("id") or said.place): said for said in messages}
    rows = [_message(said, roles) for said in unique.values()]
    rows += [_comment(note) for note in {(note.id("id") or note.place): note for note in notes}.values()]
    rows.sort(key=when_sent)
    kinds = [said.text("type") or "" for said in messages]
    inbound = [_handle(said, "from") for said in messages if said.flag("is_inbound")]
    first = min((row["sent_at"] for row in rows if row["sent_at"]), default=None)
    transcript = {
        "conversation_id": id_,
        "channel": CHANNELS.get(kinds[0] if kinds else "", "chat"),
        "started_at": known.time("created_at") or first,
        "agent_id": known.child("assignee").id("id"),
        "customer_id": next(filter(None, inbound), None),
    }
    return Conversation(transcript, rows, _feedback(known) if known.value else None, people=_people(messages, notes))


def _people(messages: list[Record], notes: list[Record]) -> list[str | None]:
    """Names and addresses of those who write, and of those to whom is written."""
    found = [said for one in messages for said in one.children("recipients", "recipient")]
    people = [told(one.value, key) for one in found for key in ("name", "handle")]
    for said in (*messages, *notes):
        first, last = (told(said.value, "author", key) for key in ("first_name", "last_name"))
        people.append(f"{first} {last}" if first and last else first or last)
    return people


def _message(said: Record, roles: Roles) -> dict[str, Any]:
    is_customer = said.flag("is_inbound")
    name = _handle(said, "from") if is_customer else said.child("author").id("id")
    return {
        "speaker": mapped(name, roles) or ("customer" if is_customer else "agent"),
        "speaker_id": name,
        "text": own_words(said.text("body") or said.text("text") or said.text("blurb") or ""),
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


READER = Reader(NAME, Supports("Front", roles="yes", resolved="with ticketing"), recognise, read, is_piece)
