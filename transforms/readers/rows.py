"""Rows of a table with their columns read: values by type, and what is wrong with each row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from transforms.readers.cells import TIMES, Cell, fault
from transforms.readers.content import Head
from transforms.readers.table import Table, header, known
from transforms.readers.times import ZONE
from transforms.readers.transcript import EXPORT, ReadError, Rejected

MAY_MISS = "before cannot be read and may belong to this conversation"


def columns_of(head: Head) -> frozenset[str]:
    """The column names at the beginning of a table in any encoding."""
    if head.data.startswith(b"PAR1"):
        return frozenset(head.parquet_columns)
    if head.keys:
        return frozenset(map(known, head.names))
    return frozenset(map(known, header(head.text)[0]))


@dataclass(frozen=True)
class Rows:
    """A table's rows: `values` holds the known columns by type beside `_place`, `place`, `problem` and `cure`."""

    table: Table
    values: pl.DataFrame
    is_first: pl.Series
    notices: list[str]

    @property
    def named(self) -> pl.DataFrame:
        """The rows that name their conversation."""
        return self.values.filter(pl.col("conversation_id").is_not_null())

    @property
    def distinct(self) -> pl.DataFrame:
        """The same, exact duplicates once."""
        return self.values.filter(self.is_first & pl.col("conversation_id").is_not_null())

    @property
    def nameless(self) -> list[Rejected]:
        """The refusal of the rows that do not name their conversation."""
        rows = self.values.filter(pl.col("conversation_id").is_null())
        if rows.is_empty():
            return []
        first, more = rows.row(0, named=True), len(rows) - 1
        place = first["place"] + (f" and {more} more" if more else "")
        return [Rejected(place, first["problem"], first["cure"], len(rows), self.table.raw(rows["_place"].to_list()))]

    def raw(self, conversation_id: str) -> bytes:
        """A conversation's rows as they came."""
        return self.table.raw(self._places[conversation_id])

    @cached_property
    def _places(self) -> dict[str, list[int]]:
        places = dict(self.named.group_by("conversation_id", maintain_order=True).agg("_place").iter_rows())
        before = pl.col("_place").shift(1).alias("before")
        for id_, lost in (
            self.values.with_columns(before).filter(_may_miss()).select("conversation_id", "before").iter_rows()
        ):
            places[id_].append(lost)  # without which it would seem to be whole
        return places


def read_rows(table: Table, cells: Mapping[str, Cell], required: Sequence[str]) -> Rows:
    """The rows of a table, its known columns read as these cells; what is required has to be in each row."""
    _check_columns(table, required)
    given = [name for name in cells if name in table.columns]
    absent = [pl.lit(None, pl.String).alias(name) for name in cells if name not in given]
    texts = _with_lost_rows(table.frame, table.unit).with_columns(absent)
    values = texts.select(
        "_place",
        table.place.alias("place"),
        *(cells[name].parse(pl.col(name)).alias(name) for name in cells),
    )
    values = values.with_columns(_problems(texts, values, cells, given, required))
    return Rows(table, values, _is_first(texts, values, table.columns, given), _notices(texts, table, cells, given))


def _check_columns(table: Table, required: Sequence[str]) -> None:
    missing = [name for name in required if name not in table.columns]
    if missing:
        reason = f"there is no column {' or '.join(missing)}; expected {', '.join(required)}"
        raise ReadError(f"{table.unit} 1", reason, "Name your columns so.")


def _with_lost_rows(frame: pl.DataFrame, unit: str) -> pl.DataFrame:
    """A broken row that does not tell its conversation counts to the one before it; the one after may miss it too."""
    own = pl.col("conversation_id")
    lost = pl.col("_problem").is_not_null() & own.is_null()
    near = pl.when(lost).then(pl.coalesce(own.forward_fill(), own.backward_fill())).otherwise(own)
    misses = lost.shift(1, fill_value=False) & ~lost & (own != near.shift(1))
    reason = f"the {unit} {MAY_MISS}; expected it whole"
    problem = pl.when(misses).then(pl.coalesce("_problem", pl.lit(reason))).otherwise("_problem")
    return frame.with_columns(conversation_id=near, _problem=problem)


def _may_miss() -> pl.Expr:
    """Whether a row's conversation may miss the row before."""
    return pl.col("problem").str.contains(MAY_MISS, literal=True)


def _problems(
    texts: pl.DataFrame, values: pl.DataFrame, cells: Mapping[str, Cell], given: list[str], required: Sequence[str]
) -> list[pl.Series]:
    """For each row what is wrong with it and the cure, null where nothing is."""
    wrong = [
        pl.when(values[name].is_null() & _is_there(texts[name], name in required)).then(pl.lit(name)) for name in given
    ]
    column = pl.select(pl.coalesce(*wrong)).to_series() if len(texts) else pl.Series([], dtype=pl.String)
    problems: list[str | None] = texts["_problem"].to_list()
    cures: list[str | None] = [None] * len(texts)
    for row in (column.is_not_null() | texts["_problem"].is_not_null()).arg_true():
        name = column[row]
        if problems[row] is None:
            problems[row] = fault(name, cells[name], texts[name][row])
            cures[row] = cells[name].cure
        else:
            cures[row] = EXPORT
    return [pl.Series("problem", problems, pl.String), pl.Series("cure", cures, pl.String)]


def _is_there(texts: pl.Series, is_required: bool) -> pl.Series:
    """Whether a cell should have been read."""
    return pl.repeat(True, len(texts), eager=True) if is_required else texts.str.strip_chars().fill_null("") != ""


def _is_first(texts: pl.DataFrame, values: pl.DataFrame, columns: list[str], given: list[str]) -> pl.Series:
    """Whether no row before is the same: in the known columns where there is a turn_index, else in all."""
    frame = texts.select(
        pl.struct(columns).is_first_distinct().alias("every"), known=pl.struct(given).is_first_distinct()
    )
    has_index = values["turn_index"].is_not_null() if "turn_index" in values.columns else frame["known"]
    return frame["every"] & (frame["known"] | ~has_index)


def _notices(texts: pl.DataFrame, table: Table, cells: Mapping[str, Cell], given: list[str]) -> list[str]:
    notices = []
    extra = [name for name in table.columns if name not in cells]
    if extra:
        more = f" and {len(extra) - 20} more" if len(extra) > 20 else ""
        notices.append(f"columns left out: {', '.join(extra[:20])}{more}")
    for name in given:
        if cells[name] is TIMES:
            times = texts[name].str.strip_chars()
            count = int(((times != "") & ~times.str.slice(11).str.contains(ZONE)).sum())
            if count:
                notices.append(f"{name} names no zone in {count} rows: taken as UTC")
    return notices
