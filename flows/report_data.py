"""What a report stands on, read once from the published warehouse."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import polars as pl

from flows.warehouse import query

WEEKS = 8  # of the trend
UTC = ZoneInfo("UTC")


@dataclass(frozen=True)
class Data:
    """The tables of a report; every frame of conversations has `day`, by the calendar's time zone."""

    day: date
    zone: ZoneInfo
    conversations: pl.DataFrame  # conversation_wide of the last WEEKS weeks
    last_seen: date | None  # the last day with conversations, up to this one
    undated_count: int  # conversations without a start are in no period
    metrics: pl.DataFrame
    commitments: pl.DataFrame  # due in the last 7 days or later
    escalations: pl.DataFrame  # of the last 7 days
    load: pl.DataFrame  # agent_day of the last 7 days
    run: dict[str, object]
    failed_checks: pl.DataFrame
    rejected: pl.DataFrame

    def between(self, first: int, last: int) -> pl.DataFrame:
        """Conversations begun from `first` to `last` days before the report's day."""
        days = (self.day - timedelta(days=first), self.day - timedelta(days=last))
        return self.conversations.filter(pl.col("day").is_between(*days))

    @property
    def today(self) -> pl.DataFrame:
        return self.between(0, 0)

    @property
    def week(self) -> pl.DataFrame:
        return self.between(6, 0)

    @property
    def week_before(self) -> pl.DataFrame:
        return self.between(13, 7)


def last_day(warehouse: Path, zone: ZoneInfo, until: datetime = datetime.max) -> date | None:
    """The last day on which a conversation began, before `until`; None where there is none."""
    sql = "SELECT max(started_at) AS at FROM conversation WHERE started_at < ?"
    found: datetime | None = query(warehouse, sql, (until,))["at"].item()
    return found.replace(tzinfo=UTC).astimezone(zone).date() if found else None


def read(warehouse: Path, day: date, zone: ZoneInfo) -> Data:
    """All that the report of a day needs."""
    until = start_of(day + timedelta(days=1), zone)
    week, trend = (start_of(day - timedelta(days=days), zone) for days in (6, 7 * WEEKS - 1))
    conversations = query(
        warehouse, "FROM conversation_wide WHERE started_at >= ? AND started_at < ? ORDER BY 1", (trend, until)
    )
    run = query(warehouse, "FROM run ORDER BY started_at DESC LIMIT 1")
    return Data(
        day=day,
        zone=zone,
        conversations=conversations.with_columns(local(pl.col("started_at"), zone).dt.date().alias("day")),
        last_seen=last_day(warehouse, zone, until),
        undated_count=query(warehouse, "SELECT count(*) AS n FROM conversation WHERE started_at IS NULL")["n"].item(),
        metrics=query(warehouse, "FROM metric ORDER BY metric"),
        commitments=query(
            warehouse,
            "FROM commitment WHERE due_at >= ? ORDER BY due_at, conversation_id, turn_index, start_char",
            (week,),
        ),
        escalations=query(warehouse, ESCALATIONS, (week, until)),
        load=query(warehouse, "FROM agent_day WHERE day BETWEEN ? AND ?", (day - timedelta(days=6), day)),
        run=run.row(0, named=True) if run.height else {},
        failed_checks=query(warehouse, FAILED_CHECKS),
        rejected=query(warehouse, REJECTED),
    )


def start_of(day: date, zone: ZoneInfo) -> datetime:
    """When a day begins by that zone's clocks, in UTC."""
    return datetime.combine(day, time(), zone).astimezone(UTC).replace(tzinfo=None)


def local(at: pl.Expr, zone: ZoneInfo) -> pl.Expr:
    """A time in UTC as that zone's clocks show it."""
    return at.dt.replace_time_zone("UTC").dt.convert_time_zone(zone.key)


ESCALATIONS = """
    SELECT e.*, c.agent_id, c.team, c.topic, c.started_at
    FROM escalation e JOIN conversation c USING (conversation_id)
    WHERE c.started_at >= ? AND c.started_at < ? ORDER BY c.started_at DESC, conversation_id
"""
FAILED_CHECKS = """
    SELECT q.* FROM quality_check q
    WHERE NOT is_passed AND run_id = (SELECT run_id FROM run ORDER BY started_at DESC LIMIT 1)
    ORDER BY severity, "table", "check"
"""
REJECTED = """
    SELECT file, sum(record_count)::BIGINT AS record_count, any_value(reason ORDER BY place) AS reason
    FROM rejected_record GROUP BY file ORDER BY record_count DESC, file
"""
