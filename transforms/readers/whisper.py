"""Whisper and WhisperX: speech to text, with speakers where it was diarized.

https://github.com/m-bain/whisperX
"""

from pathlib import PurePath
from typing import Any

from transforms.readers.content import Head
from transforms.readers.each import read_each
from transforms.readers.format import Reader, Supports
from transforms.readers.record import Record, plain
from transforms.readers.runs import Word, runs, segment
from transforms.readers.transcript import Conversation, Draft, File, Roles

NAME = "whisper"
SECOND = 1000


def recognise(head: Head) -> bool:
    """Whether it holds Whisper's segments."""
    return {"segments[].start", "segments[].end", "segments[].text"} <= head.keys


def read(files: list[File], roles: Roles) -> Draft:
    """The call of each file, by the file's name."""
    return read_each(NAME, files, "segments", lambda one, file: _call(one, file, roles))


def _call(one: Record, file: File, roles: Roles) -> Conversation:
    transcript = {
        "conversation_id": plain(PurePath(file.name).stem),
        "channel": "voice",
        "language": one.id("language"),
    }
    segments = one.children("segments", "segment")
    return Conversation(transcript, [row for said in segments for row in _rows(said, roles)])


def _rows(said: Record, roles: Roles) -> list[dict[str, Any]]:
    """The segment; where its words have several speakers, a row for each run of one."""
    name = said.id("speaker")
    words = [_word(one, name) for one in said.children("words", "word")]
    if len({one.speaker for one in words}) > 1:
        return runs(words, roles, said.place)
    only = words[0].speaker if words else name
    times = {"start_ms": said.milliseconds("start", SECOND), "end_ms": said.milliseconds("end", SECOND)}
    return [segment(only, said.text("text") or "", words, roles, **times, place=said.place)]


def _word(one: Record, name: str | None) -> Word:
    start, end = one.milliseconds("start", SECOND), one.milliseconds("end", SECOND)
    return Word(one.text("word") or "", start, end, one.id("speaker") or name)


READER = Reader(
    NAME, Supports("Whisper, WhisperX", roles="map the speakers", ends="yes", words="mostly"), recognise, read
)
