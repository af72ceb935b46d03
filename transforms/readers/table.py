"""Tables as they come (CSV, JSONL, JSON list, Parquet): every cell as text, every row with its place."""

import csv
import io
import json
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import polars as pl

from transforms.readers.content import decode, lines, parse_json
from transforms.readers.parquet import read_parquet
from transforms.readers.record import figure, plain
from transforms.readers.transcript import EXPORT, File, ReadError

DELIMITERS = ",;\t|"
UNQUOTED = "a quoted cell does not end as it should; expected a delimiter after the quote"
csv.field_size_limit(2**31 - 1)  # a cell may be long
MARKS = {"_place": pl.Int64(), "_problem": pl.String()}
_SEPARATOR = re.compile(r"sep=([,;\t|])[ \t]*(?:\r\n|\r|\n)", re.IGNORECASE)  # the first line of Excel's CSV
_ID_IN_A_BROKEN_LINE = re.compile(r'"conversation_id"\s*:\s*(?:"((?:[^"\\]|\\.)*)"|(-?\d+))')


@dataclass(frozen=True)
class Table:
    """Rows of text cells with `_place` (line or row) and `_problem` (what is wrong with the whole row)."""

    frame: pl.DataFrame
    unit: str
    columns: list[str]
    lines: Sequence[str] = ()
    lines_above: int = 0  # the header, and what a spreadsheet says of the delimiter

    @property
    def place(self) -> pl.Expr:
        """The place of each row in words."""
        return pl.format(f"{self.unit} {{}}", "_place")

    def raw(self, places: Collection[int]) -> bytes:
        """The rows at these places as they came."""
        if not self.lines:
            rows = self.frame.filter(pl.col("_place").is_in(list(places))).select(self.columns)
            return rows.write_ndjson().encode()
        return "".join([*self.lines[: self.lines_above], *(self._row(place) for place in sorted(places))]).encode()

    def _row(self, place: int) -> str:
        starts = self.frame["_place"]
        after = starts.search_sorted(place, "right")
        end = starts[after] - 1 if after < len(starts) else len(self.lines)
        return "".join(self.lines[place - 1 : end])


def read_table(file: File, columns: Collection[str] | None, has_header: bool = True) -> Table:
    """The rows of a file in any of the encodings; in these columns a list or an object is wrong.

    Where no columns are known, lists and objects are kept as JSON; without a header columns are named by their number.
    """
    if file.data.startswith(b"PAR1"):
        return _parquet(file.data, columns)
    text = decode(file.data)
    if text.lstrip()[:1] not in ("[", "{"):
        return _csv(text, has_header)
    read_json = _json_list if text.lstrip()[:1] == "[" else _jsonl
    return read_json(text, columns or ())


def header(text: str) -> tuple[list[str], str]:
    """The column names in the first line of a CSV text, and the delimiter between them."""
    told = _SEPARATOR.match(text)
    line = re.split(r"[\r\n]", text[told.end() if told else 0 :], maxsplit=1)[0]
    delimiter = told[1] if told else max(DELIMITERS, key=line.count)
    names = next(csv.reader([line], delimiter=delimiter), [])
    return [name.strip() for name in names], delimiter


def has_long_cells(text: str) -> bool:
    """Whether a text begins as a table with quoted cells that go over several lines, and is no transcript itself."""
    names, delimiter = header(text)
    rows = list(islice(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), 1, 4))
    is_named = len(names) > 1 and all(name and ": " not in name for name in names)
    is_even = bool(rows) and all(len(row) == len(names) for row in rows)
    return is_named and is_even and any("\n" in cell for row in rows for cell in row)


def known(name: str) -> str:
    """A column's name as Heard writes it."""
    return name.strip().lower()


def _csv(text: str, has_header: bool) -> Table:
    names, delimiter = header(text)
    names = [known(name) if has_header else "" for name in names]
    _check_names(names)
    source = list(io.StringIO(text, newline=""))
    reader = csv.reader(source, delimiter=delimiter, strict=True)
    for _ in range(has_header + bool(_SEPARATOR.match(text))):
        if next(_cells(reader), (1, names))[1] is None:
            raise ReadError("line 1", UNQUOTED, EXPORT)
    lines_above = reader.line_num
    rows = [_csv_row(cells, len(names), line) for line, cells in _cells(reader) if cells != []]
    return Table(_frame(rows, names), "line", _named(names), source, lines_above)


def _cells(reader: Any) -> Iterator[tuple[int, list[str] | None]]:
    """Each row's cells with the line on which it begins; None where its quotes are wrong."""
    while True:
        line = reader.line_num + 1
        try:
            yield line, next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            if "end of data" in str(error):
                reason = "a quoted cell begins in this row and never ends; expected a closing quote"
                raise ReadError(f"line {line}", reason, "Export it again, with quotes inside cells doubled.") from None
            yield line, None


def _csv_row(cells: list[str] | None, width: int, line: int) -> list[Any]:
    if cells is None:
        return [*[None] * width, line, UNQUOTED]
    problem = None if len(cells) == width else f"it has {len(cells)} cells; expected {width}, as in the header"
    kept = [plain(cell) for cell in cells[:width]]
    return [*kept, *[None] * (width - len(kept)), line, problem]


def _check_names(names: list[str]) -> None:
    for name in names:
        if name and names.count(name) > 1:
            raise ReadError("line 1", f"column {name!r} comes twice; expected once", "Rename or remove one of them.")


def _jsonl(text: str, columns: Collection[str]) -> Table:
    rows = [(line, *_parsed(value, line, columns)) for line, value in lines(text)]
    return _objects(rows, "line", [f"{line}\n" for line in text.removesuffix("\n").split("\n")])


def _json_list(text: str, columns: Collection[str]) -> Table:
    values = parse_json(text, parse_int=str, parse_float=str)
    return _objects([(row, *_checked(value, columns)) for row, value in enumerate(values, 1)], "row", [])


def _parsed(text: str, line: int, columns: Collection[str]) -> tuple[dict[str, Any], str | None]:
    """A line's object, numbers as they are written; of a broken line its conversation, where it can be told."""
    try:
        return _checked(parse_json(text, line, parse_int=str, parse_float=str), columns)
    except ReadError as broken:
        found = _ID_IN_A_BROKEN_LINE.search(text)
        return ({"conversation_id": found[1] or found[2]} if found else {}), broken.reason


def _checked(value: object, columns: Collection[str]) -> tuple[dict[str, Any], str | None]:
    if not isinstance(value, dict):
        return {}, "found something else; expected an object"
    row = {known(plain(key)): cell for key, cell in value.items()}
    for name, cell in row.items():
        if name in columns and isinstance(cell, list | dict):
            return row, f"{name} is {figure(cell)}; expected a single value"
    return row, None


def _objects(values: Sequence[tuple[int, dict[str, Any], str | None]], unit: str, source: Sequence[str]) -> Table:
    names = list(dict.fromkeys(name for _, value, _ in values for name in value))
    rows = [[*(_cell(value.get(name)) for name in names), place, problem] for place, value, problem in values]
    return Table(_frame(rows, names), unit, _named(names), source)


def _cell(value: object) -> str | None:
    """A JSON value as text; lists and objects as JSON."""
    if value is None:
        return None
    if isinstance(value, str):
        return plain(value)
    return json.dumps(value)


def _frame(rows: Iterable[list[Any]], names: list[str]) -> pl.DataFrame:
    columns = dict.fromkeys(_named(names), pl.String())
    return pl.DataFrame(list(rows), schema={**columns, **MARKS}, orient="row")


def _named(names: Sequence[str]) -> list[str]:
    """The names, those that are empty by their number."""
    return [name or f"column {number}" for number, name in enumerate(names, 1)]


def _parquet(data: bytes, columns: Collection[str] | None) -> Table:
    frame = read_parquet(data, columns)
    names = [known(name) for name in frame.columns]
    _check_names(names)
    frame.columns = names
    marks = {"_place": pl.int_range(1, pl.len() + 1, dtype=pl.Int64), "_problem": pl.lit(None, pl.String)}
    return Table(frame.with_columns(**marks), "row", names)
