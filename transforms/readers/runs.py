"""Words with their times, as speech-to-text gives them, joined to what each speaker says without a break."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from transforms.readers.record import plain
from transforms.readers.roles import role_of
from transforms.readers.transcript import Roles

PAUSE_MS = 300  # within a stretch of speech; turns are made of such stretches later


@dataclass(frozen=True)
class Word:
    """A word, its times in milliseconds, and the label of who says it."""

    text: str
    start_ms: int | None
    end_ms: int | None
    speaker: str | None


def segment(name: str | None, text: str, words: Iterable[Word], roles: Roles, **known: Any) -> dict[str, Any]:
    """What somebody says: with the times that are known, else with those of its words."""
    timed = [(one.start_ms, one.end_ms) for one in words if one.start_ms is not None and one.end_ms is not None]
    times = [{"start_ms": start, "end_ms": end} for start, end in timed]
    return {
        "speaker": role_of(name, roles) or "unknown",
        "speaker_id": name,
        "text": plain(text).strip(),
        "start_ms": min((start for start, _ in timed), default=None),
        "end_ms": max((end for _, end in timed), default=None),
        "words": times or None,
        **known,
    }


def runs(words: Iterable[Word], roles: Roles, place: str) -> list[dict[str, Any]]:
    """A row for each run of words of one speaker, up to a pause in which somebody else could begin."""
    found: list[list[Word]] = []
    for word in words:
        if not found or _breaks(found[-1][-1], word):
            found.append([])
        found[-1].append(word)
    return [
        segment(some[0].speaker, " ".join(one.text.strip() for one in some), some, roles, place=place) for some in found
    ]


def _breaks(before: Word, word: Word) -> bool:
    pause = word.start_ms - before.end_ms if word.start_ms is not None and before.end_ms is not None else 0
    return word.speaker != before.speaker or pause > PAUSE_MS
