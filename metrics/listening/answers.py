"""How soon an answer comes, and how long nobody speaks."""

from typing import Any

import polars as pl

from metrics.catalogue import TEXT_CHANNELS, VOICE, metric, ratio
from metrics.listening.nulls import WRITTEN
from metrics.sources import A, D, P, said
from metrics.terms import BY_AGENT, seconds, turns_with
from metrics.units import COUNT, SECONDS, SHARE


@metric(
    unit=SECONDS,
    source=said(f'{D}, "a moment of silence first"', f'{A}, "let the client finish"'),
    channels=VOICE,
    needs=("agent", "customer", "ends"),
    aggregate="median",
    example="""
    0.0-2.0   customer  Where is my parcel?
    2.6-4.0   agent     Let me look into it.
    4.5-6.0   customer  Since Monday I have waited.
    7.0-9.0   agent     It is on its way.
    """,
    example_value=0.8,
    null_example="""
    0.0-2.0   agent     Good morning, how can I help?
    2.5-4.0   customer  Where is my parcel?
    """,
    why_null="nothing_to_measure",
)
def response_gap_seconds() -> pl.Expr:
    """Median of the agent's start minus the customer's end, over agent turns that are no backchannel, whose previous
    turn by start is a customer's, and that are not wholly inside it. Below zero both speak at once."""
    return seconds(pl.when(BY_AGENT).then("response_gap_ms").median())


@ratio(
    "silence_ms",
    "duration_ms",
    unit=SHARE,
    source=said(f'{D}, "a moment of silence first"', "Amazon Connect, non-talk time"),
    channels=VOICE,
    needs=("ends",),
    thresholds=("silence_seconds",),
    example="""
    0.0-2.0    customer  Where is my parcel?
    4.0-6.0    agent     Let me look into it.
    10.0-20.0  agent     It is on its way, and should be with you tomorrow.
    """,
    example_value=0.2,
    null_example=WRITTEN,
    why_null="not_applicable",
)
def non_talk_share() -> None:
    """Silence ÷ duration. Silence is every gap of more than 3 s, between the first start and the last end, in which
    no human voice speaks, and every hold; a hold inside a gap counts once. The duration is the source's total where
    given, otherwise last end minus first start of any human voice."""


@metric(
    over="row",
    unit=SECONDS,
    source=said(f'{D}, "a moment of silence first"'),
    channels=VOICE,
    needs=("ends",),
    example="""
    0.0-2.0    customer  Where is my parcel?
    4.0-6.0    agent     Let me look into it.
    10.0-20.0  agent     It is on its way, and should be with you tomorrow.
    """,
    example_value=4,
    null_example=WRITTEN,
    why_null="not_applicable",
)
def longest_silence_seconds() -> pl.Expr:
    """Longest time between the first start and the last end in which no human voice speaks; 0 where there is none."""
    return seconds(pl.col("longest_gap_ms"))


REPLIES: dict[str, Any] = {"channels": TEXT_CHANNELS, "tied_to": ("resolution_seconds", "full_resolution_seconds")}
NEVER_ANSWERED = """
    10:00 customer  Where is my parcel?
    10:00 bot       Please wait for an agent.
"""


@metric(
    unit=SECONDS,
    source=said(f'{A}, "respond promptly"', "Zendesk, first reply time"),
    direction="lower",
    needs=("customer", "times"),
    aggregate="median",
    example="""
    10:00 customer  Where is my parcel?
    10:00 bot       Please wait for an agent.
    10:03 agent     Hello, let me look.
    """,
    example_value=180,
    null_example=NEVER_ANSWERED,
    why_null="nothing_to_measure",
    **REPLIES,
)
def first_response_seconds() -> pl.Expr:
    """Time from the customer's first message to the first later public message of an agent or supervisor, whoever
    opened the conversation; a bot answers nobody."""
    return seconds(pl.col("reply_ms").explode().drop_nulls().first())


@metric(
    over="row",
    unit=SECONDS,
    source=said(f'{A}, "respond promptly"', "Zendesk, first reply time in business hours"),
    direction="lower",
    needs=("customer", "sent_at"),
    aggregate="median",
    example="""
    17:58 customer  Where is my parcel?
    18:30 agent     Hello, let me look.
    """,
    example_value=120,
    null_example=NEVER_ANSWERED,
    why_null="nothing_to_measure",
    **REPLIES,
)
def first_response_business_seconds() -> pl.Expr:
    """The working time in first_response_seconds, by the calendar of heard.toml: its time zone with daylight saving,
    its hours (Mon-Fri 09:00-18:00 unless set) and its holidays."""
    return pl.col("first_response_business_seconds_fact")


@metric(
    unit=SECONDS,
    source=said(f'{A}, "respond promptly"'),
    direction="lower",
    needs=("agent", "customer", "times"),
    aggregate="median",
    example="""
    10:00 customer  Where is my parcel?
    10:02 customer  Hello?
    10:03 agent     Hello, let me look.
    10:05 customer  Thank you.
    10:06 agent     It is on its way.
    """,
    example_value=120,
    null_example="""
    10:00 agent     Your parcel is on its way.
    10:05 customer  Thank you.
    """,
    why_null="nothing_to_measure",
    **REPLIES,
)
def reply_seconds() -> pl.Expr:
    """Median wait for an answer: from the customer's first message since the agent's side (agent or supervisor) last
    wrote to its next message. A bot answers nobody."""
    return seconds(pl.col("reply_ms").explode().drop_nulls().median())


@metric(
    unit=SECONDS,
    source=said(f'{A}, "respond promptly"'),
    needs=("agent", "customer", "times"),
    aggregate="median",
    example="""
    10:00 customer  Where is my parcel?
    10:03 agent     What is your order number?
    10:05 customer  4711
    """,
    example_value=120,
    null_example=WRITTEN,
    why_null="nothing_to_measure",
    **REPLIES,
)
def customer_reply_seconds() -> pl.Expr:
    """Median wait for the customer: from the first message of the agent's side since the customer last wrote to the
    customer's next message."""
    return seconds(pl.col("customer_reply_ms").explode().drop_nulls().median())


@metric(
    unit=COUNT,
    source=said(f'{P}, "offer a break"', f'{D}, "take a pause"', f'{A}, "reschedule"'),
    needs=("agent", "text"),
    markers=("pause_offer",),
    example="""
    10:00 customer  I cannot think straight any more.
    10:01 agent     Would you like to take a break, and I call you back later?
    """,
    example_value=1,
    null_example="""
    10:00 customer  I cannot think straight any more.
    """,
    why_null="nothing_to_measure",
)
def pause_offered_count() -> pl.Expr:
    """Agent turns that offer a break, a call-back or another time to let things settle."""
    return turns_with("pause_offer", BY_AGENT)
