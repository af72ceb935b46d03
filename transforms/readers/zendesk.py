"""Zendesk Support: tickets with comments, users, audits, ratings and metrics, in one file or several of one folder.

https://developer.zendesk.com/api-reference/ticketing/introduction/
"""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime

from transforms.readers.content import Head, as_json, documents
from transforms.readers.format import Reader, Supports
from transforms.readers.record import Record
from transforms.readers.transcript import Conversation, Draft, File, ReadError, Rejected, Roles, draft
from transforms.readers.zendesk_pieces import LISTS, SHARED, Piece, has_piece, has_ticket, pieces, placed
from transforms.readers.zendesk_ticket import conversation

NAME = "zendesk"
PUT_BESIDE = "Put the ticket's file into the same folder."
EXPORT = "Export it as the Zendesk API gives it."


def recognise(head: Head) -> bool:
    """Whether it holds tickets, or pieces that belong to tickets."""
    return has_ticket(head) or has_piece(head)


def read(files: list[File], roles: Roles) -> Draft:
    """The tickets of files that belong together, each with all its pieces."""
    found: list[Piece] = []
    rejected: list[Rejected] = []
    for file in files:
        some, refused = _pieces(file, f"{file.name}, " if len(files) > 1 else "")
        found += some
        rejected += refused
    found = placed(found)
    names = _names(found, rejected)
    conversations = [one for tied in _tied(found, rejected) if (one := _conversation(tied, names, roles, rejected))]
    result = draft(NAME, conversations, rejected)
    result.given_count += sum(1 for piece in found if piece.counts and piece.kind in SHARED and piece.id)
    return result


def _pieces(file: File, prefix: str) -> tuple[list[Piece], list[Rejected]]:
    """The pieces of a file, and what of it is none."""
    try:
        records, rejected = documents(file, prefix)
    except ReadError as broken:
        return [], [Rejected(prefix + broken.place, broken.reason, broken.cure, 1, file.data)]
    found: list[Piece] = []
    for record in records:
        some = pieces(record, file.name)
        found += some
        if not some and not _is_empty(record):
            reason = "found no ticket, nor anything that belongs to one; expected a Zendesk export"
            rejected.append(Rejected(record.place or prefix or "whole file", reason, EXPORT, 1, as_json(record.value)))
    return found, rejected


def _is_empty(document: Record) -> bool:
    return any(document.value.get(key) == [] for key in LISTS)


def _names(found: list[Piece], rejected: list[Rejected]) -> dict[str, Record]:
    """Users and groups by id."""
    shared = [piece for piece in found if piece.kind in SHARED]
    nameless = [piece for piece in shared if piece.id is None and piece.counts]
    rejected += [Rejected(one.place, "there is no id; expected one", EXPORT, 1, as_json(one.value)) for one in nameless]
    return {piece.id: Record(piece.value, piece.place) for piece in shared if piece.id is not None}


def _tied(found: list[Piece], rejected: list[Rejected]) -> list[list[Piece]]:
    """The pieces of each ticket; what belongs to none is refused."""
    tickets = {piece.id for piece in found if piece.kind == "tickets" and piece.id}
    ties: dict[tuple[str, str | None], list[Piece]] = defaultdict(list)
    for piece in found:
        if piece.kind not in SHARED:
            ties["" if piece.ticket in tickets else piece.file, piece.ticket].append(piece)
    rejected += [_orphans(some) for (_, ticket), some in ties.items() if ticket not in tickets]
    return [some for (_, ticket), some in ties.items() if ticket in tickets]


def _orphans(some: list[Piece]) -> Rejected:
    """The refusal of pieces that lack their ticket."""
    first, more = some[0], len(some) - 1
    place = first.place + (f" and {more} more" if more else "")
    raw = as_json([piece.value for piece in some])
    if first.kind == "tickets":
        return Rejected(place, "there is no id; expected one", EXPORT, len(some), raw)
    named = f"ticket {first.ticket}, to which it belongs, is not here" if first.ticket else "it names no ticket"
    return Rejected(place, f"{named}; expected its ticket beside it", PUT_BESIDE, len(some), raw)


def _conversation(
    tied: list[Piece], names: Mapping[str, Record], roles: Roles, rejected: list[Rejected]
) -> Conversation | None:
    """The conversation of a ticket's pieces, or its refusal."""
    count, raw = len(tied), as_json([piece.value for piece in tied])
    try:
        things: dict[str, list[Record]] = defaultdict(list)
        for piece in tied:
            things[piece.kind].append(Record(piece.value, piece.place))
        latest = max(things["tickets"], key=lambda one: one.time("updated_at") or datetime.min)
        one = conversation(latest, things, names, roles)
    except ReadError as broken:
        rejected.append(Rejected.of(broken, count, raw))
        return None
    one.record_count, one.raw = count, raw
    return one


READER = Reader(
    NAME,
    Supports(
        "Zendesk Support (ticket, comments, users, audits, ratings, metrics)",
        roles="by users",
        csat="yes",
        resolved="yes",
        reopened="by audits or metrics",
        transfer="by audits",
    ),
    recognise,
    read,
    is_piece=lambda head: has_piece(head) and not has_ticket(head),
)
