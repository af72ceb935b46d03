"""What the turns around one say about it, once its markers are counted: answered feelings, bare refusals, composure."""

import polars as pl

from transforms.floor import IS_PARTY
from transforms.markers import find

TURNS_AFTER_AGGRESSION = 3
REASONS = ("transparency", "boundary")
ALTERNATIVES = ("solution", "option", "flexibility", "resource_referral")

AROUND = {
    "party_number": "Which of its speaker's turns (agent's or customer's) it is, from 1",
    "is_validated": "On a customer's turn: one of the agent's next two turns validates",
    "is_comforted": "On a customer's turn: one of the agent's next two turns validates, sympathises or apologises",
    "is_bare_refusal": "An agent's refusal without reason or alternative in the same or the agent's next turn",
    "is_after_aggression": "An agent's turn among the three turns after a customer's aggression",
    "is_composed": "Such a turn without defensive, dismissive or hostile words",
    "validation_wait_ms": "On the first turn with distress: its end to the first validation after it",
    "validation_wait_turns": "On the same: the agent's turns in between",
    "validation_seen_ms": "On the same: its end to that validation, or else to the conversation's end",
    "validation_seen_turns": "On the same: the agent's turns until that validation, or else until the end",
}


def with_context(turns: pl.DataFrame) -> pl.DataFrame:
    """The turns (with their `<marker>_count` columns, in order) with the columns of AROUND, null where none applies.

    Backchannels are neither counted nor looked at, except in party_number. May be asked anew of a part of the turns.
    """
    turns = turns.drop(AROUND, strict=False)
    unknown = [
        pl.lit(None, pl.Int64).alias(f"{name}_count") for name in _NEEDED if f"{name}_count" not in turns.columns
    ]
    numbered = turns.with_columns(unknown).with_columns(
        party_number=pl.when(IS_PARTY).then(pl.int_range(pl.len()).over("conversation_id", "speaker", "kind") + 1)
    )
    spoken = numbered.filter(IS_PARTY & ~pl.col("is_backchannel"))
    facts = spoken.pipe(_answered).pipe(_refused).pipe(_composed).select("conversation_id", "position", *_ANSWERS)
    waits = _validation_waits(spoken)
    key = ["conversation_id", "position"]
    return numbered.join(facts, on=key, how="left", maintain_order="left").join(
        waits, on=key, how="left", maintain_order="left"
    )


_FEELINGS = ("distress", "aggression", "validation", "sympathy", "apology")
_NEEDED = (*_FEELINGS, *REASONS, *ALTERNATIVES, "refusal", "defensive", "dismissive")
_ANSWERS = ("is_validated", "is_comforted", "is_bare_refusal", "is_after_aggression", "is_composed")
_BY_AGENT = pl.col("speaker") == "agent"
_BY_CUSTOMER = pl.col("speaker") == "customer"


def _shows(*markers: str) -> pl.Expr:
    return pl.any_horizontal(pl.col(f"{marker}_count") > 0 for marker in markers)


def _answered(spoken: pl.DataFrame) -> pl.DataFrame:
    soothes = {"is_validated": _shows("validation"), "is_comforted": _shows("validation", "sympathy", "apology")}
    by_agent = spoken.filter(_BY_AGENT).select("conversation_id", "position", **soothes)
    either = by_agent.with_columns(
        (pl.col(fact) | pl.col(fact).shift(-1).over("conversation_id").fill_null(False)) for fact in soothes
    )
    placed = spoken.join(either, on=["conversation_id", "position"], how="left", maintain_order="left")
    filled = [
        pl.when(_BY_CUSTOMER).then(pl.col(fact).backward_fill().over("conversation_id").fill_null(False))
        for fact in soothes
    ]
    return placed.with_columns(filled)


def _refused(spoken: pl.DataFrame) -> pl.DataFrame:
    by_agent = spoken.filter(_BY_AGENT).select(
        "conversation_id", "position", refuses=_shows("refusal"), softens=_shows(*REASONS, *ALTERNATIVES)
    )
    softened = pl.col("softens") | pl.col("softens").shift(-1).over("conversation_id").fill_null(False)
    bare = by_agent.select("conversation_id", "position", is_bare_refusal=pl.col("refuses") & ~softened)
    return spoken.join(bare, on=["conversation_id", "position"], how="left", maintain_order="left")


def _composed(spoken: pl.DataFrame) -> pl.DataFrame:
    attacks = _BY_CUSTOMER & _shows("aggression")
    after = pl.any_horizontal(
        attacks.shift(back, fill_value=False).over("conversation_id") for back in range(1, TURNS_AFTER_AGGRESSION + 1)
    )
    spoken = spoken.with_columns(is_after_aggression=_BY_AGENT & after)
    hostile = _hostile(spoken.filter("is_after_aggression"))
    spoken = spoken.join(hostile, on=["conversation_id", "turn_index"], how="left", maintain_order="left")
    loses = _shows("defensive", "dismissive") | pl.col("is_hostile").fill_null(False)
    return spoken.with_columns(is_composed=pl.when("is_after_aggression").then(~loses))


def _hostile(turns: pl.DataFrame) -> pl.DataFrame:
    """The agents' turns in which the rules of aggression fire."""
    if turns.is_empty():
        return turns.select("conversation_id", "turn_index", is_hostile=pl.lit(True))
    found = find(turns.with_columns(speaker=pl.lit("customer"))).filter(pl.col("marker") == "aggression")
    return found.select("conversation_id", "turn_index", is_hostile=True).unique()


def _validation_waits(spoken: pl.DataFrame) -> pl.DataFrame:
    """From the first distress of each conversation to the first validation after it, by its position."""
    distress = spoken.filter(_BY_CUSTOMER, _shows("distress")).group_by("conversation_id", maintain_order=True)
    first = distress.agg(
        distress_at=pl.col("position").first(),
        distress_ms=pl.when(pl.col("channel") == "voice").then("end_ms").otherwise("start_ms").first(),
    )
    after = spoken.join(first, on="conversation_id", maintain_order="left").filter(
        pl.col("position") >= pl.col("distress_at")
    )
    validates = _BY_AGENT & _shows("validation")
    waits = after.group_by("conversation_id", maintain_order=True).agg(
        pl.col("distress_at", "distress_ms").first(),
        validated_at=pl.when(validates).then("position").min(),
        validated_ms=pl.when(validates).then("start_ms").drop_nulls().first(),
        end_ms=pl.col("end_ms").max(),
        turns_before=(_BY_AGENT & validates.cum_sum().fill_null(0).eq(0)).sum().cast(pl.Int64),
    )
    is_seen = pl.col("validated_at").is_not_null()
    wait = pl.col("validated_ms") - pl.col("distress_ms")
    return waits.select(
        "conversation_id",
        position="distress_at",
        validation_wait_ms=wait,
        validation_wait_turns=pl.when(is_seen).then("turns_before"),
        validation_seen_ms=pl.when(is_seen).then(wait).otherwise(pl.col("end_ms") - pl.col("distress_ms")),
        validation_seen_turns="turns_before",
    )
