"""The agent's load, day by day: care for those who listen. Never a ranking.

An agent's day is counted by the calendar's own date. Conversations, ratings and resolutions count for the agent in
charge on the day they began; hard ones for every agent who spoke in them, who each had to bear them.
"""

from dataclasses import dataclass
from datetime import timedelta
from textwrap import dedent

import polars as pl

from metrics.catalogue import base
from metrics.terms import BY_AGENT, BY_CUSTOMER, SAID

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


@base
def began_on() -> pl.Expr:
    """The day on which it began, by the calendar's own date."""
    return pl.col("day").filter(SAID).sort_by(pl.col("said_at").filter(SAID)).first()


@base
def said_from() -> pl.Expr:
    """When the first message began."""
    return pl.col("said_at").filter(SAID).min()


@base
def said_until() -> pl.Expr:
    """When the last message ended."""
    return pl.max_horizontal("said_at", "ended_at").filter(SAID).max()


@base
def is_hard() -> pl.Expr:
    """Whether it shows aggression, or distress in at least 30 % of the customer's turns; null if it cannot be told."""
    distressed = pl.col("distress_count").filter(BY_CUSTOMER) > 0
    aggressive = pl.col("aggression_count").filter(BY_CUSTOMER) > 0
    is_known = distressed.count() + aggressive.count() > 0
    return pl.when(is_known).then(aggressive.any() | (distressed.sum() >= HARD_SHARE * distressed.len()))


def agent_parts(turns: pl.DataFrame, in_charge: pl.DataFrame) -> pl.DataFrame:
    """The table agent_part: what each agent said in each conversation, day by day.

    `turns` have the day and is_in_hours of the calendar; `in_charge` the agent_id of each conversation, to whom turns
    without a name of their own count.
    """
    by_agent = turns.filter(BY_AGENT).join(in_charge.select("conversation_id", "agent_id"), on="conversation_id")
    named = by_agent.with_columns(agent_id=pl.coalesce("speaker_id", "agent_id")).drop_nulls("agent_id")
    outside = pl.col("is_in_hours").not_()
    counts = named.group_by("conversation_id", *KEY).agg(
        agent_turn_count=pl.len().cast(pl.Int64),
        timed_turn_count=outside.count().cast(pl.Int64),
        after_hours_turn_count=outside.sum().cast(pl.Int64),
    )
    return counts.sort("conversation_id", *KEY)


def agent_days(parts: pl.DataFrame, wide: pl.DataFrame) -> pl.DataFrame:
    """A row for each agent and day, with the columns of the table agent_day.

    `parts` is the table agent_part; `wide` has agent_id, team, csat, was_resolved, commitment_count and the bases
    above.
    """
    told = [_turns_told(parts.join(wide.select("conversation_id", "team"), on="conversation_id"))]
    told += [_conversations(wide), _hard_days(parts, wide)]
    days = pl.concat([one.select(KEY) for one in told]).unique().drop_nulls()
    for one in told:
        days = days.join(one, on=KEY, how="left")
    counts = ("conversation_count", "agent_turn_count", "rated_count", "resolution_known_count", "resolved_count")
    return days.with_columns(pl.col(*counts).fill_null(0), team=pl.coalesce("team", "team_of_turns")).sort(KEY)


def _turns_told(parts: pl.DataFrame) -> pl.DataFrame:
    return parts.group_by(KEY).agg(
        team_of_turns=pl.col("team").drop_nulls().sort().first(),
        agent_turn_count=pl.col("agent_turn_count").sum(),
        after_hours_share=pl.col("after_hours_turn_count").sum() / pl.col("timed_turn_count").sum(),
    )


def _conversations(wide: pl.DataFrame) -> pl.DataFrame:
    """By agent in charge and the day on which the conversation began."""
    rows = wide.with_columns(day="began_on").sort("conversation_id")
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


def _hard_days(parts: pl.DataFrame, wide: pl.DataFrame) -> pl.DataFrame:
    """By agent and day: hard_conversation_count and hard_streak_count; null where no conversation could be judged."""
    judged = wide.filter(pl.col("began_on").is_not_null())
    judged = judged.select("conversation_id", "said_from", "said_until", "is_hard", day="began_on")
    pairs = parts.select("conversation_id", "agent_id").unique().join(judged, on="conversation_id")
    ordered = pairs.filter("is_hard").sort("agent_id", "day", "said_from", "conversation_id")
    until = pl.col("said_until").cum_max().shift().over(KEY)
    breaks = (pl.col("said_from") - until >= STREAK_GAP).fill_null(True)
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
