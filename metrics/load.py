"""The agent's load, day by day: care for those who listen. Never a ranking.

An agent's day is counted by the calendar's own date. Conversations, ratings and resolutions count for the agent in
charge on the day they began; hard ones for every agent who spoke in them, who each had to bear them.
"""

from dataclasses import dataclass
from datetime import timedelta
from textwrap import dedent

import polars as pl

HARD_SHARE = 0.3  # of customer turns with distress
STREAK_GAP = timedelta(minutes=10)
KEY = ("agent_id", "day")


@dataclass(frozen=True)
class AgentMetric:
    """A metric of an agent, or of an agent's day: its definition, a worked example, and a case that gives null."""

    definition: str
    example: str
    null_example: str


_TWO_CALLS = """
    10:00 customer  You are useless idiots!
    10:03 agent/mia I am sorry about that.
    == second
    10:08 customer  I am so frustrated, nobody helps me!
    10:09 agent/mia I understand how frustrating that is.
    == third
    19:00 customer  Where is my parcel?
    19:01 agent/mia It is on its way.
"""
_NO_RULES = """
    10:00 customer  Das ist doch Quatsch!
    10:03 agent/mia Es tut mir leid.
"""
AGENT_METRICS = {
    "hard_conversation_count": AgentMetric(
        "Conversations of the agent's day with aggression, or with distress in at least 30 % of the customer's turns; "
        "null where the language has no rules, as German",
        f"{dedent(_TWO_CALLS).strip()}\n→ 2",
        f"{dedent(_NO_RULES).strip()}\n→ null",
    ),
    "hard_streak_count": AgentMetric(
        "Longest run of these with under 10 minutes between the end of one and the start of the next; null with them",
        f"{dedent(_TWO_CALLS).strip()}\n→ 2",
        f"{dedent(_NO_RULES).strip()}\n→ null",
    ),
    "after_hours_share": AgentMetric(
        "The agent's turns outside the agreed hours ÷ the agent's turns; null where turns have no time of day. In the "
        "example the hours are Mon-Fri 09:00-18:00",
        f"{dedent(_TWO_CALLS).strip()}\n→ {1 / 3:.4f}",
        "customer  Where is my parcel?\nagent/mia It is on its way.\n→ null",
    ),
    "consistency": AgentMetric(
        "Standard deviation of an indicator over the agent's conversations ÷ the mean of the same over 200 reshuffles "
        "of conversations among agents within topic and channel; null under 20 conversations",
        "Mia: 20 conversations about bills with 5 questions each. Tom: 20 about bills with 0 and 10 in turn.\n"
        "Dealt out anew, either has a spread of about 3.6.\n→ Mia 0, Tom 5.13 / 3.6 = 1.4",
        "Mia: 19 conversations\n→ null",
    ),
}


def agent_days(turns: pl.DataFrame, wide: pl.DataFrame) -> pl.DataFrame:
    """A row for each agent and day, with the columns of the table agent_day.

    `turns` have the day and is_in_hours of the calendar, aggression_count and distress_count; `wide` agent_id, team,
    csat, was_resolved and commitment_count.
    """
    spoken = turns.filter(pl.col("kind") == "message").join(
        wide.select("conversation_id", "team", in_charge="agent_id"), on="conversation_id"
    )
    by_agent = spoken.filter(pl.col("speaker") == "agent").with_columns(agent_id=pl.coalesce("speaker_id", "in_charge"))
    parts = [_turns_told(by_agent), _conversations(spoken, wide), _hard_days(spoken, by_agent)]
    days = pl.concat([part.select(KEY) for part in parts]).unique().drop_nulls()
    for part in parts:
        days = days.join(part, on=KEY, how="left")
    counts = ("conversation_count", "agent_turn_count", "rated_count", "resolution_known_count", "resolved_count")
    return days.with_columns(pl.col(*counts).fill_null(0), team=pl.coalesce("team", "team_of_turns")).sort(KEY)


def _turns_told(by_agent: pl.DataFrame) -> pl.DataFrame:
    outside = pl.col("is_in_hours").not_()
    return by_agent.group_by(KEY).agg(
        team_of_turns=pl.col("team").drop_nulls().sort().first(),
        agent_turn_count=pl.len().cast(pl.Int64),
        after_hours_share=outside.sum() / outside.count(),
    )


def _conversations(spoken: pl.DataFrame, wide: pl.DataFrame) -> pl.DataFrame:
    """By agent in charge and the day on which the conversation began."""
    began = spoken.group_by("conversation_id").agg(day=pl.col("day").sort_by("said_at").first())
    rows = wide.join(began, on="conversation_id").sort("conversation_id")
    return rows.group_by(KEY).agg(
        team=pl.col("team").drop_nulls().sort().first(),
        conversation_count=pl.len().cast(pl.Int64),
        rated_count=pl.col("csat").count().cast(pl.Int64),
        csat_mean=pl.col("csat").mean(),
        resolution_known_count=pl.col("was_resolved").count().cast(pl.Int64),
        resolved_count=pl.col("was_resolved").sum().cast(pl.Int64),
        commitment_count=_sum_known("commitment_count"),
    )


def _sum_known(name: str) -> pl.Expr:
    """The sum, null where nothing is known."""
    return pl.when(pl.col(name).is_not_null().any()).then(pl.col(name).sum()).cast(pl.Int64)


def _hard_days(spoken: pl.DataFrame, by_agent: pl.DataFrame) -> pl.DataFrame:
    """By agent and day: hard_conversation_count and hard_streak_count; null where no conversation could be judged."""
    judged = _hard(spoken).filter(pl.col("day").is_not_null())
    pairs = by_agent.select("conversation_id", "agent_id").unique().join(judged, on="conversation_id")
    ordered = pairs.filter("is_hard").sort("agent_id", "day", "began_at", "conversation_id")
    until = pl.col("ended_at").cum_max().shift().over(KEY)
    breaks = (pl.col("began_at") - until >= STREAK_GAP).fill_null(True)
    streaks = (
        ordered.with_columns(streak=breaks.cum_sum().over(KEY))
        .group_by(*KEY, "streak")
        .len()
        .group_by(KEY)
        .agg(hard_conversation_count=pl.col("len").sum(), hard_streak_count=pl.col("len").max())
    )
    known = pairs.filter(pl.col("is_hard").is_not_null()).select(KEY).unique()
    return known.join(streaks, on=KEY, how="left").with_columns(
        pl.col("hard_conversation_count", "hard_streak_count").fill_null(0).cast(pl.Int64)
    )


def _hard(spoken: pl.DataFrame) -> pl.DataFrame:
    """By conversation: day, began_at, ended_at, is_hard (null where the language has no rules or no customer spoke)."""
    customer = pl.col("speaker") == "customer"
    distressed = pl.col("distress_count").filter(customer) > 0
    aggressive = pl.col("aggression_count").filter(customer) > 0
    return spoken.group_by("conversation_id").agg(
        day=pl.col("day").sort_by("said_at").first(),
        began_at=pl.col("said_at").min(),
        ended_at=pl.max_horizontal("said_at", "ended_at").max(),
        is_hard=pl.when(distressed.count() + aggressive.count() > 0).then(
            aggressive.any() | (distressed.sum() >= HARD_SHARE * distressed.len())
        ),
    )
