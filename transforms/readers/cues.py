"""Cues: the blocks of WebVTT and SRT, with their times in milliseconds."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from transforms.readers.transcript import ReadError

_POINT = r"(-?)(?:(\d{1,6}):)?(\d{1,3}):(\d{1,2})(?:[.,](\d{1,9}))?"
_TIMES = re.compile(rf"\s*{_POINT}\s*-->\s*{_POINT}(?:\s.*)?")
_ID = re.compile(r"\s*(?:\d{1,6}|[0-9a-f-]{36}(?:/\d+-\d+)?)\s*", re.IGNORECASE)
EXPECTED = "times such as 00:00:01.000 --> 00:00:05.500"


@dataclass(frozen=True)
class Block:
    """Lines without a blank one between them, and the number of the first."""

    line: int
    lines: list[str]

    @property
    def timing(self) -> int | None:
        """Which of its lines holds the times."""
        return next((number for number, line in enumerate(self.lines) if "-->" in line), None)


@dataclass(frozen=True)
class Cue:
    """What is shown from start to end, and where it stands."""

    place: str
    start_ms: int
    end_ms: int
    lines: list[str]


def blocks(text: str) -> Iterator[Block]:
    """The blocks of a text, in order."""
    found: list[str] = []
    start = 1
    for number, line in enumerate([*re.split(r"\r\n|\r|\n", text), ""], 1):
        if not line.strip():
            if found:
                yield Block(start, found)
            found = []
        elif "-->" in line and any("-->" in one for one in found):  # a blank line was left out
            id_ = [found.pop()] if _ID.fullmatch(found[-1]) else []
            yield Block(start, found)
            found, start = [*id_, line], number - len(id_)
        else:
            start = start if found else number
            found.append(line)


def cue(block: Block) -> Cue:
    """The cue that the block is; its times may be unpadded, or before 0."""
    timing = block.timing
    if timing is None:
        raise ReadError(f"line {block.line}", f"there are no times; expected {EXPECTED}")
    place = f"line {block.line + timing}"
    found = _TIMES.fullmatch(block.lines[timing])
    if not found:
        raise ReadError(place, f"the times cannot be read; expected {EXPECTED}")
    start, end = _milliseconds(found.groups()[:5], place), _milliseconds(found.groups()[5:], place)
    if end < start:
        found_times = f"it ends at {end / 1000:g} s; expected an end after its start, {start / 1000:g} s"
        raise ReadError(place, found_times)
    return Cue(place, start, end, block.lines[timing + 1 :])


def _milliseconds(parts: tuple[str | None, ...], place: str) -> int:
    sign, hours, minutes, seconds, fraction = parts
    if int(seconds or 0) > 59 or (hours and int(minutes or 0) > 59):
        raise ReadError(place, f"a time has more than 59 minutes or seconds; expected {EXPECTED}")
    whole = (int(hours or 0) * 60 + int(minutes or 0)) * 60 + int(seconds or 0)
    value = whole * 1000 + round(float(f"0.{fraction or 0}") * 1000)
    return -value if sign else value


def from_zero(found: list[Cue]) -> list[Cue]:
    """The cues moved so that none starts before 0: transcription began late, what counts is the time between them."""
    earliest = min([0, *(one.start_ms for one in found)])
    return [Cue(one.place, one.start_ms - earliest, one.end_ms - earliest, one.lines) for one in found]
