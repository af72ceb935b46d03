"""A JSON object that knows where it stands: what it lacks or holds wrongly is said with its place."""

import math
import re
from datetime import datetime
from typing import Any

from transforms.readers.times import from_epoch, parse_time
from transforms.readers.transcript import ReadError
from transforms.redaction.known import names_in
from transforms.redaction.words import is_in

_LABEL = re.compile(r"[^\s]{1,40}( [^\s]{1,20}){0,2}")
_FIGURE = re.compile(r"[-+.,:/\d TZ]{1,40}|[-+]?(nan|inf|infinity)", re.IGNORECASE)
_WORDS = re.compile(r"[^\W\d_]+")
FURTHEST_MS = 2**53
_JSON_NAMES = {dict: "an object", list: "a list", bool: "true or false", type(None): "null", str: "a text"}


def plain(text: str) -> str:
    """The text without what no table can hold: lone surrogates and NUL."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\x00", "")


def label(value: str) -> str:
    """A short label as it is; of a person's name the initials, of anything longer its length: nobody is quoted."""
    if not _LABEL.fullmatch(value):
        return f"a text of {len(value)} characters"
    letters = initials(value)
    return repr(value) if letters is None else f"a name ({letters})"


def initials(value: str) -> str | None:
    """Of what seems to be a person's name or address the first letters; None of anything else."""
    words = _WORDS.findall(value)
    is_written = any(word.istitle() for word in names_in(value))
    is_name = is_written or any(is_in("given_names", word) for word in words)
    return " ".join(f"{word[0]}." for word in words) if is_name else None


def figure(value: object) -> str:
    """A number or time as it is; of a text only its length, for it may be what somebody said."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)[:40]
    if isinstance(value, str):
        return repr(value) if _FIGURE.fullmatch(value) else f"a text of {len(value)} characters"
    return _JSON_NAMES.get(type(value), "something else")


def told(value: object, *path: str) -> str | None:
    """The text at the end of a path of keys; None where the path ends before or holds none."""
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return plain(value) if isinstance(value, str) else None


class Record:
    """A JSON object and its place; `null` and absent are the same."""

    def __init__(self, value: object, place: str) -> None:
        if not isinstance(value, dict):
            raise ReadError(place, f"found {figure(value)}; expected an object")
        self.value: dict[str, Any] = value
        self.place = place

    def has(self, key: str) -> bool:
        """Whether the key holds anything but null."""
        return self.value.get(key) is not None

    def wrong(self, key: str, expected: str) -> ReadError:
        """That this key does not hold what is expected."""
        found = f"{key} is {figure(self.value[key])}" if self.has(key) else f"there is no {key}"
        return ReadError(self.place, f"{found}; expected {expected}")

    def text(self, key: str) -> str | None:
        """The key's text, a number as it is written; None where there is none."""
        value = self.value.get(key)
        if value is None:
            return None
        if isinstance(value, bool | dict | list):
            raise self.wrong(key, "a text")
        return plain(str(value))

    def id(self, key: str) -> str | None:
        """The key's id as text; None where it is empty."""
        return self.text(key) or None

    def needed_id(self, key: str) -> str:
        """The key's id as text, which has to be there."""
        value = self.id(key)
        if value is None:
            raise self.wrong(key, "an id")
        return value

    def number(self, key: str) -> float | None:
        """The key's finite number, also one written as text."""
        value = self.value.get(key)
        if value is None:
            return None
        try:
            number = math.nan if isinstance(value, bool) else float(value)
        except (TypeError, ValueError, OverflowError):
            number = math.nan
        if not math.isfinite(number) or abs(number) > 1e17:
            raise self.wrong(key, "a number")
        return number

    def milliseconds(self, key: str, unit: float = 1.0) -> int | None:
        """The key's offset in whole milliseconds, given in units of so many milliseconds."""
        value = self.number(key)
        if value is None:
            return None
        if abs(value * unit) > FURTHEST_MS:
            raise self.wrong(key, "a time within a conversation")
        return round(value * unit)

    def time(self, key: str) -> datetime | None:
        """The key's moment in UTC, from ISO 8601 or seconds since 1970."""
        value = self.value.get(key)
        if value is None or value == "":
            return None
        is_text = isinstance(value, str) and not value.replace(".", "", 1).isdigit()
        moment = parse_time(value) if is_text else from_epoch(self.number(key) or 0)
        if moment is None:
            raise self.wrong(key, "an ISO 8601 time such as 2026-01-31T09:30:00Z")
        return moment

    def flag(self, key: str) -> bool | None:
        """The key's truth value."""
        value = self.value.get(key)
        if value is not None and not isinstance(value, bool):
            raise self.wrong(key, "true or false")
        return value

    def child(self, key: str) -> "Record":
        """The object under the key; an empty one where there is none."""
        value = self.value.get(key)
        return Record({} if value is None else value, f"{self.place}, {key}" if self.place else key)

    def children(self, key: str, name: str | None = None) -> list["Record"]:
        """The objects of the list under the key, each with its number, from 1, as its place."""
        value = self.value.get(key)
        if value is None:
            return []
        if not isinstance(value, list):
            raise self.wrong(key, "a list")
        start = f"{self.place}, " if self.place else ""
        return [Record(one, f"{start}{name or key} {number}") for number, one in enumerate(value, 1)]
