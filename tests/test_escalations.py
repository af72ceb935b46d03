"""Triggers, escalations, and what lies between. Markers stand after a `|`: `10:02 customer Words | aggression`."""

from datetime import datetime, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.threads import TURN
from transforms import schema
from transforms.escalations import escalations

START = datetime(2026, 11, 3, 10)


def escalation(text: str, escalated_after: float | None = None, **facts: Any) -> dict[str, Any] | None:
    """The row of a conversation with lines `minute[-end] speaker words | markers`; null where there is none."""
    found = escalations(*frames(text, escalated_after, **facts))
    assert schema.ESCALATION.shape(found).columns == list(schema.ESCALATION.columns)
    return found.row(0, named=True) if found.height else None


def frames(text: str, escalated_after: float | None = None, name: str = "a", **facts: Any) -> list[pl.DataFrame]:
    lines = [line.strip() for line in text.strip().splitlines()]
    turns = [_turn(name, place, line, facts.get("channel", "chat")) for place, line in enumerate(lines)]
    markers = [
        {"conversation_id": name, "turn_index": place, "marker": marker, "start_char": 0, "rule": "by hand"}
        for place, line in enumerate(lines)
        for marker in line.partition("|")[2].split()
    ]
    started = START if facts.get("is_timed", True) else None
    escalated_at = None if escalated_after is None else START + timedelta(minutes=escalated_after)
    return [
        pl.DataFrame(turns, schema=TURN),
        schema.MARKER.shape(pl.DataFrame(markers, schema_overrides={"start_char": pl.Int64})),
        schema.TRANSCRIPT.shape(pl.DataFrame([{"conversation_id": name, "started_at": started}])),
        schema.OUTCOME.shape(pl.DataFrame([{"conversation_id": name, "escalated_at": escalated_at}])),
    ]


def _turn(name: str, place: int, line: str, channel: str) -> dict[str, Any]:
    clock, speaker, words = line.partition("|")[0].split(maxsplit=2)
    start, _, end = clock.partition("-")
    start_ms = None if start == "?" else round(float(start) * 60_000)
    end_ms = (None if channel == "voice" else start_ms) if not end else round(float(end) * 60_000)
    said_at = None if start_ms is None else START + timedelta(milliseconds=start_ms)
    known = {"conversation_id": name, "turn_index": place, "position": place, "kind": "message", "language": "en"}
    return known | {
        "speaker": speaker,
        "text": words,
        "start_ms": start_ms,
        "end_ms": end_ms,
        "said_at": said_at,
        "channel": channel,
    }


ASKED = """
    0 customer My router is broken.
    1 agent Let me see.
    2 customer I want your manager. | escalation_request
"""


def test_in_time_by_the_turns():
    row = escalation(ASKED + "5 agent I understand.\n6 customer So?\n9 agent I'll transfer you. | escalation")
    assert row is not None
    assert (row["trigger"], row["trigger_turn_index"], row["trigger_at_seconds"]) == ("escalation_request", 2, 120)
    assert (row["escalated_turn_index"], row["escalated_at_seconds"]) == (5, 540)
    assert (row["delay_seconds"], row["delay_turns"], row["class"], row["is_censored"]) == (420, 1, "timely", False)
    assert (row["escalation_turns"], row["escalation_position_share"]) == (2, 5 / 6)


LONG = "3 agent One.\n3.2 customer a\n3.4 agent Two.\n3.6 customer b\n3.8 agent Three.\n"


def test_in_time_by_the_clock_although_three_turns_were_said():
    row = escalation(ASKED + LONG + "4 agent I'll transfer you. | escalation")
    assert row is not None
    assert (row["delay_turns"], row["delay_seconds"], row["class"]) == (3, 120, "timely")


def test_late_after_more_than_two_turns_and_two_minutes():
    row = escalation(ASKED + LONG + "4.1 agent I'll transfer you. | escalation")
    assert row is not None
    assert (row["delay_turns"], row["delay_seconds"], row["class"]) == (3, pytest.approx(126), "late")


def test_missed_is_censored_at_the_conversations_end():
    row = escalation(ASKED + "5 agent No.\n8 customer Then goodbye.")
    assert row is not None
    assert (row["class"], row["is_censored"], row["delay_seconds"], row["delay_turns"]) == ("missed", True, 360, 1)
    assert (row["escalated_at_seconds"], row["escalation_turns"]) == (None, None)


def test_an_escalation_before_its_trigger_or_without_one_is_untriggered():
    before = escalation("0 agent I'll transfer you. | escalation\n1 customer You idiot. | aggression")
    without = escalation("0 customer Hello.\n1 agent I'll transfer you. | escalation")
    assert before is not None and without is not None
    assert (before["class"], before["delay_seconds"]) == ("untriggered", None)
    assert (without["class"], without["trigger"], without["is_censored"]) == ("untriggered", None, False)


def test_neither_gives_no_row():
    assert escalation("0 customer Hello.\n1 agent Hello.") is None


def test_the_sources_record_counts_and_the_earlier_of_both_wins():
    recorded = escalation(ASKED + "5 agent Yes.\n6 customer Thanks.", escalated_after=5.5)
    assert recorded is not None
    assert (recorded["escalated_at_seconds"], recorded["escalated_turn_index"], recorded["class"]) == (330, 4, "timely")
    both = escalation(ASKED + "3 agent I'll transfer you. | escalation\n6 customer Thanks.", escalated_after=5.5)
    assert both is not None
    assert (both["escalated_at_seconds"], both["escalated_turn_index"]) == (180, 3)


def test_a_record_after_the_last_turn_stands_at_no_turn():
    row = escalation(ASKED + "5 agent No.", escalated_after=600)
    assert row is not None
    assert (row["escalated_turn_index"], row["class"], row["delay_turns"]) == (None, "timely", 1)
    assert row["escalation_position_share"] == 1


def test_the_trigger_is_the_end_of_its_turn_on_a_call():
    call = """
        0-1 customer My router is broken, and I want, no, let me finish, your manager. | escalation_request
        0.5-0.6 agent Sir.
        1.5-2 agent Let me see.
        3-4 agent I'll transfer you. | escalation
    """
    row = escalation(call, channel="voice")
    assert row is not None
    # The agent's "Sir." starts before the trigger ends, so it is not one of the turns after it.
    assert (row["trigger_at_seconds"], row["delay_seconds"], row["delay_turns"]) == (60, 120, 1)


def test_without_ends_a_call_is_judged_by_its_turns():
    row = escalation(
        "0 customer Your manager! | escalation_request\n9 agent I'll transfer you. | escalation", channel="voice"
    )
    assert row is not None
    assert (row["delay_seconds"], row["delay_turns"], row["class"]) == (None, 0, "timely")


def test_without_times_turns_are_counted_by_their_order():
    text = "? customer Your manager! | escalation_request\n? agent a\n? customer b\n? agent I'll ask. | escalation"
    row = escalation(text, is_timed=False)
    assert row is not None
    assert (row["delay_turns"], row["delay_seconds"], row["class"]) == (1, None, "timely")
    assert (row["escalated_at_seconds"], row["escalation_position_share"]) == (None, 0.75)


REPEATS = """
    0 customer The invoice shows a wrong amount.
    1 customer The invoice amount is still wrong. | repeated_complaint
    2 customer Again: the amount on the invoice is wrong. | repeated_complaint
"""


def test_the_third_repeat_of_one_complaint_is_a_trigger_the_second_is_not():
    assert escalation(REPEATS) is None
    row = escalation(REPEATS + "3 customer My invoice has a wrong amount! | repeated_complaint")
    assert row is not None
    assert (row["trigger"], row["trigger_turn_index"], row["class"]) == ("repeated_complaint", 3, "missed")


def test_repeats_of_different_complaints_are_no_trigger():
    assert escalation(REPEATS + "3 customer And nobody answers your telephone! | repeated_complaint") is None


@settings(max_examples=20)
@given(st.permutations(range(3)))
def test_the_order_of_arrival_changes_nothing(order: list[int]):
    parts = [
        frames(ASKED + "5 agent No.", name="a"),
        frames("0 customer You idiot. | aggression\n1 agent Sorry.", escalated_after=3, name="b"),
        frames(REPEATS, name="c"),
    ]
    together = [pl.concat(part) for part in zip(*parts, strict=True)]
    shuffled = [pl.concat(part) for part in zip(*(parts[place] for place in order), strict=True)]
    assert escalations(*shuffled).to_dicts() == escalations(*together).to_dicts()
