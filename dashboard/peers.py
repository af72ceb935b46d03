"""Agents and teams side by side: adjusted for case mix, pooled, named only where a difference holds; never ranked."""

from datetime import date, timedelta

import polars as pl

from dashboard import say
from dashboard.estimates import Row
from dashboard.filters import Chosen
from dashboard.links import THESE_DAYS, WHATEVER
from dashboard.warehouse import query

DAYS = 91  # as the table peer says
FEWEST_AGENTS = 5  # under which a team's load would be a person's
FILTER = {"agent": "agent_id", "team": "team"}


def days() -> list[date]:
    """The first and last day of what is compared; nothing where no conversation has a time."""
    last: date | None = query("SELECT max(started_at)::DATE FROM conversation").item()
    return [] if last is None else [last - timedelta(days=DAYS - 1), last]


def peers(level: str, metric: str) -> pl.DataFrame:
    """Each agent or team in a metric, by name; `value` is its mean adjusted for case mix."""
    sql = "SELECT *, overall + difference AS value FROM peer WHERE level = $level AND metric = $metric ORDER BY name"
    return query(sql, level=level, metric=metric)


def named(level: str) -> pl.DataFrame:
    """Every difference that holds, by name and family."""
    sql = """
    SELECT p.*, m.family, m.unit, m.direction, m.kind FROM peer p JOIN metric m USING (metric)
    WHERE level = $level AND differs ORDER BY name, kind DESC, family, metric"""
    return query(sql, level=level)


def measured() -> list[str]:
    """The metrics in which anybody was compared."""
    return query("SELECT DISTINCT metric FROM peer")["metric"].to_list()


def opens(level: str, name: str, metric: Row) -> dict[str, object]:
    """Where the conversations behind a point are."""
    order = "lowest value first" if metric["direction"] == "higher" else "highest value first"
    period = {"days": [str(day) for day in found], **THESE_DAYS} if (found := days()) else WHATEVER
    return {FILTER[level]: [name], "by": metric["metric"], "order": order, **period}


def in_words(row: Row) -> str:
    """A difference that holds, for people."""
    unit = row["unit"]
    way = "higher" if row["pooled"] > 0 else "lower"
    judged = "" if row["direction"] is None else f" ({'better' if way == row['direction'] else 'worse'})"
    ends = f"{say.change(row['pooled_low'], unit)} to {say.change(row['pooled_high'], unit)}"
    told = f"difference {say.change(row['pooled'], unit)} (95 % {ends}), n {row['n']:,}"
    return (
        f"{say.name(row['metric'])} {way}{judged}: {say.value(row['mean'], unit)} where the same cases give"
        f" {say.value(row['expected'], unit)}; {told}"
    )


def table(rows: pl.DataFrame, unit: str) -> pl.DataFrame:
    """The peers for people, in the order of their names."""
    return pl.DataFrame([_words(row, unit) for row in rows.to_dicts()], infer_schema_length=None)


def _words(row: Row, unit: str) -> Row:
    return {
        "Name": row["name"],
        "Verdict": "differs" if row["differs"] else "too small to tell" if row["n"] < 10 else "within chance",
        "Observed": say.value(row["mean"], unit),
        "Same cases": say.value(row["expected"], unit),
        "Difference, pooled": say.change(row["pooled"], unit),
        "95 %": f"{say.change(row['pooled_low'], unit)} to {say.change(row['pooled_high'], unit)}",
        "n": row["n"],
    }


def load(chosen: Chosen) -> pl.DataFrame:
    """The load of each team of five agents or more over the days chosen, a mean an agent's day; never a person's.

    The row of all agents is there only where those that are not shown are none or five: nobody's by subtraction.
    """
    since, until = chosen.days or (date.min, date.max)
    sql = f"""
    WITH day AS (FROM agent_day WHERE day BETWEEN $since AND $until),
    told AS (
        SELECT coalesce(team, 'All agents') AS name, team IS NULL AS is_all, count(DISTINCT agent_id) AS agent_count,
               count(*) AS n, avg(hard_conversation_count) AS hard, avg(hard_streak_count) AS streak,
               sum(after_hours_share * agent_turn_count) / sum(agent_turn_count) AS after_hours
        FROM day WHERE team IS NOT NULL GROUP BY GROUPING SETS ((team), ())),
    shown AS (FROM told WHERE agent_count >= {FEWEST_AGENTS} AND NOT is_all)
    FROM shown UNION ALL
    SELECT t.* FROM told t, (SELECT coalesce(sum(agent_count), 0) AS shown_count FROM shown)
    WHERE is_all AND agent_count >= {FEWEST_AGENTS}
          AND (agent_count <= shown_count OR agent_count - shown_count >= {FEWEST_AGENTS})
    ORDER BY is_all, name"""
    return query(sql, since=since, until=until)


def load_in_words(rows: pl.DataFrame) -> pl.DataFrame:
    """The load for people."""
    return rows.select(
        pl.col("name").alias("Team"),
        pl.col("hard").round(2).alias("Hard conversations an agent's day"),
        pl.col("streak").round(2).alias("Longest run of them, mean"),
        pl.col("after_hours").map_elements(lambda x: say.value(x, "share 0..1"), pl.String).alias("After hours"),
        pl.col("agent_count").alias("Agents"),
        pl.col("n").alias("n: agent days"),
    )
