"""The outcomes: resolution, satisfaction, hand-overs. From the sources' records alone, never from what was said."""

import polars as pl

from metrics.catalogue import TEXT_CHANNELS, metric
from metrics.sources import A, D, said
from metrics.units import RATING, SCORE, SECONDS, YES_NO

RESULTS = said(f'{A}, "trust and satisfaction"', f'{D}, "resolution"')

SOLVED = """
    10:00 customer  Where is my parcel?
    10:05 agent     At the depot.
    outcome resolved=true resolved_at=11:00 reopened=false csat=8 csat_scale=0-10 nps=9 ces=2 escalated_at=10:30
"""
NOTHING_HEARD = """
    10:00 customer  Where is my parcel?
    10:05 agent     At the depot.
"""
NO_WORD = {"null_example": NOTHING_HEARD, "why_null": "nothing_to_measure"}
NO_STATUS = {"null_example": NOTHING_HEARD, "why_null": "not_measurable"}


@metric(
    over="row",
    kind="outcome",
    unit=YES_NO,
    source=RESULTS,
    direction="higher",
    needs=("status",),
    example=SOLVED,
    example_value=True,
    **NO_STATUS,
)
def was_resolved() -> pl.Expr:
    """Whether it was resolved: by the source's status, otherwise by the rule in [outcomes]; null where neither says."""
    return pl.col("was_resolved")


@metric(
    over="row",
    kind="outcome",
    unit=YES_NO,
    source=RESULTS,
    direction="higher",
    needs=("status", "customer_id"),
    open_when="return_is_open",
    example="""
    10:00 customer  Where is my parcel?
    10:05 agent     At the depot.
    outcome resolved=true
    == b
    +2 10:00 customer  Where is my parcel now?
    """,
    example_value=False,
    **NO_STATUS,
)
def was_first_contact_resolved() -> pl.Expr:
    """Resolved, not reopened, and no return: no other conversation that the same customer opened on the same topic
    after this one began and at most 7 days after it ended. Null while the window is open, where the customer is not
    known, and where a later conversation's topic is not."""
    return pl.col("was_first_contact_resolved")


@metric(
    unsaid="not_measurable",
    over="row",
    kind="outcome",
    unit=YES_NO,
    source=RESULTS,
    direction="lower",
    example=SOLVED,
    example_value=False,
    **NO_STATUS,
)
def was_reopened() -> pl.Expr:
    """Opened again after a resolution, by the source's record; null where it has none."""
    return pl.col("was_reopened")


@metric(
    unsaid="not_measurable",
    over="row",
    kind="outcome",
    unit=YES_NO,
    source=RESULTS,
    direction="higher",
    channels=TEXT_CHANNELS,
    example=SOLVED,
    example_value=True,
    **NO_STATUS,
)
def is_one_touch() -> pl.Expr:
    """Exactly one public agent turn after the customer first wrote, and no reopening; null where the source does not
    say whether it was reopened."""
    return pl.col("is_one_touch")


@metric(
    over="row",
    kind="outcome",
    unit=SECONDS,
    source=RESULTS,
    direction="lower",
    aggregate="median",
    example=SOLVED,
    example_value=3600.0,
    **NO_WORD,
)
def resolution_seconds() -> pl.Expr:
    """Start of the conversation to its first resolution, calendar time."""
    return pl.col("resolution_seconds")


@metric(
    over="row",
    kind="outcome",
    unit=SECONDS,
    source=RESULTS,
    direction="lower",
    aggregate="median",
    example=SOLVED,
    example_value=3600.0,
    **NO_WORD,
)
def full_resolution_seconds() -> pl.Expr:
    """Start of the conversation to its last resolution, calendar time; the first where it was not reopened."""
    return pl.col("full_resolution_seconds")


@metric(
    over="row",
    kind="outcome",
    unit=RATING,
    source=RESULTS,
    direction="higher",
    example=SOLVED,
    example_value=4.2,
    **NO_WORD,
)
def csat() -> pl.Expr:
    """Satisfaction as the customer rated it, its own scale laid evenly onto 1..5 (8 on 0..10 is 1 + 4 · 8/10 = 4.2); of
    good and bad, good is 5 and bad is 1. Only answers count: offered and unoffered are none."""
    return pl.col("csat")


@metric(
    over="row",
    kind="outcome",
    unit=YES_NO,
    source=RESULTS,
    direction="higher",
    example=SOLVED,
    example_value=True,
    **NO_WORD,
)
def is_csat_positive() -> pl.Expr:
    """csat of 4 or more."""
    return pl.col("is_csat_positive")


@metric(
    over="row",
    kind="outcome",
    unit=SCORE,
    source=RESULTS,
    direction="higher",
    example=SOLVED,
    example_value=9.0,
    **NO_WORD,
)
def nps() -> pl.Expr:
    """How likely the customer is to recommend, 0..10, as answered."""
    return pl.col("nps")


@metric(
    over="row",
    kind="outcome",
    unit=SCORE,
    source=RESULTS,
    example=SOLVED,
    example_value=2.0,
    **NO_WORD,
)
def ces() -> pl.Expr:
    """The customer effort score as answered, on the source's own scale."""
    return pl.col("ces")


@metric(
    unsaid="not_measurable",
    over="row",
    kind="outcome",
    unit=YES_NO,
    source=RESULTS,
    direction="lower",
    example=SOLVED,
    example_value=True,
    **NO_STATUS,
)
def was_transferred() -> pl.Expr:
    """Handed over to anyone, a higher tier included, by the source's record; no only where that source records
    hand-overs."""
    return pl.col("was_transferred")


@metric(
    unsaid="not_measurable",
    over="row",
    kind="outcome",
    unit=YES_NO,
    source=RESULTS,
    direction="lower",
    example=SOLVED,
    example_value=True,
    **NO_STATUS,
)
def was_escalated() -> pl.Expr:
    """Handed over to a higher tier, by the source's record; no only where that source records escalations."""
    return pl.col("was_escalated")
