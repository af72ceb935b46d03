"""The second stage, over all contacts of a customer: follow-ups, returns, and what became of promises.

Every function takes whole frames and gives one row for each conversation; nothing later than `as_of` is known.
"""

from datetime import datetime, timedelta

import polars as pl

from metrics.updates import BY_AGENT_SIDE, update_gaps

WINDOW = timedelta(days=7)
SILENCE = timedelta(hours=24)  # after which an unresolved written conversation calls for a follow-up
LIVE = ("voice", "chat")  # these end with their last turn

CONTACT = {
    "has_customer_id": "Whether the customer is known",
    "has_status": "Whether a source, or the rule, says if it was resolved",
    "follow_up_called_for_at": "First moment that called for a follow-up",
    "followed_up_at": "First follow-up in the window of such a moment",
    "follow_up_is_open": "No follow-up yet, and a window is still open",
    "returned_at": "When the customer came back on the same topic",
    "return_is_open": "No return yet, and the window is still open",
    "commitment_past_due_count": "Promises past due that were kept, kept late or broken",
    "commitment_kept_count": "Of these, kept on time",
    "commitment_kept_late_count": "Promises kept late",
    "commitment_broken_count": "Promises broken",
    "commitment_pending_count": "Promises not yet due",
    "commitment_unknown_count": "Promises past due of which nothing is known",
    "has_pending_commitment": "Some promise is not yet due",
    "longest_update_gap_ms": "Longest time without a message from the agent's side while unresolved",
    "stands_until": "When time alone next changes what is said of promises, follow-up and return; null if never",
}

KEPT_STATUSES = ("kept", "kept_late", "broken")


def contact_facts(
    turns: pl.DataFrame,
    transcripts: pl.DataFrame,
    contacts: pl.DataFrame,
    commitments: pl.DataFrame,
    outcomes: pl.DataFrame,
    as_of: datetime,
) -> pl.DataFrame:
    """One row for each transcript with the columns of CONTACT, and was_first_contact_resolved.

    `contacts` are those that the agent's side opens: conversation_id, customer_id, at, is_new_conversation, wrote_at,
    pause_seconds; `commitments` the ledger; `outcomes` was_resolved, resolved_at, was_reopened.
    """
    conversations = _spans(turns, transcripts, outcomes, as_of)
    known = contacts.filter(pl.col("at") <= as_of)
    return (
        transcripts.select("conversation_id")
        .join(follow_ups(conversations, known, commitments, as_of), on="conversation_id", how="left")
        .join(returns(conversations, known, as_of), on="conversation_id", how="left")
        .join(promises(commitments, as_of), on="conversation_id", how="left")
        .join(update_gaps(turns, outcomes), on="conversation_id", how="left")
        .join(standing_until(turns, commitments, as_of), on="conversation_id", how="left")
        .join(conversations, on="conversation_id", how="left")
        .with_columns(
            pl.col("^commitment_.*_count$").fill_null(0),
            has_customer_id=pl.col("customer_id").is_not_null(),
            has_status=pl.col("was_resolved").is_not_null(),
        )
        .with_columns(has_pending_commitment=pl.col("commitment_pending_count") > 0)
        .select("conversation_id", *CONTACT, "was_first_contact_resolved")
        .sort("conversation_id")
    )


def follow_ups(
    conversations: pl.DataFrame, contacts: pl.DataFrame, commitments: pl.DataFrame, as_of: datetime
) -> pl.DataFrame:
    """Of conversations that called for a follow-up: follow_up_called_for_at, followed_up_at, follow_up_is_open."""
    called = _called_for(conversations, contacts, commitments, as_of).sort("at")
    made = _follow_ups_made(contacts, commitments, as_of).sort("at").with_columns(made_at="at")
    answered = called.join_asof(
        made,
        on="at",
        by="customer_id",
        strategy="forward",
        tolerance=WINDOW,
        allow_exact_matches=False,
        check_sortedness=False,
    )
    is_open = pl.col("made_at").is_null().all() & (pl.col("at").max() + WINDOW > as_of)
    return answered.group_by("conversation_id").agg(
        follow_up_called_for_at=pl.col("at").min(), followed_up_at=pl.col("made_at").min(), follow_up_is_open=is_open
    )


def _called_for(
    conversations: pl.DataFrame, contacts: pl.DataFrame, commitments: pl.DataFrame, as_of: datetime
) -> pl.DataFrame:
    """The moments that call for a follow-up: conversation_id, customer_id, at."""
    has_ended = pl.col("channel").is_in(LIVE) | (pl.col("ended_at") + SILENCE <= as_of)
    ended = conversations.filter(has_ended, pl.col("was_resolved").not_()).select(*MOMENT, at="last_agent_at")
    states = conversations.select("conversation_id", "was_resolved", "resolved_at")
    not_yet = pl.col("was_resolved").not_() | (pl.col("resolved_at") > pl.col("wrote_at"))
    silent = contacts.filter(pl.col("pause_seconds") >= SILENCE.total_seconds()).join(states, on="conversation_id")
    silent = silent.filter(not_yet.fill_null(False)).select(*MOMENT, at="wrote_at")
    promised = commitments.select(*MOMENT, at="made_at")
    return pl.concat([ended, silent, promised]).filter(pl.col("at") <= as_of, pl.col("customer_id").is_not_null())


MOMENT = ("conversation_id", "customer_id")


def _follow_ups_made(contacts: pl.DataFrame, commitments: pl.DataFrame, as_of: datetime) -> pl.DataFrame:
    """The contacts that follow up: those that the agent's side opens, and those that keep a promise of one."""
    kept = commitments.filter(pl.col("kept_at") <= as_of, pl.col("what") != "other")
    made = pl.concat([contacts.select("customer_id", "at"), kept.select("customer_id", at="kept_at")])
    return made.filter(pl.col("customer_id").is_not_null()).unique()


def returns(conversations: pl.DataFrame, contacts: pl.DataFrame, as_of: datetime) -> pl.DataFrame:
    """returned_at, return_is_open and was_first_contact_resolved.

    A return is a conversation that the customer opens on the same topic after this one began, at most 7 days after it
    ended. With a topic that is not known, a later conversation may or may not be one: null.
    """
    opened = contacts.filter("is_new_conversation").select("conversation_id")
    by_customer = conversations.filter(pl.col("customer_id").is_not_null(), pl.col("began_at") <= as_of)
    by_customer = by_customer.join(opened, on="conversation_id", how="anti")
    same = by_customer.filter(pl.col("topic").is_not_null())
    unclear = by_customer.filter(pl.col("topic").is_null())
    rows = conversations.sort("began_at")
    rows = _next(rows, same, ["customer_id", "topic"], "same_at")
    rows = _next(rows, unclear, ["customer_id"], "unclear_at")
    rows = _next(rows, by_customer, ["customer_id"], "any_at")
    closes_at = pl.col("ended_at") + WINDOW
    may_be = pl.when(pl.col("topic").is_null()).then("any_at").otherwise("unclear_at")
    rows = rows.with_columns(
        returned_at=pl.when(pl.col("same_at") <= closes_at).then("same_at"),
        may_have_returned=(may_be <= closes_at).fill_null(False),
        is_open=(closes_at > as_of) & pl.col("was_resolved") & ~pl.col("was_reopened").fill_null(False),
    )
    return rows.select(
        "conversation_id",
        "returned_at",
        return_is_open=pl.col("is_open") & pl.col("returned_at").is_null(),
        was_first_contact_resolved=_first_contact_resolved(),
    )


def _first_contact_resolved() -> pl.Expr:
    return (
        pl.when(pl.col("was_resolved").not_())
        .then(False)
        .when(pl.col("was_resolved").is_null() | pl.col("customer_id").is_null() | pl.col("ended_at").is_null())
        .then(None)
        .when(pl.col("returned_at").is_not_null() | pl.col("was_reopened").fill_null(False))
        .then(False)
        .when(~pl.col("is_open") & ~pl.col("may_have_returned"))
        .then(True)
    )


def _next(rows: pl.DataFrame, others: pl.DataFrame, by: list[str], name: str) -> pl.DataFrame:
    """Adds when the next of the others with the same customer (and topic) began."""
    later = others.select(*by, "began_at", pl.col("began_at").alias(name)).sort("began_at")
    return rows.join_asof(
        later, on="began_at", by=by, strategy="forward", allow_exact_matches=False, check_sortedness=False
    )


def promises(commitments: pl.DataFrame, as_of: datetime) -> pl.DataFrame:
    """Counts of promises by what became of them; those past due are the base of commitment_kept_share."""
    is_due, status = pl.col("due_at") < as_of, pl.col("status")
    return commitments.group_by("conversation_id").agg(
        commitment_past_due_count=(is_due & status.is_in(KEPT_STATUSES)).sum(),
        commitment_kept_count=(is_due & (status == "kept")).sum(),
        commitment_kept_late_count=(status == "kept_late").sum(),
        commitment_broken_count=(status == "broken").sum(),
        commitment_pending_count=(status == "pending").sum(),
        commitment_unknown_count=(status == "unknown").sum(),
    )


def standing_until(turns: pl.DataFrame, commitments: pl.DataFrame, as_of: datetime) -> pl.DataFrame:
    """By conversation: stands_until, the first moment from `as_of` on that what is judged as of a moment looks at.

    These are the turns themselves, a day and a week after each, and the times at which promises fall due.
    """
    told = turns.filter(pl.max_horizontal("said_at", "ended_at") >= as_of - WINDOW)
    waits = (timedelta(0), SILENCE, WINDOW)
    moments = pl.concat(
        [
            *(told.select("conversation_id", at=pl.col(at) + wait) for at in ("said_at", "ended_at") for wait in waits),
            commitments.select("conversation_id", at="due_at"),
        ]
    )
    later = moments.filter(pl.col("at") >= as_of)
    return later.group_by("conversation_id").agg(stands_until=pl.col("at").min())


def _spans(turns: pl.DataFrame, transcripts: pl.DataFrame, outcomes: pl.DataFrame, as_of: datetime) -> pl.DataFrame:
    """For each conversation when it began and ended, when the agent's side last spoke, and whether it was resolved."""
    said = turns.filter(
        pl.col("kind") == "message",
        pl.col("speaker").is_in(["agent", "supervisor", "customer", "unknown"]),
        pl.col("said_at") <= as_of,
    )
    spans = said.group_by("conversation_id").agg(
        began_at=pl.col("said_at").min(),
        ended_at=pl.max_horizontal("said_at", "ended_at").max(),
        last_agent_at=pl.col("said_at").filter(BY_AGENT_SIDE).max(),
    )
    facts = outcomes.select("conversation_id", "was_resolved", "resolved_at", "was_reopened")
    return (
        transcripts.select("conversation_id", "customer_id", "topic", "channel")
        .join(spans, on="conversation_id", how="left")
        .join(facts, on="conversation_id", how="left")
    )
