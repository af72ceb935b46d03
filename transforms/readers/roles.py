"""Whose turn it is: by the source's own word, or as mapped under [roles]; never guessed."""

import re
from collections.abc import Iterable
from functools import lru_cache

from transforms.readers.record import initials, label
from transforms.readers.transcript import Roles
from transforms.schema import ROLES

ELSE = "*"  # everybody whom neither the source nor another line of [roles] names
STAR = '"*" = "customer" there maps everybody else'
MAP_IT = f"Map it under [roles] in heard.toml. {STAR}."


def mapped(name: str | None, roles: Roles) -> str | None:
    """The role that [roles] gives to a name: by the name itself, else by the longest pattern such as `Agent *`."""
    if not name or not roles:
        return None
    exact, patterns = _read(tuple(roles.items()))
    plain = name.strip().casefold()
    return exact.get(plain) or next((role for pattern, role in patterns if pattern.fullmatch(plain)), None)


def role_of(name: str | None, roles: Roles) -> str | None:
    """The role of a name: as mapped, or the name itself where it is a role's; None where neither says."""
    plain = (name or "").strip().casefold()
    return mapped(name, roles) or (plain if plain in ROLES else None)


def role_for(name: str | None, roles: Roles) -> str | None:
    """The role of a name, or where neither says one the role of everybody else; None for nobody's name."""
    return role_of(name, roles) or (roles.get(ELSE) if (name or "").strip() else None)


@lru_cache
def _read(roles: tuple[tuple[str, str], ...]) -> tuple[dict[str, str], list[tuple[re.Pattern[str], str]]]:
    """The names of [roles] and its patterns, those that say most first."""
    lines = [(key.strip().casefold(), role) for key, role in roles if key.strip() != ELSE]
    patterns = sorted((line for line in lines if "*" in line[0]), key=lambda line: -len(line[0]))
    made = [(re.compile(".*".join(map(re.escape, key.split("*"))), re.DOTALL), role) for key, role in patterns]
    return dict(line for line in lines if "*" not in line[0]), made


def unmapped(names: Iterable[str | None]) -> list[str]:
    """Of the turns whose role is unknown the names, and how many name nobody, as notices."""
    given = list(names)
    found, nobody = sorted({name for name in given if name}), sum(1 for name in given if not name)
    labels = [label(name) for name in found if initials(name) is None]
    people = [letters for name in found if (letters := initials(name))]
    listed = _some(labels) + " and " * bool(labels and people) + (f"the names {_some(people)}" if people else "")
    unnamed = f"{nobody} turns name no speaker: they count as unknown"
    told = f"no role is known for {listed}: they count as unknown. Map them under [roles] in heard.toml; {STAR}"
    return [told] * bool(found) + [unnamed] * bool(nobody)


def _some(listed: list[str]) -> str:
    return ", ".join(listed[:20]) + (f" and {len(listed) - 20} more" if len(listed) > 20 else "")
