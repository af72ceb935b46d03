"""The lists of a report: promises, escalations, conversations to look at, the team's load."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import polars as pl

from flows.report_data import Data, start_of
from flows.report_words import count, times

SHOWN = 6  # rows of a list; the rest is counted
FEWEST_AGENTS = 5  # under which a team figure would be a person's
Row = dict[str, Any]


@dataclass(frozen=True)
class Listed:
    """The first rows of a list, and how many there are."""

    rows: list[Row]
    total: int

    @property
    def more(self) -> int:
        return self.total - len(self.rows)


def listed(frame: pl.DataFrame) -> Listed:
    """The first rows of a frame."""
    return Listed(frame.head(SHOWN).to_dicts(), frame.height)


def promises(data: Data) -> dict[str, Listed]:
    """Promises of the report: due on the day after, past due without proof, broken in the last 7 days."""
    ends, tomorrow = (start_of(data.day + timedelta(days=days), data.zone) for days in (1, 2))
    due, status = pl.col("due_at"), pl.col("status")
    past = data.commitments.filter(due < ends).sort("due_at", descending=True, maintain_order=True)
    return {
        "due": listed(data.commitments.filter(status == "pending", due >= ends, due < tomorrow)),
        "later": listed(data.commitments.filter(status == "pending", due >= tomorrow)),
        "overdue": listed(past.filter(status.is_in(["pending", "unknown"]))),
        "broken": listed(past.filter(status == "broken")),
    }


def escalations(data: Data) -> Listed:
    """Escalations of the last 7 days that came late or not at all, the missed first."""
    wrong = data.escalations.filter(pl.col("class").is_in(["late", "missed"]))
    return listed(wrong.sort("class", descending=True, maintain_order=True))


Reason = tuple[str, Callable[[pl.Expr], pl.Expr], Callable[[int], str]]
REASONS: tuple[Reason, ...] = (
    ("csat", lambda value: value <= 2, lambda n: f"rated {n} of 5"),
    ("aggression_turn_count", lambda value: value > 0, lambda n: count(n, "aggressive turn")),
    ("missed_empathy_count", lambda value: value > 0, lambda n: f"distress left unanswered {times(n)}"),
    ("bare_refusal_count", lambda value: value > 0, lambda n: count(n, "bare refusal")),
)


def to_look_at(data: Data) -> Listed:
    """Conversations of the last 7 days with the most reasons to open them, the latest first among equals."""
    reasons: dict[str, list[str]] = {}
    for row in data.escalations.filter(pl.col("class") == "missed").to_dicts():
        reasons.setdefault(row["conversation_id"], []).append("escalation missed")
    for row in promises_broken(data).to_dicts():
        reasons.setdefault(row["conversation_id"], []).append("promise broken")
    for column, is_reason, words in REASONS:
        if column in data.week.columns:
            for row in data.week.filter(is_reason(pl.col(column))).to_dicts():
                reasons.setdefault(row["conversation_id"], []).append(words(round(row[column])))
    found = data.week.filter(pl.col("conversation_id").is_in(list(reasons))).to_dicts()
    rows = [row | {"reasons": reasons[row["conversation_id"]]} for row in found]
    rows.sort(key=lambda row: (len(row["reasons"]), row["started_at"], row["conversation_id"]), reverse=True)
    return Listed(rows[:SHOWN], len(rows))


def promises_broken(data: Data) -> pl.DataFrame:
    """Promises known to be broken by the end of the day."""
    ends: datetime = start_of(data.day + timedelta(days=1), data.zone)
    return data.commitments.filter(pl.col("status") == "broken", pl.col("due_at") < ends)


def load(data: Data) -> list[Row]:
    """The load of teams of five agents or more, by agent and day; never of a person, nor by subtraction."""
    teams = [_load(str(name[0]), frame) for name, frame in data.load.sort("team").group_by("team", maintain_order=True)]
    shown = [team for team in teams if team["agent_count"] >= FEWEST_AGENTS]
    everyone = _load("All agents", data.load)
    others = everyone["agent_count"] - sum(team["agent_count"] for team in shown)
    if everyone["agent_count"] >= FEWEST_AGENTS and (others == 0 or others >= FEWEST_AGENTS):
        shown.append(everyone)
    return shown


def _load(name: str, days: pl.DataFrame) -> Row:
    worked = max(days.height, 1)
    turns = int(days["agent_turn_count"].sum() or 0)
    late = float((days["after_hours_share"] * days["agent_turn_count"]).sum() or 0)
    return {
        "name": name,
        "agent_count": days["agent_id"].n_unique(),
        "conversations": (days["conversation_count"].sum() or 0) / worked,
        "hard": (days["hard_conversation_count"].sum() or 0) / worked,
        "after_hours": late / turns if turns else None,
    }
