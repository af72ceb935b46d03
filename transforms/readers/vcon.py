"""vCon: a conversation's container, with its parties, dialogs and analyses, in any version from 0.0.1 to 0.4.0.

https://datatracker.ietf.org/doc/draft-ietf-vcon-vcon-core/
"""

import re
from datetime import datetime
from typing import Any

from transforms.readers.content import Head
from transforms.readers.each import read_each
from transforms.readers.format import Reader, Supports
from transforms.readers.record import Record, told
from transforms.readers.times import when_sent
from transforms.readers.transcript import Conversation, Draft, File, ReadError, Rejected, Roles, nothing
from transforms.readers.vcon_analysis import spoken
from transforms.readers.vcon_body import body_text
from transforms.readers.vcon_party import People

NAME = "vcon"
OPEN_IT = "Verify or decrypt it first, and give the plain vCon."
SEALED = "it is signed or encrypted; expected a plain vCon"
COMPACT = re.compile(r"\s*eyJ[\w-]+(\.[\w-]*){2,4}\s*")  # a JWS or JWE in one line
SEALS = ({"payload", "signatures"}, {"payload", "signature"}, {"ciphertext", "iv"}, {"ciphertext", "recipients"})


def recognise(head: Head) -> bool:
    """Whether it holds parties and dialogs, or their signed or encrypted form."""
    names = head.names
    sealed = any(seal <= names for seal in SEALS) or bool(COMPACT.fullmatch(head.text))
    wrapped = "vcons[].parties" in head.keys
    return sealed or wrapped or ("parties" in names and bool(names & {"dialog", "vcon", "analysis"}))


def read(files: list[File], roles: Roles) -> Draft:
    """The conversations of the files."""
    if len(files) == 1 and COMPACT.fullmatch(files[0].data[:1_000_000].decode("utf-8", "ignore")):
        return nothing(NAME, [Rejected("whole file", SEALED, OPEN_IT, 1, files[0].data)])
    return read_each(NAME, files, "dialog", lambda one, _: _conversation(one, roles), inside=("vcons",))


def _conversation(one: Record, roles: Roles) -> Conversation:
    if any(seal <= one.value.keys() for seal in SEALS):
        raise ReadError("whole file", SEALED, OPEN_IT)
    people = People(one.children("parties", "party"), roles)
    dialogs = one.children("dialog")
    began = min((at for dialog in dialogs if (at := dialog.time("start"))), default=None)
    said = spoken(one, dialogs, began, people, roles)
    rows = sorted((row for dialog in dialogs for row in _rows(dialog, dialogs, people)), key=when_sent)
    if said and began:
        rows = [_on_the_line(row, began) for row in rows]
    moved = [_start(dialog, dialogs) for dialog in dialogs if dialog.text("type") == "transfer"]
    transcript = {
        "conversation_id": one.needed_id("uuid"),
        "channel": _channel(dialogs, bool(said)),
        "started_at": began or one.time("created_at"),
        "updated_at": one.time("updated_at"),
        "duration_ms": sum(dialog.milliseconds("duration", 1000) or 0 for dialog in dialogs) or None,
        "agent_id": people.first("agent"),
        "customer_id": people.first("customer"),
    }
    known = [told(party.value, key) for party in one.children("parties", "party") for key in ("name", "mailto")]
    outcome = {"transferred_at": moved[0]} if any(moved) else None
    return Conversation(transcript, [*said, *rows], outcome, people=known)


def _start(dialog: Record, dialogs: list[Record]) -> datetime | None:
    """When it began; of a transfer that tells no time, when the dialog with its target did."""
    target = dialog.value.get("target_dialog", dialog.value.get("target-dialog"))
    target = target[0] if isinstance(target, list) and target else target
    other = dialogs[target] if isinstance(target, int) and 0 <= target < len(dialogs) else dialog
    return dialog.time("start") or other.time("start")


def _rows(dialog: Record, dialogs: list[Record], people: People) -> list[dict[str, Any]]:
    """What a dialog's text says, and what happens in it."""
    kind, base = dialog.text("type"), {"sent_at": _start(dialog, dialogs), "place": dialog.place}
    rows = [{**base, **_event(one, people)} for one in dialog.children("party_history", "event")]
    index = dialog.value.get("originator", dialog.value.get("parties"))
    if kind == "text" and dialog.has("body"):
        rows.append({**base, **people.who(index), "text": body_text(dialog)})
    elif kind in ("transfer", "incomplete"):
        text = " ".join(filter(None, [kind, dialog.text("disposition")]))
        rows.append({**base, "speaker": "system", "kind": "event", "text": text})
    return rows


def _event(one: Record, people: People) -> dict[str, Any]:
    """A party who joins, drops, is put on hold or muted, and back."""
    moment = {"sent_at": one.time("time")} if one.has("time") else {}
    return {**people.who(one.value.get("party")), **moment, "kind": "event", "text": one.text("event") or ""}


def _on_the_line(row: dict[str, Any], began: datetime) -> dict[str, Any]:
    """What happens in a call by its time from the start, as what is said in it."""
    at = row["sent_at"]
    return {**row, "sent_at": None, "start_ms": max(0, round((at - began).total_seconds() * 1000)) if at else None}


def _channel(dialogs: list[Record], is_spoken: bool) -> str:
    if is_spoken or any(dialog.text("type") == "recording" for dialog in dialogs):
        return "voice"
    kinds = {dialog.text("mediatype") or dialog.text("mimetype") or "" for dialog in dialogs}
    return "email" if any(kind.startswith("message/") for kind in kinds) else "chat"


READER = Reader(
    NAME,
    Supports("vCon (dialog or analysis)", roles="mostly", ends="where given", words="by vendor", transfer="yes"),
    recognise,
    read,
)
