"""The home: the one folder that holds everything a deployment owns."""

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

KEY_BYTES = 32


class HomeError(Exception):
    """One line: where, what was found, what was expected, what to do."""


def make_home(home: Path) -> Path:
    """The home with its folders, made where they are missing."""
    try:
        for folder in ("lake", "labels", "reports", "quality"):
            (home / folder).mkdir(parents=True, exist_ok=True)
        (home / "rejected").mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise HomeError(
            f"{home}: {error.strerror}; expected a folder that can be written. Name another with --home."
        ) from None
    return home


def known_home(home: Path) -> Path:
    """The home, which has to be there. Raises HomeError where it is not."""
    if not (home / "customer.key").exists():
        raise HomeError(
            f"{home}: no home; expected one in which something was run. Run `heard run SOURCE --home {home}`."
        )
    return home


def warehouse_of(home: Path) -> Path:
    """Where the home's published warehouse is. Raises HomeError where nothing was published yet."""
    path = home / "warehouse.duckdb"
    if not path.exists():
        raise HomeError(
            f"{home}: no warehouse; expected one that a run published. Run `heard run SOURCE --home {home}`."
        )
    return path


def customer_key(home: Path) -> bytes:
    """The key of the customers' hashes.

    A new home takes the key of the person who runs it (so that two homes of theirs can be compared), and keeps a copy.
    """
    own = home / "customer.key"
    if not own.exists():
        write_whole(own, _personal_key().hex().encode(), mode=0o600)
    try:
        return bytes.fromhex(own.read_text())
    except ValueError:
        raise HomeError(
            f"{own}: not a key; expected {KEY_BYTES * 2} hexadecimal digits. Restore it from a copy."
        ) from None


def _personal_key() -> bytes:
    folder = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "heard"
    path = folder / "customer.key"
    try:
        if not path.exists():
            folder.mkdir(parents=True, exist_ok=True)
            write_whole(path, secrets.token_bytes(KEY_BYTES).hex().encode(), mode=0o600)
        return bytes.fromhex(path.read_text())
    except (OSError, ValueError):
        return secrets.token_bytes(KEY_BYTES)


@contextmanager
def only_writer(home: Path) -> Iterator[None]:
    """Holds the home for one writer; a second one gets a HomeError at once."""
    with (home / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise HomeError(
                f"{home}: another run is writing; expected to be the only one. Wait for it to end."
            ) from None
        yield


def write_whole(path: Path, content: bytes, mode: int = 0o644) -> None:
    """Writes a file so that a reader sees all of it or nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    replace(part, path)


def put_in_place(part: Path, path: Path) -> None:
    """Puts a file that was written into its place: it and its folder are on the disk when this returns."""
    with part.open("rb+") as file:
        os.fsync(file.fileno())
    replace(part, path)


def replace(part: Path, path: Path) -> None:
    """Puts a finished file in its place, and the folder on the disk."""
    part.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
