"""From what somebody named (files, folders, globs) to the sources that are there."""

import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from glob import glob
from pathlib import Path, PurePath

from transforms.readers.archives import is_zip, unpacked
from transforms.readers.catalogue import READERS
from transforms.readers.format import Reader
from transforms.readers.recognise import head_of, recognise
from transforms.readers.record import plain
from transforms.readers.redacted_twins import without_twins
from transforms.readers.transcript import Source, SourceError

MAGIC = set("*?[")
SETTINGS = "heard.toml"


@dataclass(frozen=True)
class Found:
    """A file: its name relative to what was named, where it is to be read, and where it lies.

    `problem` says what keeps it from being read.
    """

    name: str
    path: Path
    location: str
    problem: str | None = None


Fetch = Callable[[str], list[Found]]


def at(name: str, path: Path) -> Found:
    """A file of this machine."""
    return Found(plain(name), path, os.path.realpath(path))  # which no loop of links stops


def discover(
    sources: Sequence[str],
    format_name: str | None = None,
    readers: Mapping[str, Reader] = READERS,
    fetch: Fetch | None = None,
) -> tuple[list[Source], int]:
    """The sources that were named, and how many hidden files, notes and redacted twins were passed over.

    `fetch` gives the files of an address such as s3://bucket/calls.
    """
    if format_name is not None and format_name not in readers:
        known = ", ".join(sorted(readers))
        raise SourceError(f"format is {format_name!r}; expected one of {known}. See `heard formats`.")
    found: list[Found] = []
    skipped = 0
    for named in sources:
        some, passed_over = _sifted(fetch(named)) if fetch and is_address(named) else _found(named)
        for one in some:
            members, others = _members(one)
            found += members
            passed_over += others
        skipped += passed_over
    every = _grouped(_once(found), format_name, readers)
    kept = without_twins(every)
    return kept, skipped + len(every) - len(kept)


def is_address(named: str) -> bool:
    """Whether it names something in object storage."""
    return bool(re.match(r"[a-z][a-z0-9+.-]*://", named))


def _found(named: str) -> tuple[list[Found], int]:
    path = Path(named).expanduser()
    if path.is_dir():
        return _sifted(_inside(path))
    if path.exists():
        return [_file(path, named)], 0
    if not MAGIC & set(named):
        raise SourceError(f"{named}: there is no such file or folder; expected one. Check the name.")
    matches = sorted(glob(str(path), recursive=True))  # noqa: PTH207 - Path.glob takes no absolute pattern
    if not matches:
        raise SourceError(f"{named}: nothing matches it; expected at least one file. Check the pattern.")
    return _sifted(_matched(matches, str(path)))


def _members(one: Found) -> tuple[list[Found], int]:
    """The file, or if it is a zip archive those in it, and how many of these were passed over."""
    folder = unpacked(one.path) if is_zip(one.path) else None
    if folder is None:
        return [one], 0
    return _sifted(
        Found(f"{one.name}/{inner.name}", inner.path, f"{one.location}/{inner.name}") for inner in _inside(folder)
    )


def _file(path: Path, named: str) -> Found:
    if not path.is_file():
        raise SourceError(f"{named}: it is no regular file; expected a file or folder. Copy it into one.")
    if path.stat().st_size == 0:
        raise SourceError(f"{named}: the file is empty; expected conversations. Export it again.")
    if not os.access(path, os.R_OK):
        raise SourceError(f"{named}: it may not be read; expected a readable file. Change its permissions.")
    return at(path.name, path)


def _inside(folder: Path) -> Iterator[Found]:
    """Every file of a folder, links followed but no folder visited twice."""
    seen: set[tuple[int, int]] = set()
    for top, folders, names in os.walk(folder, followlinks=True):
        status = Path(top).stat()
        if (status.st_dev, status.st_ino) in seen:
            folders.clear()
            continue
        seen.add((status.st_dev, status.st_ino))
        folders.sort()
        for name in sorted(names):
            path = Path(top, name)
            yield at(str(path.relative_to(folder)), path)


def _matched(matches: list[str], pattern: str) -> Iterator[Found]:
    """The files that a pattern matches, and those of the folders that it does."""
    fixed = next((n for n, part in enumerate(Path(pattern).parts) if MAGIC & set(part)), 0)
    root = Path(*Path(pattern).parts[:fixed])
    for match in matches:
        if Path(match).is_dir():
            for one in _inside(Path(match)):
                yield at(str(one.path.relative_to(root)), one.path)
        else:
            yield at(str(Path(match).relative_to(root)), Path(match))


def _sifted(found: Iterable[Found]) -> tuple[list[Found], int]:
    """The files that may hold conversations, and how many others there are."""
    every = list(found)
    kept = [one for one in every if not is_passed_over(one.name) and (one.problem or one.path.is_file())]
    return kept, len(every) - len(kept)


def is_passed_over(name: str) -> bool:
    """Whether a file of that name is hidden, a note or our own settings."""
    path = PurePath(name)
    is_hidden = any(part.startswith(".") for part in path.parts)
    is_note = path.name.lower().startswith("readme") or path.suffix.lower() == ".md"
    return is_hidden or is_note or path.name == SETTINGS


def _once(found: list[Found]) -> list[Found]:
    """Each file once, however often it was named."""
    return list({one.location: one for one in reversed(found)}.values())[::-1]


def _grouped(found: list[Found], format_name: str | None, readers: Mapping[str, Reader]) -> list[Source]:
    """A source for each file; the files of one folder that only make sense together are one."""
    sources: list[Source] = []
    folders: dict[Path, list[Found]] = {}
    for one in found:
        folders.setdefault(one.path.parent, []).append(one)
    for files in folders.values():
        formats = {one: format_name or recognise(one.path, readers) for one in files}
        formats |= _beside(formats, readers)
        together = _together(formats, readers)
        for name, some in together.items():
            sources.append(_source(_folder_name(some[0]), some, name))
        alone = [one for one in files if formats[one] not in together]
        for some in _in_parts(alone, formats, readers):
            sources.append(_source(some[0].name, some, formats[some[0]]))
    named = Counter(_stem(source) for source in sources)
    return [replace(one, is_namesake=named[_stem(one)] > 1) for one in sources]


def _in_parts(files: list[Found], formats: dict[Found, str | None], readers: Mapping[str, Reader]) -> list[list[Found]]:
    """The files, those of one conversation together."""
    groups: dict[object, list[Found]] = {}
    for one in files:
        part_of = readers[name].part_of if (name := formats[one]) else None
        whole = part_of(head_of(one.path)) if part_of else None
        groups.setdefault((name, whole) if whole else one, []).append(one)
    return list(groups.values())


def _source(name: str, files: list[Found], format_name: str | None) -> Source:
    files = sorted(files, key=lambda one: one.location)
    locations = "\n".join(one.location for one in files)
    problem = next((one.problem for one in files if one.problem), None)
    return Source(name, [one.path for one in files], format_name, location=locations, problem=problem)


def _stem(source: Source) -> str:
    return PurePath(source.paths[0].name.removesuffix(".gz")).stem


def _folder_name(one: Found) -> str:
    name = str(PurePath(one.name).parent)
    return name if name != "." else plain(PurePath(one.location).parent.name)


def _together(formats: dict[Found, str | None], readers: Mapping[str, Reader]) -> dict[str, list[Found]]:
    """By format the files of a folder of which some are pieces that make sense only beside the others."""
    by_format: dict[str, list[Found]] = {}
    for one, name in formats.items():
        if name is not None:
            by_format.setdefault(name, []).append(one)
    return {name: files for name, files in by_format.items() if len(files) > 1 and _is_in_pieces(readers[name], files)}


def _beside(formats: dict[Found, str | None], readers: Mapping[str, Reader]) -> dict[Found, str | None]:
    """The files that by their names belong to one of a format that is there."""
    there = {name for name in formats.values() if name}
    return {one: name for one in formats for name in there if PurePath(one.name).name in readers[name].beside}


def _is_in_pieces(reader: Reader, files: list[Found]) -> bool:
    return any(PurePath(one.name).name in reader.beside or reader.is_piece(head_of(one.path)) for one in files)
