"""AssemblyAI: speech to text with speakers.

https://www.assemblyai.com/docs/api-reference/transcripts/get
"""

from typing import Any

from transforms.readers.content import Head
from transforms.readers.each import read_each
from transforms.readers.format import Reader, Supports
from transforms.readers.record import Record, label
from transforms.readers.runs import Word, runs, segment
from transforms.readers.transcript import Conversation, Draft, File, ReadError, Roles

NAME = "assemblyai"
SECOND = 1000
LANGUAGES = {"en_uk": "en-GB"}  # the one that is no tag of its own
TOLD = {"audio_url", "audio_duration", "acoustic_model", "speech_model", "utterances", "language_code"}
LISTS = ("utterances", "sentences", "paragraphs")


def recognise(head: Head) -> bool:
    """Whether it holds AssemblyAI's result, or the sentences or paragraphs of one."""
    names = {key.removeprefix("transcripts[].") for key in head.keys} | head.names
    is_result = "status" in names and bool(names & {"words", "text", *LISTS}) and bool(names & TOLD)
    return is_result or ("audio_duration" in names and bool(names & {"sentences", "paragraphs"}))


def read(files: list[File], roles: Roles) -> Draft:
    """The call of each file, by the file's name."""
    return read_each(NAME, files, "utterances", lambda one, file: _call(one, file, roles), inside=("transcripts",))


def _call(one: Record, file: File, roles: Roles) -> Conversation:
    status = one.text("status")
    if status not in (None, "completed"):
        raise ReadError("status", f"status is {label(status)}; expected 'completed'", "Fetch it once it is completed.")
    language = one.text("language_code") or ""
    transcript = {
        "conversation_id": file.id_or(one.id("id")),
        "channel": "voice",
        "language": LANGUAGES.get(language, language.replace("_", "-")) or None,
        "duration_ms": one.milliseconds("audio_duration", SECOND),
    }
    return Conversation(transcript, _rows(one, roles))


def _rows(one: Record, roles: Roles) -> list[dict[str, Any]]:
    """The utterances, else the runs of words, else the whole text."""
    key = next((key for key in LISTS if one.value.get(key)), LISTS[0])
    rows = [_said(said, roles) for said in one.children(key, key.removesuffix("s"))]
    rows = rows or runs(_words(one), roles, "words")
    rows = rows or [_said(said, roles) for said in one.children("sentiment_analysis_results", "sentence")]
    text = one.text("text")
    return rows or ([segment(None, text, [], roles, place="text")] if text else [])


def _said(said: Record, roles: Roles) -> dict[str, Any]:
    times = {"start_ms": said.milliseconds("start"), "end_ms": said.milliseconds("end")}
    return segment(_label(said), said.text("text") or "", _words(said), roles, **times, place=said.place)


def _words(one: Record) -> list[Word]:
    found = one.children("words", "word")
    return [Word(w.text("text") or "", w.milliseconds("start"), w.milliseconds("end"), _label(w)) for w in found]


def _label(one: Record) -> str | None:
    """The speaker's letter or number, or the name that speaker identification gave; else the channel."""
    speaker = one.text("speaker")
    if speaker:
        return f"speaker {speaker}" if len(speaker) < 3 else speaker
    return f"channel {one.text('channel')}" if one.has("channel") else None


READER = Reader(
    NAME,
    Supports("AssemblyAI", roles="map the speakers", ends="yes", words="yes", overlap="only multichannel"),
    recognise,
    read,
)
