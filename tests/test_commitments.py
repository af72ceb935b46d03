"""Promises: what was promised, until when, and whether it was kept."""

from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.threads import at, thread, together
from transforms import schema
from transforms.calendar import Calendar
from transforms.commitments import ledger
from transforms.contacts import agent_contacts, moments_of, seen_until

LATER = "2024-04-30"
PROMISE = "2024-03-04 10:00 agent [I'll get back to you tomorrow.]"  # a Monday: due on Tuesday at 18:00
AFTERWARDS = thread("z", "2024-04-20 10:00 customer Hello", customer_id="someone else")  # the channel is seen till then


def promises(*threads: dict[str, pl.DataFrame], as_of: str = LATER, **calendar: Any) -> list[dict[str, Any]]:
    frames = together(*threads)
    contacts = agent_contacts(frames["turns"], frames["transcripts"])
    seen = seen_until(moments_of(frames["turns"], frames["transcripts"]))
    found = ledger(**frames, contacts=contacts, seen=seen, calendar=Calendar(**calendar), as_of=at(as_of))
    assert found.schema == pl.Schema(schema.COMMITMENT.dtypes)
    return found.to_dicts()


def status(*threads: dict[str, pl.DataFrame], as_of: str = LATER) -> str:
    return promises(*threads, AFTERWARDS, as_of=as_of)[0]["status"]


def test_a_promise_in_full():
    (row,) = promises(thread("a", "2024-03-04 10:00 agent Sure, [I'll call you tomorrow at 3 pm], ok?"))
    assert row == {
        "conversation_id": "a",
        "turn_index": 0,
        "start_char": 6,
        "agent_id": "mia",
        "customer_id": "ada",
        "what": "call",
        "words": "I'll call you tomorrow at 3 pm",
        "made_at": at("2024-03-04 10:00"),
        "due_at": at("2024-03-05 15:00"),
        "due_is_assumed": False,
        "kept_at": None,
        "status": "unknown",
    }


def test_the_due_words_may_stand_behind_or_before_the_promise_in_its_sentence():
    after = thread("a", "2024-03-04 10:00 agent [I'll call you] on Friday at noon. We close on Saturday.")
    before = thread("b", "2024-03-04 10:00 agent Goodbye until Monday. Tomorrow morning [I'll ring you].")
    assert promises(after)[0]["due_at"] == at("2024-03-08 12:00")
    assert promises(before)[0]["due_at"] == at("2024-03-05 12:00")


def test_the_time_nearest_behind_the_promise_counts_and_an_hour_behind_a_day_before_it():
    first = thread("a", "2024-03-04 10:00 agent The van comes on Tuesday. [I'll ring you on Friday]", language="en")
    spanning = thread("b", "2024-03-04 10:00 agent it comes [on Tuesday. I'll ring you on Friday]")
    spoken = thread("c", "2024-03-04 10:00 agent [in two hours i'll get back to you before the end of the week]")
    hour = thread("d", "2024-03-04 10:00 agent [Demain je vous appelle à 16h]", language="fr")
    dues = [promises(one)[0]["due_at"] for one in (first, spanning, spoken, hour)]
    assert dues == [at("2024-03-08 18:00")] * 3 + [at("2024-03-05 16:00")]


def test_two_promises_in_one_turn_each_have_their_own_time():
    rows = promises(thread("a", "2024-03-04 10:00 agent [I'll email you today] and [I'll call you on Friday]"))
    assert [(row["what"], row["due_at"]) for row in rows] == [
        ("write", at("2024-03-04 18:00")),
        ("call", at("2024-03-08 18:00")),
    ]


def test_no_time_named_is_three_working_days_and_says_so():
    # Friday 1 March; Monday is a holiday: Tuesday, Wednesday, Thursday.
    (row,) = promises(thread("a", "2024-03-01 10:00 agent [I'll look into it.]"), holidays=("2024-03-04",))
    assert (row["due_at"], row["due_is_assumed"]) == (at("2024-03-07 18:00"), True)


def test_the_wall_clock_of_the_calendar_counts():
    # 23:30 UTC on Monday is Tuesday 00:30 in Paris: tomorrow is Wednesday, 18:00 in Paris is 17:00 UTC.
    (row,) = promises(thread("a", "2024-03-04 23:30 agent [I'll call you tomorrow]"), time_zone="Europe/Paris")
    assert row["due_at"] == at("2024-03-06 17:00")


@pytest.mark.parametrize(
    ("language", "words", "what"),
    [
        ("en", "I'll give you a call", "call"),
        ("en", "I'll email you the form", "write"),
        ("en", "I will send you the confirmation", "write"),
        ("en", "I'll let you know by phone", "call"),
        ("en", "we'll keep you posted", "contact"),
        ("en", "I'll get back to you", "contact"),
        ("en", "I'll refund the delivery", "other"),
        ("fr", "je vous rappelle demain", "call"),
        ("fr", "je vous envoie un courriel", "write"),
        ("fr", "je reviens vers vous", "contact"),
        ("fr", "je vous tiens au courant", "contact"),
        ("fr", "je procède au remboursement", "other"),
        ("es", "le llamo mañana", "other"),
    ],
)
def test_what_is_promised(language: str, words: str, what: str):
    assert promises(thread("a", f"2024-03-04 10:00 agent [{words}]", language=language))[0]["what"] == what


def test_kept_in_time_in_the_thread():
    rows = promises(thread("a", PROMISE + "\n2024-03-05 09:00 agent It is at the depot."))
    assert (rows[0]["status"], rows[0]["kept_at"]) == ("kept", at("2024-03-05 09:00"))


def test_kept_late():
    assert status(thread("a", PROMISE + "\n2024-03-06 09:00 agent It is at the depot.")) == "kept_late"


def test_kept_by_a_call_that_the_agent_makes():
    call = thread("b", "2024-03-05 11:00 agent Hello, I'm calling you back about the parcel.", channel="voice")
    rows = promises(thread("a", PROMISE), call)
    assert (rows[0]["status"], rows[0]["kept_at"]) == ("kept", at("2024-03-05 11:00"))


def test_a_call_opened_by_the_agent_may_begin_with_the_customers_hello():
    call = """
        2024-03-05 11:00:00 customer Hello?
        2024-03-05 11:00:02 agent Hello, this is Mia, I'm calling you back as promised.
    """
    assert status(thread("a", PROMISE), thread("b", call, channel="voice")) == "kept"


def test_the_customers_own_return_keeps_no_promise():
    call = """
        2024-03-05 11:00 agent Thank you for calling, how can I help?
        2024-03-05 11:01 customer You never got back to me.
    """
    assert status(thread("a", PROMISE), thread("b", call, channel="voice")) == "broken"


def test_a_goodbye_in_the_same_chat_keeps_no_promise():
    chat = f"""
        {PROMISE}
        2024-03-04 10:01 customer Thank you.
        2024-03-04 10:02 agent Goodbye!
        2024-03-04 10:02 customer Bye.
    """
    assert status(thread("a", chat, channel="chat"), thread("y", "2024-04-01 10:00 customer Hi", channel="chat")) == (
        "broken"
    )


def test_a_promise_of_minutes_is_kept_after_a_pause_of_a_fifth_of_it():
    chat = """
        2024-03-04 10:00:00 agent [I'll get back to you in 5 minutes.]
        2024-03-04 10:00:20 customer Ok
        2024-03-04 10:00:30 agent Thank you.
        2024-03-04 10:04:00 agent It was sent on Friday.
    """
    (row,) = promises(thread("a", chat, channel="chat"))
    assert (row["status"], row["kept_at"]) == ("kept", at("2024-03-04 10:04"))


def test_something_else_is_kept_by_a_turn_that_says_so():
    told = """
        2024-03-04 10:00 agent [I'll refund the delivery tomorrow.]
        2024-03-05 09:00 agent Have you seen our spring offer?
        2024-03-05 16:00 agent The delivery has been refunded.
    """
    (row,) = promises(thread("a", told))
    assert (row["status"], row["kept_at"]) == ("kept", at("2024-03-05 16:00"))


def test_something_else_of_which_nothing_is_heard_is_unknown():
    assert status(thread("a", "2024-03-04 10:00 agent [I'll refund the delivery tomorrow.]")) == "unknown"


def test_pending_until_it_is_due():
    assert status(thread("a", PROMISE), as_of="2024-03-05 18:00") == "pending"
    assert status(thread("a", PROMISE), as_of="2024-03-05 18:01") == "broken"


def test_what_came_after_the_moment_of_judgement_is_not_known_yet():
    assert status(thread("a", PROMISE + "\n2024-03-05 09:00 agent It came."), as_of="2024-03-05 08:00") == "pending"


def test_broken_needs_a_known_customer():
    assert status(thread("a", PROMISE, customer_id=None)) == "unknown"


def test_broken_needs_the_channel_among_the_sources():
    call = thread("a", "2024-03-04 10:00 agent [I'll call you tomorrow.]")
    calls = thread("b", "2024-04-01 10:00 customer Hello", channel="voice", customer_id="bob")
    assert status(call) == "unknown"
    assert status(call, calls) == "broken"


def test_broken_needs_the_channel_to_be_seen_until_the_promise_was_due():
    # The only source ends with the promise itself: whatever came later may only be missing.
    assert promises(thread("a", PROMISE))[0]["status"] == "unknown"
    seen = thread("b", "2024-03-06 10:00 customer Hello", customer_id="bob")
    assert promises(thread("a", PROMISE), seen)[0]["status"] == "broken"


def test_without_times_nothing_can_be_told():
    frames = thread("a", PROMISE)
    frames["turns"] = frames["turns"].with_columns(said_at=pl.lit(None, pl.Datetime("us")))
    (row,) = promises(frames)
    assert (row["made_at"], row["due_at"], row["due_is_assumed"], row["status"]) == (None, None, None, "unknown")


def test_no_promise_gives_an_empty_ledger():
    assert promises(thread("a", "2024-03-04 10:00 agent Good morning.")) == []


@settings(max_examples=20)
@given(st.permutations(range(4)))
def test_the_order_of_arrival_changes_nothing(order: list[int]):
    threads = [
        thread("a", PROMISE),
        thread("b", "2024-03-05 11:00 agent I'm calling you back.", channel="voice"),
        thread("c", "2024-03-05 12:00 agent [I'll write to you on Friday]", customer_id="bob"),
        AFTERWARDS,
    ]
    shuffled = [threads[place] for place in order]
    frames = {name: pl.concat([one[name] for one in shuffled]) for name in shuffled[0]}
    contacts = agent_contacts(frames["turns"], frames["transcripts"])
    seen = seen_until(moments_of(frames["turns"], frames["transcripts"]))
    found = ledger(**frames, contacts=contacts, seen=seen, calendar=Calendar(), as_of=at(LATER))
    assert found.to_dicts() == promises(*threads)
