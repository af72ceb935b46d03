"""Parquet as a frame of texts, whatever state the file is in."""

import json
from collections.abc import Collection
from typing import Any

import polars as pl

from transforms.readers.transcript import EXPORT, WHOLE_FILE, ReadError


def read_parquet(data: bytes, single: Collection[str] | None) -> pl.DataFrame:
    """The file's columns as text; those that hold lists or objects are null, and wrong where a single value is due.

    Where nobody knows yet which are to be single, lists and objects are text too, as JSON.
    """
    import pyarrow
    from pyarrow import parquet

    try:
        arrow = parquet.ParquetFile(pyarrow.BufferReader(data)).read()
        nested = {field.name for field in arrow.schema if pyarrow.types.is_nested(field.type)}
        names = arrow.schema.names
        plain = arrow.drop_columns(list(nested))
        plain = plain.cast(pyarrow.schema([field.remove_metadata() for field in plain.schema]))
        plain.validate(full=True)  # a damaged text would stop the whole process later
        frame = _frame(plain)
    except (pyarrow.ArrowException, OSError, ValueError, KeyError, pl.exceptions.PolarsError) as error:
        raise _unreadable(error) from None
    for name in nested:
        if name.strip().lower() in (single or ()):
            raise ReadError(WHOLE_FILE, f"column {name} holds lists or objects; expected single values")
    kept = [_as_json(name, arrow[name]) if single is None else pl.lit(None, pl.String).alias(name) for name in nested]
    return frame.with_columns(kept).select(names)


def _as_json(name: str, column: Any) -> pl.Series:
    texts = [None if value is None else json.dumps(value, default=str) for value in column.to_pylist()]
    return pl.Series(name, texts, pl.String)


def _frame(plain: Any) -> pl.DataFrame:
    try:
        frame = pl.DataFrame(pl.from_arrow(plain))
        return frame.select(_as_text(frame[name]) for name in frame.columns)
    except pl.exceptions.PanicException as error:  # no Exception: it would end the run
        raise _unreadable(error) from None


def _unreadable(error: BaseException) -> ReadError:
    reason = f"the Parquet file cannot be read ({type(error).__name__}); expected a whole Parquet file"
    return ReadError(WHOLE_FILE, reason, EXPORT)


def _as_text(column: pl.Series) -> pl.Series:
    """The column as text: times in ISO 8601, whole numbers without a fraction."""
    kind = column.dtype
    if isinstance(kind, pl.Datetime):
        return column.dt.strftime("%Y-%m-%dT%H:%M:%S%.6f" + ("%:z" if kind.time_zone else ""))
    if kind.is_float() and ((column == column.round()) & (column.abs() < 2**53)).all():
        return column.cast(pl.Int64).cast(pl.String)
    return column.cast(pl.String, strict=False)
