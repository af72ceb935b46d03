"""Roles and texts as several vendors write them."""

import re
from collections.abc import Iterable
from typing import Any

from transforms.readers.record import Record
from transforms.readers.roles import role_of
from transforms.readers.transcript import ReadError, Roles

VENDOR_ROLES = {
    **dict.fromkeys(("customer", "contact", "caller", "client", "end_user", "end-user", "user", "visitor"), "customer"),
    **dict.fromkeys(("agent", "human_agent", "representative", "operator"), "agent"),
    **dict.fromkeys(("bot", "automated_agent", "ivr", "virtual_agent", "assistant"), "bot"),
    **dict.fromkeys(("supervisor", "system"), ""),
}
_NAMES = ("speaker", "role", "participant", "speaker_name", "name", "author")
_TEXTS = ("text", "message", "content", "transcript", "utterance", "body")
_LINE = re.compile(r"(?:\[[^\]\n]{1,30}\]\s*)?([^\W\d_][^:\n]{0,39}):\s+(\S.*)")


def vendor_role(name: str | None, roles: Roles) -> str | None:
    """The role of a name: as mapped, or by the words that vendors use for roles."""
    return role_of(name, roles) or VENDOR_ROLES.get((name or "").strip().lower()) or None


def first_text(record: Record, keys: Iterable[str]) -> str | None:
    """The text under the first of the keys that has one."""
    return next((record.text(key) for key in keys if record.has(key)), None)


def turn(record: Record, roles: Roles) -> dict[str, Any]:
    """A turn as most JSON lists of turns write it: a speaker and a text, perhaps times in seconds."""
    name = first_text(record, (key for key in _NAMES if not isinstance(record.value.get(key), dict | list)))
    text = first_text(record, _TEXTS)
    if text is None:
        raise ReadError(record.place, f"there is no text; expected one of {', '.join(_TEXTS)}")
    role = vendor_role(name, roles)
    return {
        "speaker": role or "unknown",
        "speaker_id": None if role else name,
        "text": text,
        "start_ms": record.milliseconds("start" if record.has("start") else "start_time", 1000),
        "end_ms": record.milliseconds("end" if record.has("end") else "end_time", 1000),
        "place": record.place,
    }


def named_lines(text: str) -> list[tuple[str, str]]:
    """Who says what in a text of lines `Name: text`; a line without a name goes on with the one before."""
    said: list[tuple[str, str]] = []
    for line in filter(str.strip, text.splitlines()):
        found = _LINE.fullmatch(line.strip())
        if found:
            said.append((found[1].strip(), found[2]))
        elif said:
            said[-1] = (said[-1][0], f"{said[-1][1]}\n{line.strip()}")
    return said
