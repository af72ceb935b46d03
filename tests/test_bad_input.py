"""Files that are broken or meant to break: one line each, nothing lost, what is good lands."""

import json
from datetime import datetime
from pathlib import Path

import pytest

from tests.reading import balanced, give, refusals
from transforms.readers import File, read_files


def test_a_broken_header(tmp_path: Path) -> None:
    found = give(tmp_path, "t.csv", 'conversation_id,"speaker"x,text\na,agent,Hi\n')
    assert refusals(found) == [
        "line 1: a quoted cell does not end as it should; expected a delimiter after the quote. Export it again."
    ]


@pytest.mark.parametrize(
    ("name", "content", "refusal"),
    [
        (
            "twilio",
            {"sentences": [{"media_channel": 1, "sentence_index": 0, "transcript": "Hi", "end_time": 1e17}]},
            "sentence 1: end_time is 1e+17; expected a time within a conversation. Correct it and run again.",
        ),
        (
            "zendesk",
            {
                "ticket": {"id": 1, "requester_id": 2, "created_at": "2026-01-01T00:00:00Z", "description": "Hi"},
                "ticket_metric": {"ticket_id": 1, "first_resolution_time_in_minutes": {"calendar": 1e16}},
            },
            "ticket_metric, first_resolution_time_in_minutes: calendar is 1e+16; expected minutes. "
            "Correct it and run again.",
        ),
    ],
)
def test_a_time_that_no_calendar_reaches(name: str, content: object, refusal: str) -> None:
    found = read_files(name, [File("x.json", json.dumps(content).encode())], {})
    balanced(found)
    assert refusals(found) == [refusal]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("zendesk_chat", {"id": "1", "visitor": {"id": "v"}, "history": [], "message": "Hi", "agent_ids": 7}),
        ("zendesk_chat", {"id": "1", "visitor": {"id": "v"}, "history": [], "message": "Hi", "agent_ids": ["\ud800"]}),
        ("salesforce_chat", [{"Id": "5", "Body": "( 1s ) Ann: Hi", "ChatDuration": 1e17}]),
        (
            "flex_insights",
            {"conversations": [{"conversation_id": "c", "segments": [{"segment_id": True, "agent_id": False}]}]},
        ),
    ],
)
def test_what_the_fuzzer_found(name: str, content: object) -> None:
    balanced(read_files(name, [File("x.json", json.dumps(content).encode())], {}))


def test_a_segment_with_a_broken_date_is_refused_alone() -> None:
    """The second agent takes over at nine; a time of which nothing is known hides no other."""
    base = {"conversation_id": "c", "agent_id": "a"}
    dates = ["2026-03-02T08:00:00Z", {"at": 9}, "soon"]
    segments = [base | {"segment_id": str(n), "date": date} for n, date in enumerate(dates)]
    segments.append({"conversation_id": "c", "agent_id": "b", "segment_id": "3", "date": "2026-03-02T09:00:00Z"})
    found = read_files("flex_insights", [File("x.json", json.dumps({"segments": segments}).encode())], {})
    balanced(found)
    assert [one.reason.partition(";")[0] for one in found.rejected] == [
        "date is an object",
        "date is a text of 4 characters",
    ]
    assert found.feedback["transferred_at"].to_list() == [datetime(2026, 3, 2, 9)]
