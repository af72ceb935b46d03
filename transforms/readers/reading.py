"""A source, read and checked; whatever is wrong with it is said, and nothing is raised."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from transforms.readers.archives import whole
from transforms.readers.catalogue import READERS
from transforms.readers.conform import conform
from transforms.readers.format import Reader
from transforms.readers.record import plain
from transforms.readers.transcript import (
    WHOLE_FILE,
    Draft,
    File,
    ReadError,
    Rejected,
    Roles,
    Source,
    Transcript,
    nothing,
)
from transforms.readers.unknown import what_it_is

UNKNOWN = "unknown"
TELL_US = "Take the file away, or report it with the format's name."


def read(source: Source, roles: Roles, readers: Mapping[str, Reader] = READERS) -> Transcript:
    """What the source holds, checked, and what of it was refused."""
    if source.problem:
        refused = Rejected(WHOLE_FILE, source.problem, "Mend it, and run again.")
        return conform(nothing(source.format or UNKNOWN, [refused]), roles)
    try:
        files = [File(file_name(source, path), whole(path)) for path in source.paths]
    except ReadError as error:
        return conform(nothing(source.format or UNKNOWN, [Rejected.of(error)]), roles)
    except OSError as error:
        reason = f"it cannot be opened ({error.strerror}); expected a readable file"
        refused = Rejected(WHOLE_FILE, reason, "Change its permissions.")
        return conform(nothing(source.format or UNKNOWN, [refused]), roles)
    return read_files(source.format, files, roles, readers)


def file_name(source: Source, path: Path) -> str:
    """The name under which a file of the source is read."""
    name = plain(path.name)
    if source.is_namesake:
        name = source.name if len(source.paths) == 1 else f"{source.name}/{name}"
    return name.removesuffix(".gz")


def read_files(
    format_name: str | None, files: list[File], roles: Roles, readers: Mapping[str, Reader] = READERS
) -> Transcript:
    """What these files hold in that format."""
    try:
        return conform(_draft(format_name, files, roles, readers), roles)
    except Exception as error:
        # A file may be wrong in ways that nobody thought of; it must not take the others with it.
        reason = f"the {format_name} reader failed ({type(error).__name__}); expected what its documentation says"
        raw = b"".join(file.data for file in files)
        return conform(nothing(format_name or UNKNOWN, [Rejected(WHOLE_FILE, reason, TELL_US, 1, raw)]), roles)


def _draft(format_name: str | None, files: list[File], roles: Roles, readers: Mapping[str, Reader]) -> Draft:
    if format_name is not None:
        found = readers[format_name].read(files, roles)
    else:
        found = nothing(UNKNOWN, [Rejected.of(what_it_is(file), raw=file.data) for file in files])
    found.rejected = [_placed(one) for one in found.rejected]
    return found


def _placed(one: Rejected) -> Rejected:
    place = one.place.strip().removesuffix(",") or WHOLE_FILE
    return replace(one, place=place)
