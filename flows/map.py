"""A file that no reader knows: how it may be read, and heard.toml, in which that is kept."""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import tomlkit

from flows.home import write_whole
from flows.remote import first_of
from flows.settings import load
from transforms.mapping.finding import Question, Said
from transforms.mapping.propose import Proposal, propose
from transforms.mapping.words import bare
from transforms.readers import READERS, Reader, discover, read_files
from transforms.readers.archives import whole
from transforms.readers.column_map import TIMES, ColumnMap, MappingError, check_zone
from transforms.readers.mapped import mapped_reader, mapped_readers
from transforms.readers.recognise import head_of
from transforms.readers.record import plain
from transforms.readers.transcript import File, ReadError, Roles, Transcript


class MapError(Exception):
    """One line: what keeps the file from being mapped, and what to do."""


@dataclass(frozen=True)
class Mapped:
    """What was proposed or is kept for a file, and how it reads."""

    name: str
    mapping: ColumnMap
    proposal: Proposal | None  # none where heard.toml has a mapping for it already
    read: Transcript
    known_as: str | None  # the reader that reads it without a mapping

    @property
    def is_new(self) -> bool:
        """Whether it is a proposal that heard.toml does not have."""
        return self.proposal is not None

    @property
    def questions(self) -> list[Question]:
        """What is left to ask."""
        return self.proposal.questions if self.proposal else []


def map_file(path: str, home: Path, name: str | None, said: Said, is_new: bool) -> Mapped:
    """What heard.toml says of a file of this shape, or a proposal where it says nothing or a new one is wanted.

    Raises MapError, SourceError or SettingsError, each one line.
    """
    settings = load(home)
    own = mapped_readers(settings["map"])
    file, head = _file(path)
    roles = {str(word): str(role) for word, role in settings["roles"].items()}
    kept = next((one for one, reader in own.items() if reader.recognise(head)), None)
    known_as = next((one for one, reader in READERS.items() if reader.recognise(head)), None)
    if kept and not is_new and said == Said():
        mapping = ColumnMap(**settings["map"][kept])
        return Mapped(kept, mapping, None, _read(own[kept], file, roles), known_as)
    try:
        _check(said)
        found = propose(file, said, roles)
    except (ReadError, MappingError) as error:
        raise MapError(f"{path}, {error}") from None
    except Exception as error:
        # As with the readers: a file may be wrong in ways that nobody thought of.
        reason = f"looking at it failed ({type(error).__name__}); expected a table or JSON with conversations"
        raise MapError(f"{path}: {reason}. Say more with --column, or report it with the file's columns.") from None
    chosen = name or kept or _name_for(file)
    return Mapped(chosen, found.mapping, found, _read_as_far(chosen, found, file, roles), known_as)


def _file(path: str) -> tuple[File, Any]:
    """The file, or the first of those that the name stands for."""
    with tempfile.TemporaryDirectory(prefix="heard-") as folder:
        sources, _ = discover([path], fetch=lambda named: first_of(named, Path(folder)))
        if not sources:
            raise MapError(f"{path}: there is no file in it; expected one to look at. Name a file.")
        first = sources[0].paths[0]
        try:
            return File(plain(first.name).removesuffix(".gz"), whole(first)), head_of(first)
        except (ReadError, OSError) as error:
            raise MapError(f"{path}: it cannot be read ({error}).") from None


def _name_for(file: File) -> str:
    """A name for its mapping: the file's, which must not be a format's."""
    name = bare(Path(file.name).stem).replace(" ", "_") or "file"
    return f"{name}_file" if name in READERS else name


def _check(said: Said) -> None:
    check_zone("--zone", said.time_zone)
    if said.encoding:
        try:
            "".encode(said.encoding)
        except LookupError:
            raise MappingError(f"--encoding is {said.encoding!r}; expected one such as cp1252 or utf-16-le.") from None


def _read_as_far(name: str, found: Proposal, file: File, roles: Roles) -> Transcript:
    """What would land, speakers of whom no role is known yet as unknown."""
    mapping = found.mapping
    if any(one.field == "date_order" for one in found.questions):
        mapping = replace(mapping, columns={name: one for name, one in mapping.columns.items() if name not in TIMES})
    waiting = [word for one in found.questions if one.field == "roles" for word in one.words]
    unknown = dict.fromkeys(waiting if "speaker" in mapping.columns or waiting else ["*"], "unknown")
    return _read(mapped_reader(name, replace(mapping, roles={**unknown, **mapping.roles})), file, roles)


def _read(reader: Reader, file: File, roles: Roles) -> Transcript:
    return read_files(reader.name, [file], roles, {reader.name: reader})


def keep(mapped: Mapped, home: Path, is_replaced: bool) -> None:
    """Writes the mapping into heard.toml, all else there as it was.

    Raises MapError where something is left to ask, or one of the name is there and is not to be replaced.
    """
    path = home / "heard.toml"
    for one in mapped.questions:
        raise MapError(f"{path}: nothing was written. The file does not tell {one.what}. Say it with {one.how}.")
    document = tomlkit.parse(path.read_text(encoding="utf-8") if path.exists() else "")
    sections = document.setdefault("map", tomlkit.table(is_super_table=True))
    if mapped.name in sections and not is_replaced:
        raise MapError(f"{path}: [map.{mapped.name}] is there already; expected a new name. Add --name or --replace.")
    sections[mapped.name] = _section(mapped.mapping.as_toml())
    write_whole(path, f"{tomlkit.dumps(document).rstrip()}\n".encode())


def _section(values: Mapping[str, Any]) -> Any:
    """The mapping's table: values first, then its own tables."""
    table = tomlkit.table()
    for name, value in sorted(values.items(), key=lambda one: isinstance(one[1], dict)):
        table.add(name, _section(value) if isinstance(value, dict) else value)
    return table
