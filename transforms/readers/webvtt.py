"""WebVTT: the cues of a call, as Teams, Zoom and others write them.

https://www.w3.org/TR/webvtt1/ ; voices by <v Name>, or by a prefix `Name:` that recurs.
"""

import re
from typing import Any

from transforms.readers.content import Head, decode
from transforms.readers.cues import Block, blocks, cue, from_zero
from transforms.readers.format import Reader, Supports
from transforms.readers.times import parse_time
from transforms.readers.transcript import EXPORT, Conversation, Draft, File, ReadError, Rejected, Roles, draft
from transforms.readers.voices import conversation

NAME = "webvtt"
HEADER = re.compile(r"WEBVTT(?=[ \t\n]|$)")
NOT_SAID = re.compile(r"(NOTE|STYLE|REGION)([ \t]|$)")
LANGUAGE = re.compile(r"Language:\s*([A-Za-z]{2,3}(?:-\w+)*)\s*")
RECORDED = re.compile(r"GMT(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)")


def recognise(head: Head) -> bool:
    """Whether it begins with WEBVTT."""
    return bool(HEADER.match(head.text.replace("\r", "\n")))


def read(files: list[File], roles: Roles) -> Draft:
    """The call of a file, which is named after it."""
    file = files[0]
    count = 1
    try:
        top, found = _parts(decode(file.data))
        count = max(1, len(found))
        return draft(NAME, [_call(file, top, found, roles)], [])
    except ReadError as broken:
        return draft(NAME, [], [Rejected.of(broken, count, file.data)])


def _parts(text: str) -> tuple[Block, list[Block]]:
    """The header and the blocks that are cues."""
    if not HEADER.match(re.sub(r"\r\n?", "\n", text)):
        raise ReadError("line 1", "the file does not begin with WEBVTT; expected a WebVTT file", EXPORT)
    top, *rest = blocks(text)
    if top.timing is not None:
        rest = [Block(top.line + 1, top.lines[1:]), *rest]
    return top, [block for block in rest if not NOT_SAID.match(block.lines[0])]


def _call(file: File, top: Block, found: list[Block], roles: Roles) -> Conversation:
    cues = from_zero([cue(block) for block in found])
    one = conversation(file.id, cues, roles, **_known(file.name, top))
    one.raw = file.data
    one.record_count = max(1, len(cues))
    return one


def _known(name: str, top: Block) -> dict[str, Any]:
    """What header and name tell: the language, and when Zoom began to record."""
    language = next((found[1] for line in top.lines if (found := LANGUAGE.fullmatch(line))), None)
    recorded = RECORDED.search(name)
    started_at = parse_time("{}-{}-{}T{}:{}:{}Z".format(*recorded.groups())) if recorded else None
    return {"language": language, "started_at": started_at}


READER = Reader(
    NAME,
    Supports("WebVTT (Teams, Zoom and others)", roles="by name", ends="yes", overlap="overlapping cues"),
    recognise,
    read,
)
