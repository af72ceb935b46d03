"""Professionalism: limits with care, calm under attack, hours kept."""

import polars as pl

from metrics.catalogue import TEXT_CHANNELS, base, metric, ratio
from metrics.sources import A, D, P, said
from metrics.terms import BY_AGENT, BY_CUSTOMER, ONLY_CUSTOMER, turns_with
from metrics.units import COUNT, PER_100_TURNS, SCORE, SHARE

SET_LIMITS = said(f'{P}, "respect limits"', f'{D}, "set boundaries"', f'{A}, "set boundaries with care"')
STAY_CALM = said(f'{D}, "stay calm"', f'{A}, "no defensive words"')
ATTACKED = """
    10:00 customer  You are an idiot.
    10:01 agent     Calm down, you should have read the terms.
    10:02 customer  What?
    10:03 agent     Let me look at your order.
"""


@metric(
    unit=COUNT,
    source=SET_LIMITS,
    needs=("agent", "text"),
    markers=("boundary",),
    example="""
    10:00 customer  Give me the name of the driver.
    10:01 agent     I'm not able to share that, because it is personal data.
    """,
    example_value=1,
    null_example=ONLY_CUSTOMER,
    why_null="nothing_to_measure",
)
def boundary_count() -> pl.Expr:
    """Agent turns that state a limit with its reason or with care."""
    return turns_with("boundary", BY_AGENT)


@metric(
    unit=COUNT,
    source=said(f'{D}, "options, not excuses"', f'{A}, "say no with a reason"'),
    direction="lower",
    needs=("agent", "text"),
    markers=("refusal", "boundary", "transparency", "solution", "option", "flexibility", "resource_referral"),
    example="""
    10:00 customer  I want my money back.
    10:01 agent     We cannot refund that.
    10:02 customer  And now?
    10:03 agent     Goodbye.
    """,
    example_value=1,
    null_example=ONLY_CUSTOMER,
    why_null="nothing_to_measure",
)
def bare_refusal_count() -> pl.Expr:
    """Agent turns with a refusal and, in the same or the agent's next turn (backchannels aside), neither a reason
    (transparency, boundary) nor an alternative (solution, option, flexibility, resource_referral)."""
    return (BY_AGENT & pl.col("is_bare_refusal")).sum().cast(pl.Int64)


@base
def defensive_count() -> pl.Expr:
    """Agent turns with excuses or blame."""
    return turns_with("defensive", BY_AGENT)


@ratio(
    "defensive_count",
    "agent_turn_count",
    scale=100,
    unit=PER_100_TURNS,
    source=STAY_CALM,
    direction="lower",
    needs=("agent", "text"),
    markers=("defensive",),
    example="""
    10:00 customer  It still does not work.
    10:01 agent     As I already told you, you should have restarted it.
    """,
    example_value=100,
    null_example=ONLY_CUSTOMER,
    why_null="nothing_to_measure",
)
def defensive_per_100_turns() -> None:
    """Agent turns with excuses or blame per 100 agent turns."""


@base
def dismissive_count() -> pl.Expr:
    """Agent turns that brush the customer off."""
    return turns_with("dismissive", BY_AGENT)


@ratio(
    "dismissive_count",
    "agent_turn_count",
    scale=100,
    unit=PER_100_TURNS,
    source=said(f'{D}, "no dismissive words"'),
    direction="lower",
    needs=("agent", "text"),
    markers=("dismissive",),
    example="""
    10:00 customer  I have been waiting for a week!
    10:01 agent     Calm down.
    """,
    example_value=100,
    null_example=ONLY_CUSTOMER,
    why_null="nothing_to_measure",
)
def dismissive_per_100_turns() -> None:
    """Agent turns that brush the customer off, such as "calm down", per 100 agent turns."""


@metric(
    unit=COUNT,
    source=said(f'{P}, "don\'t pry"'),
    direction="lower",
    needs=("agent", "text"),
    markers=("prying",),
    example="""
    10:00 customer  I would like to change my address.
    10:01 agent     Are you getting divorced?
    """,
    example_value=1,
    null_example=ONLY_CUSTOMER,
    why_null="nothing_to_measure",
)
def prying_count() -> pl.Expr:
    """Agent turns that ask about private matters which the case does not call for."""
    return turns_with("prying", BY_AGENT)


@base
def attacked_turn_count() -> pl.Expr:
    """Agent turns among the three turns after a customer's aggression."""
    return (BY_AGENT & pl.col("is_after_aggression")).sum().cast(pl.Int64)


@base
def composed_turn_count() -> pl.Expr:
    """Of these, turns without defensive, dismissive or hostile words."""
    return (BY_AGENT & pl.col("is_composed")).sum().cast(pl.Int64)


@ratio(
    "composed_turn_count",
    "attacked_turn_count",
    unit=SHARE,
    source=STAY_CALM,
    direction="higher",
    needs=("agent", "customer", "text"),
    markers=("aggression", "defensive", "dismissive"),
    example=ATTACKED,
    example_value=0.5,
    null_example="""
    10:00 customer  Where is my parcel?
    10:01 agent     It is on its way.
    """,
    why_null="nothing_to_measure",
)
def composure_share() -> None:
    """Agent turns without defensive, dismissive or hostile words ÷ agent turns, among the three turns of either side
    (backchannels aside) after a customer's turn with aggression. Hostile words are those of the aggression rules,
    read on the agent."""


@metric(
    over="row",
    unit=SCORE,
    source=said(f'{A}, "adapt your communication style"', "Danescu-Niculescu-Mizil et al. 2012"),
    needs=("agent", "customer"),
    example="\n".join(
        [
            *["customer  I called.", "agent     I see it."] * 5,
            *["customer  Screen dark.", "agent     Restart please."] * 5,
        ]
    ),
    example_value=0.5,
    null_example="""
    10:00 customer  Where is my parcel?
    10:01 agent     It is on its way.
    """,
    why_null="nothing_to_measure",
)
def style_accommodation() -> pl.Expr:
    """How far the agent's function words follow the customer's, −1..1. For each of eight kinds (articles, auxiliary
    verbs, conjunctions, adverbs, impersonal and personal pronouns, negations, quantifiers): of the exchanges in which
    the customer uses one, the share of answers that use one, minus the share of all answers that do; the mean over
    the kinds that the customer uses. An exchange is a customer's turn and the agent's turn that follows it. Null
    under 10 exchanges, or where the language's function words are not known."""
    return pl.col("coordination")


@base
def customer_message_count() -> pl.Expr:
    """Messages of the customer, before they are joined to turns."""
    return pl.when(BY_CUSTOMER).then("message_count").sum()


@base
def out_of_hours_message_count() -> pl.Expr:
    """Of these, those outside the calendar's working hours."""
    return pl.when(BY_CUSTOMER & ~pl.col("is_in_hours")).then("message_count").sum()


@ratio(
    "out_of_hours_message_count",
    "customer_message_count",
    unit=SHARE,
    source=said(f'{A}, "out-of-hours reminders"'),
    channels=TEXT_CHANNELS,
    needs=("customer", "sent_at"),
    example="""
    17:58 customer  Where is my parcel?
    17:59 agent     Let me look.
    18:30 customer  Are you there?
    """,
    example_value=0.5,
    null_example="""
    0.0-2.0  customer  Where is my parcel?
    2.5-3.5  agent     Let me look.
    """,
    why_null="not_applicable",
)
def out_of_hours_share() -> None:
    """Customer messages sent outside the agreed hours (heard.toml, [calendar]; Mon-Fri 09:00-18:00 unless set) ÷
    customer messages. Messages joined to one turn count each, by the time of the first."""


@metric(
    unit=COUNT,
    source=said(f'{A}, "out-of-hours reminders"'),
    needs=("agent", "text"),
    markers=("hours_reminder",),
    example="""
    19:00 customer  Answer me now!
    19:01 agent     Just so you know, our office hours are 9 to 6, so that everyone gets a proper answer.
    """,
    example_value=1,
    null_example=ONLY_CUSTOMER,
    why_null="nothing_to_measure",
)
def hours_reminder_count() -> pl.Expr:
    """Agent turns that remind of the agreed hours, with the reason or with care."""
    return turns_with("hours_reminder", BY_AGENT)
