"""Outcomes as a feed of their own."""

from datetime import datetime
from pathlib import Path

import pytest

from tests.reading import give, refusals

HEADER = (
    "conversation_id,resolved,resolved_at,reopened,csat,csat_scale,nps,ces,answered_at,escalated_at,transferred_at\n"
)


def test_outcomes(tmp_path: Path) -> None:
    found = give(
        tmp_path,
        "outcomes.csv",
        HEADER
        + "a,Yes,2026-01-02T10:00:00+01:00,0,4,,9,2.5,2026-01-03T00:00:00Z,,2026-01-01T08:00:00Z\n"
        + "b,FALSE,,no,6,0-10,,,,,\n"
        + "c,,,,good,good/bad,,,,,\n"
        + "d,1,,true,,,,,,,\n",
    )
    assert found.format == "outcomes"
    assert found.rejected == []
    columns = ("conversation_id", "resolved", "reopened", "csat", "csat_scale", "was_surveyed", "nps", "ces")
    assert found.feedback.select(columns).rows() == [
        ("a", True, False, 4.0, "1-5", True, 9.0, 2.5),
        ("b", False, False, 6.0, "0-10", True, None, None),
        ("c", None, None, 1.0, "good/bad", True, None, None),
        ("d", True, True, None, None, None, None, None),
    ]
    times = found.feedback.select("resolved_at", "answered_at", "escalated_at", "transferred_at").row(0)
    assert times == (datetime(2026, 1, 2, 9), datetime(2026, 1, 3), None, datetime(2026, 1, 1, 8))
    assert found.transcript.is_empty()
    assert found.segment.is_empty()


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"csat": "7"}, "csat is '7'; expected a number on its scale 1-5"),
        ({"csat": "0", "csat_scale": "1-7"}, "csat is '0'; expected a number on its scale 1-7"),
        ({"csat": "NaN"}, "csat is 'NaN'; expected a number on its scale 1-5"),
        ({"csat": "3", "csat_scale": "stars"}, "csat_scale is 'stars'; expected LOW-HIGH such as 1-5, or good/bad"),
        ({"csat": "3", "csat_scale": "good/bad"}, "csat is '3'; expected good or bad"),
        ({"nps": "11"}, "nps is '11'; expected a number from 0 to 10"),
        ({"resolved": "perhaps"}, "resolved is 'perhaps'; expected true, false, yes, no, 1 or 0"),
        ({"ces": "NaN"}, "ces is 'NaN'; expected a number"),
    ],
)
def test_a_wrong_outcome_is_refused_alone(tmp_path: Path, cells: dict[str, str], reason: str) -> None:
    names = HEADER.strip().split(",")
    wrong = ",".join({"conversation_id": "a", **cells}.get(name, "") for name in names)
    found = give(tmp_path, "o.csv", f"{HEADER}{wrong}\nb,yes,,,,,,,,,\n")
    assert refusals(found) == [f"line 2: {reason}. Correct it and run again."]
    assert found.feedback["conversation_id"].to_list() == ["b"]


def test_offered_is_no_answer(tmp_path: Path) -> None:
    found = give(
        tmp_path, "o.jsonl", '{"conversation_id": 1, "csat": "offered"}\n{"conversation_id": 2, "csat": "unoffered"}\n'
    )
    assert found.feedback.select("conversation_id", "csat", "was_surveyed").rows() == [
        ("1", None, True),
        ("2", None, False),
    ]


def test_duplicates_land_once_and_rows_add_up(tmp_path: Path) -> None:
    found = give(tmp_path, "o.csv", "conversation_id,resolved,csat\na,yes,\na,yes,\na,,5\n")
    assert found.feedback.select("resolved", "csat").rows() == [(True, None), (None, 5.0)]
    assert found.accepted_count == 3
