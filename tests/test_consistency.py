"""Consistency: an agent's spread beside what their case mix alone would give."""

import numpy as np
import polars as pl
import pytest

from metrics.consistency import consistency


def conversations(agents: dict[str, list[float | None]], topics: list[str] | None = None) -> pl.DataFrame:
    rows = [(agent, value) for agent, values in agents.items() for value in values]
    return pl.DataFrame(
        {
            "conversation_id": [f"{number:04}" for number in range(len(rows))],
            "agent_id": [agent for agent, _ in rows],
            "topic": topics or ["bill"] * len(rows),
            "channel": ["chat"] * len(rows),
            "warmth": pl.Series([value for _, value in rows], dtype=pl.Float64),
        }
    )


def of(wide: pl.DataFrame, seed: int = 0) -> dict[str, float | None]:
    found = consistency(wide, ["warmth"], seed)
    return dict(zip(found["agent_id"], found["consistency"], strict=True))


def test_a_steady_agent_is_below_one_and_an_unsteady_one_above():
    # Together 20 fives and 20 of 0 and 10 in turn: the spread of all 40 is 5 · √(20/39) = 3.58 around 5.
    found = of(conversations({"steady": [5.0] * 20, "unsteady": [0.0, 10.0] * 10}))
    assert found["steady"] == 0
    assert found["unsteady"] == pytest.approx(5.13 / 3.57, abs=0.05)


def test_agents_alike_are_near_one():
    random = np.random.default_rng(1)
    found = of(conversations({name: list(random.normal(size=200)) for name in "abc"}))
    assert all(value == pytest.approx(1, abs=0.15) for value in found.values())


def test_what_the_case_mix_gives_is_not_laid_at_the_agents_door():
    # Delivery is always 0, bills always 10; who has both spreads, but so does everyone dealt the same cases.
    mixed, one_kind = [0.0, 10.0] * 10, [10.0] * 20
    topics = ["delivery", "bill"] * 10 + ["bill"] * 20
    found = of(conversations({"mixed": mixed, "one kind": one_kind}, topics))
    assert found == {"mixed": pytest.approx(1), "one kind": None}


def test_null_under_twenty_conversations_with_the_indicator():
    found = consistency(conversations({"few": [1.0] * 10 + [2.0] * 9 + [None], "many": [1.0, 2.0] * 10}), ["warmth"])
    assert found.select("agent_id", "n", pl.col("consistency").is_null()).rows() == [
        ("few", 19, True),
        ("many", 20, False),
    ]


def test_nothing_to_compare_gives_null_and_no_conversation_no_row():
    assert of(conversations({"a": [1.0] * 20})) == {"a": None}
    assert of(conversations({"a": [None] * 20})) == {}


def test_the_same_seed_gives_the_same_numbers_whatever_the_order():
    wide = conversations({name: list(np.random.default_rng(2).normal(size=30)) for name in "abc"})
    assert of(wide) == of(wide.reverse())
    assert of(wide) != of(wide, seed=1)
