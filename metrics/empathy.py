"""Empathy: feelings seen, named and answered."""

import polars as pl

from metrics.catalogue import base, metric, ratio
from metrics.sources import A, D, P, said
from metrics.terms import BY_AGENT, BY_CUSTOMER, ONLY_CUSTOMER, seconds, shows, turns_with
from metrics.units import COUNT, PER_100_TURNS, SECONDS, SHARE, TURNS

ACKNOWLEDGE = said(f"{P}, \"I'm really sorry you're going through this\"", f'{D}, "acknowledge"', f'{A}, "validate"')
FELT = """
    10:00 customer  I am so frustrated, this is the third time!
    10:02 agent     What is your order number?
    10:03 customer  4711
    10:05 agent     Thank you. I understand how frustrating this must be.
"""
UNFELT = """
    10:00 customer  Where is my parcel?
    10:01 agent     It is on its way.
"""


@metric(
    unit=COUNT,
    source=ACKNOWLEDGE,
    direction="higher",
    needs=("agent", "text"),
    markers=("validation",),
    example=FELT,
    example_value=1,
    null_example=ONLY_CUSTOMER,
    why_null="nothing_to_measure",
)
def validation_count() -> pl.Expr:
    """Agent turns that acknowledge the customer's feeling or situation as real or understandable; a bare "I
    understand" is a backchannel and does not count."""
    return turns_with("validation", BY_AGENT)


@ratio(
    "validation_count",
    "agent_turn_count",
    scale=100,
    unit=PER_100_TURNS,
    source=ACKNOWLEDGE,
    direction="higher",
    needs=("agent", "text"),
    markers=("validation",),
    example=FELT,
    example_value=50,
    null_example=ONLY_CUSTOMER,
    why_null="nothing_to_measure",
)
def validation_per_100_turns() -> None:
    """validation_count per 100 agent turns: the frequency of validation."""


@base
def validated_distress_count() -> pl.Expr:
    """Customer turns with distress that one of the agent's next two turns validates."""
    return (BY_CUSTOMER & shows("distress") & pl.col("is_validated")).sum().cast(pl.Int64)


@ratio(
    "validated_distress_count",
    "distress_turn_count",
    unit=SHARE,
    source=said(f'{D}, "acknowledge"', f'{A}, "validate even if you disagree"'),
    direction="higher",
    needs=("agent", "customer", "text"),
    markers=("validation", "distress"),
    example=FELT,
    example_value=1,
    null_example=UNFELT,
    why_null="nothing_to_measure",
)
def validation_response_share() -> None:
    """Customer turns with distress whose feeling is validated in the agent's next two turns (backchannels aside) ÷
    customer turns with distress."""


@base
def validation_seen_ms() -> pl.Expr:
    """Milliseconds from the first distress to the first validation after it, or else to the conversation's end."""
    return pl.col("validation_seen_ms").max()


@base
def validation_seen_turns() -> pl.Expr:
    """Agent turns from the first distress until the first validation after it, or else until the conversation's end."""
    return pl.col("validation_seen_turns").max()


@base
def validation_is_censored() -> pl.Expr:
    """No validation followed the first distress: validation_seen_ms and _turns end with the conversation."""
    has_distress = pl.col("validation_seen_turns").is_not_null().any()
    return pl.when(has_distress).then(pl.col("validation_wait_turns").is_null().all())


@metric(
    unit=SECONDS,
    source=said(f'{D}, "acknowledge"', f'{A}, "validate"'),
    direction="lower",
    needs=("agent", "customer", "text", "times"),
    markers=("validation", "distress"),
    aggregate="median",
    example=FELT,
    example_value=300,
    null_example=UNFELT,
    why_null="nothing_to_measure",
)
def validation_latency_seconds() -> pl.Expr:
    """From the first turn with distress (its end; written: when it was sent) to the start of the first validation
    after it. Null where none follows: the time is then censored at the conversation's end, which validation_seen_ms
    and validation_is_censored keep."""
    return seconds(pl.col("validation_wait_ms").max())


@metric(
    unit=TURNS,
    source=said(f'{D}, "acknowledge"', f'{A}, "validate"'),
    direction="lower",
    needs=("agent", "customer", "text"),
    markers=("validation", "distress"),
    aggregate="median",
    example=FELT,
    example_value=1,
    null_example=UNFELT,
    why_null="nothing_to_measure",
)
def validation_latency_turns() -> pl.Expr:
    """Agent turns (backchannels aside) after the first turn with distress and before the first validation after it: 0
    where the agent's next turn validates. Null where none follows (censored, see validation_seen_turns)."""
    return pl.col("validation_wait_turns").max()


@metric(
    unit=COUNT,
    source=said(f'{A}, "signs that more empathy is needed"'),
    direction="lower",
    needs=("agent", "customer", "text"),
    markers=("distress", "validation", "sympathy", "apology"),
    example="""
    10:00 customer  I am so frustrated, this is the third time!
    10:02 agent     What is your order number?
    10:03 customer  4711
    10:05 agent     It left on Monday.
    """,
    example_value=1,
    null_example=UNFELT,
    why_null="nothing_to_measure",
)
def missed_empathy_count() -> pl.Expr:
    """Customer turns with distress after which neither of the agent's next two turns (backchannels aside) validates,
    sympathises or apologises; null where no turn shows distress."""
    distress = BY_CUSTOMER & shows("distress")
    return pl.when(distress.any()).then((distress & ~pl.col("is_comforted")).sum()).cast(pl.Int64)


@base
def sympathy_count() -> pl.Expr:
    """Agent turns with sympathy."""
    return turns_with("sympathy", BY_AGENT)


@ratio(
    "sympathy_count",
    "agent_turn_count",
    scale=100,
    unit=PER_100_TURNS,
    source=said(f"{P}, \"I'm really sorry you're going through this\""),
    direction="higher",
    needs=("agent", "text"),
    markers=("sympathy",),
    example="""
    10:00 customer  My mother died last week.
    10:01 agent     I'm really sorry you're going through this.
    """,
    example_value=100,
    null_example=ONLY_CUSTOMER,
    why_null="nothing_to_measure",
)
def sympathy_per_100_turns() -> None:
    """Agent turns that feel with the customer, such as "I'm really sorry you're going through this", per 100 agent
    turns."""


@metric(
    unit=COUNT,
    source=said(f'{D}, "apologise"', f'{A}, "apologise"'),
    needs=("agent", "text"),
    markers=("apology",),
    example="""
    10:00 customer  You charged me twice.
    10:01 agent     I apologise for our mistake.
    """,
    example_value=1,
    null_example=ONLY_CUSTOMER,
    why_null="nothing_to_measure",
)
def apology_count() -> pl.Expr:
    """Agent turns that apologise for the company's or the agent's part; sympathy is kept apart."""
    return turns_with("apology", BY_AGENT)


@base
def reassurance_count() -> pl.Expr:
    """Agent turns that reassure."""
    return turns_with("reassurance", BY_AGENT)


@ratio(
    "reassurance_count",
    "agent_turn_count",
    scale=100,
    unit=PER_100_TURNS,
    source=said(f'{P}, "reassure"'),
    direction="higher",
    needs=("agent", "text"),
    markers=("reassurance",),
    example="""
    10:00 customer  I don't know what to do any more.
    10:01 agent     Don't worry, I'm here to help, we'll sort this out together.
    """,
    example_value=100,
    null_example=ONLY_CUSTOMER,
    why_null="nothing_to_measure",
)
def reassurance_per_100_turns() -> None:
    """Agent turns that reassure, such as "I'm here to help", per 100 agent turns."""


@metric(
    unit=COUNT,
    source=said(f'{P}, "share an experience"'),
    needs=("agent", "text"),
    markers=("self_disclosure",),
    example="""
    10:00 customer  I lost all my photos.
    10:01 agent     I had the same thing happen to me last year.
    """,
    example_value=1,
    null_example=ONLY_CUSTOMER,
    why_null="nothing_to_measure",
)
def self_disclosure_count() -> pl.Expr:
    """Agent turns that tell an experience of the agent's own."""
    return turns_with("self_disclosure", BY_AGENT)


@base
def appreciation_count() -> pl.Expr:
    """Agent turns with thanks, or that name a small victory."""
    return turns_with("appreciation", BY_AGENT)


@ratio(
    "appreciation_count",
    "agent_turn_count",
    scale=100,
    unit=PER_100_TURNS,
    source=said(f'{A}, "celebrate small victories"'),
    direction="higher",
    needs=("agent", "text"),
    markers=("appreciation",),
    example="""
    10:00 customer  I waited for two weeks.
    10:01 agent     Thank you for your patience.
    """,
    example_value=100,
    null_example=ONLY_CUSTOMER,
    why_null="nothing_to_measure",
)
def appreciation_per_100_turns() -> None:
    """Agent turns that thank the customer, or name a small victory, per 100 agent turns."""


@metric(
    unit=COUNT,
    source=said(f'{P}, "humour"'),
    needs=("agent", "customer", "text"),
    markers=("humour",),
    example="""
    10:00 customer  The printer only prints in pink now.
    10:01 agent     At least it matches the season, haha :)
    10:02 customer  Haha, true!
    """,
    example_value=1,
    null_example=ONLY_CUSTOMER,
    why_null="nothing_to_measure",
)
def humour_count() -> pl.Expr:
    """Agent turns with light humour that the customer takes up: laughter, an emoji, a joke back."""
    return turns_with("humour", BY_AGENT)
