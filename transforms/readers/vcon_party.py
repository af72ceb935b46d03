"""Who takes part in a vCon: its dialogs name parties by their index."""

from typing import Any

from transforms.readers.record import Record
from transforms.readers.roles import mapped
from transforms.readers.speech import vendor_role
from transforms.readers.transcript import Roles


class People:
    """The parties, each with a role and an id."""

    def __init__(self, parties: list[Record], roles: Roles) -> None:
        self.known = [_person(party, roles) for party in parties]
        self._by_name = {party.id("name"): known for party, known in zip(parties, self.known, strict=True)}

    def who(self, index: Any) -> dict[str, Any]:
        """Speaker and id of a party; of several the first."""
        while isinstance(index, list):
            index = index[0] if index else None
        is_there = isinstance(index, int) and 0 <= index < len(self.known)
        role, id_ = self.known[index] if is_there else (None, None)
        return {"speaker": role or "unknown", "speaker_id": id_}

    def named(self, row: dict[str, Any]) -> dict[str, Any]:
        """The row of an unknown speaker, who by the name is a party, with that party's role and id."""
        role, id_ = self._by_name.get(row["speaker_id"], (None, None)) if row["speaker_id"] else (None, None)
        return {**row, "speaker": role, "speaker_id": id_} if role and row["speaker"] == "unknown" else row

    def first(self, role: str) -> str | None:
        """The id of the first party with that role."""
        return next((id_ for found, id_ in self.known if found == role), None)


def _person(party: Record, roles: Roles) -> tuple[str | None, str | None]:
    """A party's role, and what it is known by."""
    ids = [party.id(key) for key in ("name", "mailto", "tel", "id", "uuid")]
    by_map = next((role for name in ids if (role := mapped(name, roles))), None)
    meta = party.child("meta") if isinstance(party.value.get("meta"), dict) else None
    stated = vendor_role(party.text("role") or (meta.text("role") if meta else None), roles)
    usual = vendor_role(party.id("name"), roles)
    id_ = next((known for key in ("id", "mailto", "tel", "name", "uuid") if (known := party.id(key))), None)
    return by_map or stated or usual, id_
