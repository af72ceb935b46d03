"""The escalations of a selection: counts by class and team, delays, and each in words."""

import polars as pl

from dashboard import say
from dashboard.estimates import Row, wilson
from dashboard.filters import NOTHING_NAMED, Chosen
from dashboard.links import WHATEVER
from dashboard.listing import Listing
from dashboard.warehouse import query

PAGE = 15
FACETS = {"All": "all", "Team": "team", "Channel": "channel", "Trigger": "trigger"}
MOST_CURVES = 6
MOMENTS = {0: "at once", 60: "1 min", 600: "10 min", 3600: "1 h", 86400: "1 day", 604800: "7 days"}

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


def curves(facet: str) -> pl.DataFrame:
    """The Kaplan-Meier curves of a facet (FACETS), over every conversation; the largest first, MOST_CURVES at most."""
    sql = f"""
    WITH size AS (
        SELECT name, max(at_risk_count) AS n FROM escalation_curve WHERE facet = $facet GROUP BY name
        ORDER BY n DESC, name LIMIT {MOST_CURVES})
    SELECT c.* EXCLUDE facet FROM escalation_curve c JOIN size USING (name) WHERE facet = $facet
    ORDER BY size.n DESC, name, seconds"""
    return query(sql, facet=facet)


def at_risk(facet: str) -> pl.DataFrame:
    """By each of the moments of MOMENTS and curve: how many are still at risk, and the share escalated by then."""
    moments = ", ".join(f"({seconds}, '{words}')" for seconds, words in MOMENTS.items())
    sql = f"""
    WITH curve AS (SELECT * FROM escalation_curve WHERE facet = $facet),
    asked AS (
        SELECT name, since, label FROM (SELECT DISTINCT name FROM curve), (VALUES {moments}) v(since, label)),
    past AS (
        SELECT a.*, c.* EXCLUDE (name, facet) FROM asked a
        ASOF JOIN curve c ON a.name = c.name AND a.since >= c.seconds)
    SELECT p.name, p.label, p.escalated_count, p.escalated_share, p.escalated_low, p.escalated_high,
           coalesce(n.at_risk_count, 0) AS at_risk_count
    FROM past p ASOF LEFT JOIN curve n ON p.name = n.name AND p.since <= n.seconds ORDER BY p.name, p.since"""
    return query(sql, facet=facet)


def at_risk_in_words(rows: pl.DataFrame) -> pl.DataFrame:
    """The same for people: a row a curve, a column a moment."""
    told = rows.with_columns(pl.struct(pl.all()).map_elements(_at_risk_words, pl.String).alias("said"))
    return told.pivot(on="label", index="name", values="said").rename({"name": "Curve"})


def _at_risk_words(row: Row) -> str:
    share = say.value(row["escalated_share"], "share 0..1")
    between = say.interval(row["escalated_low"], row["escalated_high"], "share 0..1")
    ends = "" if between == say.NONE else f" ({between})"
    return f"{share}{ends}, {row['at_risk_count']:,} at risk"


def opens(facet: str, name: str) -> dict[str, object]:
    """Where to look for a curve's conversations that were escalated."""
    within = {} if facet == "all" else {facet: name} if facet == "trigger" else {facet: [name]}
    return {"by": "escalation_delay_seconds", "order": "lowest value first", **WHATEVER, **within}


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
        return f"{trigger}: none followed, over {say.count(row['delay_turns'] or 0, 'agent turn')} until the end"
    if row["delay_turns"] is None and row["delay_seconds"] is None:
        return f"{trigger}: escalated"
    after = say.count(row["delay_turns"], "agent turn") if row["delay_turns"] is not None else ""
    seconds = say.duration(row["delay_seconds"]) if row["delay_seconds"] is not None else ""
    return f"{trigger}: escalated after {' and '.join(part for part in (after, seconds) if part)}"
