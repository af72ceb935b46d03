"""Follow-through: what was promised, what was kept, and whether somebody came back."""

from typing import Any

import polars as pl

from metrics.catalogue import TEXT_CHANNELS, metric, ratio
from metrics.sources import A, D, P, said
from metrics.terms import BY_AGENT, ONLY_CUSTOMER, found, shows
from metrics.units import COUNT, SECONDS, SHARE, YES_NO

FOLLOW_UP = said(f'{P}, "follow up"', f'{D}, "check back"', f'{A}, "follow through"')
KEEP = said(f'{D}, "realistic timescales"', f'{A}, "follow through"')

PROMISED = """
    10:00 customer  My router is broken.
    10:05 agent     I'll get back to you tomorrow.
    +1 09:00 agent  It is fixed now.
    +2 09:00 customer  Thank you.
"""
NO_PROMISE = """
    10:00 customer  My router is broken.
    10:05 agent     Please restart it.
"""
NO_AGENT: dict[str, Any] = {"null_example": ONLY_CUSTOMER, "why_null": "nothing_to_measure"}


@metric(
    unit=COUNT,
    source=KEEP,
    direction="higher",
    needs=("agent", "text"),
    markers=("commitment",),
    example=PROMISED,
    example_value=1,
    **NO_AGENT,
)
def commitment_count() -> pl.Expr:
    """Promises of a later action by the agent; each is a row of `commitment`, with who, what, its words and when it is
    due: the time it names, otherwise the end of the third working day, marked assumed."""
    return found("commitment", BY_AGENT)


@metric(
    over="row",
    unit=YES_NO,
    source=FOLLOW_UP,
    direction="higher",
    needs=("agent", "customer_id"),
    tied_to=("was_first_contact_resolved", "was_resolved"),
    open_when="follow_up_is_open",
    example=PROMISED,
    example_value=True,
    null_example=NO_PROMISE,
    why_null="nothing_to_measure",
)
def had_follow_up() -> pl.Expr:
    """Of conversations that called for a follow-up, whether the agent's side contacted the same customer within 7
    days. Called for by each promise, at its moment, and by a conversation that ended (or, in writing, fell silent for
    24 hours) unresolved, at its last agent turn. A follow-up is a contact that the agent's side opens, in the thread
    (after a pause of 10 minutes, without a message from the customer since it last wrote) or in a new conversation; or
    one that keeps a promise. Yes as soon as one is made; null while none is and the window is open, where none was
    called for, and where the customer is not known. Averaged, this is the follow-up rate."""
    called = pl.col("follow_up_called_for_at").is_not_null()
    made = pl.col("followed_up_at").is_not_null()
    return pl.when(called & (made | ~pl.col("follow_up_is_open"))).then(made)


@ratio(
    "commitment_kept_count",
    "commitment_past_due_count",
    unit=SHARE,
    source=KEEP,
    direction="higher",
    needs=("agent", "text"),
    markers=("commitment",),
    open_when="has_pending_commitment",
    example=PROMISED,
    example_value=1.0,
    null_example=NO_PROMISE,
    why_null="nothing_to_measure",
)
def commitment_kept_share() -> None:
    """Promises kept on time ÷ promises past due whose fate is known (kept, kept late, broken). Pending ones are not
    counted yet, unknown ones are counted apart."""


@metric(
    unit=YES_NO,
    source=said(f'{D}, "a written record"'),
    direction="higher",
    needs=("agent", "text"),
    markers=("written_record",),
    example="""
    10:00 customer  My router is broken.
    10:05 agent     Your case number is 4711, I'll email you a confirmation.
    """,
    example_value=True,
    **NO_AGENT,
)
def has_written_record() -> pl.Expr:
    """Whether an agent turn gives or promises a case number, a written confirmation or notes."""
    return (BY_AGENT & shows("written_record")).any()


@metric(
    unit=YES_NO,
    source=said(f'{D}, "name and direct contact"'),
    direction="higher",
    needs=("agent", "text"),
    markers=("contact_details",),
    example="""
    10:00 customer  My router is broken.
    10:05 agent     My name is Mia, you can reach me directly at [PHONE].
    """,
    example_value=True,
    **NO_AGENT,
)
def has_contact_details() -> pl.Expr:
    """Whether the agent gives their name and a direct way to reach them."""
    return (BY_AGENT & shows("contact_details")).any()


@metric(
    over="row",
    unit=SECONDS,
    source=said(f'{D}, "check back at regular intervals"'),
    direction="lower",
    channels=TEXT_CHANNELS,
    needs=("agent", "sent_at"),
    tied_to=("resolution_seconds", "full_resolution_seconds"),
    aggregate="median",
    example="""
    10:00 customer  My router is broken.
    10:05 agent     Please restart it.
    10:06 customer  It did not help.
    10:45 agent     Then we will replace it.
    """,
    example_value=2400.0,
    **NO_AGENT,
)
def longest_update_gap_seconds() -> pl.Expr:
    """The longest time without a message from the agent's side while unresolved: from the conversation's first message
    to its first resolution, or to its last message where no resolution is known."""
    return pl.col("longest_update_gap_ms") / 1000
