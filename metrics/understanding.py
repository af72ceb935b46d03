"""Understanding: asking, saying back, summing up."""

import polars as pl

from metrics.catalogue import base, metric, ratio
from metrics.sources import A, D, said
from metrics.terms import BY_AGENT, ONLY_CUSTOMER, found, shows, turns_with
from metrics.units import COUNT, PER_100_TURNS, SHARE, YES_NO

QUESTIONS = """
    10:00 customer  My parcel has not come.
    10:01 agent     What outcome are you hoping for? Is it order 4711?
    10:02 customer  Yes, I would like a refund.
"""


@metric(
    unit=COUNT,
    source=said(f'{D}, "ask questions"', f'{A}, "ask open-ended questions"'),
    needs=("agent", "text"),
    markers=("question",),
    example=QUESTIONS,
    example_value=2,
    null_example=ONLY_CUSTOMER,
    why_null="nothing_to_measure",
)
def question_count() -> pl.Expr:
    """The agent's questions, with or without a question mark; two in one turn count twice."""
    return found("question", BY_AGENT)


def _questions(kind: str) -> pl.Expr:
    """The agent's questions of a kind: in each turn no more than it has questions."""
    is_known = pl.col(f"{kind}_count").is_not_null().any()
    return pl.when(is_known).then(pl.when(BY_AGENT).then(pl.min_horizontal(f"{kind}_count", "question_count")).sum())


@base
def open_question_count() -> pl.Expr:
    """The agent's open questions."""
    return _questions("open_question")


@ratio(
    "open_question_count",
    "question_count",
    unit=SHARE,
    source=said(f'{A}, "ask open-ended questions"'),
    direction="higher",
    needs=("agent", "text"),
    markers=("open_question", "question"),
    example=QUESTIONS,
    example_value=0.5,
    null_example="""
    10:00 customer  My parcel has not come.
    10:01 agent     It is on its way.
    """,
    why_null="nothing_to_measure",
)
def open_question_share() -> None:
    """The agent's questions that cannot be answered by yes, no or one given fact ÷ the agent's questions."""


@metric(
    unit=COUNT,
    source=said(f'{D}, "ask clarifying questions"', f'{A}, "ask clarifying questions"'),
    needs=("agent", "text"),
    markers=("clarifying_question",),
    example="""
    10:00 customer  The screen goes dark when I open the app.
    10:01 agent     When you say dark, do you mean that the screen goes off altogether?
    """,
    example_value=1,
    null_example=ONLY_CUSTOMER,
    why_null="nothing_to_measure",
)
def clarifying_question_count() -> pl.Expr:
    """The agent's questions about what the customer just said."""
    return found("clarifying_question", BY_AGENT)


@base
def follow_up_question_count() -> pl.Expr:
    """The agent's questions that take up a word of the customer's."""
    return _questions("follow_up_question")


@ratio(
    "follow_up_question_count",
    "question_count",
    unit=SHARE,
    source=said(f'{A}, "active listening"'),
    direction="higher",
    needs=("agent", "customer", "text"),
    markers=("follow_up_question", "question"),
    example="""
    10:00 customer  My parcel has not come.
    10:01 agent     When did you order the parcel?
    10:02 customer  On Monday.
    10:03 agent     What is your name?
    """,
    example_value=0.5,
    null_example="""
    10:00 customer  My parcel has not come.
    10:01 agent     It is on its way.
    """,
    why_null="nothing_to_measure",
)
def follow_up_question_share() -> None:
    """The agent's questions that take up a content word of the customer's turn before ÷ the agent's questions."""


SAID_BACK = """
    10:00 customer  The parcel came broken, and nobody answers the phone.
    10:01 agent     So what I'm hearing is that the parcel came broken and nobody answered your call.
    10:02 customer  Yes.
    10:03 agent     Thank you.
"""


@metric(
    unit=COUNT,
    source=said(f'{D}, "repeat back"', f'{A}, "paraphrase"'),
    direction="higher",
    needs=("agent", "customer", "text"),
    markers=("paraphrase",),
    example=SAID_BACK,
    example_value=1,
    null_example=ONLY_CUSTOMER,
    why_null="nothing_to_measure",
)
def paraphrase_count() -> pl.Expr:
    """Agent turns that restate the customer's content or feeling."""
    return turns_with("paraphrase", BY_AGENT)


@ratio(
    "paraphrase_count",
    "agent_turn_count",
    scale=100,
    unit=PER_100_TURNS,
    source=said(f'{D}, "repeat back"', f'{A}, "paraphrase"'),
    direction="higher",
    needs=("agent", "customer", "text"),
    markers=("paraphrase",),
    example=SAID_BACK,
    example_value=50,
    null_example=ONLY_CUSTOMER,
    why_null="nothing_to_measure",
)
def paraphrase_per_100_turns() -> None:
    """paraphrase_count per 100 agent turns."""


@metric(
    unit=COUNT,
    source=said(f'{D}, "check that you understood"', f'{A}, "check for understanding"'),
    direction="higher",
    needs=("agent", "text"),
    markers=("understanding_check",),
    example="""
    10:00 customer  I was charged twice.
    10:01 agent     You were charged twice in May. Did I get that right?
    """,
    example_value=1,
    null_example=ONLY_CUSTOMER,
    why_null="nothing_to_measure",
)
def understanding_check_count() -> pl.Expr:
    """Agent turns that ask whether the customer was understood, or understood the agent."""
    return turns_with("understanding_check", BY_AGENT)


@metric(
    unit=YES_NO,
    source=said(f'{A}, "summarise"'),
    direction="higher",
    needs=("agent", "text"),
    markers=("summary",),
    example="""
    10:00 customer  I was charged twice.
    10:01 agent     Let me look.
    10:03 customer  Thank you.
    10:05 agent     To sum up, we refund the second charge and you will see it on Friday.
    """,
    example_value=True,
    null_example=ONLY_CUSTOMER,
    why_null="nothing_to_measure",
)
def has_closing_summary() -> pl.Expr:
    """Whether the issue or the agreed steps are summed up in the last quarter of the agent's turns: with n of them,
    in the k-th where 4 k > 3 n."""
    number = pl.col("party_number")
    is_last_quarter = 4 * number > 3 * pl.when(BY_AGENT).then(number).max()
    return (BY_AGENT & is_last_quarter & shows("summary")).any()
