"""Amazon Transcribe without Call Analytics: words with their times, with speakers or channels where asked for.

https://docs.aws.amazon.com/transcribe/latest/dg/how-input.html#how-output
"""

from bisect import bisect_right
from collections.abc import Iterator
from typing import Any

from transforms.readers.content import Head
from transforms.readers.each import read_each
from transforms.readers.format import Reader, Supports
from transforms.readers.record import Record, label
from transforms.readers.runs import Word, runs, segment
from transforms.readers.transcript import Conversation, Draft, File, ReadError, Roles

NAME = "amazon_transcribe_words"
SECOND = 1000
WAIT = "Export it once the job is done."
MARK = "punctuation"
Interval = tuple[int, str | None]  # from when somebody speaks, in milliseconds, and the speaker's label


def recognise(head: Head) -> bool:
    """Whether it holds a job's items with their alternatives."""
    keys = {key.removeprefix("[].") for key in head.keys}
    return {"results.transcripts[].transcript", "results.items"} <= keys or "results.items[].alternatives" in keys


def read(files: list[File], roles: Roles) -> Draft:
    """The calls, each a job's result."""
    return read_each(NAME, files, "results.audio_segments", lambda job, file: _call(job, file, roles))


def _call(job: Record, file: File, roles: Roles) -> Conversation:
    status = job.text("status")
    if status not in (None, "COMPLETED"):
        raise ReadError("status", f"status is {label(status)}; expected 'COMPLETED'", WAIT)
    results = job.child("results")
    transcript = {
        "conversation_id": job.id("jobName") or file.id,
        "channel": "voice",
        "language": results.id("language_code"),
    }
    return Conversation(transcript, _rows(results, roles))


def _rows(results: Record, roles: Roles) -> list[dict[str, Any]]:
    """Of each channel, or of the whole, the runs of its speakers, by time; the whole text where there is no item."""
    channels = results.child("channel_labels").children("channels", "channel")
    parts = [(one, one.id("channel_label")) for one in channels] or [(results, None)]
    spoken = _intervals(results)
    rows = [row for part, only in parts for row in runs(_words(part, only, spoken), roles, part.place or "items")]
    texts = [text for one in results.children("transcripts", "transcript") if (text := one.text("transcript"))]
    rows = rows or [segment(None, text, [], roles, place="transcripts") for text in texts]
    return sorted(rows, key=lambda row: row["start_ms"] or 0)


def _intervals(results: Record) -> list[Interval]:
    """When each stretch of a speaker begins, where the items themselves do not tell whose they are."""
    labelled = results.child("speaker_labels").children("segments", "speaker segment")
    begun = [(one.milliseconds("start_time", SECOND), one.id("speaker_label")) for one in labelled]
    return sorted((start, speaker) for start, speaker in begun if start is not None)


def _words(part: Record, only: str | None, spoken: list[Interval]) -> Iterator[Word]:
    """The words in order; a mark of punctuation goes to the word before it."""
    starts = [start for start, _ in spoken]
    before: Word | None = None
    for item in part.children("items", "item"):
        text = next((one.text("content") or "" for one in item.children("alternatives", "alternative")[:1]), "")
        if item.text("type") == MARK:
            before = Word(before.text + text, before.start_ms, before.end_ms, before.speaker) if before else None
            continue
        if before:
            yield before
        start, end = item.milliseconds("start_time", SECOND), item.milliseconds("end_time", SECOND)
        at = bisect_right(starts, start) if start is not None else 0
        speaker = item.id("speaker_label") or (spoken[at - 1][1] if at else None)
        before = Word(text, start, end, only if only is not None else speaker)
    if before:
        yield before


READER = Reader(
    NAME,
    Supports("Amazon Transcribe", roles="map the speakers", ends="yes", words="yes", overlap="only by channel"),
    recognise,
    read,
)
