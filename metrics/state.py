"""The customer's state: distress, complaints made again, aggression, and whether it eases."""

import polars as pl

from metrics.catalogue import base, metric, ratio
from metrics.sources import A, D, said
from metrics.terms import BY_CUSTOMER, ONLY_AGENT, shows, turns_with
from metrics.units import COUNT, SCORE, SHARE

SIGNS = said(f'{A}, "signs that more empathy is needed"')
UPSET = """
    10:00 customer  I am so frustrated, this is the third time!
    10:02 agent     Let me look.
    10:03 customer  My order number is 4711.
"""


@metric(
    unit=COUNT,
    source=SIGNS,
    needs=("customer", "text"),
    markers=("distress",),
    example=UPSET,
    example_value=1,
    null_example=ONLY_AGENT,
    why_null="nothing_to_measure",
)
def distress_turn_count() -> pl.Expr:
    """Customer turns with frustration, an outburst (capitals, "!!!", swearing), or feeling unheard or undervalued."""
    return turns_with("distress", BY_CUSTOMER)


@ratio(
    "distress_turn_count",
    "customer_turn_count",
    unit=SHARE,
    source=SIGNS,
    needs=("customer", "text"),
    markers=("distress",),
    example=UPSET,
    example_value=0.5,
    null_example=ONLY_AGENT,
    why_null="nothing_to_measure",
)
def distress_share() -> None:
    """Customer turns with distress ÷ customer turns."""


@metric(
    unit=COUNT,
    source=SIGNS,
    needs=("customer", "text"),
    markers=("repeated_complaint",),
    example="""
    10:00 customer  My parcel never arrived and nobody answers the phone.
    10:01 agent     What is your name?
    10:02 customer  I told you that my parcel never arrived, and nobody answers the phone.
    """,
    example_value=1,
    null_example=ONLY_AGENT,
    why_null="nothing_to_measure",
)
def repeated_complaint_count() -> pl.Expr:
    """Customer turns that restate an earlier complaint of the same customer."""
    return turns_with("repeated_complaint", BY_CUSTOMER)


@metric(
    unit=COUNT,
    source=said(f'{A}, "aggression"'),
    needs=("customer", "text"),
    markers=("aggression",),
    example="""
    10:00 customer  You are an idiot.
    10:01 agent     Let me look at your order.
    """,
    example_value=1,
    null_example=ONLY_AGENT,
    why_null="nothing_to_measure",
)
def aggression_turn_count() -> pl.Expr:
    """Customer turns with insults, threats or abuse at the agent."""
    return turns_with("aggression", BY_CUSTOMER)


def _customer_turns() -> pl.Expr:
    return pl.when(BY_CUSTOMER).then("party_number").max()


def _negative(is_part: pl.Expr) -> pl.Expr:
    return (BY_CUSTOMER & is_part & shows("distress", "aggression")).sum().cast(pl.Int64)


@base
def early_turn_count() -> pl.Expr:
    """The first third of the customer's turns: n // 3 of n, at least one."""
    return pl.max_horizontal(_customer_turns() // 3, 1)


@base
def early_distress_share() -> pl.Expr:
    """Of these, the share with distress: how things stood before the agent could do much."""
    early = BY_CUSTOMER & (pl.col("party_number") <= early_turn_count())
    known = pl.col("distress_count").is_not_null().any()
    return pl.when(known).then((early & shows("distress")).sum() / early_turn_count())


@metric(
    unit=SCORE,
    source=said(f'{D}, "stay calm"', f'{A}, "de-escalate"'),
    direction="higher",
    needs=("customer", "text"),
    markers=("distress", "aggression"),
    example="""
    10:00 customer  I am so frustrated, this is the third time!
    10:02 agent     Let me look.
    10:03 customer  My order number is 4711.
    10:05 agent     It is on its way.
    10:08 customer  Thank you.
    """,
    example_value=1,
    null_example=UPSET,
    why_null="nothing_to_measure",
)
def de_escalation() -> pl.Expr:
    """Share of turns with distress or aggression in the first third of the customer's turns minus the same in the
    last third, −1..1; a third of n turns is n // 3 of them. Null under three customer turns."""
    third = _customer_turns() // 3
    number = pl.col("party_number")
    eased = _negative(number <= third) - _negative(number > _customer_turns() - third)
    return pl.when(third > 0).then(eased / third)
