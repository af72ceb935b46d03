"""An agent's day: volumes, hard conversations, hours."""

from datetime import date, datetime, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.load import AGENT_METRICS, agent_days, agent_parts, began_on, is_hard, said_from, said_until
from tests import talk as spoken
from transforms import schema
from transforms.calendar import Calendar, add_hours

DAY = date(2026, 11, 3)
ANGRY = {"aggression": 1}
CALM: dict[str, int] = {}
BASES = (began_on, said_from, said_until, is_hard)


def talk(name: str, start: str, minutes: int, customer: list[dict[str, int] | None], **facts: Any) -> dict[str, Any]:
    """A conversation of one customer turn for each of `customer` (its markers), then one of the agent's."""
    began = datetime.combine(DAY, datetime.strptime(start, "%H:%M").time())
    return {"name": name, "began": began, "ended": began + timedelta(minutes=minutes), "customer": customer} | facts


def days(*talks: dict[str, Any]) -> list[dict[str, Any]]:
    turns = pl.concat([_turns(one) for one in talks])
    columns = {"team": "north", "agent_id": "mia", "csat": None, "was_resolved": None, "commitment_count": 0}
    wide = pl.DataFrame(
        [
            {"conversation_id": one["name"]} | {name: one.get(name, value) for name, value in columns.items()}
            for one in talks
        ],
        schema_overrides={"csat": pl.Float64, "was_resolved": pl.Boolean, "commitment_count": pl.Int64},
    )
    bases = turns.group_by("conversation_id").agg(one().alias(one.__name__) for one in BASES)
    parts = schema.AGENT_PART.shape(agent_parts(turns, wide))
    found = schema.AGENT_DAY.shape(agent_days(parts, wide.join(bases, on="conversation_id", how="left")))
    return found.to_dicts()


def _turns(one: dict[str, Any]) -> pl.DataFrame:
    said = [("customer", marks) for marks in one["customer"]] + [("agent", CALM)]
    rows = [
        {
            "conversation_id": one["name"],
            "position": position,
            "kind": "message",
            "speaker": speaker,
            "speaker_id": one.get("speaker_id", "mia") if speaker == "agent" else None,
            "said_at": one["began"],
            "ended_at": one["ended"],
            "day": DAY,
            "is_in_hours": 9 <= one["began"].hour < 18,
            "aggression_count": None if marks is None else marks.get("aggression", 0),
            "distress_count": None if marks is None else marks.get("distress", 0),
        }
        for position, (speaker, marks) in enumerate(said)
    ]
    kinds = {"speaker_id": pl.String, "aggression_count": pl.Int64, "distress_count": pl.Int64}
    return pl.DataFrame(rows, schema_overrides=kinds)


def test_volumes_ratings_and_resolutions_travel_with_their_n():
    (day,) = days(
        talk("a", "10:00", 5, [CALM], csat=4.0, was_resolved=True, commitment_count=2),
        talk("b", "11:00", 5, [CALM], csat=1.0, was_resolved=False),
        talk("c", "12:00", 5, [CALM]),
    )
    assert day == {
        "agent_id": "mia",
        "day": DAY,
        "team": "north",
        "conversation_count": 3,
        "agent_turn_count": 3,
        "rated_count": 2,
        "csat_mean": 2.5,
        "resolution_known_count": 2,
        "resolved_count": 1,
        "commitment_count": 2,
        "hard_conversation_count": 0,
        "hard_streak_count": 0,
        "after_hours_share": 0.0,
    }


def hard(*talks: dict[str, Any]) -> tuple[int, int]:
    (day,) = days(*talks)
    return day["hard_conversation_count"], day["hard_streak_count"]


def test_aggression_makes_a_conversation_hard():
    assert hard(talk("a", "10:00", 5, [CALM, CALM, CALM, CALM, ANGRY])) == (1, 1)


def test_distress_makes_it_hard_from_three_in_ten_customer_turns():
    assert hard(talk("a", "10:00", 5, [{"distress": 1}] * 3 + [CALM] * 7)) == (1, 1)
    assert hard(talk("a", "10:00", 5, [{"distress": 1}] * 2 + [CALM] * 8)) == (0, 0)


def test_a_streak_has_under_ten_minutes_between():
    # 10:00-10:05, 10:14-10:20, 10:30-10:40: nine minutes, then ten.
    first, second, third = (
        talk("a", "10:00", 5, [ANGRY]),
        talk("b", "10:14", 6, [ANGRY]),
        talk("c", "10:30", 10, [ANGRY]),
    )
    assert hard(first, second, third) == (3, 2)
    assert hard(talk("d", "10:40", 1, [CALM]), third) == (1, 1)


def test_every_agent_who_spoke_bears_a_hard_conversation():
    rows = days(talk("a", "10:00", 5, [ANGRY]), talk("b", "10:30", 5, [ANGRY], speaker_id="tom"))
    assert [(row["agent_id"], row["conversation_count"], row["hard_conversation_count"]) for row in rows] == [
        ("mia", 2, 1),
        ("tom", 0, 1),
    ]


def test_turns_outside_the_agreed_hours():
    (day,) = days(talk("a", "10:00", 5, [CALM]), talk("b", "19:00", 5, [CALM]))
    assert day["after_hours_share"] == 0.5


def test_without_rules_for_the_language_nothing_is_said_of_hardness():
    (day,) = days(talk("a", "10:00", 5, [None]))
    assert (day["hard_conversation_count"], day["hard_streak_count"]) == (None, None)


@settings(max_examples=20)
@given(st.permutations(range(4)))
def test_the_order_of_arrival_changes_nothing(order: list[int]):
    talks = [talk(name, f"1{n}:0{n}", 55, [ANGRY] if n % 2 else [CALM], csat=n + 1.0) for n, name in enumerate("abcd")]
    assert days(*(talks[place] for place in order)) == days(*talks)


@pytest.mark.parametrize("name", [name for name in AGENT_METRICS if name != "consistency"])
@pytest.mark.parametrize("kind", ["example", "null_example"])
def test_the_worked_example_that_the_documentation_prints(name: str, kind: str):
    text, _, expected = getattr(AGENT_METRICS[name], kind).rpartition("\n→ ")
    conversations = spoken.talk(text, agent_id="mia", language="de" if "Quatsch" in text else "en")
    turns = spoken.turns_of(conversations).drop("day", "is_in_hours")
    turns = add_hours(turns, Calendar.from_settings({"hours": "Mon-Fri 09:00-18:00"}))
    wide = spoken.rows(conversations).join(conversations["transcript"], on="conversation_id")
    found = agent_days(agent_parts(turns, wide), wide)[name].to_list()
    assert found == ([] if expected == "null" and "Quatsch" not in text else [_told(expected)])


def _told(value: str) -> object:
    return None if value == "null" else pytest.approx(float(value), abs=1e-4)
