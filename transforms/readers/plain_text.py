"""Plain text: lines such as `Name: text` or `[09:00 AM] Name: text`, one conversation a file."""

import re
from collections import Counter
from pathlib import PurePath

from transforms.readers.content import Head, decode
from transforms.readers.format import Reader, Supports
from transforms.readers.record import plain
from transforms.readers.speech import named_lines, vendor_role
from transforms.readers.transcript import Conversation, Draft, File, ReadError, Rejected, Roles, draft

NAME = "plain_text"
LINE = re.compile(r"(?:\[[^\]\n]{1,30}\]\s*)?([^\W\d_][^:,;\n\t]{0,39}):\s+\S.*")


def recognise(head: Head) -> bool:
    """Whether most of its lines begin with one of few names, at least one of which recurs."""
    lines = [line.strip() for line in head.text.splitlines()[:60] if line.strip()]
    names = Counter(found[1] for line in lines if (found := LINE.fullmatch(line)))
    recurring = sum(count for count in names.values() if count > 1)
    return len(lines) > 2 and recurring >= 0.6 * len(lines) and len(names) <= max(2, len(lines) // 2)


def read(files: list[File], roles: Roles) -> Draft:
    """The conversation of a file, which is named after it."""
    file = files[0]
    try:
        said = named_lines(decode(file.data))
    except ReadError as error:
        return draft(NAME, [], [Rejected.of(error, 1, file.data)])
    rows = []
    for number, (name, text) in enumerate(said):
        role = vendor_role(name, roles)
        speaker_id = None if role and role == name.lower() else name
        rows.append({"speaker": role or "unknown", "speaker_id": speaker_id, "text": text, "turn_index": number})
    transcript = {"conversation_id": plain(PurePath(file.name).stem), "channel": "chat"}
    return draft(NAME, [Conversation(transcript, rows, None, max(1, len(rows)), file.data)], [])


READER = Reader(NAME, Supports("Plain text, `Name: text`", roles="by name"), recognise, read)
