"""What metrics are made of: who speaks, what a turn holds, and the columns that several metrics stand on.

An expression here sees the turns of one conversation, in order.
"""

import polars as pl

from metrics.catalogue import base

SAID = pl.col("kind") == "message"  # notes and events are never scored as said
BY_AGENT = SAID & (pl.col("speaker") == "agent")
BY_CUSTOMER = SAID & (pl.col("speaker") == "customer")

# Null cases that many metrics share.
ONLY_CUSTOMER = """
    10:00 customer  Where is my parcel?
"""
ONLY_AGENT = """
    10:00 agent  Your parcel is on its way.
"""


def shows(*markers: str) -> pl.Expr:
    """Whether a turn shows any of the markers; null where its language has no rules for one of them."""
    return pl.any_horizontal(pl.col(f"{marker}_count") > 0 for marker in markers)


def turns_with(marker: str, party: pl.Expr) -> pl.Expr:
    """How many of a party's turns show the marker; null where the language has no rules for it."""
    return _known(marker, (party & shows(marker)).sum())


def found(marker: str, party: pl.Expr) -> pl.Expr:
    """How often the marker was found in a party's turns; null where the language has no rules for it."""
    return _known(marker, pl.when(party).then(f"{marker}_count").sum())


def _known(marker: str, value: pl.Expr) -> pl.Expr:
    return pl.when(pl.col(f"{marker}_count").is_not_null().any()).then(value).cast(pl.Int64)


def seconds(milliseconds: pl.Expr) -> pl.Expr:
    """Milliseconds as seconds."""
    return milliseconds / 1000


@base
def agent_turn_count() -> pl.Expr:
    """Turns of agents."""
    return BY_AGENT.sum().cast(pl.Int64)


@base
def customer_turn_count() -> pl.Expr:
    """Turns of the customer."""
    return BY_CUSTOMER.sum().cast(pl.Int64)


@base
def agent_word_count() -> pl.Expr:
    """Words of agents."""
    return pl.when(BY_AGENT).then("word_count").sum()


@base
def customer_word_count() -> pl.Expr:
    """Words of the customer."""
    return pl.when(BY_CUSTOMER).then("word_count").sum()


@base
def agent_speaking_ms() -> pl.Expr:
    """Milliseconds that agents speak."""
    return pl.when(BY_AGENT).then("speaking_ms").sum()


@base
def customer_speaking_ms() -> pl.Expr:
    """Milliseconds that the customer speaks."""
    return pl.when(BY_CUSTOMER).then("speaking_ms").sum()


@base
def knows_sentence_ends() -> pl.Expr:
    """Whether something tells, for each interruption, that the other's sentence was at its end or not."""
    return pl.col("is_successful_interruption").is_not_null().all()
