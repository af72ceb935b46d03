"""A file of a team's own, read by its mapping: brought to the columns of the common input, and then read as that."""

import csv
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from io import StringIO
from itertools import islice

import polars as pl

from transforms.readers import common, outcomes
from transforms.readers.catalogue import READERS
from transforms.readers.column_map import ColumnMap, MappingError, column_map, is_like
from transforms.readers.content import Head
from transforms.readers.convert import convert
from transforms.readers.format import Reader, Supports
from transforms.readers.mapped_table import text_of
from transforms.readers.roles import mapped
from transforms.readers.rows import Rows, columns_of, read_rows
from transforms.readers.table import header, known
from transforms.readers.transcript import Draft, File, ReadError, Rejected, Roles, nothing
from transforms.schema import FEEDBACK


def mapped_readers(sections: Mapping[str, object]) -> dict[str, Reader]:
    """A reader for each mapping of heard.toml, those that ask for most columns first. Raises MappingError."""
    for name in sections:
        if name in READERS:
            raise MappingError(f"[map.{name}] has the name of a format; expected another. Rename it.")
    found = {name: column_map(name, section) for name, section in sections.items()}
    found = dict(sorted(found.items(), key=lambda one: -len(one[1].recognise)))
    return {name: mapped_reader(name, mapping) for name, mapping in found.items()}


def mapped_reader(name: str, mapping: ColumnMap) -> Reader:
    """The reader of the files that are like the mapping."""
    return Reader(
        name,
        Supports(f"Mapped under [map.{name}] in heard.toml", roles="as mapped"),
        lambda head: _is_like(head, mapping),
        lambda files, roles: read(name, mapping, files[0], roles),
        way=repr(mapping),
    )


def _is_like(head: Head, mapping: ColumnMap) -> bool:
    return is_headless_like(head, mapping) if mapping.headless else is_like(names_in(head, mapping.encoding), mapping)


def is_headless_like(head: Head, mapping: ColumnMap) -> bool:
    """Whether the first rows are as wide as those of the mapping, and their speakers those whose roles it tells."""
    text = text_of(head.data, mapping.encoding, is_whole=False)
    rows = [row for row in islice(csv.reader(StringIO(text, newline=""), delimiter=header(text)[1]), 5) if row]
    who = [known(name) for name in mapping.recognise].index(known(mapping.columns.get("speaker", mapping.recognise[0])))
    is_wide = bool(rows) and all(len(row) == len(mapping.recognise) for row in rows)
    return is_wide and all(mapped(row[who], mapping.roles) for row in rows)


def names_in(head: Head, encoding: str | None) -> set[str]:
    """The columns or paths of keys that the beginning of a file shows."""
    if not head.keys:
        data = head.data if head.data.startswith(b"PAR1") else text_of(head.data, encoding, is_whole=False).encode()
        return set(columns_of(Head(data, head.parquet_columns)))
    keys = {key.removeprefix("[].") for key in head.keys}
    apart = [key.split(".", 1) for key in keys if "." in key and "[" not in key.split(".", 1)[0]]
    shared = Counter(inner for _, inner in apart)
    return keys | {inner for inner, count in shared.items() if count > 1}


def read(name: str, mapping: ColumnMap, file: File, roles: Roles) -> Draft:
    """The conversations, or the outcomes, that the file holds by its mapping."""
    cells = common.columns(roles) | outcomes.COLUMNS if mapping.has_turns else outcomes.COLUMNS
    required = common.REQUIRED if mapping.has_turns else ("conversation_id",)
    try:
        rows = read_rows(convert(file, mapping, roles), cells, required)
    except ReadError as broken:
        return nothing(name, [Rejected.of(broken, raw=file.data)])
    if not mapping.has_turns:
        return outcomes.draft_of(name, rows)
    rows = replace(rows, values=rows.values.with_columns(outcomes.rated(rows.values)))
    return replace(common.draft_of(name, rows), feedback=_feedback(name, rows))


def _feedback(name: str, rows: Rows) -> pl.DataFrame:
    """What the rows say of how each conversation ended, of what they say first."""
    told = [column for column in FEEDBACK.columns if column in rows.values.columns]
    kinds = [column for column in told if column not in ("conversation_id", "source", "updated_at")]
    some = rows.named.filter(pl.any_horizontal(pl.col(kinds).is_not_null()))
    first = some.group_by("conversation_id", maintain_order=True).agg(
        pl.col(column).drop_nulls().first() for column in told[1:]
    )
    return FEEDBACK.shape(first.with_columns(pl.col("source").fill_null(name)))
