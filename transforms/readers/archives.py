"""Compressed files: what is in them, as far as it stays within bounds."""

import gzip
import tempfile
import zipfile
import zlib
from functools import cache
from pathlib import Path

from transforms.readers.transcript import ReadError

LARGEST = 2**30  # bytes that a compressed file may hold
MOST_MEMBERS = 100_000
GZIP, ZIP = b"\x1f\x8b", b"PK\x03\x04"
UNPACK = "Unpack it yourself and give its files."


def begins(path: Path, count: int) -> bytes:
    """The first bytes of a file, unpacked where it is gzip; none where it cannot be read."""
    try:
        with path.open("rb") as file:
            data = file.read(count)
        return zlib.decompressobj(31).decompress(data, count) if data.startswith(GZIP) else data
    except (OSError, zlib.error):
        return b""


def whole(path: Path) -> bytes:
    """All bytes of a file, unpacked where it is gzip."""
    data = path.read_bytes()
    if not data.startswith(GZIP):
        return data
    try:
        with gzip.open(path) as file:
            unpacked = file.read(LARGEST + 1)
    except (OSError, EOFError, zlib.error) as error:
        reason = f"the gzip file cannot be unpacked ({type(error).__name__}); expected a whole one"
        raise ReadError("whole file", reason, "Compress it again.") from None
    if len(unpacked) > LARGEST:
        raise ReadError("whole file", f"it unpacks to more than {LARGEST:,} bytes; expected less", UNPACK)
    return unpacked


def is_zip(path: Path) -> bool:
    """Whether the file is a zip archive of other files, and no office document."""
    return begins(path, 4) == ZIP and zipfile.is_zipfile(path) and "[Content_Types].xml" not in _names(path)


def unpacked(path: Path) -> Path | None:
    """A folder with the archive's files, there until the process ends; None where it is broken or out of bounds."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = [one for one in archive.infolist() if not one.is_dir()]
            if len(members) > MOST_MEMBERS or sum(one.file_size for one in members) > LARGEST:
                return None
            folder = Path(tempfile.mkdtemp(dir=_shelf().name))
            for member in members:
                archive.extract(member, folder)
    except (zipfile.BadZipFile, zlib.error, OSError, RuntimeError, NotImplementedError, EOFError, ValueError):
        return None
    return folder


def _names(path: Path) -> list[str]:
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return []


@cache
def _shelf() -> "tempfile.TemporaryDirectory[str]":
    return tempfile.TemporaryDirectory(prefix="heard-")
