"""Formats in which an object is a conversation: each is read for itself, and refused for itself."""

from collections.abc import Callable

from transforms.readers.content import as_json, documents
from transforms.readers.record import Record
from transforms.readers.transcript import Conversation, Draft, File, ReadError, Rejected, draft

Build = Callable[[Record, File], Conversation]


def read_each(name: str, files: list[File], items: str, build: Build) -> Draft:
    """The conversations of the files' objects; under `items` an object lists its records."""
    conversations: list[Conversation] = []
    rejected: list[Rejected] = []
    for file in files:
        found, refused = _documents(file, f"{file.name}, " if len(files) > 1 else "")
        rejected += refused
        for record in found:
            _add(build, record, file, items, conversations, rejected)
    return draft(name, conversations, rejected)


def _documents(file: File, prefix: str) -> tuple[list[Record], list[Rejected]]:
    try:
        return documents(file, prefix)
    except ReadError as broken:
        return [], [Rejected(prefix + broken.place, broken.reason, broken.cure, 1, file.data)]


def _add(
    build: Build,
    record: Record,
    file: File,
    items: str,
    conversations: list[Conversation],
    rejected: list[Rejected],
) -> None:
    listed = record.value.get(items)
    count = max(1, len(listed)) if isinstance(listed, list) else 1
    raw = as_json(record.value)
    try:
        one = build(record, file)
    except ReadError as broken:
        rejected.append(Rejected.of(broken, count, raw))
    else:
        one.record_count, one.raw = count, raw
        conversations.append(one)
