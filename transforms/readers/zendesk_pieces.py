"""What a Zendesk export consists of, in however many files, and to which ticket each piece belongs."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Any

from transforms.readers.content import Head
from transforms.readers.record import Record, plain
from transforms.readers.zendesk_events import as_audit

LISTS = ("tickets", "comments", "users", "groups", "audits", "ticket_events", "satisfaction_ratings", "ticket_metrics")
SINGLE = {
    "ticket": "tickets",
    "comment": "comments",
    "user": "users",
    "group": "groups",
    "audit": "audits",
    "ticket_event": "ticket_events",
    "satisfaction_rating": "satisfaction_ratings",
    "ticket_metric": "ticket_metrics",
}
INSIDE = {"comments": "comments", "audits": "audits", "metric_set": "ticket_metrics"}
PEOPLE = {"requester": "users", "assignee": "users", "submitter": "users", "group": "groups"}
SHARED = ("users", "groups")
ANSWERS = ("satisfaction_ratings", "ticket_metrics")  # which may come without their ticket, another day
BARE = {  # the keys by which an object without a wrapper is known
    "tickets": {"requester_id"},
    "audits": {"events", "ticket_id"},
    "ticket_events": {"child_events", "ticket_id"},
    "satisfaction_ratings": {"score", "ticket_id"},
    "ticket_metrics": {"reopens", "ticket_id"},
    "comments": {"author_id"},
    "users": {"role", "name"},
}


@dataclass(frozen=True)
class Piece:
    """One object of an export; `ticket` is the ticket that it names, or in or beside which it lies."""

    kind: str
    value: Any
    place: str
    file: str
    ticket: str | None = None
    counts: bool = True  # as a record of its own

    @property
    def id(self) -> str | None:
        """Its own id."""
        return _id(self.value, "id")


def has_ticket(head: Head) -> bool:
    """Whether the file holds tickets."""
    wrapped = {"ticket.requester_id", "tickets[].requester_id"} & head.keys
    other_desk = head.names & {"responder_id", "description_text"}
    return bool(wrapped) or ("requester_id" in head.names and not other_desk)


def has_piece(head: Head) -> bool:
    """Whether the file holds something else of an export."""
    told = {
        "comments[].author_id",
        "audits[].ticket_id",
        "ticket_events[].child_events",
        "users[].role",
        "groups[].name",
        "ticket_metrics[].ticket_id",
    }
    one = {"audit.ticket_id", "user.role", "ticket_metric.ticket_id", "satisfaction_rating.score", "comment.author_id"}
    if head.keys & (told | one | {"satisfaction_ratings[].score"}):
        return True
    if head.names & {"count", "next_page", "meta"} and head.names & set(LISTS):
        return True
    bare = ("audits", "ticket_events", "satisfaction_ratings", "ticket_metrics")
    return any(BARE[kind] <= head.names for kind in bare) or {"author_id", "public"} <= head.names


def pieces(document: Record, file: str) -> list[Piece]:
    """The pieces of a document; none where it is no part of an export."""
    found = list(_wrapped(document, file)) or list(_bare(document, file))
    found = [inner for piece in found for inner in _opened(piece)]
    tickets = {piece.id for piece in found if piece.kind == "tickets"}
    only = tickets.pop() if len(tickets) == 1 else _by_address(document)
    return [piece if piece.ticket or piece.kind in SHARED else replace(piece, ticket=only) for piece in found]


def _by_address(document: Record) -> str | None:
    """The ticket that the address of a page names."""
    addresses = [document.value.get(key) for key in ("next_page", "previous_page", "url")]
    named = [found[1] for one in addresses if isinstance(one, str) and (found := re.search(r"/tickets/(\d+)/", one))]
    return named[0] if named else None


def _wrapped(document: Record, file: str) -> Iterator[Piece]:
    start = f"{document.place}, " if document.place else ""
    if BARE["tickets"] <= document.value.keys():
        return
    for key, value in document.value.items():
        if key in LISTS and isinstance(value, list):
            name = next(one for one, many in SINGLE.items() if many == key)
            for number, one in enumerate(value, 1):
                yield _piece(key, one, f"{start}{name} {number}", file)
        elif key in SINGLE and isinstance(value, dict):
            yield _piece(SINGLE[key], value, f"{start}{key}", file)


def _bare(document: Record, file: str) -> Iterator[Piece]:
    for kind, keys in BARE.items():
        if keys <= document.value.keys():
            yield _piece(kind, document.value, document.place or kind.removesuffix("s"), file)
            return


def _piece(kind: str, value: Any, place: str, file: str) -> Piece:
    if kind == "ticket_events":
        kind, value = "audits", as_audit(value)
    return Piece(kind, value, place, file, _id(value, "id" if kind == "tickets" else "ticket_id"))


def _opened(piece: Piece) -> Iterator[Piece]:
    """The piece, and if it is a ticket what lies in it."""
    yield piece
    if piece.kind != "tickets" or not isinstance(piece.value, dict):
        return
    for key, kind in INSIDE.items():
        for number, value in enumerate(_listed(piece.value.get(key)), 1):
            yield Piece(kind, value, f"{piece.place}, {key.removesuffix('s')} {number}", piece.file, piece.ticket)
    for person, kind in PEOPLE.items():
        if isinstance(piece.value.get(person), dict):
            yield Piece(kind, piece.value[person], f"{piece.place}, {person}", piece.file, None, False)


def _listed(value: Any) -> list[Any]:
    if isinstance(value, dict):
        value = value.get("comments", [value])
    return value if isinstance(value, list) else []


def _id(value: Any, key: str) -> str | None:
    found = value.get(key) if isinstance(value, dict) else None
    return plain(str(found)) if isinstance(found, int | str) and not isinstance(found, bool) and found != "" else None


def placed(found: list[Piece]) -> list[Piece]:
    """The pieces with their ticket.

    What names none belongs to that in its file's name, or to the only one there is; comments beside no ticket at all
    are a conversation by the name of their file.
    """
    tickets = {piece.id for piece in found if piece.kind == "tickets" and piece.id}
    only = next(iter(tickets)) if len(tickets) == 1 else None

    def ticket(piece: Piece) -> str | None:
        by_file = str(PurePath(piece.file).with_suffix("")) if not tickets and piece.kind == "comments" else None
        return piece.ticket or _by_name(piece.file, tickets) or only or by_file

    return [piece if piece.kind in SHARED else replace(piece, ticket=ticket(piece)) for piece in found]


def _by_name(file: str, tickets: set[str]) -> str | None:
    named = [number for number in re.findall(r"\d+", PurePath(file).stem) if number in tickets]
    return named[0] if named else None
