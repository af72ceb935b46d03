"""SubRip: numbered cues; speakers only by a prefix `Name:` that recurs.

https://en.wikipedia.org/wiki/SubRip
"""

import re
from pathlib import PurePath

from transforms.readers.content import Head, decode
from transforms.readers.cues import Block, blocks, cue, from_zero
from transforms.readers.format import Reader, Supports
from transforms.readers.record import plain
from transforms.readers.transcript import Draft, File, ReadError, Rejected, Roles, draft
from transforms.readers.voices import conversation

NAME = "srt"
START = re.compile(r"\s*(?:\d+\s*\r?\n)?\s*\d{1,3}:\d{1,2}:\d{1,2}[,.]\d{1,3}\s*-->\s*\d")


def recognise(head: Head) -> bool:
    """Whether it begins with a cue."""
    return bool(START.match(head.text))


def read(files: list[File], roles: Roles) -> Draft:
    """The call of a file, which is named after it."""
    file = files[0]
    found: list[Block] = []
    try:
        found = list(blocks(decode(file.data)))
        one = conversation(plain(PurePath(file.name).stem), from_zero([cue(block) for block in found]), roles)
    except ReadError as error:
        return draft(NAME, [], [Rejected.of(error, max(1, len(found)), file.data)])
    one.raw, one.record_count = file.data, max(1, len(found))
    return draft(NAME, [one], [])


READER = Reader(NAME, Supports("SRT", roles="by name", ends="yes", overlap="overlapping cues"), recognise, read)
