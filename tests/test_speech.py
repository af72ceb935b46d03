"""What a conversation's timing shows as a whole."""

from datetime import datetime
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.talk import measured, talk, turns_of, value, why_null
from transforms.intervals import joined, total_ms
from transforms.speech import SPEECH, sources_with_overlap, speech
from transforms.thresholds import DEFAULT, PRESETS, Thresholds, from_settings

CALL = """
    0.0-2.0    customer  Where is my parcel?
    4.0-6.0    agent     Let me look into it.
    10.0-20.0  agent     It is on its way, and should be with you tomorrow.
"""


def facts(text: str, **transcript: Any) -> dict[str, Any]:
    conversation = talk(text, **transcript)
    found = speech(turns_of(conversation, marked={}), conversation["transcript"], DEFAULT)
    assert found.columns == list(SPEECH)
    return found.row(0, named=True)


def test_silence_is_long_gaps() -> None:
    assert facts(CALL)["silence_ms"] == 4000
    assert facts(CALL)["longest_gap_ms"] == 4000


def test_the_sources_duration_wins() -> None:
    assert facts(CALL, duration_ms=40_000)["duration_ms"] == 40_000
    assert value("non_talk_share", talk(CALL, duration_ms=40_000)) == pytest.approx(0.1)


def test_a_hold_inside_a_gap_counts_once() -> None:
    held = CALL + "6.5-6.5 system  hold\n9.5-9.5 system  unhold\n"
    assert facts(held)["silence_ms"] == 4000


def test_a_hold_during_which_the_agent_speaks_is_silence_too() -> None:
    held = CALL + "12.0-12.0 system (event)  hold\n17.0-17.0 system (event)  unhold\n"
    assert facts(held)["silence_ms"] == 9000


def test_a_hold_without_end_lasts_until_the_call_ends() -> None:
    assert facts(CALL + "22.0-22.0 system  hold\n", duration_ms=50_000)["silence_ms"] == 4000 + 28_000


def test_bots_are_no_human_voice() -> None:
    assert facts(CALL + "6.0-10.0 bot  Please wait.\n")["silence_ms"] == 4000
    assert facts(CALL + "6.0-10.0 supervisor  Please wait.\n")["silence_ms"] == 0


def test_google_hears_silence_after_five_seconds() -> None:
    assert value("non_talk_share", talk(CALL), thresholds=from_settings({"preset": "google"})) == 0
    assert set(PRESETS) == {"amazon", "google", "verint"}


def test_speaking_at_once_counts_once_for_anyone() -> None:
    found = facts("0.0-4.0 customer  It never came.\n3.0-6.0 agent  Let me look.\n3.5-7.0 supervisor  Hello.")
    assert (found["both_speaking_ms"], found["anyone_speaking_ms"]) == (1000, 7000)


def test_an_end_that_is_missing_leaves_ends_unmeasurable() -> None:
    call = talk("0.0-2.0 customer  Where is my parcel?\n4.0-- agent  Let me look into that.")
    row = measured(call, marked={})
    assert not row["has_ends"]
    assert row["response_gap_seconds_why_null"] == "not_measurable"
    assert row["non_talk_share_why_null"] == "not_measurable"
    assert (row["agent_talk_share"], row["talk_share_basis"]) == (5 / 9, "words")


def test_without_times_nothing_is_timed() -> None:
    row = measured(talk("customer  Where is my parcel?\nagent  Let me look.", channel="chat"), marked={})
    assert (row["has_times"], row["has_sent_at"]) == (False, False)
    assert row["reply_seconds_why_null"] == "not_measurable"
    assert row["agent_talk_share"] == 3 / 7


def test_relative_times_of_messages_are_times() -> None:
    row = measured(talk("0.0-0.0 customer  Where is it?\n30.0-30.0 agent  Let me look.", channel="chat"), marked={})
    assert row["reply_seconds"] == 30
    assert row["first_response_business_seconds_why_null"] == "not_measurable"


def test_a_source_shows_overlap_after_a_tenth_of_a_second() -> None:
    call = "0.0-2.0 customer  Where is it?\n{start}-4.0 agent  Let me look into that."
    for start, sources in (("1.9", []), ("1.899", ["test"])):
        turns = turns_of(talk(call.replace("{start}", start)), marked={})
        assert sources_with_overlap(turns, DEFAULT).to_list() == sources


def test_until_then_interruptions_are_not_measurable() -> None:
    call = talk(CALL)
    for metric in ("interruption_count", "interruption_per_customer_minute", "overlap_share"):
        assert why_null(metric, call, shows_overlap=False) == "not_measurable"
        assert value(metric, call) == 0


def test_unknown_speakers_leave_it_unmeasurable() -> None:
    call = talk("0.0-2.0 unknown  Where is it?\n3.0-4.0 unknown  Let me look.")
    assert why_null("agent_talk_share", call) == "not_measurable"


def test_first_answer_is_a_moment() -> None:
    found = facts("10:00 agent  Hello.\n10:01 customer  Where is it?\n10:02 bot  Wait.\n10:05 supervisor  Hello.")
    assert found["first_asked_at"] == datetime(2026, 11, 3, 10, 1)
    assert found["first_answered_at"] == datetime(2026, 11, 3, 10, 5)


@pytest.mark.parametrize(("seconds", "count"), [(0.3, 1), (0.5, 1), (1, 1), (2, 0), (3, 0)])
def test_interruptions_at_other_thresholds(seconds: float, count: int) -> None:
    call = talk("0.0-4.0 customer  It never came and\n2.5-6.0 agent  Let me stop you right there please.")
    assert value("interruption_count", call, thresholds=Thresholds(interruption_seconds=seconds)) == count


spans = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 10)).map(lambda one: (one[0], sum(one))), min_size=1)


@given(spans)
def test_a_union_is_what_some_interval_covers(intervals: list[tuple[int, int]]) -> None:
    frame = pl.DataFrame(
        {
            "key": [1] * len(intervals),
            "start_ms": [one[0] for one in intervals],
            "end_ms": [one[1] for one in intervals],
        }
    )
    covered = {moment for start, end in intervals for moment in range(start, end)}
    assert total_ms(frame, "key")["total_ms"].item() == len(covered)
    whole = joined(frame, "key", gap_ms=2)
    assert (whole["start_ms"].shift(-1) - whole["end_ms"]).drop_nulls().gt(2).all()
