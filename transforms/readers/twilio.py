"""Twilio Conversational Intelligence: the sentences of a call, with its transcript resource and operators beside them.

https://www.twilio.com/docs/conversational-intelligence/api/transcript-sentence-resource
"""

import re
from typing import Any

from transforms.readers.content import Head
from transforms.readers.each import count_of, objects
from transforms.readers.format import Reader, Supports
from transforms.readers.pieces import joined
from transforms.readers.record import Record, label, told
from transforms.readers.roles import mapped
from transforms.readers.runs import Word, segment
from transforms.readers.speech import vendor_role
from transforms.readers.transcript import Conversation, Draft, File, IncompleteError, ReadError, Roles, draft

NAME = "twilio"
SECOND = 1000
WRITTEN = ("chat", "messaging", "text")
WAIT = "Fetch it again once it is completed."
PUT_BESIDE = "Put the file with its sentences into the same folder."
PREDICTED = "operator results are predictions from the words: they are not taken as outcomes"
_PAGE = re.compile(r"/Transcripts/(GT[0-9a-fA-F]{32})/Sentences")
_SID = re.compile(r"GT[0-9a-fA-F]{32}")


def has_sentences(head: Head) -> bool:
    """Whether it holds sentences of media channels."""
    return any(key.endswith("sentences[].media_channel") for key in head.keys)


def is_piece(head: Head) -> bool:
    """Whether it holds the transcript resource or operators' results, without the sentences."""
    keys = {key.removeprefix("transcripts[].").removeprefix("[].") for key in head.keys}
    is_resource = {"channel.participants[].channel_participant", "sid"} <= keys
    return not has_sentences(head) and (is_resource or "operator_results[].operator_type" in keys)


def recognise(head: Head) -> bool:
    """Whether it holds sentences or what belongs to them."""
    return has_sentences(head) or is_piece(head)


def read(files: list[File], roles: Roles) -> Draft:
    """The calls, each of all the pages and pieces that name its transcript, or of its file."""
    found, rejected = objects(files, ("transcripts",))
    sids = {sid for record, _ in found if (sid := _sid(record))}
    only = next(iter(sids)) if len(sids) == 1 and len(files) > 1 else None
    named = [(_sid(record) or only or file.id, record) for record, file in found]
    conversations = joined(named, _count, lambda id_, pieces: _call(id_, pieces, roles), rejected)
    has_operators = any(record.has("operator_results") for record, _ in found)
    return draft(NAME, conversations, rejected, [PREDICTED] if has_operators else [])


def _count(one: Record) -> int:
    return count_of(one.value, "sentences")


def _sid(record: Record) -> str | None:
    """The transcript that a piece is of or names."""
    told = [record.value.get("sid"), record.value.get("transcript_sid")]
    for key, names in (("transcript", ["sid"]), ("meta", ["url", "first_page_url"])):
        inner = record.value.get(key)
        told += [inner.get(name) for name in names] if isinstance(inner, dict) else []
    for key in ("sentences", "operator_results"):
        some = record.value.get(key)
        told += [some[0].get("transcript_sid")] if isinstance(some, list) and some and isinstance(some[0], dict) else []
    return next((found[0] for one in told if isinstance(one, str) and (found := _SID.search(one))), None)


def _call(id_: str, pieces: list[Record], roles: Roles) -> Conversation:
    sentences = [said for piece in pieces for said in piece.children("sentences", "sentence")]
    if not sentences and not any(piece.has("sentences") for piece in pieces):
        reason = "there are no sentences; expected those of the call"
        raise IncompleteError(pieces[0].place or "whole file", reason, PUT_BESIDE)
    resources = [piece.child("transcript") if piece.has("transcript") else piece for piece in pieces]
    known = next((one for one in resources if one.value.get("channel")), Record({}, ""))
    status = known.text("status")
    if status not in (None, "completed"):
        raise ReadError(known.place or "status", f"status is {label(status)}; expected 'completed'", WAIT)
    people = {one.id("channel_participant"): one for one in known.child("channel").children("participants")}
    unique = {(said.text("sid") or said.place): said for said in sentences}
    agents = [one for one in people.values() if (one.text("role") or "").lower() == "agent"]
    transcript = {
        "conversation_id": id_,
        "channel": "chat" if known.child("channel").text("type") in WRITTEN else "voice",
        "language": known.id("language_code"),
        "started_at": known.time("media_start_time"),
        "duration_ms": known.milliseconds("duration", SECOND),
        "agent_id": (agents[0].id("user_id") or agents[0].id("full_name")) if len(agents) == 1 else None,
    }
    ordered = sorted(unique.values(), key=lambda said: said.number("sentence_index") or 0)
    known_as = [told(person.value, key) for person in people.values() for key in ("full_name", "email")]
    return Conversation(transcript, [_sentence(said, people, roles) for said in ordered], people=known_as)


def _sentence(said: Record, people: dict[str | None, Record], roles: Roles) -> dict[str, Any]:
    channel = said.id("media_channel")
    person = people.get(channel)
    name = (person.id("full_name") or person.id("user_id")) if person else None
    only = f"channel {channel}"
    role = mapped(name, roles) or vendor_role(person.text("role") if person else None, roles) or mapped(only, roles)
    row = segment(
        name or only,
        said.text("transcript") or "",
        [_word(one) for one in said.children("words", "word")],
        roles,
        start_ms=said.milliseconds("start_time", SECOND),
        end_ms=said.milliseconds("end_time", SECOND),
        place=said.place,
    )
    return {**row, "speaker": role or "unknown", "turn_index": said.milliseconds("sentence_index")}


def _word(one: Record) -> Word:
    start, end = one.milliseconds("start_time", SECOND), one.milliseconds("end_time", SECOND)
    return Word(one.text("word") or "", start, end, None)


def part_of(head: Head) -> str | None:
    """The transcript of whose sentences this is a page."""
    found = _PAGE.search(head.text)
    return found[1] if found else None


READER = Reader(
    NAME,
    Supports(
        "Twilio Conversational Intelligence", roles="by channel", ends="where given", words="where asked", overlap="yes"
    ),
    recognise,
    read,
    is_piece,
    part_of,
)
