"""Outcomes that anyone can produce: CSV, JSONL or Parquet, one row what became of a conversation."""

import re

import polars as pl

from transforms.readers import cells
from transforms.readers.cells import Cell
from transforms.readers.content import Head
from transforms.readers.format import Reader, Supports
from transforms.readers.record import label
from transforms.readers.rows import Rows, columns_of, read_rows
from transforms.readers.table import read_table
from transforms.readers.transcript import (
    CORRECT,
    SEGMENT_DRAFT,
    TRANSCRIPT_DRAFT,
    Draft,
    File,
    ReadError,
    Rejected,
    Roles,
    nothing,
)

NAME = "outcomes"
TIMES = ("resolved_at", "answered_at", "escalated_at", "transferred_at", "updated_at")
ANSWERS = ("csat", "nps", "ces")
KNOWN = {"resolved", "reopened", "csat", "nps", "ces", *TIMES} - {"updated_at"}
GOOD_BAD = {"good": 1.0, "bad": 0.0}
UNANSWERED = ("offered", "unoffered")
A_SCALE = "LOW-HIGH such as 1-5, or good/bad"
SCALE = re.compile(r"(-?\d+(?:\.\d+)?)\s*-\s*(-?\d+(?:\.\d+)?)")

COLUMNS: dict[str, Cell] = {
    "conversation_id": cells.TEXT,
    "source": cells.TEXT,
    "status": cells.TEXT,
    "resolved": cells.YES,
    "reopened": cells.YES,
    "csat": cells.TEXT,
    "csat_scale": cells.TEXT,
    "nps": Cell(cells.between(0, 10), "a number from 0 to 10"),
    "ces": Cell(cells.real, "a number"),
    **dict.fromkeys(TIMES, cells.TIMES),
}


def recognise(head: Head) -> bool:
    """Whether it has a conversation_id and an outcome, and neither speaker nor text."""
    names = columns_of(head)
    return "conversation_id" in names and not names & {"speaker", "text"} and bool(names & KNOWN)


def read(files: list[File], roles: Roles) -> Draft:
    """The outcomes of one file; a row that is wrong is refused alone."""
    file = files[0]
    try:
        rows = read_rows(read_table(file, COLUMNS), COLUMNS, ("conversation_id",))
    except ReadError as broken:
        return nothing(NAME, [Rejected.of(broken, raw=file.data)])
    return draft_of(NAME, rows)


def draft_of(name: str, rows: Rows) -> Draft:
    """The outcomes of these rows, as this format."""
    found = rows.named.with_columns(rated(rows.named))
    wrong = found.filter(pl.col("problem").is_not_null())
    refused = [
        Rejected(row["place"], row["problem"], row["cure"] or CORRECT, 1, rows.table.raw([row["_place"]]))
        for row in wrong.iter_rows(named=True)
    ]
    good = found.filter(rows.is_first.filter(rows.values["conversation_id"].is_not_null())).filter(
        pl.col("problem").is_null()
    )
    return Draft(
        name,
        pl.DataFrame(schema=TRANSCRIPT_DRAFT),
        pl.DataFrame(schema=SEGMENT_DRAFT),
        good.with_columns(pl.col("source").fill_null(name)),
        [*rows.nameless, *refused],
        len(rows.values),
        rows.notices,
    )


def rated(rows: pl.DataFrame) -> list[pl.Series]:
    """csat, its scale, whether anyone was asked, and what is wrong with them."""
    read = [rating(row["csat"], row["csat_scale"]) for row in rows.select("csat", "csat_scale").iter_rows(named=True)]
    answered = rows.select(pl.any_horizontal(pl.col("nps", "ces").is_not_null())).to_series()
    asked = [True if other else was_asked for (_, _, was_asked, _), other in zip(read, answered, strict=True)]
    problems = [was or now for was, (*_, now) in zip(rows["problem"], read, strict=True)]
    return [
        pl.Series("csat", [value for value, *_ in read], pl.Float64),
        pl.Series("csat_scale", [scale for _, scale, *_ in read], pl.String),
        pl.Series("was_surveyed", asked, pl.Boolean),
        pl.Series("problem", problems, pl.String),
    ]


def rating(csat: str | None, scale: str | None) -> tuple[float | None, str | None, bool | None, str | None]:
    """Value, scale, whether the customer was asked, and what is wrong; a scale is 1-5 where none is given."""
    if csat is None:
        return None, None, None, None
    word = csat.casefold()
    if word in UNANSWERED:
        return None, None, word == "offered", None
    if word in GOOD_BAD and (scale or "good/bad").casefold() == "good/bad":
        return GOOD_BAD[word], "good/bad", True, None
    return _number_on_scale(csat, scale or "1-5")


def _number_on_scale(csat: str, scale: str) -> tuple[float | None, str | None, bool | None, str | None]:
    if scale.casefold() == "good/bad":
        return None, None, None, cells.fault("csat", Cell(cells.words, "good or bad", label), csat)
    ends = SCALE.fullmatch(scale)
    if not ends or float(ends[1]) >= float(ends[2]):
        return None, None, None, cells.fault("csat_scale", Cell(cells.words, A_SCALE, label), scale)
    try:
        value = float(csat)
    except ValueError:
        value = float("nan")
    if float(ends[1]) <= value <= float(ends[2]):
        return value, f"{ends[1]}-{ends[2]}", True, None
    return None, None, None, cells.fault("csat", Cell(cells.words, f"a number on its scale {scale}", label), csat)


READER = Reader(
    NAME,
    Supports(
        "Outcomes as CSV, JSONL or Parquet, one row a conversation",
        roles="not needed",
        csat="yes",
        resolved="yes",
        reopened="yes",
        transfer="yes",
    ),
    recognise,
    read,
)
