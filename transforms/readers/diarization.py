"""Who spoke when, from a program of its own, laid over words that somebody else wrote down."""

from collections.abc import Sequence
from dataclasses import replace

from transforms.readers.record import Record
from transforms.readers.runs import Word

Interval = tuple[int, int, str]  # start and end in milliseconds, and the speaker's label


def interval(one: Record) -> Interval:
    """A stretch of one speaker, given in seconds."""
    start, end = one.milliseconds("start", 1000), one.milliseconds("end", 1000)
    if start is None or end is None or end < start:
        raise one.wrong("end", "a start and an end after it, in seconds")
    return start, end, one.needed_id("speaker")


def with_speakers(words: Sequence[Word], spoken: Sequence[Interval]) -> list[Word]:
    """The words with the speaker who spoke most during each; a word without times with the one before."""
    found: list[Word] = []
    for word in words:
        speaker = _during(word, spoken) or (found[-1].speaker if found and word.start_ms is None else None)
        found.append(replace(word, speaker=word.speaker or speaker))
    return found


def _during(word: Word, spoken: Sequence[Interval]) -> str | None:
    if word.start_ms is None or word.end_ms is None:
        return None
    shared: dict[str, int] = {}
    for start, end, speaker in spoken:
        both = min(end, word.end_ms) - max(start, word.start_ms)
        if both > 0:
            shared[speaker] = shared.get(speaker, 0) + both
    return max(shared, key=lambda name: shared[name], default=None)
