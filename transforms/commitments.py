"""The ledger of promises: who promised what to whom, until when, and whether it was kept.

A promise to call, write or come back is kept by the first contact of the agent's side with that customer after it: in
the same conversation the first turn after a pause, in another the first contact that the agent's side opens. Anything
may also be kept by a later agent turn that says so. Only where the customer is known, and a channel that the promise
needs was seen up to its due time, can it be broken; otherwise its fate is unknown.
"""

from datetime import datetime

import polars as pl

from transforms import schema
from transforms.calendar import Calendar
from transforms.contacts import PAUSE_SECONDS, people_turns
from transforms.fold import fold
from transforms.promise_words import words_of
from transforms.promises import KEY, SENTENCE_END, promises, stems_of

SHORT_PART = 0.2  # a pause this part of the time promised is long enough: five minutes' promise, a minute's pause

# The channels in which a promise can be kept; a promise to be in contact needs the conversation's own.
NEEDED = {"call": ["voice"], "write": ["email", "ticket", "social"]}


def ledger(
    turns: pl.DataFrame,
    markers: pl.DataFrame,
    transcripts: pl.DataFrame,
    contacts: pl.DataFrame,
    seen: pl.DataFrame,
    calendar: Calendar,
    as_of: datetime,
) -> pl.DataFrame:
    """The table commitment, a row for each `commitment` marker, judged as of a moment.

    `contacts` and `seen` come from transforms.contacts (agent_contacts, seen_until).
    """
    made = promises(turns, markers, transcripts, calendar)
    kept = pl.concat(
        [
            _kept_in_conversation(made, turns),
            _kept_in_another(made, contacts),
            _kept_by_saying_so(made, turns, transcripts),
        ]
    )
    first = kept.filter(pl.col("kept_at") <= as_of).group_by(KEY).agg(pl.col("kept_at").min())
    judged = made.join(first, on=KEY, how="left", maintain_order="left").join(proven(made, seen), on=KEY)
    return schema.COMMITMENT.shape(judged.with_columns(status=_status(as_of)).sort(KEY))


def _status(as_of: datetime) -> pl.Expr:
    is_late = pl.col("kept_at") > pl.col("due_at")
    return (
        pl.when(pl.col("kept_at").is_not_null())
        .then(pl.when(is_late).then(pl.lit("kept_late")).otherwise(pl.lit("kept")))
        .when(pl.col("due_at") >= as_of)
        .then(pl.lit("pending"))
        .when(pl.col("is_proven") & (pl.col("what") != "other"))
        .then(pl.lit("broken"))
        .otherwise(pl.lit("unknown"))
    )


def _kept_in_conversation(made: pl.DataFrame, turns: pl.DataFrame) -> pl.DataFrame:
    """By a turn of the agent's side in the same conversation, after a pause since the promise."""
    told = people_turns(turns).select(
        "conversation_id", "by_agent_side", "pause_seconds", at="said_at", later="position"
    )
    promised = (pl.col("due_at") - pl.col("made_at")).dt.total_seconds() * SHORT_PART
    is_short = (pl.col("what") == "contact") & ~pl.col("due_is_assumed")
    needed = pl.when(is_short).then(pl.min_horizontal(promised, PAUSE_SECONDS)).otherwise(PAUSE_SECONDS)
    return (
        made.filter(pl.col("what") != "other")
        .with_columns(needed_pause=needed)
        .join(told, on="conversation_id")
        .filter(pl.col("later") > pl.col("position"))
        .sort(*KEY, "later")
        .with_columns(pl.col("pause_seconds").cum_max().forward_fill().over(KEY))
        .filter("by_agent_side", pl.col("pause_seconds") >= pl.col("needed_pause"), pl.col("at") > pl.col("made_at"))
        .select(*KEY, kept_at="at")
    )


def _kept_in_another(made: pl.DataFrame, contacts: pl.DataFrame) -> pl.DataFrame:
    """By the next contact that the agent's side opens to the same customer."""
    open_ = made.filter(pl.col("what") != "other", pl.col("made_at").is_not_null()).sort("made_at")
    return (
        open_.join_asof(
            contacts.select("customer_id", "at", kept_at="at").sort("at"),
            left_on="made_at",
            right_on="at",
            by="customer_id",
            strategy="forward",
            allow_exact_matches=False,
            check_sortedness=False,
        )
        .filter(pl.col("kept_at").is_not_null())
        .select(*KEY, "kept_at")
    )


def _kept_by_saying_so(made: pl.DataFrame, turns: pl.DataFrame, transcripts: pl.DataFrame) -> pl.DataFrame:
    """By a later agent turn, in this conversation or another with the same customer, that says so; never a call."""
    customers = transcripts.select("conversation_id", to=pl.coalesce("customer_id", "conversation_id"))
    pairs = (
        made.filter(pl.col("what") != "call")
        .join(customers, on="conversation_id")
        .select(*KEY, "to", "stems", "made_at")
        .join(_tellings(turns).join(customers, on="conversation_id"), on="to")
        .filter(pl.col("at") > pl.col("made_at"))
    )
    told = zip(pairs["told"].to_list(), pairs["language"].to_list(), pairs["stems"].to_list(), strict=True)
    says = pl.Series([_says_so(*one) for one in told], dtype=pl.Boolean)
    return pairs.filter(says).select(*KEY, kept_at="at")


def _tellings(turns: pl.DataFrame) -> pl.DataFrame:
    """The agent turns that tell of something done: conversation_id, language, at, told (folded)."""
    by_agent = turns.filter(pl.col("kind") == "message", pl.col("speaker") == "agent", pl.col("said_at").is_not_null())
    folded = by_agent.select(
        "conversation_id", "language", at="said_at", told=pl.Series(fold(by_agent["text"].to_list()), dtype=pl.String)
    )
    known = [(language, words_of(language)) for language in folded["language"].unique(maintain_order=True).to_list()]
    parts = [
        folded.filter(pl.col("language") == language, pl.col("told").str.contains(words.done_loosely))
        for language, words in known
        if words
    ]
    return pl.concat([folded.clear(), *parts])


def _says_so(text: str, language: str | None, stems: list[str]) -> bool:
    """Whether a turn says that it was done: in words that need no other, or with a word of the promise."""
    words = words_of(language)
    if not words:
        return False
    if words.done_alone.search(text):
        return True
    return any(words.done.search(part) and stems_of(part, words) & set(stems) for part in SENTENCE_END.split(text))


def proven(made: pl.DataFrame, seen: pl.DataFrame) -> pl.DataFrame:
    """By promise (KEY, what, channel, customer_id, due_at): is_proven, whether its keeping would have been seen."""
    channels = pl.DataFrame(
        [(what, channel) for what, needed in NEEDED.items() for channel in needed],
        schema={"what": pl.String, "needed": pl.String},
        orient="row",
    )
    needed = made.join(channels, on="what", how="left").with_columns(pl.coalesce("needed", "channel"))
    until = seen.select(needed="channel", seen_until="seen_until")
    was_seen = (pl.col("seen_until") >= pl.col("due_at")).fill_null(False) & pl.col("customer_id").is_not_null()
    return needed.join(until, on="needed", how="left").group_by(KEY).agg(is_proven=was_seen.any())
