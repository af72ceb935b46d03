"""A list that is shown page by page and can be taken away whole."""

from dataclasses import dataclass
from typing import Any

import polars as pl

from dashboard.warehouse import pasted, query

LONGEST = 100_000  # rows of a list that is taken away; the SQL has no such bound


@dataclass(frozen=True)
class Listing:
    """Rows in an order of their own: an ordered SELECT without a limit, and its parameters."""

    sql: str
    parameters: dict[str, Any]

    def page(self, number: int, size: int) -> pl.DataFrame:
        """One page of it, counted from 1."""
        return query(f"{self.sql} LIMIT {size} OFFSET {size * (number - 1)}", **self.parameters)

    def whole(self) -> pl.DataFrame:
        """All of it, up to LONGEST rows."""
        return query(f"{self.sql} LIMIT {LONGEST}", **self.parameters)

    @property
    def statement(self) -> str:
        """The statement, to be asked by hand."""
        return pasted(self.sql, self.parameters)
