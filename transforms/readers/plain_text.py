"""Plain text, one conversation a file: `Name: text`, `[09:00] Name: text`, or blocks below a name and a time.

So do Otter, Rev, Teams (as text) and people write. Stamps are kept where they tell seconds or dates.
"""

from typing import Any

from transforms.readers.content import Head, decode
from transforms.readers.format import Reader, Supports
from transforms.readers.speech import vendor_role
from transforms.readers.table import has_long_cells
from transforms.readers.talk_lines import Said, moments, offsets, share_of_heads, talk
from transforms.readers.transcript import Conversation, Draft, File, ReadError, Rejected, Roles, draft

NAME = "plain_text"


def recognise(head: Head) -> bool:
    """Whether most of its lines, or at least every third with a stamp, begin what somebody says."""
    share, has_stamps = share_of_heads(head.text, {})
    return (share >= 0.6 or (has_stamps and share >= 0.3)) and not has_long_cells(head.text)


def read(files: list[File], roles: Roles) -> Draft:
    """The conversation of a file, which is named after it."""
    file = files[0]
    try:
        said = talk(decode(file.data), roles)
        if not any(one.name for one in said):
            raise ReadError("whole file", "no line names who speaks; expected lines such as `Name: text`")
    except ReadError as error:
        return draft(NAME, [], [Rejected.of(error, 1, file.data)])
    stamps = [one.stamp for one in said]
    sent, starts = moments(stamps), offsets(stamps)
    ends = offsets([*stamps[:1], *(one.end for one in said)])[1:] if starts and all(one.end for one in said) else []
    rows = [
        {**row(one, roles), "turn_index": number, **_times(number, sent, starts, ends)}
        for number, one in enumerate(said)
    ]
    transcript = {
        "conversation_id": file.id,
        "channel": "voice" if starts else "chat",
        "started_at": min((moment for moment in sent if moment), default=None),
    }
    return draft(NAME, [Conversation(transcript, rows, None, max(1, len(rows)), file.data)], [])


def row(one: Said, roles: Roles) -> dict[str, Any]:
    """What one says, or as an event what stands above the first name."""
    if one.name is None:
        return {"speaker": "system", "kind": "event", "text": one.text}
    role = vendor_role(one.name, roles)
    is_role = role is not None and role == one.name.lower()
    return {"speaker": role or "unknown", "speaker_id": None if is_role else one.name, "text": one.text}


def _times(number: int, sent: list[Any], starts: list[int | None], ends: list[int | None]) -> dict[str, Any]:
    return {
        "sent_at": sent[number] if sent else None,
        "start_ms": starts[number] if starts else None,
        "end_ms": ends[number] if ends else None,
    }


READER = Reader(
    NAME,
    Supports("Plain text (Name: text; Otter, Teams and alike)", roles="by name", ends="where given"),
    recognise,
    read,
)
