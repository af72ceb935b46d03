"""An agent beside the agents of their team, metric by metric, with trend, consistency and load. Never a ranking."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import polars as pl

from dashboard import say
from dashboard.estimates import Row, estimate
from dashboard.filters import Chosen
from dashboard.warehouse import query


def agents() -> list[str]:
    """Every agent, by name."""
    sql = "SELECT DISTINCT agent_id FROM conversation WHERE agent_id IS NOT NULL ORDER BY agent_id"
    return query(sql)["agent_id"].to_list()


def team_of(who: str) -> str | None:
    """The team in which an agent has most conversations."""
    sql = (
        "SELECT team FROM conversation WHERE agent_id = $who AND team IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC, 1"
    )
    found = query(f"{sql} LIMIT 1", who=who)
    return None if found.is_empty() else found.item()


def of_agent(chosen: Chosen, who: str) -> Chosen:
    """The selection narrowed to an agent's own conversations, of whichever team."""
    kept = {name: values for name, values in chosen.values.items() if name not in ("agent_id", "team")}
    return replace(chosen, values={**kept, "agent_id": [who]})


def of_team(chosen: Chosen, team: str | None) -> Chosen:
    """The selection narrowed to a team; to everybody where there is none."""
    kept = {name: values for name, values in chosen.values.items() if name not in ("agent_id", "team")}
    return replace(chosen, values={**kept, "team": [team]} if team else kept)


def profile(metrics: Sequence[Row], who: str, team: str | None, chosen: Chosen) -> pl.DataFrame:
    """A row a metric: the agent's value over the days chosen, the middle half of the team's agents, consistency.

    The middle half and the verdict are those of the table peer, over its 91 days.
    """
    own = {row["metric"]: row for row in estimate(metrics, chosen.where, **chosen.parameters).to_dicts()}
    beside = {row["metric"]: row for row in _beside(who, team)}
    return pl.DataFrame(
        [_words(metric, own[metric["metric"]], beside.get(metric["metric"], {})) for metric in metrics],
        infer_schema_length=None,
    )


def _beside(who: str, team: str | None) -> list[Row]:
    sql = """
    WITH mate AS (SELECT DISTINCT agent_id FROM conversation WHERE $team IS NULL OR team = $team),
    spread AS (
        SELECT metric, quantile_cont(mean, 0.25) AS low, quantile_cont(mean, 0.75) AS high, count(*) AS agent_count
        FROM peer JOIN mate ON mate.agent_id = peer.name WHERE level = 'agent' GROUP BY metric)
    SELECT metric, s.low, s.high, s.agent_count, p.pooled, p.differs, a.consistency
    FROM spread s JOIN peer p USING (metric)
    LEFT JOIN agent_metric a ON a.metric = p.metric AND a.agent_id = p.name
    WHERE p.level = 'agent' AND p.name = $who"""
    return query(sql, who=who, team=team).to_dicts()


def _words(metric: Row, own: Row, beside: Row) -> Row:
    unit = metric["unit"]
    return {
        "Metric": say.name(metric["metric"]),
        "Here": say.value(own["value"], unit),
        "95 %": say.interval(own["low"], own["high"], unit),
        "n": own["n"],
        "Middle half of the team's agents": say.interval(beside.get("low"), beside.get("high"), unit),
        "Given their cases": _verdict(beside, unit),
        "Consistency": say.number(beside.get("consistency")),
        "Unit": unit,
    }


def _verdict(beside: Row, unit: str) -> str:
    if beside.get("pooled") is None:
        return say.NONE
    return f"differs by {say.change(beside['pooled'], unit)}" if beside["differs"] else "within chance"


def trend(metric: Row, own: Chosen, team: Chosen, who: str, step: str) -> pl.DataFrame:
    """The metric by `group` (step of time) of the agent (`who` true) and of the team's others: value, low, high, n."""
    dated = "AND started_at IS NOT NULL"
    mine = estimate([metric], f"{own.where} {dated}", step, **own.parameters)
    rest = f"{team.where} {dated} AND agent_id IS DISTINCT FROM $who"
    others = estimate([metric], rest, step, who=who, **team.parameters)
    told = [frame.with_columns(who=pl.lit(is_own)) for is_own, frame in ((False, others), (True, mine))]
    return pl.concat(frame for frame in told if frame.height) if mine.height + others.height else mine


def load(chosen: Chosen, who: str) -> Row:
    """An agent's own load over the days chosen: days, hard conversations a day, longest run of them, after hours."""
    since, until = chosen.days or (date.min, date.max)
    sql = """
    SELECT count(*) AS day_count, avg(hard_conversation_count) AS hard, max(hard_streak_count) AS streak,
           sum(after_hours_share * agent_turn_count) / sum(agent_turn_count) AS after_hours
    FROM agent_day WHERE agent_id = $who AND day BETWEEN $since AND $until"""
    return query(sql, who=who, since=since, until=until).row(0, named=True)


def load_in_words(row: Row) -> str:
    """The load for the agent."""
    hard = "not known" if row["hard"] is None else f"{row['hard']:.2f} a day, longest run {row['streak']}"
    return (
        f"{say.count(row['day_count'], 'day')} worked. Hard conversations (aggression, or distress in 30 % of the"
        f" customer's turns): {hard}. After hours: {say.value(row['after_hours'], 'share 0..1')} of the turns."
    )
