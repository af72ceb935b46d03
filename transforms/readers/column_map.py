"""A mapping: which columns of a team's own file are which of the common input's, and what its values mean.

It stands under [map.NAME] in heard.toml: proposed by `heard map FILE`, and anyone's to edit.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, get_origin
from zoneinfo import ZoneInfo

from transforms.readers import cells
from transforms.readers.common import columns as common_columns
from transforms.readers.outcomes import COLUMNS as OUTCOMES
from transforms.readers.table import known
from transforms.schema import ROLES

MESSAGE_COLUMNS = ("message_id", "reply_to", "speaker_id", "duration", "transcript")  # beside those of the common input
COLUMNS = (*common_columns({}), *OUTCOMES, *MESSAGE_COLUMNS)
TIMES = tuple(name for name, cell in {**common_columns({}), **OUTCOMES}.items() if cell is cells.TIMES)
OFFSETS = ("start_s", "end_s", "duration")
IDS = ("conversation_id", "agent_id", "customer_id", "message_id", "reply_to", "speaker_id")
SECONDS = {"s": 1.0, "ms": 1e-3, "us": 1e-6, "ns": 1e-9, "min": 60.0}
MARKS = ("event", "note")  # what a speaker's word may mean beside a role
DAY_FIRST, MONTH_FIRST = "day", "month"


class MappingError(ValueError):
    """What is wrong with a mapping, in one line."""


@dataclass(frozen=True)
class ColumnMap:
    """Which of a file's columns is which, by our name for it, and how their values are read."""

    columns: dict[str, str] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)  # columns side by side, each of what one speaker says
    recognise: list[str] = field(default_factory=list)  # a file with all of these columns or keys is read so
    headless: bool = False  # its columns have no names, but numbers
    roles: dict[str, str] = field(default_factory=dict)
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    time_zone: str | None = None
    date_order: str | None = None
    csat_scale: str | None = None
    channel: str | None = None
    encoding: str | None = None

    @property
    def turns(self) -> str | None:
        """Where in an object of JSON its list of turns lies, such as `chat.messages[]`; None where a row is a turn."""
        paths = [path[: path.rindex("[]") + 2] for path in self.columns.values() if "[]" in path]
        return max(paths, key=len, default=None)

    @property
    def has_turns(self) -> bool:
        """Whether it maps what was said, and not outcomes alone."""
        return bool(self.texts) or "text" in self.columns or "transcript" in self.columns

    def as_toml(self) -> dict[str, Any]:
        """What is to be written of it: whatever says something."""
        return {name: value for name, value in self.__dict__.items() if value}


def column_map(name: str, section: object) -> ColumnMap:
    """The mapping that [map.NAME] says. Raises MappingError where it says something that nobody knows."""
    where = f"[map.{name}]"
    if not isinstance(section, dict):
        raise MappingError(f"{where} is a value; expected a section. `heard map FILE` writes one.")
    for key, value in section.items():
        _check_key(where, key, value)
    found = ColumnMap(**section)
    _check_words(f"{where} columns", found.columns, COLUMNS)
    _check_words(f"{where} values", found.values, COLUMNS)
    _check_words(f"{where} units", found.units, (*OFFSETS, *TIMES))
    _check_words(f"{where} units", found.units.values(), SECONDS)
    _check_words(f"{where} roles", found.roles.values(), (*ROLES, *MARKS))
    _check_words(f"{where} date_order", [found.date_order] if found.date_order else [], (DAY_FIRST, MONTH_FIRST))
    check_zone(f"{where} time_zone", found.time_zone)
    if found.headless and found.columns.get("speaker", "column 1") not in found.recognise:
        raise MappingError(f"{where} recognise lacks a column; expected all of them, as column 1. Correct it.")
    if "conversation_id" not in found.columns and "reply_to" not in found.columns and not found.has_turns:
        raise MappingError(f"{where} columns has no conversation_id; expected the column that holds it.")
    return found


def check_zone(where: str, zone: str | None) -> None:
    """Raises MappingError where the zone is none."""
    try:
        ZoneInfo(zone or "UTC")
    except (ValueError, OSError, KeyError):
        raise MappingError(f"{where} is {zone!r}; expected an IANA zone such as Europe/Paris. Correct it.") from None


def _check_key(where: str, key: str, value: object) -> None:
    kinds = {name: one.type for name, one in ColumnMap.__dataclass_fields__.items()}
    _check_words(where, [key], kinds)
    kind = get_origin(kinds[key]) or kinds[key]
    kind = kind if kind in (dict, list, bool) else str
    texts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else [value]
    inner = [word for one in texts for word in (one.values() if isinstance(one, dict) else [one])]
    if not isinstance(value, kind) or not all(isinstance(one, bool if kind is bool else str) for one in inner):
        expected = {dict: "a table of texts", list: "a list of texts", str: "a text", bool: "true or false"}[kind]
        raise MappingError(f"{where} {key} is wrong; expected {expected}. Correct it.")


def _check_words(where: str, words: Iterable[str], expected: Iterable[str]) -> None:
    allowed = list(expected)
    for word in words:
        if word not in allowed:
            raise MappingError(f"{where} has {word!r}; expected {', '.join(sorted(allowed))}. Correct or remove it.")


def is_like(names: Iterable[str], mapping: ColumnMap) -> bool:
    """Whether a file with these columns or keys is one that the mapping reads."""
    wanted = {known(name) for name in mapping.recognise or mapping.columns.values()}
    return bool(wanted) and wanted <= {known(name) for name in names}


def by_word(values: Mapping[str, str]) -> dict[str, str]:
    """Values by their words, whatever the case."""
    return {word.strip().casefold(): meaning for word, meaning in values.items()}
