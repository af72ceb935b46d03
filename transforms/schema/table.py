"""What a table is: what a row of it is, its key, and for each column its type and meaning."""

from dataclasses import dataclass

import polars as pl

TIME = pl.Datetime("us")  # UTC, without a zone of its own
TEXT, INT, REAL, YES = pl.String(), pl.Int64(), pl.Float64(), pl.Boolean()


@dataclass(frozen=True)
class Column:
    type: pl.DataType
    meaning: str
    required: bool = False


@dataclass(frozen=True)
class Table:
    row: str
    key: tuple[str, ...]
    columns: dict[str, Column]

    @property
    def is_by_conversation(self) -> bool:
        """Whether its rows belong each to one conversation: a run then replaces only those of what it touches."""
        return self.key[0] == "conversation_id"

    @property
    def dtypes(self) -> dict[str, pl.DataType]:
        """Column names with their Polars types, in order."""
        return {name: column.type for name, column in self.columns.items()}

    def empty(self) -> pl.DataFrame:
        """A frame of this table without rows."""
        return pl.DataFrame(schema=self.dtypes)

    def shape(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The frame with exactly this table's columns and types; a column it lacks is null."""
        missing = [pl.lit(None).alias(name) for name in self.columns if name not in frame.columns]
        return frame.with_columns(missing).select(pl.col(name).cast(kind) for name, kind in self.dtypes.items())


def column(kind: pl.DataType, meaning: str) -> Column:
    return Column(kind, meaning)


def needed(kind: pl.DataType, meaning: str) -> Column:
    return Column(kind, meaning, required=True)


ID = needed(TEXT, "The conversation's id, as the source gives it")
TURN_INDEX = needed(INT, "The turn's number in its conversation")
