"""Which format a file is in: by what is in it, never by its name."""

from collections.abc import Mapping
from pathlib import Path

from transforms.readers.archives import begins
from transforms.readers.catalogue import READERS
from transforms.readers.content import HEAD_BYTES, Head, parquet_columns
from transforms.readers.format import Reader


def recognise(path: Path, readers: Mapping[str, Reader] = READERS) -> str | None:
    """The format's name, of these readers the first that knows it; None where none does."""
    return known_as(head_of(path), readers)


def known_as(head: Head, readers: Mapping[str, Reader]) -> str | None:
    """The same, by how the file begins."""
    return next((name for name, reader in readers.items() if reader.recognise(head)), None)


def head_of(path: Path) -> Head:
    """How the file begins; nothing where it cannot be read."""
    data = begins(path, HEAD_BYTES)
    return Head(data, parquet_columns(path) if data.startswith(b"PAR1") else ())
