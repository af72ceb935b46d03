"""Behaviour counts only before the outcome."""

from datetime import datetime, timedelta

import polars as pl

from transforms.before import before_outcome
from transforms.schema import ESCALATION, OUTCOME, TIME

START = datetime(2026, 11, 2, 9)


def minutes(number: float) -> datetime:
    return START + timedelta(minutes=number)


def conversation(speakers: str) -> pl.DataFrame:
    """One turn a minute: a agent, c customer, s supervisor, n an agent's private note."""
    who = {"a": "agent", "c": "customer", "s": "supervisor", "n": "agent"}
    return pl.DataFrame(
        {
            "conversation_id": "x",
            "position": list(range(len(speakers))),
            "turn_index": list(range(len(speakers))),
            "speaker": [who[letter] for letter in speakers],
            "kind": ["note" if letter == "n" else "message" for letter in speakers],
            "said_at": [minutes(place) for place in range(len(speakers))],
            "ended_at": [minutes(place + 0.5) for place in range(len(speakers))],
        },
        schema_overrides={"said_at": TIME, "ended_at": TIME},
    )


def kept(speakers: str, resolved_at: datetime | None = None, escalated: int | None = None) -> list[int]:
    outcome = OUTCOME.shape(pl.DataFrame({"conversation_id": ["x"], "resolved_at": [resolved_at]}))
    escalation = ESCALATION.shape(pl.DataFrame({"conversation_id": ["x"], "escalated_turn_index": [escalated]}))
    return before_outcome(conversation(speakers), outcome, escalation)["position"].to_list()


def test_turns_before_a_resolution_inside_the_conversation():
    assert kept("cacacaca", resolved_at=minutes(3)) == [0, 1, 2]


def test_turns_before_an_escalation():
    assert kept("cacacaca", escalated=5) == [0, 1, 2, 3, 4]


def test_the_earlier_of_the_two_counts():
    assert kept("cacacaca", resolved_at=minutes(6), escalated=3) == [0, 1, 2]


def test_without_either_the_last_two_of_each_side_do_not_count():
    assert kept("cacacacasn") == [0, 1, 2, 3, 5, 9]


def test_a_resolution_after_the_conversation_is_not_inside_it():
    assert kept("cacaca", resolved_at=minutes(60)) == [0, 1]


def test_a_resolution_during_the_last_turn_leaves_the_turns_begun_before_it():
    assert kept("caca", resolved_at=minutes(3.25)) == [0, 1, 2, 3]


def test_a_conversation_of_two_turns_leaves_nothing():
    assert kept("ca") == []
