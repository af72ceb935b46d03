"""Formats in which an object is a conversation: each is read for itself, and refused for itself."""

from collections.abc import Callable
from typing import Any

from transforms.readers.content import as_json, documents
from transforms.readers.record import Record
from transforms.readers.transcript import Conversation, Draft, File, ReadError, Rejected, draft

Build = Callable[[Record, File], Conversation]


def read_each(name: str, files: list[File], items: str, build: Build, inside: str = "") -> Draft:
    """The conversations of the files' objects; `items` is the path to an object's records, `inside` to the objects."""
    conversations: list[Conversation] = []
    rejected: list[Rejected] = []
    for file in files:
        found, refused = _documents(file, f"{file.name}, " if len(files) > 1 else "", inside)
        rejected += refused
        for record in found:
            _add(build, record, file, items, conversations, rejected)
    return draft(name, conversations, rejected)


def _documents(file: File, prefix: str, inside: str) -> tuple[list[Record], list[Rejected]]:
    try:
        found, rejected = documents(file, prefix)
        return [inner for record in found for inner in _inner(record, inside)], rejected
    except ReadError as error:
        return [], [Rejected(prefix + error.place, error.reason, error.cure, 1, file.data)]


def _inner(record: Record, inside: str) -> list[Record]:
    """The objects in a list that the document wraps, or the document itself."""
    return record.children(inside, inside.removesuffix("s")) if inside in record.value else [record]


def _add(
    build: Build, record: Record, file: File, items: str, conversations: list[Conversation], rejected: list[Rejected]
) -> None:
    count, raw = _count(record.value, items), as_json(record.value)
    try:
        one = build(record, file)
    except ReadError as error:
        rejected.append(Rejected.of(error, count, raw))
    else:
        one.record_count, one.raw = count, raw
        conversations.append(one)


def _count(value: Any, items: str) -> int:
    """How many records the object holds: those under the path, at least one."""
    for key in items.split("."):
        value = value.get(key) if isinstance(value, dict) else None
    return max(1, len(value)) if isinstance(value, list) else 1
