"""Zendesk: a ticket from however many files."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.reading import FIXTURES, balanced, give, read_all, refusals, rows
from transforms.readers import discover, read

USERS = [
    {"id": 1, "name": "Kim", "role": "end-user"},
    {"id": 2, "name": "Ann", "role": "agent"},
    {"id": 3, "name": "Bob", "role": "admin"},
]
TICKET: dict[str, Any] = {
    "id": 10,
    "status": "solved",
    "requester_id": 1,
    "assignee_id": 2,
    "group_id": 5,
    "created_at": "2026-01-05T09:00:00Z",
    "updated_at": "2026-01-07T09:00:00Z",
    "via": {"channel": "email"},
    "description": "My parcel is late",
    "tags": ["vip", "topic_delivery"],
    "satisfaction_rating": {"score": "offered"},
}


def comment(number: int, author: int, at: str, **more: object) -> dict[str, object]:
    return {"id": number, "author_id": author, "public": True, "created_at": f"2026-01-{at}:00Z", **more}


def audit(number: int, at: str, *events: dict[str, object]) -> dict[str, object]:
    return {"id": number, "ticket_id": 10, "created_at": f"2026-01-{at}:00Z", "events": list(events)}


def change(field: str, before: object, after: object) -> dict[str, object]:
    return {"type": "Change", "field_name": field, "previous_value": before, "value": after}


COMMENTS = [
    comment(2, 2, "05T10:00", html_body="<p>I am <b>sorry</b>.</p><p>I&#39;ll check&nbsp;it.</p>"),
    comment(1, 1, "05T09:00", body="My parcel is late"),
    comment(3, 3, "05T11:00", body="Refund?", public=False),
    comment(4, -1, "06T11:00", body="Your ticket is solved"),
    comment(5, 9, "06T12:00", body="Me too"),
]
AUDITS = [
    audit(1, "05T09:00", {"type": "Create", "field_name": "status", "value": "new"}),
    audit(2, "05T09:30", change("assignee_id", None, "3")),
    audit(3, "05T10:00", change("assignee_id", "3", "2"), change("status", "open", "solved")),
    audit(4, "05T12:00", change("status", "solved", "open"), change("group_id", "5", "6")),
    audit(5, "06T11:00", change("status", "open", "solved")),
]
RATINGS = [{"id": 1, "ticket_id": 10, "score": "good_with_comment", "updated_at": "2026-01-09T00:00:00Z"}]
METRICS = [
    {
        "ticket_id": 10,
        "reopens": 1,
        "solved_at": "2026-01-06T11:00:00Z",
        "reply_time_in_minutes": {"calendar": 60, "business": 30},
        "first_resolution_time_in_minutes": {"calendar": 60, "business": 30},
        "full_resolution_time_in_minutes": {"calendar": 1560, "business": 300},
    }
]
WHOLE = {
    "ticket": TICKET,
    "comments": COMMENTS,
    "users": USERS,
    "groups": [{"id": 5, "name": "Billing"}, {"id": 6, "name": "Second line"}],
    "audits": AUDITS,
    "satisfaction_ratings": RATINGS,
    "ticket_metrics": METRICS,
}


def test_a_ticket_in_one_file(tmp_path: Path) -> None:
    found = give(tmp_path, "ticket.json", json.dumps(WHOLE))
    assert found.format == "zendesk"
    assert found.rejected == []
    assert found.given_count == 1 + 5 + 3 + 2 + 5 + 1 + 1
    assert rows(found, "speaker", "speaker_id", "kind", "text", "sent_at") == [
        ("customer", "1", "message", "My parcel is late", datetime(2026, 1, 5, 9)),
        ("agent", "2", "message", "I am sorry.\nI'll check it.", datetime(2026, 1, 5, 10)),
        ("agent", "3", "note", "Refund?", datetime(2026, 1, 5, 11)),
        ("system", "-1", "message", "Your ticket is solved", datetime(2026, 1, 6, 11)),
        ("unknown", "9", "message", "Me too", datetime(2026, 1, 6, 12)),
    ]
    assert found.notices == [
        "no role is known for '9': they count as unknown. Map them under [roles] in heard.toml; "
        '"*" = "customer" there maps everybody else'
    ]
    ticket = found.transcript.row(0, named=True)
    assert {
        name: ticket[name] for name in ("conversation_id", "channel", "agent_id", "customer_id", "team", "topic")
    } == {
        "conversation_id": "10",
        "channel": "email",
        "agent_id": "2",
        "customer_id": "1",
        "team": "Billing",
        "topic": "delivery",
    }
    assert ticket["vendor_first_response_seconds"] == 3600
    assert ticket["vendor_first_response_business_seconds"] == 1800
    assert ticket["vendor_full_resolution_seconds"] == 93_600
    outcome = found.feedback.row(0, named=True)
    assert (outcome["status"], outcome["resolved"], outcome["reopened"]) == ("solved", True, True)
    assert (outcome["resolved_at"], outcome["fully_resolved_at"]) == (
        datetime(2026, 1, 5, 10),
        datetime(2026, 1, 6, 11),
    )
    assert (outcome["transferred_at"], outcome["escalated_at"]) == (datetime(2026, 1, 5, 10), None)
    assert (outcome["csat"], outcome["csat_scale"], outcome["answered_at"]) == (1.0, "good/bad", datetime(2026, 1, 9))


def test_a_group_mapped_to_supervisor_is_a_higher_tier(tmp_path: Path) -> None:
    found = give(tmp_path, "ticket.json", json.dumps(WHOLE), **{"Second line": "supervisor"})
    assert found.feedback["escalated_at"].to_list() == [datetime(2026, 1, 5, 12)]


def test_the_same_in_several_files(tmp_path: Path) -> None:
    whole = give(tmp_path / "one", "ticket.json", json.dumps(WHOLE))
    folder = tmp_path / "many"
    folder.mkdir()
    for name in ("ticket", "users", "groups", "audits", "satisfaction_ratings", "ticket_metrics"):
        (folder / f"{name}.json").write_text(json.dumps({name: WHOLE[name]}))
    (folder / "ticket_10_comments.json").write_text(json.dumps({"comments": COMMENTS, "next_page": None}))
    found = read_all(folder)
    assert found.segment.equals(whole.segment)
    assert found.transcript.equals(whole.transcript)
    assert found.feedback.equals(whole.feedback)
    assert found.given_count == whole.given_count


def test_ndjson_with_embedded_comments(tmp_path: Path) -> None:
    other = {
        **TICKET,
        "id": 11,
        "requester": {"id": 7, "role": "end-user"},
        "requester_id": 7,
        "comments": COMMENTS[:1],
    }
    text = json.dumps({**TICKET, "comments": COMMENTS[:2]}) + "\n" + json.dumps(other) + "\n"
    found = give(tmp_path, "tickets.jsonl", text)
    assert rows(found, "conversation_id", "speaker") == [("10", "customer"), ("10", "agent"), ("11", "agent")]
    assert found.given_count == 5


def test_description_is_the_first_message_only_where_comments_are_missing(tmp_path: Path) -> None:
    found = give(tmp_path, "tickets.json", json.dumps({"tickets": [TICKET], "count": 1}))
    assert rows(found, "speaker", "text", "sent_at") == [("customer", "My parcel is late", datetime(2026, 1, 5, 9))]
    assert found.feedback.select("csat", "was_surveyed").row(0) == (None, True)


def test_comments_in_the_audits(tmp_path: Path) -> None:
    audit = {"id": 1, "ticket_id": 10, "author_id": 1, "created_at": "2026-01-05T09:00:00Z"}
    said = {"type": "Comment", "id": 77, "body": "Hello", "public": True}
    found = give(tmp_path, "t.json", json.dumps({"ticket": TICKET, "audits": [{**audit, "events": [said]}]}))
    assert rows(found, "speaker", "text", "sent_at") == [("customer", "Hello", datetime(2026, 1, 5, 9))]


def test_repeated_tickets_the_later_wins(tmp_path: Path) -> None:
    earlier = {**TICKET, "status": "open", "updated_at": "2026-01-06T00:00:00Z"}
    found = give(tmp_path, "t.json", json.dumps({"tickets": [TICKET, earlier]}))
    assert found.feedback["status"].to_list() == ["solved"]
    assert (found.given_count, found.accepted_count) == (2, 2)


def test_real_files_that_do_not_all_belong_together() -> None:
    found = read_all(FIXTURES / "zendesk")
    assert rows(found, "conversation_id", "speaker", "sent_at") == [
        ("2", "customer", datetime(2019, 6, 3, 1, 23, 47)),
        ("2", "customer", datetime(2019, 6, 3, 2, 23, 47)),
    ]
    assert refusals(found) == [
        "ticket_audits.json, audit 1: ticket 666, to which it belongs, is not here; expected its ticket beside it. "
        "Put the ticket's file into the same folder."
    ]
    assert (found.given_count, found.accepted_count) == (4, 3)


def test_comments_of_two_tickets_that_name_neither(tmp_path: Path) -> None:
    (tmp_path / "tickets.json").write_text(json.dumps({"tickets": [TICKET, {**TICKET, "id": 11}]}))
    (tmp_path / "comments.json").write_text(json.dumps({"comments": COMMENTS}))
    found = read_all(tmp_path)
    assert refusals(found) == [
        "comments.json, comment 1 and 4 more: it names no ticket; expected its ticket beside it. "
        "Put the ticket's file into the same folder."
    ]
    assert (found.rejected_count, found.accepted_count) == (5, 2)


def test_one_broken_comment_refuses_its_ticket(tmp_path: Path) -> None:
    broken = {**COMMENTS[0], "created_at": "soon"}
    tickets = [{**TICKET, "comments": [COMMENTS[1], broken]}, {**TICKET, "id": 11}]
    found = give(tmp_path, "t.json", json.dumps({"tickets": tickets}))
    assert refusals(found) == [
        "ticket 1, comment 2: created_at is a text of 4 characters; "
        "expected an ISO 8601 time such as 2026-01-31T09:30:00Z. Correct it and run again."
    ]
    assert found.rejected[0].record_count == 3
    assert found.transcript["conversation_id"].to_list() == ["11"]


def test_tickets_that_are_whole_are_sources_of_their_own(tmp_path: Path) -> None:
    for number in (1, 2):
        (tmp_path / f"{number}.json").write_text(
            json.dumps(
                {
                    **WHOLE,
                    "ticket": {**TICKET, "id": number},
                    "audits": [],
                    "satisfaction_ratings": [],
                    "ticket_metrics": [],
                }
            )
        )
    sources, _ = discover([str(tmp_path)])
    assert [one.name for one in sources] == ["1.json", "2.json"]
    for source in sources:
        balanced(read(source, {}))
