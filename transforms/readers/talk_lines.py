"""Who says what in plain lines: `Name: text`, `[09:00] Name: text`, or a line with name and time above the text."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from transforms.readers.record import plain
from transforms.readers.speech import vendor_role
from transforms.readers.times import parse_time
from transforms.readers.transcript import Roles

LONGEST_NAME_WORDS = 6
A_START = 300  # seconds: a first stamp below it is an offset from the start, one above it the time of day
NO_NAMES = {
    *("info", "error", "warn", "warning", "debug", "trace", "http", "https"),
    *("note", "ps", "nb", "summary", "subject", "date", "time", "question", "answer", "total", "example", "important"),
    *("remarque", "objet", "résumé", "heure", "réponse", "exemple", "attention"),
}
_CLOCK = r"(?:\d{1,2}:)?\d{1,3}:\d{2}(?:[.,]\d{1,3})?(?:\s?[AaPp]\.?[Mm]\.?)?"
_STAMP = rf"(?:\d{{4}}-\d\d-\d\d[T ])?{_CLOCK}(?:Z|[+-]\d\d:?\d\d)?"
_NAME = r"(?P<name>[^\W\d_][^:,;\n\t\[\]()<>]{0,39}(?:\s?\([^()\d\n]{1,25}\))?)"
_SHAPES = [
    re.compile(shape)
    for shape in (
        rf"(?:[\[(](?P<at>[^\])\n]{{0,20}}\d[^\])\n]{{0,20}})[\])]|(?P<bare>{_STAMP}))?\s*[-–•]?\s*{_NAME}\s?:(?:\s+(?P<text>.*))?",
        rf"{_NAME}\s*[\[(](?P<at>{_STAMP})[\])]\s*:?(?:\s+(?P<text>.*))?",
        r"\[(?P<name>[^\W\d_][^\[\]\n]{0,39})\]:(?P<at>)?(?:\s+(?P<text>.*))?",
        rf"{_NAME}\s+(?P<at>{_STAMP})\s*:?",
    )
]
_POINT = r"(?:\d{1,2}:)?\d{1,3}:\d{1,2}(?:[.,]\d{1,9})?"  # of a span, which Teams does not pad
_SPAN = re.compile(rf"({_POINT})\s*-->\s*({_POINT})")
_SECONDS = re.compile(r"(?:(\d{1,2}):)?(\d{1,3}):(\d{1,2})(?:[.,](\d{1,9}))?(?:\s?([AaPp])\.?[Mm]\.?)?")


@dataclass
class Said:
    """What somebody says, or nobody who is named, with the stamp beside it."""

    name: str | None
    stamp: str | None
    end: str | None = None
    is_bare: bool = False  # the stamp is all that makes it one: `See you 10:30` looks the same
    texts: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The words, a line for each of the source's."""
        return "\n".join(text for text in self.texts if text)


def talk(text: str, roles: Roles) -> list[Said]:
    """Who says what, in order; a line that names nobody goes on with the one before."""
    lines = [line.strip() for line in plain(text).splitlines() if line.strip()]
    heads = [_head(line) for line in _joined(lines)]
    known = names([(head.name or "", head.stamp is not None, head.is_bare) for head in heads], roles)
    said: list[Said] = []
    for head, line in zip(heads, _joined(lines), strict=True):
        if head.name in known:
            said.append(head)
        elif said:
            said[-1].texts.append(line)
        else:
            said.append(Said(None, None, texts=[line]))
    return said


def share_of_heads(text: str, roles: Roles) -> tuple[float, bool]:
    """How many of the lines begin what somebody says, and whether each of these has a stamp."""
    lines = list(_joined([line.strip() for line in text.splitlines()[:60] if line.strip()]))
    heads = [_head(line) for line in lines]
    known = names([(head.name or "", head.stamp is not None, head.is_bare) for head in heads], roles)
    found = [head for head in heads if head.name in known]
    return (len(found) / len(lines) if len(found) > 1 else 0.0), all(head.stamp for head in found)


def names(candidates: Sequence[tuple[str, bool, bool]], roles: Roles) -> frozenset[str]:
    """Of what stands before a colon, or with a stamp, or with a bare stamp, the names.

    Those that recur, those that have a role, and those in capitals that occur once, where most lines have a name, or
    every fourth line a stamp and they too.
    """
    counts = Counter(name for name, _, _ in candidates if name and len(name.split()) <= LONGEST_NAME_WORDS)
    stamps = Counter(name for name, has_stamp, is_bare in candidates if has_stamp and (" " in name or not is_bare))
    bare = {name for name, _, is_bare in candidates if is_bare and " " not in name}
    is_usual = sum(counts.values()) >= 0.6 * len(candidates)
    is_stamped = sum(stamps.values()) >= 0.25 * len(candidates)
    once = {
        name
        for name in counts
        if name not in bare and _is_in_capitals(name) and (is_usual or (is_stamped and name in stamps))
    }
    return frozenset(
        name
        for name, count in counts.items()
        if name.casefold() not in NO_NAMES and (count > 1 or name in once or vendor_role(name, roles))
    )


def _is_in_capitals(name: str) -> bool:
    return all(word[0].isupper() or not word[0].isalpha() for word in name.split())


def _joined(lines: Sequence[str]) -> Iterable[str]:
    """The lines, a span of times in one with the name that stands below it."""
    rest = iter(lines)
    for line in rest:
        span = _SPAN.fullmatch(line)
        yield f"{next(rest, '')} ({span[1]} --> {span[2]})" if span else line


def _head(line: str) -> Said:
    """The name and the stamp with which the line begins what somebody says; no name where it does not."""
    spanned = re.fullmatch(rf"([^\W\d_][^:\n]{{0,39}}) \(({_POINT}) --> ({_POINT})\)", line)
    if spanned:
        return Said(spanned[1], spanned[2], spanned[3])
    for shape in _SHAPES:
        found = shape.fullmatch(line)
        if found:
            parts = found.groupdict()
            is_bare = shape is _SHAPES[-1] and "  " not in line
            stamp = parts["at"] or parts.get("bare")
            return Said(parts["name"].strip(), stamp, None, is_bare, [parts.get("text") or ""])
    return Said(None, None)


def moments(stamps: Sequence[str | None]) -> list[datetime | None]:
    """The stamps as moments, where all that there are have a date."""
    given = [parse_time(stamp) if stamp else None for stamp in stamps]
    return given if any(given) and all(one or not stamp for one, stamp in zip(given, stamps, strict=True)) else []


def offsets(stamps: Sequence[str | None]) -> list[int | None]:
    """The stamps as milliseconds from the start, where they rise; none where they are minutes of the day."""
    read = [_read(stamp) for stamp in stamps]
    known = [one for one in read if one]
    seconds = [one[0] for one in known]
    if not known or seconds != sorted(seconds) or len(known) != sum(1 for stamp in stamps if stamp):
        return []
    is_day = seconds[0] >= A_START or any(one[1] for one in known)
    if is_day and not all(one[2] for one in known):
        return []
    start = seconds[0] if is_day else 0
    return [round((one[0] - start) * 1000) if one else None for one in read]


def _read(stamp: str | None) -> tuple[float, bool, bool] | None:
    """Seconds, whether with AM or PM, and whether the stamp tells the second of a day."""
    found = _SECONDS.fullmatch(stamp or "")
    if not found:
        return None
    first, second, third, fraction, half = found.groups()
    rest = float(f"0.{fraction or 0}")
    if half and first is None:
        return (int(second) % 12 + 12 * (half in "pP")) * 3600 + int(third) * 60, True, False
    hours = int(first or 0) % 12 + 12 * (half in "pP") if half else int(first or 0)
    return hours * 3600 + int(second) * 60 + int(third) + rest, bool(half), first is not None
