"""Which format a file is in: by what is in it, never by its name."""

from pathlib import Path

from transforms.readers.archives import begins
from transforms.readers.catalogue import READERS
from transforms.readers.content import HEAD_BYTES, Head, parquet_columns


def recognise(path: Path) -> str | None:
    """The format's name; None where no reader knows it."""
    head = head_of(path)
    return next((name for name, reader in READERS.items() if reader.recognise(head)), None)


def head_of(path: Path) -> Head:
    """How the file begins; nothing where it cannot be read."""
    data = begins(path, HEAD_BYTES)
    return Head(data, parquet_columns(path) if data.startswith(b"PAR1") else ())
