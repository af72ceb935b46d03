"""The one door to the published warehouse: read-only, whichever version is there at the moment of asking."""

import argparse
import os
import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple

import duckdb
import polars as pl

KEPT_ANSWERS = 1000


class NoWarehouseError(Exception):
    """Nothing has been published in this home yet."""


UnreadableError = duckdb.Error  # the published file is damaged, or of a version that lacks what is asked for


class Version(NamedTuple):
    """One published file; another one has another inode or another time."""

    path: str
    inode: int
    modified_ns: int
    byte_count: int


_asked: ContextVar[list[str] | None] = ContextVar("asked", default=None)
_lock = Lock()
_open: dict[Version, duckdb.DuckDBPyConnection] = {}


def home() -> Path:
    """The home that is shown: `--home DIR` after `--` on the command line, else HEARD_HOME, else ./heard-home."""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("--home", default=os.environ.get("HEARD_HOME", "heard-home"))
    return Path(parser.parse_known_args(sys.argv[1:])[0].home)


def version() -> Version:
    """The version that is published now. Raises NoWarehouseError where there is none."""
    path = home() / "warehouse.duckdb"
    try:
        facts = path.stat()
    except OSError:
        raise NoWarehouseError(str(path)) from None
    return Version(str(path.resolve()), facts.st_ino, facts.st_mtime_ns, facts.st_size)


def query(sql: str, **parameters: Any) -> pl.DataFrame:
    """What one statement gives; `$name` in it stands for a parameter. A list parameter is for `= any($name)`."""
    if (asked := _asked.get()) is not None:
        asked.append(pasted(sql, parameters))
    given = tuple((name, _frozen(value)) for name, value in sorted(parameters.items()))
    return _answer(version(), sql, given)


@contextmanager
def behind() -> Iterator[list[str]]:
    """Collects the statements that are asked in the block, each ready to be asked again by hand."""
    statements: list[str] = []
    token = _asked.set(statements)
    try:
        yield statements
    finally:
        _asked.reset(token)


def pasted(sql: str, parameters: Mapping[str, Any]) -> str:
    """The statement with its parameters written into it, in one paragraph."""
    lines = "\n".join(line.strip() for line in sql.strip().splitlines())
    return re.sub(r"\$([a-z_]\w*)", lambda name: _literal(parameters[name[1]]), lines)


def _literal(value: Any) -> str:
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_literal, value))}]"
    if isinstance(value, str):
        return f"""'{value.replace("'", "''")}'"""
    if isinstance(value, date):
        return f"{'TIMESTAMP' if isinstance(value, datetime) else 'DATE'} '{value}'"
    if isinstance(value, float):
        return f"{value!r}::DOUBLE"
    return "NULL" if value is None else str(value)


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


@lru_cache(maxsize=KEPT_ANSWERS)
def _answer(asked: Version, sql: str, parameters: tuple[tuple[str, Any], ...]) -> pl.DataFrame:
    given = {name: list(value) if isinstance(value, tuple) else value for name, value in parameters}
    with _cursor(asked) as cursor:
        cursor.execute("USE warehouse")
        return cursor.execute(sql, given or None).pl()


def forget() -> None:
    """Lets every answer that is kept go."""
    _answer.cache_clear()


def _cursor(asked: Version) -> duckdb.DuckDBPyConnection:
    with _lock:
        if asked not in _open:
            # Let go, not closed: a query that still runs on an older version holds it open until it ends.
            _open.clear()
            _answer.cache_clear()
            _open[asked] = _connect(asked)
        return _open[asked].cursor()


def _connect(asked: Version) -> duckdb.DuckDBPyConnection:
    # Attached to an empty database of its own: duckdb.connect(path) would give this process the older file again for
    # as long as anyone still reads from it.
    connection = duckdb.connect(":memory:")
    quoted = asked.path.replace("'", "''")
    connection.execute(f"ATTACH '{quoted}' AS warehouse (READ_ONLY)")
    connection.execute("SET GLOBAL TimeZone = 'UTC'")
    connection.execute("SET autoinstall_known_extensions = false")
    connection.execute("SET autoload_known_extensions = false")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return connection
