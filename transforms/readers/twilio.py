"""Twilio Conversational Intelligence: the sentences of a call.

https://www.twilio.com/docs/conversational-intelligence/api/transcript-sentence-resource
"""

from pathlib import PurePath
from typing import Any

from transforms.readers.content import Head
from transforms.readers.each import read_each
from transforms.readers.format import Reader, Supports
from transforms.readers.record import Record, plain
from transforms.readers.runs import Word, segment
from transforms.readers.speech import vendor_role
from transforms.readers.transcript import Conversation, Draft, File, Roles

NAME = "twilio"
SECOND = 1000


def recognise(head: Head) -> bool:
    """Whether it holds sentences of media channels."""
    return {"sentences[].media_channel", "sentences[].transcript"} <= head.keys


def read(files: list[File], roles: Roles) -> Draft:
    """The call of each file, by the file's name."""
    return read_each(NAME, files, "sentences", lambda one, file: _call(one, file, roles))


def _call(one: Record, file: File, roles: Roles) -> Conversation:
    participants = one.child("channel").children("participants", "participant")
    names = {person.id("channel_participant"): person.text("role") for person in participants}
    sentences = sorted(one.children("sentences", "sentence"), key=lambda said: said.number("sentence_index") or 0)
    transcript = {
        "conversation_id": plain(PurePath(file.name).stem),
        "channel": "voice",
        "language": one.id("language_code"),
        "duration_ms": one.milliseconds("duration", SECOND),
    }
    return Conversation(transcript, [_sentence(said, names, roles) for said in sentences])


def _sentence(said: Record, names: dict[str | None, str | None], roles: Roles) -> dict[str, Any]:
    channel = said.id("media_channel")
    name = names.get(channel) or f"channel {channel}"
    row = segment(
        name,
        said.text("transcript") or "",
        [_word(one) for one in said.children("words", "word")],
        roles,
        start_ms=said.milliseconds("start_time", SECOND),
        end_ms=said.milliseconds("end_time", SECOND),
        place=said.place,
    )
    role = vendor_role(name, roles)
    return {**row, "speaker": role or "unknown", "turn_index": said.milliseconds("sentence_index")}


def _word(one: Record) -> Word:
    start, end = one.milliseconds("start_time", SECOND), one.milliseconds("end_time", SECOND)
    return Word(one.text("word") or "", start, end, None)


READER = Reader(
    NAME,
    Supports(
        "Twilio Conversational Intelligence", roles="by channel", ends="where given", words="where asked", overlap="yes"
    ),
    recognise,
    read,
)
