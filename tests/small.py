"""A small company's exports, written where a test wants them, and two warehouses compared."""

import csv
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb
import polars as pl
from polars.testing import assert_frame_equal

TURNS = ["conversation_id", "turn_index", "speaker", "text", "sent_at", "agent_id", "team", "topic", "customer_id"]

CHAT = [
    ("a-1", 0, "customer", "My parcel is late again, this is so frustrating", "2026-11-02T09:00:00Z"),
    (
        "a-1",
        1,
        "agent",
        "I understand how frustrating that must be. What is your order number?",
        "2026-11-02T09:02:00Z",
    ),
    ("a-1", 2, "customer", "It is 4417", "2026-11-02T09:03:00Z"),
    ("a-1", 3, "agent", "Thank you. I will call you back tomorrow.", "2026-11-02T09:05:00Z"),
    ("a-2", 0, "customer", "Bonjour, je n'arrive pas à ouvrir mon compte depuis hier matin", "2026-11-03T10:00:00Z"),
    ("a-2", 1, "agent", "Bonjour, je suis désolé pour la gêne. Quel message voyez-vous ?", "2026-11-03T10:01:00Z"),
]

OUTCOMES = (
    "conversation_id,resolved,resolved_at,csat,answered_at\na-1,true,2026-11-02T10:00:00Z,4,2026-11-03T08:00:00Z\n"
)


def write_chat(path: Path, rows: Sequence[tuple[str, int, str, str, str]] = CHAT) -> Path:
    """Messages as CSV, every conversation with agent amy of team north and a customer of its own."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        sheet = csv.writer(file)
        sheet.writerow(TURNS)
        for row in rows:
            agent = "amy" if row[2] == "agent" else ""
            sheet.writerow([*row, agent, "north", "delivery", f"customer-of-{row[0]}"])
    return path


def write_lines(path: Path, rows: Sequence[Mapping[str, object]]) -> Path:
    """Rows as JSON lines."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


MAY_DIFFER = ("run_id", "ingested_at", "measured_at")


def contents(warehouse: Path) -> dict[str, pl.DataFrame]:
    """Every table, sorted, without the columns and tables that may differ between two runs over the same input."""
    with duckdb.connect(str(warehouse), read_only=True) as con:
        names = [name for (name,) in con.execute("select table_name from duckdb_tables()").fetchall()]
        tables = {name: con.sql(f"from {name}").pl() for name in names if name not in ("run", "quality_check")}
    return {
        name: (kept := table.drop([c for c in MAY_DIFFER if c in table.columns])).sort(kept.columns)
        for name, table in tables.items()
    }


def assert_same(ours: Mapping[str, pl.DataFrame], theirs: Mapping[str, pl.DataFrame]) -> None:
    """That two warehouses hold the same tables and in each the same rows."""
    assert ours.keys() == theirs.keys()
    for name, table in ours.items():
        assert_frame_equal(table, theirs[name], check_exact=True)
