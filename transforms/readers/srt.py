"""SubRip, read by the srt library, which forgives what programs get wrong; speakers only by a prefix `Name:`.

https://en.wikipedia.org/wiki/SubRip
"""

import re
from collections.abc import Iterator
from datetime import timedelta

from transforms.readers.content import Head, decode
from transforms.readers.cues import EXPECTED, Cue
from transforms.readers.format import Reader, Supports
from transforms.readers.record import plain
from transforms.readers.transcript import Draft, File, ReadError, Rejected, Roles, draft
from transforms.readers.voices import conversation

NAME = "srt"
START = re.compile(r"\s*(?:\d+\s*\r?\n)?\s*\d{1,3}:\d{2}:\d{2}(?:[,.]\d{1,3})?\s*-->\s*\d")
_BLOCK = re.compile(r"\S[^\n]*(?:\n(?=[^\n]*\S)[^\n]*)*")  # lines without a blank one between
MILLISECOND = timedelta(milliseconds=1)


def recognise(head: Head) -> bool:
    """Whether it begins with a cue."""
    return bool(START.match(head.text))


def read(files: list[File], roles: Roles) -> Draft:
    """The call of a file, which is named after it."""
    file = files[0]
    text = ""
    try:
        text = decode(file.data)
        one = conversation(file.id, list(_cues(text)), roles)
    except ReadError as error:
        return draft(NAME, [], [Rejected.of(error, max(1, len(_BLOCK.findall(text))), file.data)])
    one.raw, one.record_count = file.data, max(1, one.record_count)
    return draft(NAME, [one], [])


def _cues(text: str) -> Iterator[Cue]:
    """The cues in order; the first thing that is none is where the file is broken."""
    import srt

    try:
        for number, one in enumerate(srt.parse(plain(text).replace("\r\n", "\n").replace("\r", "\n")), 1):
            start, end = one.start // MILLISECOND, one.end // MILLISECOND
            yield Cue(f"cue {number}", start, end, one.content.split("\n"))
    except srt.SRTParseError as error:
        line = text.count("\n", 0, error.expected_start) + 1
        raise ReadError(f"line {line}", f"there are no times; expected {EXPECTED}") from None
    except (ValueError, OverflowError):
        raise ReadError("whole file", f"a time cannot be read; expected {EXPECTED}") from None


READER = Reader(NAME, Supports("SRT", roles="by name", ends="yes", overlap="overlapping cues"), recognise, read)
