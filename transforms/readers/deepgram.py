"""Deepgram: speech to text with speakers or channels.

https://developers.deepgram.com/reference/listen-file
"""

from pathlib import PurePath
from typing import Any

from transforms.readers.content import Head
from transforms.readers.each import read_each
from transforms.readers.format import Reader, Supports
from transforms.readers.record import Record, plain
from transforms.readers.runs import Word, runs, segment
from transforms.readers.transcript import Conversation, Draft, File, Roles

NAME = "deepgram"
SECOND = 1000


def recognise(head: Head) -> bool:
    """Whether it holds Deepgram's results."""
    return "results.channels[].alternatives" in head.keys or "results.utterances[].transcript" in head.keys


def read(files: list[File], roles: Roles) -> Draft:
    """The call of each file, by the file's name."""
    return read_each(NAME, files, "results.utterances", lambda one, file: call(one, file, roles))


def call(one: Record, file: File, roles: Roles) -> Conversation:
    """The call of a response."""
    results, metadata = one.child("results"), one.child("metadata")
    channels = results.children("channels", "channel")
    utterances = results.children("utterances", "utterance")
    rows = [_utterance(said, len(channels) > 1, roles) for said in utterances] or _by_words(channels, roles)
    transcript = {
        "conversation_id": plain(PurePath(file.name).stem),
        "channel": "voice",
        "language": channels[0].text("detected_language") if channels else None,
        "duration_ms": metadata.milliseconds("duration", SECOND),
    }
    return Conversation(transcript, rows)


def _utterance(said: Record, has_channels: bool, roles: Roles) -> dict[str, Any]:
    return segment(
        _label(said, said.text("channel") if has_channels else None),
        said.text("transcript") or "",
        [_word(one, None) for one in said.children("words", "word")],
        roles,
        start_ms=said.milliseconds("start", SECOND),
        end_ms=said.milliseconds("end", SECOND),
        place=said.place,
    )


def _by_words(channels: list[Record], roles: Roles) -> list[dict[str, Any]]:
    """Of each channel the runs of its speakers, by time."""
    rows: list[dict[str, Any]] = []
    for number, channel in enumerate(channels):
        only = str(number) if len(channels) > 1 else None
        best = channel.children("alternatives", "alternative")[:1]
        words = [_word(one, only) for some in best for one in some.children("words", "word")]
        rows += runs(words, roles, channel.place)
    return sorted(rows, key=lambda row: row["start_ms"] or 0)


def _word(one: Record, channel: str | None) -> Word:
    return Word(
        one.text("punctuated_word") or one.text("word") or "",
        one.milliseconds("start", SECOND),
        one.milliseconds("end", SECOND),
        _label(one, channel),
    )


def _label(one: Record, channel: str | None) -> str | None:
    """Who speaks: the channel where there are several, else the speaker's number."""
    if channel is not None:
        return f"channel {channel}"
    return f"speaker {one.text('speaker')}" if one.has("speaker") else None


READER = Reader(
    NAME,
    Supports("Deepgram", roles="map the speakers", ends="yes", words="yes", overlap="only multichannel"),
    recognise,
    read,
)
