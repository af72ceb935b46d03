"""Zendesk Support: tickets with comments, users, audits, ratings and metrics, in one file or several of one folder.

As the API and the exports give them, or as Fivetran's tables.

https://developer.zendesk.com/api-reference/ticketing/introduction/
"""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

import polars as pl

from transforms.readers.content import Head, as_json, documents
from transforms.readers.each import built
from transforms.readers.format import Reader, Supports
from transforms.readers.record import Record
from transforms.readers.transcript import Conversation, Draft, File, ReadError, Rejected, Roles, draft
from transforms.readers.zendesk_outcome import late_answer
from transforms.readers.zendesk_pieces import ANSWERS, LISTS, SHARED, Piece, has_piece, has_ticket, pieces, placed
from transforms.readers.zendesk_tables import holds_tickets, is_table, table_pieces
from transforms.readers.zendesk_ticket import conversation
from transforms.schema import FEEDBACK

NAME = "zendesk"
PUT_BESIDE = "Put the ticket's file into the same folder."
EXPORT = "Export it as the Zendesk API gives it."
Tied = list[Piece]


def recognise(head: Head) -> bool:
    """Whether it holds tickets, or pieces that belong to tickets."""
    return has_ticket(head) or has_piece(head) or is_table(head)


def read(files: list[File], roles: Roles) -> Draft:
    """The tickets of files that belong together, each with all its pieces; comments may stand without a ticket."""
    found: list[Piece] = []
    rejected: list[Rejected] = []
    for file in files:
        some, refused = _pieces(file, f"{file.name}, " if len(files) > 1 else "")
        found += some
        rejected += refused
    found = placed(found)
    names = _names(found, rejected)
    whole, late = _tied(found, rejected)
    conversations: list[Conversation] = []
    for tied in whole:
        given = [piece.value for piece in tied]
        conversations += built(partial(_conversation, tied, names, roles), len(tied), given, rejected)
    answers, count = _answers(late, rejected)
    result = draft(NAME, conversations, rejected)
    result.feedback = pl.concat([result.feedback, answers])
    result.given_count += count + sum(1 for piece in found if piece.counts and piece.kind in SHARED and piece.id)
    return result


def _pieces(file: File, prefix: str) -> tuple[list[Piece], list[Rejected]]:
    """The pieces of a file, and what of it is none."""
    try:
        if is_table(Head.of(file.data)):
            return table_pieces(file, prefix)
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


def _tied(found: list[Piece], rejected: list[Rejected]) -> tuple[list[Tied], list[Tied]]:
    """The pieces of each conversation, and answers whose ticket came another time; what belongs to none is refused."""
    tickets = {piece.id for piece in found if piece.kind == "tickets" and piece.id}
    ties: dict[tuple[str, str | None], Tied] = defaultdict(list)
    for piece in found:
        if piece.kind not in SHARED:
            ties["" if piece.ticket in tickets else piece.file, piece.ticket].append(piece)
    whole, late = [], []
    for (_, ticket), some in ties.items():
        if ticket in tickets or (ticket and not tickets and any(piece.kind == "comments" for piece in some)):
            whole.append(some)
        elif ticket and all(piece.kind in ANSWERS for piece in some):
            late.append(some)
        else:
            rejected.append(_orphans(some))
    return whole, late


def _orphans(some: Tied) -> Rejected:
    """The refusal of pieces that lack their ticket."""
    first, more = some[0], len(some) - 1
    place = first.place + (f" and {more} more" if more else "")
    raw = as_json([piece.value for piece in some])
    if first.kind == "tickets":
        return Rejected(place, "there is no id; expected one", EXPORT, len(some), raw)
    named = f"ticket {first.ticket}, to which it belongs, is not here" if first.ticket else "it names no ticket"
    return Rejected(place, f"{named}; expected its ticket beside it", PUT_BESIDE, len(some), raw, is_part=True)


def _things(tied: Tied) -> dict[str, list[Record]]:
    things: dict[str, list[Record]] = defaultdict(list)
    for piece in tied:
        things[piece.kind].append(Record(piece.value, piece.place))
    return things


def _conversation(tied: Tied, names: Mapping[str, Record], roles: Roles) -> Conversation:
    """The conversation of a ticket's pieces."""
    things = _things(tied)
    alone = Record({"id": tied[0].ticket}, tied[0].place)
    latest = max(things["tickets"] or [alone], key=lambda one: one.time("updated_at") or datetime.min)
    one = conversation(latest, things, names, roles)
    one.feedback = one.feedback if things["tickets"] else None
    return one


def _answers(late: list[Tied], rejected: list[Rejected]) -> tuple[pl.DataFrame, int]:
    """What is said of tickets that came another time: rows of feedback, and of how many records."""
    rows: list[dict[str, Any]] = []
    count = 0
    for tied in late:
        try:
            answer = late_answer(_things(tied))
        except ReadError as broken:
            rejected.append(Rejected.of(broken, len(tied), as_json([piece.value for piece in tied])))
        else:
            rows.append({"source": NAME, "conversation_id": tied[0].ticket, **answer})
            count += len(tied)
    return pl.DataFrame(rows, schema=FEEDBACK.dtypes), count


def is_piece(head: Head) -> bool:
    """Whether the file makes sense only beside others of its folder."""
    return (has_piece(head) and not has_ticket(head)) or (is_table(head) and not holds_tickets(head))


READER = Reader(
    NAME,
    Supports(
        "Zendesk Support (API, exports, Fivetran's tables)",
        roles="by users",
        csat="yes",
        resolved="yes",
        reopened="by audits or metrics",
        transfer="by audits",
    ),
    recognise,
    read,
    is_piece,
)
