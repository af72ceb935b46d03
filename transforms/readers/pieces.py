"""Formats in which several objects make a conversation: its pages, parts and pieces, in one file or more."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import partial

from transforms.readers.content import as_json
from transforms.readers.each import built, objects
from transforms.readers.record import Record
from transforms.readers.transcript import Conversation, Draft, File, ReadError, Rejected, draft

Named = Iterable[tuple[str, Record]]  # pieces with the id of their conversation
Build = Callable[[str, list[Record]], Conversation]
Count = Callable[[Record], int]


def read_pieces(
    name: str,
    files: list[File],
    inside: Sequence[str],
    pieces: Callable[[Record, File], Named],
    count: Count,
    build: Build,
) -> Draft:
    """The conversations of the files: `pieces` takes an object apart, `count` tells how many records one holds."""
    found, rejected = objects(files, inside)
    named: list[tuple[str, Record]] = []
    for record, file in found:
        try:
            named += pieces(record, file)
        except ReadError as error:
            rejected.append(Rejected.of(error, count(record), as_json(record.value)))
    return draft(name, joined(named, count, build, rejected), rejected)


def joined(named: Named, count: Count, build: Build, rejected: list[Rejected]) -> list[Conversation]:
    """The conversations, each of all its pieces; one that cannot be built is refused with all of them."""
    tied: dict[str, list[Record]] = defaultdict(list)
    for id_, one in named:
        tied[id_].append(one)
    conversations: list[Conversation] = []
    for id_, some in tied.items():
        given = [one.value for one in some]
        conversations += built(partial(build, id_, some), sum(map(count, some)), given, rejected, id_)
    return conversations
