"""Who breaks into whose words."""

from typing import Any

import polars as pl

from metrics.catalogue import TEXT_CHANNELS, VOICE, metric, ratio
from metrics.listening.nulls import NOBODY_ANSWERS
from metrics.sources import LISTEN, D, said
from metrics.terms import BY_AGENT, BY_CUSTOMER
from metrics.units import COUNT, MINUTE_MS, PER_MINUTE, SHARE

TIMED: dict[str, Any] = {"channels": VOICE, "needs": ("agent", "customer", "ends", "overlap")}
CUT_SHORT = """
    0.0-4.0   customer  I ordered it last week and it never
    3.0-6.0   agent     Let me stop you there, what is your order number?
    6.5-9.0   customer  It is 4711.
"""


@metric(
    unit=COUNT,
    source=LISTEN,
    direction="lower",
    markers=("interruption",),
    thresholds=("interruption_seconds", "voice_merge_seconds", "word_pause_seconds"),
    example=CUT_SHORT,
    example_value=1,
    null_example=NOBODY_ANSWERS,
    why_null="nothing_to_measure",
    **TIMED,
)
def interruption_count() -> pl.Expr:
    """Agent turns that start while the customer speaks (customer start < agent start < customer end), where both then
    speak at once for more than 0.5 s (the earlier of both ends minus the agent's start), and that are no backchannel.
    Word times are used where there are: the customer speaks from a word to the next while the pause between is at
    most 0.3 s. Null until the source has been seen to show overlap."""
    return (BY_AGENT & pl.col("is_interruption")).sum().cast(pl.Int64)


@ratio(
    "interruption_count",
    "customer_speaking_ms",
    scale=MINUTE_MS,
    unit=PER_MINUTE,
    source=LISTEN,
    direction="lower",
    markers=("interruption",),
    thresholds=("interruption_seconds", "voice_merge_seconds", "word_pause_seconds"),
    example="""
    0.0-8.0    customer  I ordered it last week and it never
    7.0-10.0   agent     Let me stop you there, what is your order number?
    10.5-12.5  customer  It is 4711.
    """,
    example_value=6,
    null_example=NOBODY_ANSWERS,
    why_null="nothing_to_measure",
    **TIMED,
)
def interruption_per_customer_minute() -> None:
    """interruption_count per minute that the customer speaks."""


@metric(
    unit=COUNT,
    source=said(f'{D}, "let them have their say"'),
    direction="lower",
    markers=("interruption", "cut_off"),
    thresholds=("interruption_seconds", "cut_off_seconds"),
    channels=VOICE,
    needs=("agent", "customer", "ends", "overlap", "sentence_ends"),
    example=CUT_SHORT,
    example_value=1,
    null_example=NOBODY_ANSWERS,
    why_null="nothing_to_measure",
)
def interruption_successful_count() -> pl.Expr:
    """Interruptions by the agent after which the customer's turn ends within 1.0 s of the agent's start, with the
    sentence unfinished: no . ? ! or … at its end. Where under half of a conversation's turns end in one of these, its
    last words decide; null where neither can tell."""
    return (BY_AGENT & pl.col("is_successful_interruption")).sum().cast(pl.Int64)


@metric(
    unit=COUNT,
    source=said(f'{D}, "let them have their say"'),
    markers=("interruption",),
    thresholds=("interruption_seconds", "voice_merge_seconds", "word_pause_seconds"),
    example="""
    0.0-4.0   agent     Let me explain how this works, first you
    3.0-6.0   customer  No, listen to me, I want my money back!
    """,
    example_value=1,
    null_example=NOBODY_ANSWERS,
    why_null="nothing_to_measure",
    **TIMED,
)
def customer_interruption_count() -> pl.Expr:
    """The same as interruption_count, the customer over the agent."""
    return (BY_CUSTOMER & pl.col("is_interruption")).sum().cast(pl.Int64)


@metric(
    unit=COUNT,
    source=said(f'{D}, "let them have their say"'),
    direction="lower",
    channels=TEXT_CHANNELS,
    needs=("agent", "customer", "times"),
    thresholds=("writing_pair_seconds", "writing_seconds"),
    example="""
    10:00:00 customer  My parcel has not come
    10:00:06 agent     What is your order number?
    10:00:14 customer  and the last one was broken
    """,
    example_value=1,
    null_example="""
    0.0-4.0  customer  My parcel has not come.
    4.5-6.0  agent     What is your order number?
    """,
    why_null="not_applicable",
)
def message_interruption_count() -> pl.Expr:
    """Pairs of a customer's messages, one after the other and at most 20 s apart, between which an agent's message
    lands within 10 s of the first: the customer was still writing. Each pair counts once."""
    return pl.col("talked_into_count").sum()


@ratio(
    "both_speaking_ms",
    "anyone_speaking_ms",
    unit=SHARE,
    source=LISTEN,
    direction="lower",
    example="""
    0.0-4.0   customer  I ordered it last week and it never
    3.0-10.0  agent     Let me stop you there, what is your order number?
    """,
    example_value=0.1,
    null_example=NOBODY_ANSWERS,
    why_null="nothing_to_measure",
    **TIMED,
)
def overlap_share() -> None:
    """Time in which agent and customer both speak ÷ time in which anyone speaks (agent, customer, supervisor; not bot
    or system), by word times where there are, otherwise by segments."""
