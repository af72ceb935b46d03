"""What a home's heard.toml says; every setting has a default."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from transforms.schema import ROLES

SECTIONS: dict[str, set[str] | None] = {
    "calendar": {"time_zone", "hours", "holidays"},
    "sources": {"paths", "format"},
    "roles": None,
    "map": None,
    "thresholds": None,
    "outcomes": {"resolved_by_status"},
    "email": {"host", "port", "security", "user", "password_variable", "sender", "to"},
    "dashboard": {"url"},
    "scorecard": None,
    "retention": {"text_days"},
    "privacy": {"redact", "kinds"},
}


MOST_DAYS = 36_500


class SettingsError(Exception):
    """One line: where, what was found, what was expected, what to do."""


@dataclass(frozen=True)
class Settings:
    """The sections of heard.toml, each a mapping, empty where the file says nothing."""

    sections: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def __getitem__(self, section: str) -> Mapping[str, Any]:
        return self.sections.get(section, {})


def load(home: Path) -> Settings:
    """The settings of a home. Raises SettingsError where the file cannot be read or has a name nobody knows."""
    path = home / "heard.toml"
    if not path.exists():
        return Settings()
    try:
        sections = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: {error}; expected TOML in UTF-8. Mend that line.") from None
    for name, section in sections.items():
        _check(path, name, section)
    return Settings(sections)


def _check_roles(path: Path, section: Mapping[str, object]) -> None:
    for name, role in section.items():
        if role not in ROLES:
            expected = f"{', '.join(ROLES[:-1])} or {ROLES[-1]}"
            raise SettingsError(f"{path}: [roles] '{name}' is {role!r}; expected {expected}. Correct it.")


def _check_days(path: Path, days: object) -> None:
    if isinstance(days, bool) or not isinstance(days, int) or not 1 <= days <= MOST_DAYS:
        expected = f"a whole number of days from 1 to {MOST_DAYS:,}"
        raise SettingsError(f"{path}: [retention] text_days is {days!r}; expected {expected}. Correct or remove it.")


def _check_maps(path: Path, sections: Mapping[str, object]) -> None:
    from transforms.readers.mapped import MappingError, mapped_readers

    try:
        mapped_readers(sections)
    except MappingError as error:
        raise SettingsError(f"{path}: {error}") from None


def _check(path: Path, name: str, section: object) -> None:
    if name not in SECTIONS:
        raise SettingsError(
            f"{path}: [{name}] is no section; expected one of {', '.join(SECTIONS)}. Rename or remove it."
        )
    if not isinstance(section, dict):
        raise SettingsError(f"{path}: {name} is a value; expected a section [{name}]. Put it under its section.")
    if name == "roles":
        _check_roles(path, section)
    if name == "retention":
        _check_days(path, section.get("text_days", 1))
    if name == "map":
        _check_maps(path, section)
    known = SECTIONS[name]
    for key in section if known else ():
        if key not in (known or ()):
            raise SettingsError(
                f"{path}: [{name}] has '{key}'; expected {', '.join(sorted(known or ()))}. Rename or remove it."
            )
