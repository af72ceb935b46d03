"""Moments of empathy: each turn in which a customer showed distress, and how the agent's side answered it."""

import polars as pl

from transforms.floor import IS_PARTY

COMFORTS = ("validation", "sympathy", "apology")  # the first of these is the answer where one turn has several
TURNS_AFTER = 2  # of the customer, after the answer
KEY = ["conversation_id", "position"]

_BY_AGENT = pl.col("speaker") == "agent"


def moments(turns: pl.DataFrame, markers: pl.DataFrame, transcripts: pl.DataFrame) -> pl.DataFrame:
    """The table empathy_moment: a row each customer turn with distress, backchannels aside, in order.

    The answer is the first of the agent's next two turns that validates, sympathises or apologises, and `answer` says
    which; where neither does, it is the next turn and `answer` null: the moment was missed. The customer is calmer
    where none of their next two turns after the answer shows distress or aggression; null where none follows.
    """
    spoken = turns.filter(IS_PARTY, ~pl.col("is_backchannel"))
    distressed = spoken.filter(~_BY_AGENT, pl.col("distress_count") > 0).select(*KEY, "turn_index").sort(KEY)
    answered = _next(distressed, _answers(spoken))
    eased = _next(answered.select("conversation_id", at="position", position="answer_position"), _calm(spoken))
    kind = pl.col("rule").str.extract(r"\.distress\.(.+)$").fill_null("distress")
    kinds = markers.filter(pl.col("marker") == "distress").group_by("conversation_id", "turn_index")
    in_charge = transcripts.select("conversation_id", in_charge="agent_id")
    return (
        answered.join(eased.select("conversation_id", "is_calmer", position="at"), on=KEY, how="left")
        .join(kinds.agg(kind=kind.sort_by("start_char").first()), on=["conversation_id", "turn_index"], how="left")
        .join(in_charge, on="conversation_id", how="left")
        .with_columns(agent_id=pl.coalesce("speaker_id", "in_charge"))
        .sort(KEY)
    )


def _next(rows: pl.DataFrame, others: pl.DataFrame) -> pl.DataFrame:
    """The rows, each with the first of the others that comes later in its conversation."""
    return rows.sort("position").join_asof(
        others.sort("position"),
        on="position",
        by="conversation_id",
        strategy="forward",
        allow_exact_matches=False,
        check_sortedness=False,
    )


def _answers(spoken: pl.DataFrame) -> pl.DataFrame:
    """By each agent's turn: which of it and the agent's next one comforts, and how; the turn itself where none does."""
    comfort = pl.coalesce(pl.when(pl.col(f"{name}_count") > 0).then(pl.lit(name)) for name in COMFORTS)
    by_agent = spoken.filter(_BY_AGENT).sort(KEY)
    own = by_agent.select(*KEY, "turn_index", "speaker_id", answer=comfort)
    after = {name: pl.col(name).shift(-1).over("conversation_id") for name in own.columns[1:]}
    waits = pl.col("answer").is_null() & after["answer"].is_not_null()
    first = {name: pl.when(waits).then(after[name]).otherwise(pl.col(name)) for name in after}
    renamed = {"answer_position": first["position"], "answer_turn_index": first["turn_index"]}
    return own.select(*KEY, **renamed, speaker_id=first["speaker_id"], answer=first["answer"])


def _calm(spoken: pl.DataFrame) -> pl.DataFrame:
    """By each customer's turn: whether neither it nor the customer's next one shows distress or aggression."""
    upset = (pl.col("distress_count") > 0) | (pl.col("aggression_count") > 0)
    own = spoken.filter(~_BY_AGENT).sort(KEY).select(*KEY, upset=upset.fill_null(False))
    later = [pl.col("upset").shift(-by).over("conversation_id").fill_null(False) for by in range(TURNS_AFTER)]
    return own.select(*KEY, is_calmer=~pl.any_horizontal(later))
