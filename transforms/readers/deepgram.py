"""Deepgram: speech to text with speakers or channels.

https://developers.deepgram.com/reference/listen-file
"""

from typing import Any

from transforms.readers.content import Head
from transforms.readers.each import read_each
from transforms.readers.format import Reader, Supports
from transforms.readers.record import Record
from transforms.readers.runs import Word, runs, segment
from transforms.readers.transcript import Conversation, Draft, File, Roles

NAME = "deepgram"
SECOND = 1000


def recognise(head: Head) -> bool:
    """Whether it holds Deepgram's results."""
    keys = {key.removeprefix("[].").removeprefix("result.").removeprefix("response.") for key in head.keys}
    return bool({"results.channels[].alternatives", "results.utterances[].transcript"} & keys)


def read(files: list[File], roles: Roles) -> Draft:
    """The call of each file, by the file's name."""
    return read_each(NAME, files, "results.utterances", lambda one, file: call(one, file, roles))


def call(one: Record, file: File, roles: Roles) -> Conversation:
    """The call of a response, which its libraries may wrap in `result` or `response`."""
    wrapper = next((key for key in ("result", "response") if not one.has("results") and one.has(key)), None)
    one = one.child(wrapper) if wrapper else one
    results, metadata = one.child("results"), one.child("metadata")
    channels = results.children("channels", "channel")
    has_channels = len(channels) > 1 or (metadata.number("channels") or 0) > 1
    utterances = results.children("utterances", "utterance")
    rows = [_utterance(said, has_channels, roles) for said in utterances] or _by_words(channels, roles)
    transcript = {
        "conversation_id": file.id_or(metadata.id("request_id")),
        "channel": "voice",
        "language": _language(channels),
        "duration_ms": metadata.milliseconds("duration", SECOND),
    }
    return Conversation(transcript, rows)


def _language(channels: list[Record]) -> str | None:
    """The language that was detected."""
    if not channels:
        return None
    best = channels[0].children("alternatives", "alternative")[:1]
    languages = [known for one in best for known in one.value.get("languages") or [] if isinstance(known, str)]
    return channels[0].text("detected_language") or (languages[0] if len(languages) == 1 else None)


def _utterance(said: Record, has_channels: bool, roles: Roles) -> dict[str, Any]:
    return segment(
        _label(said, said.text("channel") if has_channels else None),
        said.text("transcript") or "",
        [word(one, None) for one in said.children("words", "word")],
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
        for best in channel.children("alternatives", "alternative")[:1]:
            words = [word(one, only) for one in best.children("words", "word")]
            text = best.text("transcript")
            said = [segment(_label(best, only), text, [], roles, place=channel.place)] if text else []
            rows += runs(words, roles, channel.place) or said
    return sorted(rows, key=lambda row: row["start_ms"] or 0)


def word(one: Record, channel: str | None) -> Word:
    """A word with its times and who says it."""
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
