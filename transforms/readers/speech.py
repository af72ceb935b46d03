"""Roles and texts as several vendors write them."""

from collections.abc import Iterable
from typing import Any

from transforms.readers.record import Record
from transforms.readers.roles import role_of
from transforms.readers.transcript import ReadError, Roles

VENDOR_ROLES = {
    **dict.fromkeys(("customer", "contact", "caller", "client", "end_user", "end-user", "end user"), "customer"),
    **dict.fromkeys(("user", "visitor", "consumer", "guest"), "customer"),
    **dict.fromkeys(("agent", "human_agent", "representative", "operator", "advisor", "conseiller"), "agent"),
    **dict.fromkeys(("bot", "automated_agent", "ivr", "virtual_agent", "assistant", "chatbot", "custom_bot"), "bot"),
}
_NAMES = ("speaker", "role", "participant", "speaker_name", "name", "author", "from", "sender")
_TEXTS = ("text", "message", "content", "transcript", "utterance", "body")
_STARTS, _ENDS = ("start", "start_time", "startTime"), ("end", "end_time", "endTime")


def vendor_role(name: str | None, roles: Roles) -> str | None:
    """The role of a name: as mapped, or by the words that vendors use for roles."""
    return role_of(name, roles) or VENDOR_ROLES.get((name or "").strip().lower())


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
        "start_ms": _seconds(record, _STARTS),
        "end_ms": _seconds(record, _ENDS),
        "place": record.place,
    }


def _seconds(record: Record, keys: tuple[str, ...]) -> int | None:
    key = next((key for key in keys if record.has(key)), keys[0])
    return record.milliseconds(key, 1000)
