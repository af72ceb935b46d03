"""AssemblyAI: speech to text with speakers.

https://www.assemblyai.com/docs/api-reference/transcripts/get
"""

from pathlib import PurePath
from typing import Any

from transforms.readers.content import Head
from transforms.readers.each import read_each
from transforms.readers.format import Reader, Supports
from transforms.readers.record import Record, label, plain
from transforms.readers.runs import Word, runs, segment
from transforms.readers.transcript import Conversation, Draft, File, ReadError, Roles

NAME = "assemblyai"
SECOND = 1000


def recognise(head: Head) -> bool:
    """Whether it holds AssemblyAI's result."""
    told = {"audio_url", "audio_duration", "acoustic_model", "speech_model", "utterances", "language_code"}
    return "status" in head.names and bool(head.names & {"words", "utterances", "text"}) and bool(head.names & told)


def read(files: list[File], roles: Roles) -> Draft:
    """The call of each file, by the file's name."""
    return read_each(NAME, files, "utterances", lambda one, file: _call(one, file, roles))


def _call(one: Record, file: File, roles: Roles) -> Conversation:
    status = one.text("status") or ""
    if status != "completed":
        raise ReadError("status", f"status is {label(status)}; expected 'completed'", "Fetch it once it is completed.")
    rows = [_utterance(said, roles) for said in one.children("utterances", "utterance")]
    transcript = {
        "conversation_id": plain(PurePath(file.name).stem),
        "channel": "voice",
        "language": (one.text("language_code") or "").replace("_", "-") or None,
        "duration_ms": one.milliseconds("audio_duration", SECOND),
    }
    return Conversation(transcript, rows or runs(_words(one), roles, "words"))


def _utterance(said: Record, roles: Roles) -> dict[str, Any]:
    return segment(
        _label(said),
        said.text("text") or "",
        _words(said),
        roles,
        start_ms=said.milliseconds("start"),
        end_ms=said.milliseconds("end"),
        place=said.place,
    )


def _words(one: Record) -> list[Word]:
    found = one.children("words", "word")
    return [Word(w.text("text") or "", w.milliseconds("start"), w.milliseconds("end"), _label(w)) for w in found]


def _label(one: Record) -> str | None:
    return f"speaker {one.text('speaker')}" if one.has("speaker") else None


READER = Reader(
    NAME,
    Supports("AssemblyAI", roles="map the speakers", ends="yes", words="yes", overlap="only multichannel"),
    recognise,
    read,
)
