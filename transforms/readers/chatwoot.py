"""Chatwoot: conversations with their messages, and survey responses.

https://developers.chatwoot.com/api-reference/messages/get-messages
"""

import re
from typing import Any

from transforms.readers.content import Head
from transforms.readers.each import count_of, read_feedback
from transforms.readers.format import Reader, Supports
from transforms.readers.html import html_text
from transforms.readers.pieces import read_pieces
from transforms.readers.record import Record, told
from transforms.readers.roles import mapped
from transforms.readers.transcript import Conversation, Draft, File, Roles

NAME = "chatwoot"
TYPES = {"0": "customer", "1": "agent", "2": "system", "3": "bot"}
TYPES |= {"incoming": "customer", "outgoing": "agent", "activity": "system", "template": "bot"}
SENDERS = {"contact": "customer", "agentbot": "bot", "agent_bot": "bot", "captain::assistant": "bot"}
RESOLVED = re.compile(r"\b(?:marked )?resolved by\b|\bmarked resolved\b", re.IGNORECASE)
REOPENED = re.compile(r"\breopened\b", re.IGNORECASE)
RESPONSE = {"rating", "feedback_message", "conversation_id"}


def is_survey(head: Head) -> bool:
    """Whether it holds survey responses."""
    return head.names >= RESPONSE


def recognise(head: Head) -> bool:
    """Whether it holds messages of Chatwoot's types, or survey responses."""
    told = ("messages[].message_type", "payload[].message_type")
    is_list = "message_type" in head.names and bool(head.names & {"conversation_id", "conversation"})
    return any(key.endswith(told) for key in head.keys) or is_list or is_survey(head)


def read(files: list[File], roles: Roles) -> Draft:
    """The conversations of the files, or what surveys say of conversations that come another way."""
    if all(is_survey(Head.of(file.data)) for file in files):
        return read_feedback(NAME, files, _response)
    return read_pieces(
        NAME, files, ("conversations",), _pieces, _count, lambda id_, some: _conversation(id_, some, roles)
    )


def _count(one: Record) -> int:
    return count_of(one.value, "messages")


def _response(one: Record) -> list[dict[str, Any]]:
    rating = one.number("rating")
    known = {"conversation_id": one.needed_id("conversation_id"), "was_surveyed": True, "csat": rating}
    return [{**known, "csat_scale": "1-5" if rating is not None else None, "answered_at": one.time("created_at")}]


def _pieces(record: Record, _: File) -> list[tuple[str, Record]]:
    """Conversations, and messages as the conversation that they name."""
    page = record.child("data") if isinstance(record.value.get("data"), dict) else record
    found = page.children("payload", "payload") if isinstance(page.value.get("payload"), list) else [page]
    whole = [(_id(one), one) for one in found if not one.has("message_type")]
    alone = [one for one in found if one.has("message_type")]
    named = [(_of_message(one), one) for one in alone]
    meta = {"meta": page.value.get("meta")}
    place = page.place
    return whole + [(id_, Record({**meta, "messages": [one.value]}, f"{place}, {one.place}")) for id_, one in named]


def _id(one: Record) -> str:
    first = one.children("messages", "message")[:1]
    return one.id("display_id") or one.id("id") or (_of_message(first[0]) if first else one.needed_id("id"))


def _of_message(said: Record) -> str:
    """The conversation that a message names, by its number or whole."""
    inner = said.value.get("conversation")
    if said.has("conversation_id") or not isinstance(inner, dict):
        return said.needed_id("conversation_id")
    return said.child("conversation").id("display_id") or said.child("conversation").needed_id("id")


def _conversation(id_: str, pieces: list[Record], roles: Roles) -> Conversation:
    every = [said for one in pieces for said in one.children("messages", "message")]
    messages = list({(said.id("id") or said.place): said for said in every}.values())
    messages.sort(key=lambda said: (str(said.time("created_at")), said.number("id") or 0))
    one = next((piece for piece in pieces if piece.has("status")), pieces[0])
    meta = one.child("meta")
    channel = (one.text("channel") or meta.text("channel") or "").rpartition("::")[2].lower()
    transcript = {
        "conversation_id": id_,
        "channel": "email" if channel == "email" else "chat",
        "started_at": one.time("created_at") or (messages[0].time("created_at") if messages else None),
        "updated_at": one.time("updated_at"),
        "agent_id": meta.child("assignee").id("id"),
        "team": meta.child("team").text("name"),
        "customer_id": meta.child("sender").id("id") or meta.child("contact").id("id"),
    }
    people = [told(meta.value, key, "name") for key in ("sender", "contact", "assignee")]
    rows = [_message(said, roles) for said in messages]
    by_persons = [said for said, row in zip(messages, rows, strict=True) if row["speaker"] in ("customer", "agent")]
    people += [told(said.value, "sender", "name") for said in by_persons]
    return Conversation(transcript, rows, _feedback(one, messages), people=people)


def _message(said: Record, roles: Roles) -> dict[str, Any]:
    sender = said.child("sender") if isinstance(said.value.get("sender"), dict) else Record({}, said.place)
    kind = TYPES.get((said.text("message_type") or "").lower())
    by_sender = SENDERS.get((said.text("sender_type") or sender.text("type") or "").lower())
    is_event = kind == "system" or said.text("content_type") == "input_csat"
    return {
        "speaker": "system" if is_event else mapped(sender.text("name"), roles) or by_sender or kind or "unknown",
        "speaker_id": said.id("sender_id") or sender.id("id"),
        "kind": "event" if is_event else "note" if said.flag("private") else "message",
        "text": html_text(said.text("content") or ""),
        "sent_at": said.time("created_at"),
        "place": said.place,
    }


def _feedback(one: Record, messages: list[Record]) -> dict[str, Any]:
    status = one.text("status")
    told = [said for said in messages if TYPES.get((said.text("message_type") or "").lower()) == "system"]
    resolved = [said.time("created_at") for said in told if RESOLVED.search(said.text("content") or "")]
    surveys = [said for said in messages if said.text("content_type") == "input_csat"]
    answers = [answer for said in surveys if (answer := _answer(said)).has("rating")]
    return {
        "status": status,
        "resolved": status == "resolved" if status else None,
        "resolved_at": resolved[0] if resolved and status == "resolved" else None,
        "fully_resolved_at": resolved[-1] if resolved and status == "resolved" else None,
        "reopened": any(REOPENED.search(said.text("content") or "") for said in told) if told else None,
        "was_surveyed": True if surveys else None,
        "csat": answers[-1].number("rating") if answers else None,
        "csat_scale": "1-5" if answers else None,
    }


def _answer(survey: Record) -> Record:
    return survey.child("content_attributes").child("submitted_values").child("csat_survey_response")


READER = Reader(NAME, Supports("Chatwoot", roles="yes", csat="yes", resolved="yes"), recognise, read)
