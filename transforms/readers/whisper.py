"""Whisper as its many programs write it, and WhisperX; with speakers where it was diarized.

https://github.com/openai/whisper ; https://github.com/m-bain/whisperX ; https://github.com/ggml-org/whisper.cpp ;
https://github.com/SYSTRAN/faster-whisper
"""

import re
from dataclasses import replace
from functools import partial
from typing import Any

from transforms.readers.content import Head, documents
from transforms.readers.diarization import Interval, interval, with_speakers
from transforms.readers.each import built, count_of
from transforms.readers.format import Reader, Supports
from transforms.readers.record import Record
from transforms.readers.runs import Word, runs, segment
from transforms.readers.transcript import Conversation, Draft, File, IncompleteError, ReadError, Rejected, Roles, draft

NAME = "whisper"
SECOND = 1000
PUT_BESIDE = "Put the transcript's file into the same folder, the name of the one beginning as the other's."
SEGMENT, WHEN = {"start", "end", "text"}, {"start", "end", "speaker"}
Spoken = tuple[File, list[Interval]]


def recognise(head: Head) -> bool:
    """Whether it holds Whisper's segments, or who spoke when."""
    return _has_segments(head) or is_diarization(head)


def _has_segments(head: Head) -> bool:
    keys, names = head.keys, head.names
    of_python = {f"segments[].{key}" for key in SEGMENT} <= keys or {f"[].{key}" for key in SEGMENT} <= keys
    of_lines = names >= SEGMENT and bool(names & {"tokens", "avg_logprob", "no_speech_prob", "words"})
    of_cpp = {"transcription[].text", "transcription[].offsets.from"} <= keys
    of_chunks = {"chunks[].timestamp", "chunks[].text"} <= keys
    of_task = {f"result.segments[].{key}" for key in SEGMENT} <= keys
    return of_python or of_lines or of_cpp or of_chunks or of_task or _has_words(head)


def _has_words(head: Head) -> bool:
    """Whether it holds words alone: those of OpenAI's API where no segments were asked for, or WhisperX's."""
    of_api = {"words[].word", "words[].start", "words[].end", "text", "task"} <= head.keys
    return of_api or {"word_segments[].word", "word_segments[].start"} <= head.keys


def is_diarization(head: Head) -> bool:
    """Whether it is a list of who spoke when, without words."""
    keys = {"[].start", "[].end", "[].speaker"}
    return keys <= head.keys and not {"[].text", "[].word", "[].words"} & head.keys


def read(files: list[File], roles: Roles) -> Draft:
    """The call of each file, by the file's name; who spoke when may stand in a file of its own."""
    calls, spoken, rejected = _sorted(files)
    conversations: list[Conversation] = []
    for file, found in calls:
        beside = spoken.pop(_beside(file, list(spoken), len(calls)) or "", None)
        some, refused = _read(_calls(file, found), beside[1] if beside else [], roles)
        if beside:  # the file with who spoke when is a record of its own
            raw = beside[0].data
            last = some[-1] if some else None
            refused += (
                [] if last else [Rejected("whole file", "its transcript was refused", PUT_BESIDE, 1, raw, is_part=True)]
            )
            if last:
                last.record_count += 1
        conversations += some
        rejected += refused
    rejected += [Rejected.of(_alone(file), raw=file.data) for file, _ in spoken.values()]
    return draft(NAME, conversations, rejected)


def _sorted(files: list[File]) -> tuple[list[tuple[File, list[Record]]], dict[str, Spoken], list[Rejected]]:
    """The files with words, those with who spoke when by name, and what can be neither."""
    calls: list[tuple[File, list[Record]]] = []
    spoken: dict[str, Spoken] = {}
    rejected: list[Rejected] = []
    for file in files:
        prefix = f"{file.name}, " if len(files) > 1 else ""
        try:
            found, refused = documents(file, prefix)
            if refused:
                raise ReadError(prefix + refused[0].place, refused[0].reason, refused[0].cure)
            if found and all(one.value.keys() >= WHEN and "text" not in one.value for one in found):
                spoken[file.id] = file, [interval(one) for one in found]
            else:
                calls.append((file, found))
        except ReadError as error:
            place = error.place if error.place.startswith(prefix) else prefix + error.place
            rejected.append(Rejected(place, error.reason, error.cure, 1, file.data))
    return calls, spoken, rejected


def _read(
    calls: list[tuple[Record, File]], spoken: list[Interval], roles: Roles
) -> tuple[list[Conversation], list[Rejected]]:
    read: list[Conversation] = []
    refused: list[Rejected] = []
    for one, file in calls:
        count = count_of(one.value, "segments")
        read += built(partial(_call, one, file, spoken, roles), count, one.value, refused, file.id)
    return read, refused


def _alone(file: File) -> ReadError:
    """The refusal of who spoke when without what was said."""
    reason = "it says who spoke when, but no transcript is beside it; expected one"
    return IncompleteError(file.name, reason, PUT_BESIDE)


def _beside(file: File, names: list[str], count: int) -> str | None:
    """The file with who spoke when that belongs to this transcript: by its name, or the only one there is."""
    alike = [name for name in names if name.startswith(file.id) or file.id.startswith(name)]
    return next(iter(alike), names[0] if len(names) == 1 and count == 1 else None)


def _calls(file: File, found: list[Record]) -> list[tuple[Record, File]]:
    """The calls of a file; a list of segments is one."""
    if found and all(one.value.keys() >= SEGMENT for one in found):
        return [(Record({"segments": [one.value for one in found]}, ""), file)]
    several = len(found) > 1
    return [(one, replace(file, number=number) if several else file) for number, one in enumerate(found, 1)]


def _call(one: Record, file: File, spoken: list[Interval], roles: Roles) -> Conversation:
    one = one.child("result") if one.child("result").has("segments") else one  # as a task's answer holds it
    info = one.child("info") if isinstance(one.value.get("info"), dict) else one.child("result")
    language = one.id("language") or info.id("language")
    transcript = {
        "conversation_id": file.id,
        "channel": "voice",
        "language": language if language and re.fullmatch(r"[a-z]{2,3}(-\w+)*", language, re.IGNORECASE) else None,
        "duration_ms": (one if one.has("duration") else info).milliseconds("duration", SECOND),
    }
    rows = [row for said in _segments(one) for row in _rows(said, spoken, roles)]
    return Conversation(transcript, rows or runs(_words(one, spoken), roles, "words"))


def _words(one: Record, spoken: list[Interval]) -> list[Word]:
    """The words of a call that has no segments."""
    key = "words" if one.has("words") else "word_segments"
    words = [_word(said, None) for said in one.children(key, "word")]
    return with_speakers(words, spoken) if spoken else words


def _segments(one: Record) -> list[Record]:
    """The segments, with start and end in seconds, whichever program wrote them."""
    if one.has("segments"):
        return one.children("segments", "segment")
    if one.has("transcription"):
        return [_of_cpp(said) for said in one.children("transcription", "segment")]
    return [_of_chunk(said) for said in one.children("speakers" if one.value.get("speakers") else "chunks", "chunk")]


def _of_cpp(said: Record) -> Record:
    offsets = said.child("offsets")
    start, end = offsets.milliseconds("from"), offsets.milliseconds("to")
    speaker = said.text("speaker")
    return Record(
        {
            "start": None if start is None else start / SECOND,
            "end": None if end is None else end / SECOND,
            "text": said.text("text"),
            "speaker": f"speaker {speaker}" if speaker and speaker != "?" else None,
        },
        said.place,
    )


def _of_chunk(said: Record) -> Record:
    times = said.value.get("timestamp")
    if not isinstance(times, list) or len(times) != 2:
        raise said.wrong("timestamp", "a start and an end in seconds")
    return Record({**said.value, "start": times[0], "end": times[1]}, said.place)


def _rows(said: Record, spoken: list[Interval], roles: Roles) -> list[dict[str, Any]]:
    """The segment; where its words have several speakers, a row for each run of one."""
    name = said.id("speaker")
    start, end = said.milliseconds("start", SECOND), said.milliseconds("end", SECOND)
    words = [_word(one, name) for one in said.children("words", "word")]
    if spoken:
        words = with_speakers(words or [Word(said.text("text") or "", start, end, None)], spoken)
    if len({one.speaker for one in words}) > 1:
        return runs(words, roles, said.place)
    only = words[0].speaker if words else name
    timed = words if said.value.get("words") else []
    return [segment(only, said.text("text") or "", timed, roles, start_ms=start, end_ms=end, place=said.place)]


def _word(one: Record, name: str | None) -> Word:
    start, end = one.milliseconds("start", SECOND), one.milliseconds("end", SECOND)
    return Word(one.text("word") or one.text("text") or "", start, end, one.id("speaker") or name)


READER = Reader(
    NAME,
    Supports("Whisper, WhisperX, whisper.cpp", roles="map the speakers", ends="yes", words="mostly"),
    recognise,
    read,
    is_diarization,
)
