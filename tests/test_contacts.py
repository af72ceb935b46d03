"""Follow-ups and returns over a customer's contacts."""

from typing import Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.contacts import contact_facts
from tests.threads import at, thread, together
from transforms import schema
from transforms.calendar import Calendar
from transforms.commitments import ledger
from transforms.contacts import agent_contacts, moments_of, seen_until
from transforms.outcomes import outcomes

LATER = "2024-04-30"
UNSOLVED = """
    2024-03-04 10:00 customer It still does not work.
    2024-03-04 10:05 agent I have no further idea, sorry.
    2024-03-04 10:06 customer Goodbye.
"""
PROMISED = """
    2024-03-04 10:00 customer It does not work.
    2024-03-04 10:05 agent [I'll get back to you tomorrow.]
"""


def facts(*threads: dict[str, pl.DataFrame], as_of: str = LATER, **resolved: bool | None) -> dict[str, Any]:
    """The facts of conversation a; `resolved` says of each conversation whether it was."""
    return all_facts(together(*threads), as_of, resolved)["a"]


def all_facts(frames: dict[str, pl.DataFrame], as_of: str, resolved: dict[str, bool | None]) -> dict[str, Any]:
    rows = [{"conversation_id": one, "source": "csv", "resolved": yes} for one, yes in resolved.items()]
    feedback = schema.FEEDBACK.shape(pl.DataFrame(rows, schema_overrides={"resolved": pl.Boolean}))
    if not rows:
        feedback = schema.FEEDBACK.empty()
    outcome = outcomes(feedback, frames["transcripts"], frames["turns"])
    contacts = agent_contacts(frames["turns"], frames["transcripts"])
    seen = seen_until(moments_of(frames["turns"], frames["transcripts"]))
    promises = ledger(**frames, contacts=contacts, seen=seen, calendar=Calendar(), as_of=at(as_of))
    found = contact_facts(frames["turns"], frames["transcripts"], contacts, promises, outcome, at(as_of))
    return {row["conversation_id"]: row for row in found.to_dicts()}


def followed(*threads: dict[str, pl.DataFrame], as_of: str = LATER, **resolved: bool | None) -> tuple[Any, Any, Any]:
    row = facts(*threads, as_of=as_of, **resolved)
    return row["follow_up_called_for_at"], row["followed_up_at"], row["follow_up_is_open"]


LAST_WORD = at("2024-03-04 10:05")


def test_an_unresolved_conversation_calls_for_a_follow_up_at_the_last_agent_turn():
    call = thread("b", "2024-03-06 09:00 agent Hello, I'm calling about your modem.", channel="voice")
    assert followed(thread("a", UNSOLVED, channel="chat"), call, a=False) == (LAST_WORD, at("2024-03-06 09:00"), False)


def test_a_resolved_conversation_calls_for_none_and_an_unknown_one_neither():
    assert followed(thread("a", UNSOLVED), a=True) == (None, None, None)
    assert followed(thread("a", UNSOLVED), a=None) == (None, None, None)


def test_a_written_conversation_calls_for_one_once_it_was_silent_for_a_day():
    assert followed(thread("a", UNSOLVED), a=False, as_of="2024-03-05 10:05") == (None, None, None)
    assert followed(thread("a", UNSOLVED), a=False, as_of="2024-03-05 10:06") == (LAST_WORD, None, True)


def test_the_window_is_open_for_seven_days():
    thread_a = thread("a", UNSOLVED)
    assert followed(thread_a, a=False, as_of="2024-03-11 10:04") == (LAST_WORD, None, True)
    assert followed(thread_a, a=False, as_of="2024-03-11 10:05") == (LAST_WORD, None, False)


def test_a_contact_after_seven_days_is_no_follow_up():
    call = thread("b", "2024-03-11 10:06 agent Hello, I'm calling about your modem.", channel="voice")
    assert followed(thread("a", UNSOLVED), call, a=False) == (LAST_WORD, None, False)


def test_the_customers_own_return_is_no_follow_up():
    back = thread("b", "2024-03-06 09:00 customer Hello again.\n2024-03-06 09:05 agent Hello.")
    assert followed(thread("a", UNSOLVED), back, a=False)[1:] == (None, False)


def test_another_customers_call_is_no_follow_up():
    call = thread("b", "2024-03-06 09:00 agent I'm calling about your modem.", channel="voice", customer_id="bob")
    assert followed(thread("a", UNSOLVED), call, a=False)[1:] == (None, False)


def test_checking_back_in_the_thread_is_a_follow_up():
    checked = "2024-03-04 10:05 agent Please restart it.\n2024-03-06 09:00 agent Did it help?"
    assert followed(thread("a", checked), a=False)[:2] == (LAST_WORD, at("2024-03-06 09:00"))


def test_an_answer_to_the_customer_in_the_thread_is_none():
    answered = UNSOLVED + "\n2024-03-06 09:00 customer Hello?\n2024-03-06 10:00 agent Nothing new."
    assert followed(thread("a", answered), a=False)[:2] == (at("2024-03-06 10:00"), None)


def test_a_promise_calls_for_one_and_what_keeps_it_is_one():
    kept = PROMISED + "\n2024-03-04 12:00 customer Please hurry.\n2024-03-05 09:00 agent It is fixed."
    assert followed(thread("a", kept), a=True) == (LAST_WORD, at("2024-03-05 09:00"), False)


def test_nothing_is_known_of_an_unknown_customer():
    assert followed(thread("a", PROMISED, customer_id=None), a=False) == (None, None, None)


def first_contact(*others: dict[str, pl.DataFrame], as_of: str = LATER, topic: str | None = "bill", **resolved: Any):
    first = thread("a", "2024-03-04 10:00 customer My bill?\n2024-03-04 10:05 agent Paid.", topic=topic)
    row = facts(first, *others, as_of=as_of, **({"a": True} | resolved))
    return row["was_first_contact_resolved"], row["return_is_open"]


def back(day: str, topic: str | None = "bill", **facts_: Any) -> dict[str, pl.DataFrame]:
    return thread("b", f"{day} 09:00 customer Hello again.", topic=topic, **facts_)


def test_resolved_and_no_return_within_seven_days():
    assert first_contact() == (True, False)
    assert first_contact(back("2024-03-12")) == (True, False)


def test_a_return_on_the_same_topic():
    assert first_contact(back("2024-03-06")) == (False, False)


def test_another_topic_or_another_customer_is_no_return():
    assert first_contact(back("2024-03-06", topic="delivery")) == (True, False)
    assert first_contact(back("2024-03-06", customer_id="bob")) == (True, False)


def test_a_call_by_the_agent_is_no_return():
    call = thread("b", "2024-03-06 09:00 agent I'm calling to check.", channel="voice", topic="bill")
    assert first_contact(call) == (True, False)


def test_a_topic_that_is_not_known_leaves_it_open_to_doubt():
    assert first_contact(back("2024-03-06", topic=None)) == (None, False)
    assert first_contact(back("2024-03-06"), topic=None) == (None, False)
    assert first_contact(topic=None) == (True, False)


def test_an_open_window_is_null_but_a_return_is_known_at_once():
    assert first_contact(as_of="2024-03-11 10:04") == (None, True)
    assert first_contact(as_of="2024-03-11 10:05") == (True, False)
    assert first_contact(back("2024-03-06"), as_of="2024-03-07 00:00") == (False, False)


def test_unresolved_is_no_first_contact_resolution_and_an_unknown_state_is_null():
    assert first_contact(a=False)[0] is False
    assert first_contact(a=None)[0] is None


def test_promises_are_counted_by_what_became_of_them():
    said = """
        2024-03-04 10:00 agent [I'll write to you tomorrow] and [I'll refund it today] and [I'll write again in 90 days]
        2024-03-05 09:00 agent Here is the form.
    """
    row = facts(thread("a", said), thread("z", "2024-04-20 10:00 customer Hi", customer_id="bob"))
    counts = {name: value for name, value in row.items() if name.startswith("commitment_")}
    assert counts == {
        "commitment_past_due_count": 1,
        "commitment_kept_count": 1,
        "commitment_kept_late_count": 0,
        "commitment_broken_count": 0,
        "commitment_pending_count": 1,
        "commitment_unknown_count": 1,
    }


def test_a_conversation_without_promises_counts_none():
    row = facts(thread("a", UNSOLVED))
    assert row["commitment_past_due_count"] == 0


@settings(max_examples=20)
@given(st.permutations(range(4)))
def test_the_order_of_arrival_changes_nothing(order: list[int]):
    threads = [
        thread("a", UNSOLVED, topic="bill"),
        thread("b", "2024-03-05 11:00 agent I'm calling you back.", channel="voice"),
        thread("c", "2024-03-06 12:00 customer Again!", topic="bill"),
        thread("d", PROMISED, customer_id="bob"),
    ]
    shuffled = [threads[place] for place in order]
    frames = {name: pl.concat([one[name] for one in shuffled]) for name in shuffled[0]}
    expected = all_facts(together(*threads), LATER, {"a": False, "c": True})
    assert all_facts(frames, LATER, {"a": False, "c": True}) == expected
