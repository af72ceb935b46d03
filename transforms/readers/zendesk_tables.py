"""Zendesk as Fivetran copies it into a warehouse: a table for each kind of thing, as CSV, JSONL or Parquet.

https://fivetran.com/docs/connectors/applications/zendesk
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from transforms.readers.content import Head, as_json
from transforms.readers.rows import columns_of
from transforms.readers.table import read_table
from transforms.readers.transcript import EXPORT, File, Rejected
from transforms.readers.zendesk_pieces import Piece

OURS = "_fivetran_synced"
TABLES = {  # the columns by which each is known
    "ticket_field_history": {"ticket_id", "field_name", "value", "updated"},
    "satisfaction_ratings": {"ticket_id", "score"},
    "comments": {"ticket_id", "user_id", "body", "created"},
    "tickets": {"id", "requester_id", "status", "created_at"},
    "users": {"id", "role", "name"},
    "groups": {"id", "name"},
}
OF_GROUPS = {"id", "name", "url", "created_at", "updated_at", "_fivetran_deleted", OURS}
YES_NO = {"true": True, "false": False, "1": True, "0": False, "t": True, "f": False}


def _table_of(columns: frozenset[str]) -> str | None:
    """Which table has these columns."""
    if OURS not in columns and not TABLES["comments"] <= columns and not TABLES["ticket_field_history"] <= columns:
        return None
    found = next((name for name, needed in TABLES.items() if needed <= columns), None)
    return None if found == "groups" and columns - OF_GROUPS else found


def is_table(head: Head) -> bool:
    """Whether it is one of the tables."""
    return _table_of(columns_of(head)) is not None


def holds_tickets(head: Head) -> bool:
    """Whether it is the table of tickets."""
    return _table_of(columns_of(head)) == "tickets"


def table_pieces(file: File, prefix: str) -> tuple[list[Piece], list[Rejected]]:
    """The rows as the API would give them; a row that is broken is refused."""
    table = read_table(file, ())
    kind = _table_of(frozenset(table.columns)) or ""
    rows, rejected = [], []
    for row in table.frame.iter_rows(named=True):
        place, problem = f"{prefix}{table.unit} {row['_place']}", row["_problem"]
        if problem:
            rejected.append(Rejected(place, problem, EXPORT, 1, as_json(row)))
        else:
            rows.append((place, {key: value or None for key, value in row.items() if not key.startswith("_")}))
    if kind == "ticket_field_history":
        return list(_history(rows, file)), rejected
    return [_piece(kind, row, place, file) for place, row in rows], rejected


def _piece(kind: str, row: dict[str, Any], place: str, file: File) -> Piece:
    if kind == "comments":
        public = YES_NO.get((row.get("public") or "true").lower(), row.get("public"))
        row = {**row, "author_id": row["user_id"], "created_at": row["created"], "public": public}
    if kind == "tickets":
        row = {**row, "via": {"channel": row.get("via_channel")}}
    return Piece(kind, row, place, file.name, row["id"] if kind == "tickets" else row.get("ticket_id"))


def _history(rows: list[tuple[str, dict[str, Any]]], file: File) -> Iterator[Piece]:
    """Each change of a field as an audit, with the value before."""
    before: dict[tuple[Any, Any], list[Any]] = defaultdict(list)
    for place, row in sorted(rows, key=lambda one: str(one[1]["updated"])):
        values = before[row["ticket_id"], row["field_name"]]
        event = {"type": "Change" if values else "Create", "field_name": row["field_name"], "value": row["value"]}
        event["previous_value"] = values[-1] if values else None
        values.append(row["value"])
        audit = {"ticket_id": row["ticket_id"], "created_at": row["updated"], "events": [event]}
        yield Piece("audits", audit, place, file.name, row["ticket_id"])
