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
_TIME = r"\d{1,3}:\d{2}:\d{2}(?:[,.]\d{1,3})?"
START = re.compile(rf"\s*(?:\d+\s*\r?\n)?\s*{_TIME}\s*-->\s*\d")
OTHER = re.compile(rf"\s*(?:{_TIME},{_TIME}\r?$|\[\s*(?:\d+:)?\d\d:\d\d\.\d{{3}} --> )", re.MULTILINE)
_SBV = re.compile(rf"^({_TIME}),({_TIME})$", re.MULTILINE)
_LINE = re.compile(r"^\[\s*([\d:.]+) --> ([\d:.]+)\s*\]\s*(.*)$", re.MULTILINE)
_SHORT = re.compile(r"(?<=:\d\d)[,.](\d{1,2})(?=\s|$)", re.MULTILINE)
_BLOCK = re.compile(r"\S[^\n]*(?:\n(?=[^\n]*\S)[^\n]*)*")  # lines without a blank one between
MILLISECOND = timedelta(milliseconds=1)


def recognise(head: Head) -> bool:
    """Whether it begins with a cue, one of YouTube's (SBV), or a line as Whisper prints it."""
    return bool(START.match(head.text) or OTHER.match(head.text))


def read(files: list[File], roles: Roles) -> Draft:
    """The call of a file, which is named after it."""
    file = files[0]
    text = ""
    try:
        text = _as_subrip(plain(decode(file.data)).replace("\r\n", "\n").replace("\r", "\n"))
        one = conversation(file.id, list(_cues(text)), roles)
    except ReadError as error:
        return draft(NAME, [], [Rejected.of(error, max(1, len(_BLOCK.findall(text))), file.data)])
    one.raw, one.record_count = file.data, max(1, one.record_count)
    return draft(NAME, [one], [])


def _as_subrip(text: str) -> str:
    """The text with its times as SubRip writes them: with an arrow, hours, and milliseconds in three digits."""
    text = _SBV.sub(r"\1 --> \2", text)
    text = _LINE.sub(lambda found: f"{_hours(found[1])} --> {_hours(found[2])}\n{found[3]}\n", text)
    return _SHORT.sub(lambda found: f",{found[1]:0<3}", text)


def _hours(time: str) -> str:
    return time if time.count(":") > 1 else f"00:{time}"


def _cues(text: str) -> Iterator[Cue]:
    """The cues in order; the first thing that is none is where the file is broken."""
    import srt

    try:
        for number, one in enumerate(srt.parse(text), 1):
            start, end = one.start // MILLISECOND, one.end // MILLISECOND
            yield Cue(f"cue {number}", start, end, one.content.split("\n"))
    except srt.SRTParseError as error:
        line = text.count("\n", 0, error.expected_start) + 1
        raise ReadError(f"line {line}", f"there are no times; expected {EXPECTED}") from None
    except (ValueError, OverflowError):
        raise ReadError("whole file", f"a time cannot be read; expected {EXPECTED}") from None


READER = Reader(NAME, Supports("SRT", roles="by name", ends="yes", overlap="overlapping cues"), recognise, read)
