"""The escalations of a selection: counts by class and team, delays, and each in words."""

import polars as pl

from dashboard import say
from dashboard.estimates import Row, wilson
from dashboard.filters import NOTHING_NAMED, Chosen
from dashboard.listing import Listing
from dashboard.warehouse import query

PAGE = 15

_OF_THE_SELECTION = "FROM escalation e JOIN conversation_wide USING (conversation_id) WHERE"


def counts(chosen: Chosen) -> pl.DataFrame:
    """How many escalations of each class in each team: group, class, n."""
    sql = (
        f"SELECT coalesce(team, '{NOTHING_NAMED}') AS \"group\", e.class, count(*) AS n"
        f" {_OF_THE_SELECTION} {chosen.where} GROUP BY ALL ORDER BY ALL"
    )
    return query(sql, **chosen.parameters)


def total(by_class: pl.DataFrame, name: str) -> int:
    """How many are of a class."""
    return int(by_class.filter(pl.col("class") == name)["n"].sum())


def timely_share(by_class: pl.DataFrame) -> Row:
    """The share of triggers that an escalation followed in time, with its interval and n."""
    n = sum(total(by_class, name) for name in ("timely", "late", "missed"))
    value, low, high = wilson(total(by_class, "timely"), n)
    return {"n": n, "value": value, "low": low, "high": high}


def delays(chosen: Chosen) -> tuple[pl.DataFrame, int]:
    """How many escalations came after each number of agent turns, and how many triggers none has followed."""
    sql = (
        f"SELECT e.delay_turns, e.is_censored, count(*) AS n {_OF_THE_SELECTION} {chosen.where}"
        " AND e.delay_turns IS NOT NULL GROUP BY ALL ORDER BY ALL"
    )
    rows = query(sql, **chosen.parameters)
    return rows.filter(~pl.col("is_censored")), int(rows.filter("is_censored")["n"].sum())


def conversations(chosen: Chosen, kind: str) -> Listing:
    """The conversations of a class, newest first."""
    sql = (
        "SELECT conversation_id, channel, language, team, agent_id, topic, started_at, duration_seconds, turn_count,"
        " csat, was_resolved::DOUBLE AS was_resolved, was_escalated::DOUBLE AS was_escalated, e.trigger, e.class,"
        f" e.delay_seconds, e.delay_turns, e.is_censored {_OF_THE_SELECTION} {chosen.where} AND e.class = $kind"
        " ORDER BY started_at DESC NULLS LAST, conversation_id"
    )
    return Listing(sql, {"kind": kind, **chosen.parameters})


def in_words(row: Row) -> str:
    """What called for the escalation and when it came."""
    trigger = (row["trigger"] or "no trigger before it").replace("_", " ")
    if row["is_censored"]:
        return f"{trigger}: none followed, over {row['delay_turns'] or 0} agent turns until the end"
    if row["delay_turns"] is None and row["delay_seconds"] is None:
        return f"{trigger}: escalated"
    after = f"{row['delay_turns']} agent turns" if row["delay_turns"] is not None else ""
    seconds = say.duration(row["delay_seconds"]) if row["delay_seconds"] is not None else ""
    return f"{trigger}: escalated after {' and '.join(part for part in (after, seconds) if part)}"
