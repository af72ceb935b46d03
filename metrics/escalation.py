"""Escalation: what called for a higher tier, and how soon the case got there."""

import polars as pl

from metrics.catalogue import metric
from metrics.sources import D, said
from metrics.terms import BY_CUSTOMER, ONLY_AGENT, turns_with
from metrics.units import CLASS, COUNT, SECONDS, SHARE, TURNS

ESCALATE = said(f'{D}, "know when to escalate"')
TIED = ("was_escalated",)
TRIGGERS = ("escalation_request", "aggression", "repeated_complaint")

REFUSED_THEN_GIVEN = """
    10:00 customer  My router is broken.
    10:01 agent     Let me look into your router.
    10:02 customer  I want to speak to your manager.
    10:04 agent     I understand. Which router is it?
    10:06 customer  The white one.
    10:08 agent     I'll transfer you to my supervisor now.
"""
NOBODY_ESCALATES = """
    10:00 customer  My router is broken.
    10:01 agent     Please restart it.
"""


@metric(
    unit=COUNT,
    source=ESCALATE,
    direction="lower",
    needs=("customer", "text"),
    markers=("escalation_request",),
    tied_to=TIED,
    example=REFUSED_THEN_GIVEN,
    example_value=1,
    null_example=ONLY_AGENT,
    why_null="nothing_to_measure",
)
def escalation_request_count() -> pl.Expr:
    """Customer turns that ask for a supervisor, file a complaint, or threaten to leave or to go to law."""
    return turns_with("escalation_request", BY_CUSTOMER)


@metric(
    over="row",
    unit=SECONDS,
    source=ESCALATE,
    needs=("agent", "times", "text"),
    markers=("escalation",),
    tied_to=TIED,
    aggregate="median",
    example=REFUSED_THEN_GIVEN,
    example_value=480.0,
    null_example=NOBODY_ESCALATES,
    why_null="nothing_to_measure",
)
def escalation_seconds() -> pl.Expr:
    """Start of the conversation to the escalation: the source's record of a transfer to a higher tier, or the start of
    the agent turn that says so, whichever comes first."""
    return pl.col("escalated_at_seconds")


@metric(
    over="row",
    unit=TURNS,
    source=ESCALATE,
    needs=("agent", "text"),
    markers=("escalation",),
    tied_to=TIED,
    aggregate="median",
    example=REFUSED_THEN_GIVEN,
    example_value=2,
    null_example=NOBODY_ESCALATES,
    why_null="nothing_to_measure",
)
def escalation_turns() -> pl.Expr:
    """Agent turns that start before the escalation."""
    return pl.col("escalation_turns")


@metric(
    over="row",
    unit=SHARE,
    source=ESCALATE,
    needs=("agent", "text"),
    markers=("escalation",),
    tied_to=TIED,
    example=REFUSED_THEN_GIVEN,
    example_value=5 / 6,
    null_example=NOBODY_ESCALATES,
    why_null="nothing_to_measure",
)
def escalation_position_share() -> pl.Expr:
    """Turns that start before the escalation ÷ all turns, notes and events left out."""
    return pl.col("escalation_position_share")


@metric(
    over="row",
    unit=SECONDS,
    source=ESCALATE,
    direction="lower",
    needs=("agent", "customer", "times", "text"),
    markers=("escalation", *TRIGGERS),
    tied_to=TIED,
    aggregate="median",
    example=REFUSED_THEN_GIVEN,
    example_value=360.0,
    null_example=NOBODY_ESCALATES,
    why_null="nothing_to_measure",
)
def escalation_delay_seconds() -> pl.Expr:
    """End of the first trigger's turn to the escalation. Triggers: a request for it, aggression, the third repeat of
    one complaint. Null where none followed (the table `escalation` then has the censored time) or none was called
    for."""
    return pl.when(~pl.col("is_censored")).then("delay_seconds")


@metric(
    over="row",
    unit=TURNS,
    source=ESCALATE,
    direction="lower",
    needs=("agent", "customer", "text"),
    markers=("escalation", *TRIGGERS),
    tied_to=TIED,
    aggregate="median",
    example=REFUSED_THEN_GIVEN,
    example_value=1,
    null_example=NOBODY_ESCALATES,
    why_null="nothing_to_measure",
)
def escalation_delay_turns() -> pl.Expr:
    """Agent turns that start after the first trigger and before the escalation; null as escalation_delay_seconds."""
    return pl.when(~pl.col("is_censored")).then("delay_turns")


@metric(
    over="row",
    unit=CLASS,
    source=ESCALATE,
    needs=("agent", "customer", "text"),
    markers=("escalation", *TRIGGERS),
    tied_to=TIED,
    example=REFUSED_THEN_GIVEN,
    example_value="timely",
    null_example=ONLY_AGENT,
    why_null="nothing_to_measure",
)
def escalation_class() -> pl.Expr:
    """`timely` (within 2 agent turns or 120 s of the trigger), `late`, `missed` (a trigger, and no escalation),
    `untriggered` (an escalation before or without a trigger) or `none`."""
    return pl.col("class").fill_null("none")
