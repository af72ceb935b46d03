"""vCon: a conversation's container, with its parties, dialogs and analyses.

https://datatracker.ietf.org/doc/draft-ietf-vcon-vcon-core/
"""

import base64
import binascii
import json
from datetime import datetime
from typing import Any

from transforms.readers.content import Head
from transforms.readers.deepgram import call as deepgram_call
from transforms.readers.each import read_each
from transforms.readers.format import Reader, Supports
from transforms.readers.html import html_text
from transforms.readers.record import Record
from transforms.readers.speech import named_lines, turn, vendor_role
from transforms.readers.transcript import Conversation, Draft, File, ReadError, Roles

NAME = "vcon"
OPEN_IT = "Verify or decrypt it first, and give the plain vCon."


def recognise(head: Head) -> bool:
    """Whether it holds parties and dialogs, or their signed or encrypted form."""
    sealed = {"payload", "signatures"} <= head.names or {"ciphertext", "recipients"} <= head.names
    return sealed or ("parties" in head.names and bool(head.names & {"dialog", "vcon", "analysis"}))


def read(files: list[File], roles: Roles) -> Draft:
    """The conversations of the files."""
    return read_each(NAME, files, "dialog", lambda one, _: _conversation(one, roles))


def _conversation(one: Record, roles: Roles) -> Conversation:
    if one.has("signatures") or one.has("ciphertext"):
        raise ReadError("whole file", "it is signed or encrypted; expected a plain vCon", OPEN_IT)
    parties, dialogs = one.children("parties", "party"), one.children("dialog")
    people = [_person(party, roles) for party in parties]
    rows = sorted((row for dialog in dialogs for row in _rows(dialog, people)), key=_moment)
    spoken = _transcript(one, people, roles)
    began = [moment for dialog in dialogs if (moment := dialog.time("start"))]
    transcript = {
        "conversation_id": one.needed_id("uuid"),
        "channel": _channel(dialogs, bool(spoken)),
        "started_at": min(began, default=None) or one.time("created_at"),
        "updated_at": one.time("updated_at"),
        "duration_ms": sum(dialog.milliseconds("duration", 1000) or 0 for dialog in dialogs) or None,
        "agent_id": next((id_ for role, id_ in people if role == "agent"), None),
        "customer_id": next((id_ for role, id_ in people if role == "customer"), None),
    }
    moved = [dialog.time("start") for dialog in dialogs if dialog.text("type") == "transfer"]
    return Conversation(transcript, [*spoken, *rows], {"transferred_at": moved[0]} if moved else None)


def _person(party: Record, roles: Roles) -> tuple[str | None, str | None]:
    """A party's role, and what it is known by."""
    known = [party.id(key) for key in ("name", "mailto", "tel", "id")]
    mapped = next((role for name in known if (role := vendor_role(name, roles))), None)
    stated = vendor_role(party.text("role") or party.child("meta").text("role"), roles)
    return mapped or stated, party.id("id") or party.id("mailto") or party.id("tel") or party.id("name")


def _who(index: Any, people: list[tuple[str | None, str | None]]) -> dict[str, Any]:
    while isinstance(index, list):
        index = index[0] if index else None
    is_there = isinstance(index, int) and 0 <= index < len(people)
    role, id_ = people[index] if is_there else (None, None)
    return {"speaker": role or "unknown", "speaker_id": id_}


def _rows(dialog: Record, people: list[tuple[str | None, str | None]]) -> list[dict[str, Any]]:
    """What a dialog's text says, and what happens in it."""
    kind, at = dialog.text("type"), dialog.time("start")
    index = dialog.value.get("originator", dialog.value.get("parties"))
    base = {"sent_at": at, "place": dialog.place}
    rows = [{**base, **_event(one, people)} for one in dialog.children("party_history", "event")]
    if kind == "text" and dialog.has("body"):
        rows.append({**base, **_who(index, people), "text": _body(dialog)})
    elif kind in ("transfer", "incomplete"):
        rows.append({**base, "speaker": "system", "kind": "event", "text": kind})
    return rows


def _event(one: Record, people: list[tuple[str | None, str | None]]) -> dict[str, Any]:
    moment = {"sent_at": one.time("time")} if one.has("time") else {}
    return {**_who(one.value.get("party"), people), **moment, "kind": "event", "text": one.text("event") or ""}


def _body(dialog: Record) -> str:
    text = dialog.text("body") if not isinstance(dialog.value.get("body"), dict | list) else None
    if text is None:
        raise dialog.wrong("body", "a text")
    if dialog.text("encoding") == "base64url":
        text = _decoded(text, dialog)
    kind = dialog.text("mimetype") or dialog.text("mediatype") or ""
    return html_text(text) if "html" in kind else text


def _decoded(text: str, dialog: Record) -> str:
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()
    except (binascii.Error, ValueError):
        raise ReadError(dialog.place, "body is no base64url text; expected one") from None


def _moment(row: dict[str, Any]) -> datetime:
    return row["sent_at"] or datetime.max


def _channel(dialogs: list[Record], is_spoken: bool) -> str:
    if is_spoken or any(dialog.text("type") == "recording" for dialog in dialogs):
        return "voice"
    kinds = {dialog.text("mimetype") or dialog.text("mediatype") or "" for dialog in dialogs}
    return "email" if any(kind.startswith("message/") for kind in kinds) else "chat"


def _transcript(one: Record, people: list[tuple[str | None, str | None]], roles: Roles) -> list[dict[str, Any]]:
    """The turns of the analyses that are transcripts, in whatever shape the vendor gave them."""
    value = one.value.get("analysis")
    found = one.children("analysis") if isinstance(value, list) else [one.child("analysis")] if value else []
    rows = []
    for analysis in found:
        if analysis.text("type") == "transcript" and analysis.has("body"):
            rows += _spoken(analysis.value["body"], analysis.place, people, roles)
    return rows


def _spoken(body: Any, place: str, people: list[tuple[str | None, str | None]], roles: Roles) -> list[dict[str, Any]]:
    if isinstance(body, str):
        try:
            return _spoken(json.loads(body), place, people, roles)
        except (ValueError, RecursionError):
            return [_named(name, text, place, roles) for name, text in named_lines(body)]
    if isinstance(body, list):
        return [_turn(Record(said, f"{place}, turn {number}"), people, roles) for number, said in enumerate(body, 1)]
    if not isinstance(body, dict):
        return []
    record = Record(body, place)
    if record.has("results"):
        return deepgram_call(record, File("", b""), roles).segments
    inner = next((key for key in ("segments", "turns", "utterances", "messages", "transcript") if key in body), None)
    return _spoken(body[inner], place, people, roles) if inner else []


def _turn(record: Record, people: list[tuple[str | None, str | None]], roles: Roles) -> dict[str, Any]:
    """A turn of a list; a number names a party."""
    row = turn(record, roles)
    index = record.value.get("speaker", record.value.get("party"))
    return {**row, **_who(index, people)} if isinstance(index, int) else row


def _named(name: str, text: str, place: str, roles: Roles) -> dict[str, Any]:
    role = vendor_role(name, roles)
    return {"speaker": role or "unknown", "speaker_id": None if role else name, "text": text, "place": place}


READER = Reader(
    NAME,
    Supports("vCon (dialog or analysis)", roles="mostly", ends="where given", words="by vendor", transfer="yes"),
    recognise,
    read,
)
