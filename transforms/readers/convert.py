"""A table of a team's own brought to the columns of the common input: names, words, roles, units, zones."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import PurePath

import polars as pl
from polars import selectors

from transforms.readers import common, outcomes
from transforms.readers.blob import split
from transforms.readers.cells import by_value
from transforms.readers.column_map import IDS, MARKS, ColumnMap, by_word
from transforms.readers.mapped_conversations import with_conversation
from transforms.readers.mapped_table import table_of
from transforms.readers.mapped_times import check_pace, with_times
from transforms.readers.record import plain
from transforms.readers.roles import ELSE, mapped, role_for
from transforms.readers.table import Table, known
from transforms.readers.transcript import File, ReadError, Roles

FILE = "(file)"  # as a column: the file's name
SIDE = "_side_"  # before the names of texts that stand side by side
NOBODY = "unknown"  # says what stands before the first name of a cell
RATINGS = ("csat", "nps", "ces")
KEPT = ("_place", "_problem", "_item", "_list", "_turn")


@dataclass(frozen=True)
class Converted(Table):
    """A table brought to our columns; its rows came from another, and are kept as they stood there."""

    origin: Table | None = None

    @property
    def place(self) -> pl.Expr:
        """The place of each row in words, as it came."""
        return self.origin.place if self.origin else super().place

    def raw(self, places: Collection[int]) -> bytes:
        """The rows at these places as they came."""
        return self.origin.raw(places) if self.origin else super().raw(places)


def convert(file: File, mapping: ColumnMap, roles: Roles) -> Converted:
    """The file's table with our columns alone, as the common input writes them."""
    table = table_of(file, mapping.encoding, mapping.turns, not mapping.headless)
    frame = _taken(table, mapping, file)
    frame = frame.pipe(_spoken, mapping).pipe(with_conversation, file)
    frame = _with_roles(frame, mapping, roles) if mapping.has_turns else frame
    for name, words in mapping.values.items():
        if name in frame.columns:
            frame = frame.with_columns(by_value(pl.col(name), _meaning(words), pl.String()))
    check_pace(frame, mapping)
    frame = frame.pipe(with_times, mapping).pipe(_with_ratings, mapping).pipe(_with_order)
    ours = [name for name in frame.columns if name in common.columns({}) or name in outcomes.COLUMNS]
    marks = [name for name in KEPT if name in frame.columns]
    return Converted(frame.select(*ours, *marks), table.unit, ours, origin=table)


def _taken(table: Table, mapping: ColumnMap, file: File) -> pl.DataFrame:
    """The columns that the mapping names, by our names."""
    there = {known(name): name for name in table.columns}
    wanted = [*mapping.columns.values(), *mapping.texts]
    missing = [theirs for theirs in wanted if known(theirs) not in there and theirs != FILE]
    if missing and len(missing) == len(wanted):
        raise ReadError(f"{table.unit} 1", f"there is no column {missing[0]}; expected those of the mapping")
    taken = {ours: there[known(theirs)] for ours, theirs in mapping.columns.items() if known(theirs) in there}
    stem = plain(PurePath(file.name).stem)
    frame = table.frame.select(
        *(
            _id(table.frame[theirs]).alias(ours) if ours in IDS else pl.col(theirs).alias(ours)
            for ours, theirs in taken.items()
        ),
        *(pl.lit(stem).alias(ours) for ours, theirs in mapping.columns.items() if theirs == FILE),
        *(pl.col(there[known(theirs)]).alias(SIDE + theirs) for theirs in mapping.texts if known(theirs) in there),
        *(name for name in KEPT if name in table.frame.columns),
    )
    constants = {"channel": mapping.channel, "csat_scale": mapping.csat_scale}
    given = {name: value for name, value in constants.items() if value and name not in frame.columns}
    return frame.with_columns(pl.lit(value).alias(name) for name, value in given.items())


def _id(column: pl.Series) -> pl.Series:
    """Ids; where a spreadsheet made all of them numbers with a fraction, without it."""
    stripped = column.str.strip_chars()
    given = stripped.drop_nulls().filter(stripped.drop_nulls() != "")
    return stripped.str.replace(r"\.0+$", "") if given.len() and given.str.contains(r"^\d+\.0+$").all() else stripped


def _spoken(frame: pl.DataFrame, mapping: ColumnMap) -> pl.DataFrame:
    """A row for each turn of what stands in one cell, or side by side in several."""
    if mapping.texts:
        said = [_beside(row) for row in frame.select(selectors.starts_with(SIDE)).iter_rows(named=True)]
    elif "transcript" in frame.columns:
        said = [split(cell or "", list(mapping.roles)) for cell in frame["transcript"]]
    else:
        return frame
    kind = pl.List(pl.Struct({"speaker": pl.String, "text": pl.String}))
    turns = [[{"speaker": who or NOBODY, "text": words} for who, words in one] or None for one in said]
    apart = frame.drop("speaker", "text", selectors.starts_with(SIDE), strict=False)
    return apart.with_columns(pl.Series("_said", turns, kind)).explode("_said").unnest("_said")


def _beside(row: Mapping[str, str | None]) -> list[tuple[str | None, str]]:
    """Who says what in a row of texts, each column for a speaker."""
    return [(who.removeprefix(SIDE), words) for who, words in row.items() if words and words.strip()]


def _with_roles(frame: pl.DataFrame, mapping: ColumnMap, roles: Roles) -> pl.DataFrame:
    """The rows with the speaker's role as far as it is known, notes and events by their kind, and who it is."""
    everybody = pl.lit(mapping.roles.get(ELSE), pl.String)
    spoken = frame if "speaker" in frame.columns else frame.with_columns(speaker=everybody)
    mark = by_value(pl.col("speaker"), lambda word: _mark(mapped(word, mapping.roles)), pl.String())
    meant = {**roles, **{word: _role(meaning) for word, meaning in mapping.roles.items()}}
    role = by_value(pl.col("speaker"), lambda word: role_for(word, meant), pl.String())
    spoken = spoken.with_columns(_mark=mark, speaker=pl.coalesce(role, "speaker"))
    kind = pl.coalesce("_mark", "kind") if "kind" in frame.columns else pl.col("_mark")
    who = [
        pl.when(pl.col("speaker") == role).then("speaker_id").alias(name)
        for name, role in (("agent_id", "agent"), ("customer_id", "customer"))
        if "speaker_id" in frame.columns and name not in frame.columns
    ]
    return spoken.with_columns(kind.alias("kind"), *who)


def _mark(meaning: str | None) -> str | None:
    return meaning if meaning in MARKS else None


def _role(meaning: str) -> str:
    return {"event": "system", "note": "agent"}.get(meaning, meaning)


def _meaning(words: Mapping[str, str]) -> Callable[[str], str]:
    meant = by_word(words)
    return lambda cell: meant.get(cell.strip().casefold(), cell)


def _with_ratings(frame: pl.DataFrame, mapping: ColumnMap) -> pl.DataFrame:
    """Ratings as numbers: `4/5`, `80 %` and `4,5` too."""
    plain_number = [
        pl.coalesce(
            pl.col(name).str.extract(r"^\s*(\d+(?:[.,]\d+)?)\s*(?:/\s*\d+|%)?\s*$").str.replace(",", "."), name
        ).alias(name)
        for name in RATINGS
        if name in frame.columns
    ]
    return frame.with_columns(plain_number)


def _with_order(frame: pl.DataFrame) -> pl.DataFrame:
    """The rows with a number where nothing else tells their order: as they stand in the file."""
    told = [
        name
        for name in ("turn_index", "start_s", "sent_at")
        if name in frame.columns and "transcript" not in frame.columns
    ]
    if told or "text" not in frame.columns:
        return frame
    return frame.with_columns(turn_index=pl.int_range(pl.len()).over("conversation_id").cast(pl.String))
