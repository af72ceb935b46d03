"""The published warehouse, as everybody reads it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb
import polars as pl

EXPECTED = 'Expected a read-only SELECT over the warehouse: `heard query "show tables"` lists its tables.'


class QueryError(Exception):
    """One line: what is wrong with a query."""


@contextmanager
def reading(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A read-only connection to the published warehouse, without access to files or the network from SQL."""
    with duckdb.connect(str(path), read_only=True) as con:
        con.execute("SET TimeZone = 'UTC'")
        con.execute("SET enable_external_access = false")
        con.execute("SET lock_configuration = true")
        yield con


def query(path: Path, sql: str, parameters: Sequence[object] = ()) -> pl.DataFrame:
    """What one statement gives. Raises QueryError, in one line, where DuckDB refuses it."""
    with reading(path) as con:
        try:
            return con.execute(sql, parameters).pl()
        except duckdb.Error as error:
            first, _, rest = str(error).partition("\n")
            hint = next(
                (line.strip() for line in rest.splitlines() if line.startswith(("Candidate", "Did you mean"))), ""
            )
            raise QueryError(f"{first} {hint}".strip().rstrip(".") + f". {EXPECTED}") from None
