"""Any JSON as a table: one row a turn, where its objects hold a list of turns, else one row an object.

A key within another is named with a dot, what a list holds with `[]`, what a pair holds with its place: `chat.id`,
`chat.turns[].text`, `turns[][0]`. The key under which an object stands, where there is no list, is named `(key)`.
"""

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

import polars as pl

from transforms.readers.content import as_json, lines, parse_json
from transforms.readers.record import plain
from transforms.readers.table import MARKS, Table
from transforms.readers.transcript import ReadError

KEY = "(key)"
DEEPEST = 8  # levels of objects that become names
PLACES = ("_item", "_list", "_turn", "_problem")
Row = dict[str, Any]


@dataclass(frozen=True)
class Item:
    """An object of the file with its number there; of one that cannot be read its line and what is wrong with it."""

    number: int
    value: Any
    problem: str | None = None
    line: str | None = None


@dataclass(frozen=True)
class Nested(Table):
    """A table of what was inside objects; what is refused of it is kept as objects again."""

    items: tuple[Item, ...] = ()
    turns: str | None = None

    @property
    def place(self) -> pl.Expr:
        """The place of each row in words."""
        item = pl.format(f"{self.unit} {{}}", "_item")
        return pl.format("{}, turn {}", item, "_turn") if self.turns else item

    def raw(self, places: Collection[int]) -> bytes:
        """The objects of the rows at these places, one a line, each with no other turns."""
        rows = self.frame.select("_item", kept=pl.col("_place").is_in(list(places)))
        kept = {key[0]: rows["kept"].to_list() for key, rows in rows.group_by("_item", maintain_order=True)}
        return b"".join(self._raw(item, kept[item.number]) for item in self.items if any(kept[item.number]))

    def _raw(self, item: Item, kept: list[bool]) -> bytes:
        if item.line is not None and all(kept):
            return item.line.encode() + b"\n"
        return as_json(_only(item.value, _path(self.turns), iter(kept)) if self.turns else item.value) + b"\n"


def items_of(text: str) -> list[Item]:
    """The objects of a text: those of a list, one a line, under keys of their own, or a single one."""
    if text.lstrip()[:1] == "[":
        return [Item(number, one) for number, one in enumerate(parse_json(text), 1)]
    try:
        value = parse_json(text)
    except ReadError:
        found = [_line(number, line) for number, line in lines(text)]
        if len(found) > 1 and any(item.problem is None for item in found[:2]):
            return found
        raise
    return [Item(number, one) for number, one in enumerate(_keyed(value), 1)]


def items_in(table: Table) -> list[Item]:
    """The rows of a table as objects, the cells that hold JSON as what they hold."""
    rows = table.frame.iter_rows(named=True)
    return [Item(row["_place"], {name: _opened(row[name]) for name in table.columns}, row["_problem"]) for row in rows]


def _opened(cell: str | None) -> Any:
    try:
        return parse_json(cell) if cell and cell.lstrip()[:1] in ("[", "{") else cell
    except ReadError:
        return cell


def _line(number: int, line: str) -> Item:
    try:
        return Item(number, parse_json(line, number), line=line)
    except ReadError as broken:
        return Item(number, None, broken.reason, line)


def _keyed(value: Row) -> list[Any]:
    """The objects that stand under keys of their own, with the key; else the one object."""
    inner = list(value.values())
    lists = [{path for path, _ in lists_in(one)} for one in inner]
    if len(inner) > 1 and set.intersection(*lists):
        return [{KEY: key, **one} for key, one in value.items()]
    if len(inner) > 1 and all(isinstance(one, list) and one and isinstance(one[0], dict | list) for one in inner):
        return [{KEY: key, "turns": one} for key, one in value.items()]
    return [value]


def flat(items: list[Item], turns: str | None, unit: str = "object") -> Nested:
    """The table of these objects, a row for each element of the lists of turns to which the path leads.

    `_list` is the same for the turns of one list, and says no more.
    """
    rows = [{**row, "_item": item.number, "_turn": turn} for item in items for turn, row in _numbered(item, turns)]
    names = list(dict.fromkeys(name for row in rows for name in row if name not in PLACES))
    columns = [pl.Series(name, [_cell(row.get(name)) for row in rows], pl.String) for name in names]
    frame = pl.DataFrame(columns).with_columns(
        pl.Series("_item", [row["_item"] for row in rows], pl.Int64),
        pl.Series("_list", [row.get("_list", -row["_item"]) for row in rows], pl.Int64),
        pl.Series("_turn", [row["_turn"] for row in rows], pl.Int64),
        pl.Series("_place", range(1, len(rows) + 1), MARKS["_place"]),
        pl.Series("_problem", [row.get("_problem") for row in rows], MARKS["_problem"]),
    )
    return Nested(frame, unit, names, items=tuple(items), turns=turns)


def _numbered(item: Item, turns: str | None) -> Iterator[tuple[int, Row]]:
    if item.problem or not isinstance(item.value, dict):
        return enumerate([{"_problem": item.problem or "found something else; expected an object"}], 1)
    return enumerate(_inside(item.value, _path(turns), "", {}) if turns else [dict(_scalars(item.value, ""))], 1)


def _path(turns: str | None) -> list[list[str]]:
    """The keys that lead to each list."""
    return [part.strip(".").split(".") for part in (turns or "").split("[]")[:-1]]


def _at(value: Any, keys: list[str]) -> Any:
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _inside(value: Any, path: list[list[str]], start: str, above: Row) -> Iterator[Row]:
    """The rows below the lists that the path leads through, each with what stands above it."""
    own = {**above, **dict(_scalars(value, start))}
    here, elements = f"{start}{'.'.join(path[0])}[]", _at(value, path[0])
    if not isinstance(elements, list) or not elements:
        yield {**own, "_problem": f"there are no turns under {here}; expected a list of them"}
        return
    for element in elements:
        if len(path) > 1:
            yield from _inside(element, path[1:], f"{here}.", own)
        else:
            yield {**own, **_element(element, here), "_list": id(elements)}


def _only(value: Any, path: list[list[str]], kept: Iterator[bool]) -> Any:
    """The object with those turns alone that are to be kept; None where there are none."""
    elements = _at(value, path[0])
    if not isinstance(elements, list) or not elements:
        return value if next(kept) else None
    if len(path) == 1:
        some = [element for element in elements if next(kept)]
    else:
        some = [one for element in elements if (one := _only(element, path[1:], kept)) is not None]
    return _with(value, path[0], some) if some else None


def _with(value: Any, keys: list[str], elements: list[Any]) -> Any:
    first, *others = keys
    return {**value, first: _with(value[first], others, elements) if others else elements}


def _element(element: Any, here: str) -> Row:
    if isinstance(element, dict):
        return dict(_scalars(element, f"{here}."))
    if isinstance(element, list):
        return {f"{here}[{place}]": one for place, one in enumerate(element) if not isinstance(one, dict | list)}
    return {here: element}


def _scalars(value: Any, start: str, depth: int = 0) -> Iterator[tuple[str, Any]]:
    """Names and values that are single; a list of texts is one text, a line for each."""
    for key, one in value.items() if isinstance(value, dict) else ():
        name = f"{start}{plain(key)}"
        if isinstance(one, dict) and depth < DEEPEST:
            yield from _scalars(one, f"{name}.", depth + 1)
        elif isinstance(one, list):
            if one and all(isinstance(part, str) for part in one):
                yield name, "\n".join(one)
        elif not isinstance(one, dict):
            yield name, one


def _cell(value: Any) -> str | None:
    if value is None:
        return None
    return plain(value) if isinstance(value, str) else json.dumps(value)


def lists_in(value: Any, start: str = "", depth: int = 0) -> Iterator[tuple[str, list[Any]]]:
    """The lists of objects or pairs in a value, with the paths that lead to them."""
    if not isinstance(value, dict) or depth > DEEPEST:
        return
    for key, one in value.items():
        name = f"{start}{plain(key)}"
        if isinstance(one, dict):
            yield from lists_in(one, f"{name}.", depth + 1)
        elif isinstance(one, list) and one and all(isinstance(part, dict | list) for part in one):
            yield f"{name}[]", one
            for element in one[:20]:
                yield from lists_in(element, f"{name}[].", depth + 1)
