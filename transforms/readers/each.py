"""Formats in which an object is a conversation: each is read for itself, and refused for itself."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import polars as pl

from transforms.readers.content import as_json, documents
from transforms.readers.record import Record
from transforms.readers.transcript import Conversation, Draft, File, ReadError, Rejected, draft, nothing
from transforms.schema import EVALUATION, FEEDBACK

Build = Callable[[Record, File], Conversation]
Rows = Callable[[Record], list[dict[str, Any]]]


def read_each(name: str, files: list[File], items: str, build: Build, inside: Sequence[str] = ()) -> Draft:
    """The conversations of the files' objects: `items` is the path to its records, `inside` what may wrap it."""
    conversations: list[Conversation] = []
    found, rejected = objects(files, inside)
    for record, file in found:
        count = count_of(record.value, items)
        conversations += built(partial(build, record, file), count, record.value, rejected, file.id)
    return draft(name, conversations, rejected)


def built(
    build: Callable[[], Conversation],
    count: int,
    given: object,
    rejected: list[Rejected],
    id_: str | None = None,
) -> list[Conversation]:
    """The conversation that is built of so many records, with what was given; none where it is refused by that id."""
    raw = as_json(given)
    try:
        one = build()
    except ReadError as error:
        rejected.append(Rejected.of(error, count, raw, id_))
        return []
    one.record_count, one.raw = count, raw
    return [one]


def read_evaluations(name: str, files: list[File], items: str, build: Rows, inside: Sequence[str] = ()) -> Draft:
    """The evaluations of the files' objects, each with its answers."""
    return _read_rows(name, files, items, build, inside, "evaluation", EVALUATION.dtypes)


def read_feedback(name: str, files: list[File], build: Rows, inside: Sequence[str] = ()) -> Draft:
    """The outcomes of the files' objects, for conversations that come another way."""
    return _read_rows(name, files, "", build, inside, "feedback", FEEDBACK.dtypes)


def _read_rows(
    name: str,
    files: list[File],
    items: str,
    build: Rows,
    inside: Sequence[str],
    table: str,
    kinds: dict[str, pl.DataType],
) -> Draft:
    found, rejected = objects(files, inside)
    rows: list[dict[str, Any]] = []
    given = 0
    for record, _ in found:
        count = count_of(record.value, items)
        try:
            rows += [{"source": name, **row} for row in build(record)]
            given += count
        except ReadError as error:
            rejected.append(Rejected.of(error, count, as_json(record.value)))
    result = nothing(name, rejected)
    setattr(result, table, pl.DataFrame(rows, schema=kinds))
    result.given_count += given
    return result


def objects(files: list[File], inside: Sequence[str] = ()) -> tuple[list[tuple[Record, File]], list[Rejected]]:
    """Every object of the files with the file it is of, numbered where there are several; and what of them is none."""
    every: list[tuple[Record, File]] = []
    rejected: list[Rejected] = []
    for file in files:
        found, refused = _objects(file, f"{file.name}, " if len(files) > 1 else "", inside)
        rejected += refused
        several = len(found) > 1
        every += [(one, replace(file, number=number) if several else file) for number, one in enumerate(found, 1)]
    return every, rejected


def _objects(file: File, prefix: str, inside: Sequence[str]) -> tuple[list[Record], list[Rejected]]:
    try:
        outer, rejected = documents(file, prefix)
    except ReadError as error:
        return [], [Rejected(prefix + error.place, error.reason, error.cure, 1, file.data)]
    found: list[Record] = []
    for place, value in (inner for record in outer for inner in _inner(record, inside)):
        try:
            found.append(Record(value, place))
        except ReadError as error:
            rejected.append(Rejected.of(error, 1, as_json(value)))
    return found, rejected


def _inner(record: Record, inside: Sequence[str]) -> Iterator[tuple[str, Any]]:
    """The objects in the lists (or under their ids) that the document wraps, or the document itself."""
    keys = [key for key in inside if isinstance(record.value.get(key), list | dict)]
    start = f"{record.place}, " if record.place else ""
    if not keys:
        yield record.place, record.value
    for key in keys:
        wrapped = record.value[key]
        if isinstance(wrapped, list):
            yield from ((f"{start}{key.removesuffix('s')} {number}", one) for number, one in enumerate(wrapped, 1))
        else:
            yield from ((f"{start}{key}, object {number}", one) for number, one in enumerate(wrapped.values(), 1))


def count_of(value: Any, items: str) -> int:
    """How many records the object holds: those under the path, at least one."""
    for key in items.split("."):
        value = value.get(key) if isinstance(value, dict) else None
    return max(1, len(value)) if isinstance(value, list) else 1
