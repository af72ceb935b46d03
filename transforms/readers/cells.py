"""What a text cell may hold: each kind of value, how it is read, and what is said where it cannot be."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import polars as pl

from transforms.readers.record import figure, label
from transforms.readers.roles import MAP_IT, role_for
from transforms.readers.times import parse_time
from transforms.readers.transcript import CORRECT, Roles
from transforms.schema import CHANNELS, KINDS, TIME

LONGEST_SECONDS = 10 * 366 * 86_400  # beyond it a number of seconds is a date, not an offset
YES_NO = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False, "1.0": True, "0.0": False}


@dataclass(frozen=True)
class Cell:
    """A kind of cell: from text to value (null where it cannot be), what is expected, how the found is shown."""

    parse: Callable[[pl.Expr], pl.Expr]
    expected: str
    shown: Callable[[str], str] = figure
    cure: str = CORRECT


def words(column: pl.Expr) -> pl.Expr:
    """The cell without blanks around it; null where nothing is left."""
    stripped = column.str.strip_chars()
    return pl.when(stripped != "").then(stripped)


def real(column: pl.Expr) -> pl.Expr:
    """A finite number."""
    number = column.str.strip_chars().cast(pl.Float64, strict=False)
    return pl.when(number.is_finite() & (number.abs() < 1e15)).then(number)


def whole(column: pl.Expr) -> pl.Expr:
    """A whole number from 0."""
    number = real(column)
    return pl.when((number == number.floor()) & (number >= 0) & (number < 2**53)).then(number).cast(pl.Int64)


def between(low: float, high: float) -> Callable[[pl.Expr], pl.Expr]:
    """A number from low to high."""
    return lambda column: pl.when(real(column).is_between(low, high)).then(real(column))


def milliseconds(column: pl.Expr) -> pl.Expr:
    """Seconds from the start as whole milliseconds."""
    number = real(column)
    return pl.when((number >= 0) & (number <= LONGEST_SECONDS)).then((number * 1000).round()).cast(pl.Int64)


def one_of(values: tuple[str, ...]) -> Callable[[pl.Expr], pl.Expr]:
    """One of these words, whatever its case."""
    return lambda column: pl.when(_lower(column).is_in(values)).then(_lower(column))


def yes_no(column: pl.Expr) -> pl.Expr:
    """true, yes, 1 or false, no, 0."""
    return _lower(column).replace_strict(YES_NO, default=None, return_dtype=pl.Boolean)


def time(column: pl.Expr) -> pl.Expr:
    """A moment in UTC; without a zone it is taken as UTC."""
    return by_value(column, parse_time, TIME)


def tag(column: pl.Expr) -> pl.Expr:
    """A language tag, with hyphens."""
    return words(column).str.replace_all("_", "-")


def role(roles: Roles) -> Callable[[pl.Expr], pl.Expr]:
    """A role, by the source's own word or as mapped."""
    return lambda column: by_value(column, lambda name: role_for(name, roles), pl.String())


A_TIME = "an ISO 8601 time with its zone, such as 2026-01-31T09:30:00Z"
TEXT = Cell(words, "a text", label)
SAID = Cell(lambda column: column, "what was said", label)
LANGUAGE = Cell(tag, "a language tag such as fr or en-GB", label)
TURN_INDEX = Cell(whole, "a whole number from 0")
TIMES = Cell(time, A_TIME)
OFFSET = Cell(milliseconds, "seconds from the start of the conversation")
YES = Cell(yes_no, "true, false, yes, no, 1 or 0", label)
CHANNEL = Cell(one_of(CHANNELS), "voice, chat, email, ticket or social", label)
KIND = Cell(one_of(KINDS), "message, note or event", label)


def speaker(roles: Roles) -> Cell:
    """The cell that says who speaks."""
    return Cell(role(roles), "agent, customer, supervisor, bot or system", label, MAP_IT)


def fault(name: str, cell: Cell, found: str | None) -> str:
    """What is said of a cell that cannot be read."""
    shown = f"{name} is {cell.shown(found)}" if found else f"there is no {name}"
    return f"{shown}; expected {cell.expected}"


def _lower(column: pl.Expr) -> pl.Expr:
    return column.str.strip_chars().str.to_lowercase()


def by_value(column: pl.Expr, parse: Callable[[str], Any], kind: pl.DataType) -> pl.Expr:
    """Each different cell read once."""

    def parsed(cells: pl.Series) -> pl.Series:
        found = cells.unique().drop_nulls()
        values = pl.Series([parse(cell) for cell in found], dtype=kind)
        return cells.replace_strict(found, values, default=None, return_dtype=kind)

    return column.map_batches(parsed, return_dtype=kind)
