"""A file before anybody knows what its columns mean: its encoding, its shape, its rows, and what each column holds."""

from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import polars as pl

from transforms.mapping.words import bare, last
from transforms.readers.column_map import DAY_FIRST, MONTH_FIRST
from transforms.readers.content import decode
from transforms.readers.flat import KEY, items_in, items_of, lists_in
from transforms.readers.mapped_table import table_of
from transforms.readers.moments import moment
from transforms.readers.table import Table, header
from transforms.readers.transcript import EXPORT, WHOLE_FILE, File, ReadError

LOOKED_AT = 20_000  # rows
LEGACY = "cp1252"
_EXPECTED = set("àâäæçéèêëîïôœöùûüÿßñáíóúÀÂÄÆÇÉÈÊËÎÏÔŒÖÙÛÜŸÑÁÍÓÚ’‘“”«»…–—€°£§ \u00a0")


@dataclass(frozen=True)
class Column:
    """What a column holds."""

    name: str
    cells: pl.Series  # all of them, null where blank

    @cached_property
    def given(self) -> pl.Series:
        """The cells that hold something."""
        return self.cells.drop_nulls()

    @cached_property
    def distinct(self) -> int:
        """How many different values there are."""
        return self.given.n_unique()

    @cached_property
    def numbers(self) -> pl.Series:
        """The cells as numbers; null where they are none."""
        return self.cells.str.replace(",", ".").cast(pl.Float64, strict=False)

    @cached_property
    def is_number(self) -> bool:
        """Whether all that is given are numbers."""
        return self.given.len() > 0 and self.numbers.drop_nulls().len() == self.given.len()

    @cached_property
    def word_count(self) -> float:
        """Words in a cell, on average."""
        return sum(self.given.str.count_matches(r"\S+")) / max(1, self.given.len())

    @cached_property
    def counts(self) -> Counter[str]:
        """How often each value comes, by its own spelling."""
        return Counter(self.given.str.strip_chars().to_list())

    @property
    def bare(self) -> str:
        """The last part of its name, without case and signs."""
        return last(self.name) or bare(self.name)


def share(flags: pl.Series) -> float:
    """How many of the flags that are known are set, 0..1; 0 where none is known."""
    return len(flags.filter(flags)) / max(1, flags.count())


@dataclass(frozen=True)
class Look:
    """A file that was looked at."""

    file: File
    table: Table
    encoding: str | None
    turns: str | None
    seen: list[str] = field(default_factory=list)  # what was seen, in words
    header: list[str] = field(default_factory=list)  # of a table whose names tell it from others
    has_header: bool = True

    @cached_property
    def columns(self) -> dict[str, Column]:
        """What each column holds, in the order of the file."""
        frame = self.table.frame.head(LOOKED_AT)
        stripped = frame.select(pl.col(name).str.strip_chars() for name in self.table.columns)
        blank = [pl.when(pl.col(name) != "").then(pl.col(name)).alias(name) for name in self.table.columns]
        return {name: Column(name, cells) for name, cells in stripped.select(blank).to_dict(as_series=True).items()}

    @property
    def height(self) -> int:
        """How many rows there are."""
        return self.table.frame.height


def look(file: File, encoding: str | None = None, turns: str | None = None) -> Look:
    """What the file shows. Raises ReadError where it is no table and no JSON, or its encoding is not told."""
    is_parquet = file.data.startswith(b"PAR1")
    encoding, seen = (None, ["Parquet"]) if is_parquet else _encoding(file.data, encoding)
    text = "" if is_parquet else decode(file.data) if encoding is None else file.data.decode(encoding)
    if text.lstrip()[:1] in ("[", "{"):
        turns, more = _turns_of_json(text, turns)
        found = Look(file, table_of(file, encoding, turns), encoding, turns, [*more, *seen])
    else:
        found = _table(file, encoding, turns, [*([] if is_parquet else [_delimiter(text)]), *seen])
    if found.table.frame.is_empty() or not found.table.columns:
        raise ReadError(WHOLE_FILE, "there are no rows; expected a table or JSON with conversations", EXPORT)
    return found


def _table(file: File, encoding: str | None, turns: str | None, seen: list[str]) -> Look:
    """A table, whose cells may hold JSON with turns."""
    table = table_of(file, encoding, None)
    if table.unit == "line" and _is_headless(table):
        table = table_of(file, encoding, None, has_header=False)
        more = ["no header: the first row holds what others hold"]
        return Look(file, table, encoding, None, [*seen, *more], table.columns, has_header=False)
    inside, told = _turns([item.value for item in items_in(table)], turns)
    if inside:
        return Look(file, table_of(file, encoding, inside), encoding, inside, [*seen, told], table.columns)
    return Look(file, table, encoding, None, seen, table.columns if table.unit == "line" else [])


def _is_headless(table: Table) -> bool:
    """Whether the first row is one like the others: its cells come again below, or are times."""
    names = table.columns
    again = sum(name in table.frame[name].head(LOOKED_AT).str.strip_chars().str.to_lowercase() for name in names)
    is_dated = any(moment(name.upper(), None, order) for name in names for order in (DAY_FIRST, MONTH_FIRST))
    return again >= 2 or (again >= 1 and is_dated)


def _encoding(data: bytes, said: str | None) -> tuple[str | None, list[str]]:
    """The encoding, None where the bytes tell it, and what shows it."""
    if said:
        return said, [f"encoding {said}, as you say"]
    wide = _wide(data)
    if wide:
        return wide, [f"{wide.upper()}: every other byte is 0"]
    try:
        decode(data)
    except ReadError:
        return _legacy(data)
    return None, ["UTF-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "UTF-8"]


def _wide(data: bytes) -> str | None:
    head = data[:1000]
    odd, even = head[1::2].count(0), head[::2].count(0)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or max(odd, even) < 0.4 * len(head):
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _legacy(data: bytes) -> tuple[str | None, list[str]]:
    """Windows-1252, where it makes of every byte beyond ASCII a letter or sign that people write."""
    text = data.decode(LEGACY, "replace")
    signs = Counter(sign for sign in text if ord(sign) > 127)
    if all(sign in _EXPECTED for sign in signs):
        shown = " ".join(sign for sign, _ in signs.most_common(5))
        return LEGACY, [
            f"{LEGACY}: it is no UTF-8, and as {LEGACY} its {sum(signs.values())} other letters are {shown}"
        ]
    decode(data)  # says which byte is wrong
    raise AssertionError


def _delimiter(text: str) -> str:
    names = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
    return f"CSV with {names[header(text)[1]]}"


def _turns_of_json(text: str, said: str | None) -> tuple[str | None, list[str]]:
    """The list in which the conversations' turns lie, and what shows it."""
    items = items_of(text)
    objects = [item.value for item in items if isinstance(item.value, dict)]
    lined = "JSON, an object under each key" if objects and KEY in objects[0] else "JSON, an object a line"
    kind = "JSON" if len(items) == 1 or text.lstrip()[:1] == "[" else lined
    turns, told = _turns(objects, said)
    return turns, [kind, told]


def _turns(objects: list[Any], said: str | None) -> tuple[str | None, str]:
    """The list in which the conversations' turns lie, None where an object is a turn, and what shows it."""
    found: Counter[str] = Counter()
    for value in objects[:200]:
        for path, elements in lists_in(value):
            found[path] += sum(_said_in(element) for element in elements)
    listed = [path for path, count in found.most_common() if count]
    if said is not None:
        return said or None, f"turns under {said}, as you say"
    if not listed or _texts_beside(objects) > found[listed[0]]:
        return None, "an object a row"
    best = next(path for path in found if path in listed and found[path] >= 0.6 * found[listed[0]])
    others = [path for path in listed if path != best and not path.startswith(best)]
    more = f"; {', '.join(others[:3])} left aside (--turns takes another)" if others else ""
    return best, f"a list of turns under {best}{more}"


def _said_in(element: object) -> int:
    """Letters in what may be said in an element."""
    values = list(element.values() if isinstance(element, dict) else element if isinstance(element, list) else [])
    inner = sum(_said_in(value) for value in values if isinstance(value, dict))
    return inner + sum(len(value) for value in values if isinstance(value, str) and " " in value.strip())


def _texts_beside(objects: list[dict[str, object]]) -> int:
    """Letters in the longest labelled text that an object itself holds."""
    texts = [
        value for one in objects[:200] for value in one.values() if isinstance(value, str) and value.count(":") > 3
    ]
    return sum(map(len, texts))
