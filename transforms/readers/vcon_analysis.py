"""What is said in a vCon's recordings: its transcripts, in whatever shape a vendor gave them."""

import json
from datetime import datetime
from typing import Any

from transforms.readers.deepgram import call as deepgram_call
from transforms.readers.deepgram import word as deepgram_word
from transforms.readers.plain_text import row as line_row
from transforms.readers.record import Record
from transforms.readers.runs import runs
from transforms.readers.speech import turn, vendor_role
from transforms.readers.talk_lines import talk
from transforms.readers.transcript import File, Roles
from transforms.readers.vcon_body import decoded
from transforms.readers.vcon_party import People

TYPES = ("transcript", "transcription", "wtf_transcription", "diarized", "diarization")
LISTS = ("segments", "utterances", "turns", "messages", "dialog", "transcript")

Rows = list[dict[str, Any]]


def spoken(
    one: Record, dialogs: list[Record], began: datetime | None, people: People, roles: Roles
) -> list[dict[str, Any]]:
    """What is said, of each dialog by the first transcript that has it; times count from the first dialog's start."""
    rows: Rows = []
    done: set[int | None] = set()
    for analysis in _transcripts(one):
        index = analysis.value.get("dialog")
        index = index[0] if isinstance(index, list) and index else index
        index = index if isinstance(index, int) and 0 <= index < len(dialogs) else None
        if index in done or (index is not None and dialogs[index].text("type") == "text"):
            continue
        found = [people.named(row) for row in _said(_body(analysis), analysis.place, people, roles)]
        done |= {index} if found else set()
        at = dialogs[index].time("start") if index is not None else None
        rows += _later(found, round((at - began).total_seconds() * 1000) if at and began else 0)
    is_timed = all(row.get("start_ms") is not None for row in rows)
    return sorted(rows, key=lambda row: row["start_ms"]) if is_timed else rows


def _transcripts(one: Record) -> list[Record]:
    """The analyses that are transcripts, then the attachments that are."""
    found = []
    for key in ("analysis", "attachments"):
        value = one.value.get(key)
        items = one.children(key) if isinstance(value, list) else [one.child(key)] if value else []
        found += [one for one in items if {one.text("type"), one.text("purpose")} & set(TYPES)]
    return found


def _body(analysis: Record) -> Any:
    body = analysis.value.get("body")
    if isinstance(body, str) and analysis.value.get("encoding") == "base64url":
        return decoded(body, analysis)
    return body


def _later(rows: Rows, by: int) -> Rows:
    """The rows moved by so many milliseconds."""
    for row in rows if by > 0 else []:
        for key in ("start_ms", "end_ms"):
            row[key] = row[key] + by if row.get(key) is not None else None
        row["words"] = [{name: at + by for name, at in word.items()} for word in row.get("words") or []] or None
    return rows


def _said(body: Any, place: str, people: People, roles: Roles) -> Rows:
    if isinstance(body, str):
        return _of_text(body, place, people, roles)
    if isinstance(body, list):
        return [_turn(Record(said, f"{place}, turn {number}"), people, roles) for number, said in enumerate(body, 1)]
    return _of_object(body, place, people, roles) if isinstance(body, dict) else []


def _of_object(body: dict[str, Any], place: str, people: People, roles: Roles) -> Rows:
    """A vendor's response, or what holds a list of turns, of words or a text."""
    record = Record(body, place)
    if record.has("results"):
        return deepgram_call(record, File("-", b""), roles).segments
    if isinstance(body.get("speakers"), dict) and isinstance(body.get("segments"), list):
        return [_of_wtf(said, record.child("speakers"), roles) for said in record.children("segments", "segment")]
    inner = next((key for key in LISTS if body.get(key) and isinstance(body[key], list)), None)
    if inner:
        return _said(body[inner], place, people, roles)
    if body.get("words") and isinstance(body["words"], list):
        return runs([deepgram_word(one, None) for one in record.children("words", "word")], roles, place)
    text = next((body[key] for key in ("transcript", "text") if body.get(key)), None)
    return _said(text, place, people, roles)


def _of_text(body: str, place: str, people: People, roles: Roles) -> Rows:
    """JSON in a text, or lines such as `Name: text`."""
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        value = None
    if isinstance(value, dict | list):
        return _said(value, place, people, roles)
    said = talk(body, roles)
    if not any(one.name for one in said):
        return [{"speaker": "unknown", "speaker_id": None, "text": one.text, "place": place} for one in said]
    return [{**line_row(one, roles), "place": place} for one in said]


def _turn(record: Record, people: People, roles: Roles) -> dict[str, Any]:
    """A turn of a list; a number names a party."""
    row = turn(record, roles)
    index = record.value.get("speaker", record.value.get("party"))
    return {**row, **people.who(index)} if isinstance(index, int) else row


def _of_wtf(said: Record, speakers: Record, roles: Roles) -> dict[str, Any]:
    """A segment of the World Transcription Format, whose speakers have labels."""
    id_ = said.text("speaker")
    label = speakers.child(id_).text("label") if id_ is not None and isinstance(speakers.value.get(id_), dict) else None
    name = label or (f"speaker {id_}" if id_ is not None else None)
    role = vendor_role(name, roles)
    row = turn(said, roles)
    return {**row, "speaker": role or "unknown", "speaker_id": None if role else name}
