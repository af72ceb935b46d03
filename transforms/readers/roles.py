"""Whose turn it is: by the source's own word, or as mapped under [roles]; never guessed."""

from collections.abc import Iterable

from transforms.readers.transcript import Roles
from transforms.schema import ROLES

MAP_IT = "Map it under [roles] in heard.toml."


def role_of(name: str | None, roles: Roles) -> str | None:
    """The role of a name: as mapped, or the name itself where it is a role's; None where neither says."""
    if not name:
        return None
    plain = name.strip().casefold()
    mapped = {key.strip().casefold(): role for key, role in roles.items()}
    return mapped.get(plain, plain if plain in ROLES else None)


def unmapped(names: Iterable[str | None]) -> list[str]:
    """Of the turns whose role is unknown the names, and how many name nobody, as notices."""
    given = list(names)
    found, nobody = sorted({name for name in given if name}), sum(1 for name in given if not name)
    listed = ", ".join(repr(name) for name in found[:20]) + (f" and {len(found) - 20} more" if len(found) > 20 else "")
    unnamed = f"{nobody} turns name no speaker: they count as unknown"
    mapped = f"no role is known for {listed}: they count as unknown. Map them under [roles] in heard.toml"
    return [mapped] * bool(found) + [unnamed] * bool(nobody)
