"""Solution: ways out offered, the customer brought in, responsibility taken."""

import polars as pl

from metrics.catalogue import base, metric, ratio
from metrics.sources import A, D, P, said
from metrics.terms import BY_AGENT, ONLY_CUSTOMER, found, turns_with
from metrics.units import COUNT, PER_100_TURNS, SHARE

OFFER = said(f'{D}, "options, not excuses"', f'{A}, "offer solutions"')
PROPOSED = """
    10:00 customer  The shoes are too small.
    10:01 agent     As I already told you, the size is in the description.
    10:02 customer  And now?
    10:03 agent     I suggest that we send you a larger pair.
"""


@metric(
    unit=COUNT,
    source=OFFER,
    direction="higher",
    needs=("agent", "text"),
    markers=("solution",),
    example=PROPOSED,
    example_value=1,
    null_example=ONLY_CUSTOMER,
    why_null="nothing_to_measure",
)
def solution_count() -> pl.Expr:
    """Agent turns that propose an action."""
    return turns_with("solution", BY_AGENT)


@metric(
    unit=COUNT,
    source=OFFER,
    direction="higher",
    needs=("agent", "text"),
    markers=("option",),
    example="""
    10:00 customer  The shoes are too small.
    10:01 agent     You can either exchange them or get a refund.
    """,
    example_value=1,
    null_example=ONLY_CUSTOMER,
    why_null="nothing_to_measure",
)
def option_count() -> pl.Expr:
    """Alternatives that the agent offers, each place in the text once."""
    return found("option", BY_AGENT)


@base
def solution_or_defensive_count() -> pl.Expr:
    """Agent turns with a solution plus agent turns with excuses or blame; a turn with both counts for both."""
    return turns_with("solution", BY_AGENT) + turns_with("defensive", BY_AGENT)


@ratio(
    "solution_count",
    "solution_or_defensive_count",
    unit=SHARE,
    source=said(f'{D}, "options, not excuses"'),
    direction="higher",
    needs=("agent", "text"),
    markers=("solution", "defensive"),
    example=PROPOSED,
    example_value=0.5,
    null_example="""
    10:00 customer  Good morning.
    10:01 agent     Good morning.
    """,
    why_null="nothing_to_measure",
)
def options_not_excuses_share() -> None:
    """Agent turns with a solution ÷ (agent turns with a solution + agent turns with excuses or blame); a turn with
    both counts for both."""


@base
def collaboration_count() -> pl.Expr:
    """Agent turns that bring the customer into the decision."""
    return turns_with("collaboration", BY_AGENT)


@ratio(
    "collaboration_count",
    "agent_turn_count",
    scale=100,
    unit=PER_100_TURNS,
    source=said(f'{A}, "involve the client"'),
    direction="higher",
    needs=("agent", "text"),
    markers=("collaboration",),
    example="""
    10:00 customer  The shoes are too small.
    10:01 agent     What would work best for you?
    """,
    example_value=100,
    null_example=ONLY_CUSTOMER,
    why_null="nothing_to_measure",
)
def collaboration_per_100_turns() -> None:
    """Agent turns that bring the customer into the decision per 100 agent turns."""


@metric(
    unit=COUNT,
    source=said(f'{P}, "flexible deadlines"'),
    direction="higher",
    needs=("agent", "text"),
    markers=("flexibility",),
    example="""
    10:00 customer  I cannot pay by Friday.
    10:01 agent     We can extend the deadline by two weeks.
    """,
    example_value=1,
    null_example=ONLY_CUSTOMER,
    why_null="nothing_to_measure",
)
def flexibility_count() -> pl.Expr:
    """Agent turns in which a deadline is moved, an exception made, or rescheduling offered."""
    return turns_with("flexibility", BY_AGENT)


@metric(
    unit=COUNT,
    source=said(f'{P}, "resources that can help"'),
    direction="higher",
    needs=("agent", "text"),
    markers=("resource_referral",),
    example="""
    10:00 customer  I don't know how to pay all this.
    10:01 agent     You can contact our support group for payment plans.
    """,
    example_value=1,
    null_example=ONLY_CUSTOMER,
    why_null="nothing_to_measure",
)
def resource_referral_count() -> pl.Expr:
    """Agent turns that name a further resource, team or service that can help."""
    return turns_with("resource_referral", BY_AGENT)


@base
def ownership_count() -> pl.Expr:
    """Agent turns that take responsibility."""
    return turns_with("ownership", BY_AGENT)


@ratio(
    "ownership_count",
    "agent_turn_count",
    scale=100,
    unit=PER_100_TURNS,
    source=said(f'{D}, "own mistakes"', f'{A}, "take responsibility"'),
    direction="higher",
    needs=("agent", "text"),
    markers=("ownership",),
    example="""
    10:00 customer  You charged me twice.
    10:01 agent     That was our mistake. I'll take care of this myself.
    """,
    example_value=100,
    null_example=ONLY_CUSTOMER,
    why_null="nothing_to_measure",
)
def ownership_per_100_turns() -> None:
    """Agent turns that take responsibility per 100 agent turns."""


@metric(
    unit=COUNT,
    source=said(f'{D}, "realistic timescales"', f'{A}, "set expectations"'),
    direction="higher",
    needs=("agent", "text"),
    markers=("expectation",),
    example="""
    10:00 customer  When will I get it?
    10:01 agent     You will receive it by Friday.
    """,
    example_value=1,
    null_example=ONLY_CUSTOMER,
    why_null="nothing_to_measure",
)
def expectation_set_count() -> pl.Expr:
    """Agent turns that give a concrete time, date or next step."""
    return turns_with("expectation", BY_AGENT)


@base
def transparency_count() -> pl.Expr:
    """Agent turns that explain process, limits or reasons."""
    return turns_with("transparency", BY_AGENT)


@ratio(
    "transparency_count",
    "agent_turn_count",
    scale=100,
    unit=PER_100_TURNS,
    source=said(f'{D}, "transparency"', f'{A}, "transparency"'),
    direction="higher",
    needs=("agent", "text"),
    markers=("transparency",),
    example="""
    10:00 customer  Why does it take so long?
    10:01 agent     The reason it takes a week is that the bank has to confirm it first.
    """,
    example_value=100,
    null_example=ONLY_CUSTOMER,
    why_null="nothing_to_measure",
)
def transparency_per_100_turns() -> None:
    """Agent turns that explain process, limits or reasons per 100 agent turns."""


@metric(
    unit=COUNT,
    source=said(f'{A}, "anticipate objections"'),
    direction="higher",
    needs=("agent", "text"),
    markers=("objection_anticipated",),
    example="""
    10:00 customer  I would like to send it back.
    10:01 agent     You may be wondering about the cost: sending it back is free.
    """,
    example_value=1,
    null_example=ONLY_CUSTOMER,
    why_null="nothing_to_measure",
)
def objection_anticipated_count() -> pl.Expr:
    """Agent turns that name a likely objection and answer it before the customer raises it."""
    return turns_with("objection_anticipated", BY_AGENT)
