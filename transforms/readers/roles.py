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
    """The notice that names those without a role, or nothing."""
    found = sorted({name for name in names if name})
    if not found:
        return []
    listed = ", ".join(repr(name) for name in found[:20]) + (f" and {len(found) - 20} more" if len(found) > 20 else "")
    return [f"no role is known for {listed}: they count as unknown. Map them under [roles] in heard.toml"]
