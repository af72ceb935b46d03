"""How sources are read in a home, by its settings."""

from collections.abc import Mapping
from dataclasses import dataclass

from flows import lake
from flows.private import Privacy
from flows.settings import Settings
from transforms.readers import READERS, Reader
from transforms.readers.mapped import mapped_readers


@dataclass(frozen=True)
class Way:
    """How sources are read: whatever but their bytes decides what becomes of them."""

    readers: Mapping[str, Reader]
    roles: dict[str, str]
    privacy: Privacy

    @classmethod
    def of(cls, settings: Settings) -> "Way":
        """What the settings ask for."""
        roles = {str(name): str(role) for name, role in settings["roles"].items()}
        return cls(mapped_readers(settings["map"]) | READERS, roles, Privacy.from_settings(settings["privacy"]))

    def batch_id(self, content: str, format_: str | None) -> str:
        """The id of what these bytes become: of a mapping all of it counts, of a format its name."""
        way = format_ and format_ + self.readers[format_].way
        return lake.batch_id_of(content, way, self.roles, self.privacy.redactor)

    @property
    def mapped(self) -> Mapping[str, Reader]:
        """The readers of the team's own mappings."""
        return {name: reader for name, reader in self.readers.items() if reader.way}

    def name(self, format_: str | None) -> str:
        """The same for whatever bytes: it changes wherever what becomes of any may change."""
        mapped = "".join(f"{name}{reader.way}" for name, reader in self.mapped.items())
        return lake.batch_id_of(mapped, format_, self.roles, self.privacy.redactor)
