"""Words with their times, as speech-to-text gives them, joined to what each speaker says without a break."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from transforms.readers.record import plain
from transforms.readers.roles import role_of
from transforms.readers.transcript import Roles


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
    """A row for each run of words of one speaker."""
    found = [(name, list(some)) for name, some in groupby(words, key=lambda one: one.speaker)]
    return [segment(name, " ".join(one.text.strip() for one in some), some, roles, place=place) for name, some in found]
