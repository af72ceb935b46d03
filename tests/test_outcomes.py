"""What came of a conversation: merged, on one scale, timed."""

from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.threads import at, thread
from transforms import schema
from transforms.outcomes import outcomes

TALK = thread("a", "2024-03-04 10:00 customer Where is it?\n2024-03-04 10:05 agent At the depot.")


def outcome(*rows: dict[str, Any], frames: dict[str, pl.DataFrame] = TALK, **settings_: Any) -> dict[str, Any]:
    """The outcome of conversation a, of which the rows of feedback tell."""
    known = [{"conversation_id": "a", "source": "csv"} | row for row in rows]
    feedback = schema.FEEDBACK.shape(pl.DataFrame(known, infer_schema_length=None)) if rows else schema.FEEDBACK.empty()
    found = outcomes(feedback, frames["transcripts"], frames["turns"], **settings_)
    assert found.schema == pl.Schema(schema.OUTCOME.dtypes)
    return found.row(0, named=True)


def test_a_conversation_without_any_word_has_an_empty_outcome():
    row = outcome()
    assert {name: value for name, value in row.items() if value is not None} == {"conversation_id": "a"}


def test_a_later_word_changes_what_it_says_and_nothing_else():
    row = outcome(
        {"updated_at": at("2024-03-04 11:00"), "resolved": True, "resolved_at": at("2024-03-04 10:30"), "nps": 9.0},
        {"updated_at": at("2024-03-06 11:00"), "csat": 4.0, "answered_at": at("2024-03-06 10:00")},
        {"updated_at": at("2024-03-05 11:00"), "nps": 3.0},
    )
    assert (row["was_resolved"], row["resolution_seconds"]) == (True, 1800)
    assert (row["csat"], row["nps"], row["answered_at"]) == (4, 3, at("2024-03-06 10:00"))


def test_a_rating_keeps_its_own_scale():
    row = outcome(
        {"updated_at": at("2024-03-04 11:00"), "csat": 8.0, "csat_scale": "0-10"},
        {"updated_at": at("2024-03-05 11:00"), "csat": 2.0},
    )
    assert (row["csat"], row["csat_raw"], row["csat_scale"]) == (2, 2, "1-5")


@pytest.mark.parametrize(
    ("raw", "scale", "expected"),
    [
        (4.0, None, 4.0),
        (4.0, "1-7", 3.0),  # 1 + 4 · 3/6
        (0.0, "0-10", 1.0),
        (10.0, "0-10", 5.0),
        (1.0, "good/bad", 5.0),
        (0.0, "good/bad", 1.0),
        (0.0, "-2-2", 3.0),
    ],
)
def test_every_scale_is_laid_evenly_onto_one_to_five(raw: float, scale: str | None, expected: float):
    row = outcome({"csat": raw, "csat_scale": scale})
    assert (row["csat"], row["is_csat_positive"]) == (expected, expected >= 4)


def test_an_answer_shows_that_the_customer_was_asked():
    assert outcome({"nps": 9.0})["was_surveyed"] is True
    assert outcome({"was_surveyed": False})["was_surveyed"] is False
    assert outcome({"resolved": True})["was_surveyed"] is None


def test_resolution_is_never_guessed_but_a_rule_may_say_what_a_status_means():
    assert outcome({"status": "Done"})["was_resolved"] is None
    row = outcome({"status": "Done"}, resolved_by_status={"done": True})
    assert (row["was_resolved"], row["resolution_source"]) == (True, "rule")
    row = outcome({"status": "done", "resolved": False}, resolved_by_status={"done": True})
    assert (row["was_resolved"], row["resolution_source"]) == (False, "csv")


def test_first_and_last_resolution():
    first, last = {"resolved_at": at("2024-03-04 11:00")}, {"fully_resolved_at": at("2024-03-05 10:00")}
    row = outcome(first | last | {"resolved": True, "reopened": True})
    assert (row["resolution_seconds"], row["full_resolution_seconds"]) == (3600, 86400)
    assert outcome(first | {"resolved": True})["full_resolution_seconds"] == 3600
    assert outcome(first | {"resolved": True, "reopened": True})["full_resolution_seconds"] is None
    assert outcome(first | {"resolved": False, "reopened": True})["full_resolution_seconds"] is None


def test_one_touch_is_one_agent_turn_and_no_reopening():
    two = thread("a", "2024-03-04 10:00 customer Hi\n2024-03-04 10:05 agent Hi\n2024-03-04 11:00 agent Done.")
    assert outcome({"reopened": False})["is_one_touch"] is True
    assert outcome({"reopened": True})["is_one_touch"] is False
    assert outcome({"reopened": False}, frames=two)["is_one_touch"] is False
    assert outcome({"resolved": True})["is_one_touch"] is None


def test_a_call_has_no_touches():
    call = thread("a", "2024-03-04 10:00 customer Hi\n2024-03-04 10:05 agent Hi", channel="voice")
    assert outcome({"reopened": False}, frames=call)["is_one_touch"] is None


def test_a_hand_over_to_a_higher_tier_is_one_of_both_kinds():
    row = outcome({"escalated_at": at("2024-03-04 10:30")})
    assert (row["was_escalated"], row["was_transferred"], row["transferred_at"]) == (True, True, at("2024-03-04 10:30"))
    row = outcome({"transferred_at": at("2024-03-04 10:30")})
    assert (row["was_escalated"], row["was_transferred"]) == (None, True)


def test_no_hand_over_is_said_only_where_the_source_records_them():
    other = {"conversation_id": "b", "escalated_at": at("2024-03-04 10:30")}
    assert outcome({"resolved": True})["was_escalated"] is None
    assert outcome({"resolved": True}, other)["was_escalated"] is False
    assert outcome({"resolved": True, "source": "zendesk"}, other)["was_escalated"] is None


@settings(max_examples=30)
@given(st.permutations(range(4)))
def test_the_order_of_arrival_changes_nothing(order: list[int]):
    rows = [
        {"resolved": True, "csat": 3.0},
        {"resolved": False, "csat": 4.0, "csat_scale": "0-10"},
        {"answered_at": at("2024-03-05 10:00"), "nps": 2.0, "resolved": True},
        {"answered_at": at("2024-03-05 10:00"), "nps": 8.0},
    ]
    assert outcome(*(rows[place] for place in order)) == outcome(*rows)
