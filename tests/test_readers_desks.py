"""Desks and chat tools, by the vendors' schemas."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.reading import give, read_all, refusals, rows
from transforms.readers import Transcript

NOON = 1_767_268_800  # 2026-01-01T12:00:00Z


def at(minute: int) -> datetime:
    return datetime(2026, 1, 1, 12, minute)


def give_json(folder: Path, value: Any, **roles: str) -> Transcript:
    return give(folder, "x.json", json.dumps(value), **roles)


def test_intercom(tmp_path: Path) -> None:
    def part(kind: str, minute: int, author: str, **more: Any) -> dict[str, Any]:
        return {
            "id": minute,
            "part_type": kind,
            "created_at": NOON + 60 * minute,
            "author": {"type": author, "id": author},
            **more,
        }

    parts = [
        part("close", 9, "admin", body=None),
        part("comment", 2, "admin", body="<p>Hello &amp; sorry</p>"),
        part("assignment", 1, "bot", body=None, assigned_to={"type": "admin", "id": "1"}),
        part("note", 3, "admin", body="<p>VIP</p>"),
        part("assignment", 4, "admin", body=None, assigned_to={"type": "admin", "id": "2"}),
        part("comment", 5, "lead", body="<p>Thanks</p>"),
    ]
    conversation = {
        "type": "conversation",
        "id": "367",
        "created_at": NOON,
        "source": {"type": "conversation", "body": "<p>Help</p>", "author": {"type": "user", "id": "u"}},
        "contacts": {"contacts": [{"id": "c9"}]},
        "admin_assignee_id": 2,
        "state": "closed",
        "statistics": None,
        "conversation_rating": {"rating": 4, "created_at": NOON + 600},
        "topics": {},
        "conversation_parts": {"conversation_parts": parts},
    }  # fmt: skip
    found = give_json(tmp_path, {"type": "conversation.list", "conversations": [conversation]})
    assert rows(found, "speaker", "kind", "text", "sent_at") == [
        ("customer", "message", "Help", at(0)),
        ("bot", "event", "assignment", at(1)),
        ("agent", "message", "Hello & sorry", at(2)),
        ("agent", "note", "VIP", at(3)),
        ("agent", "event", "assignment", at(4)),
        ("customer", "message", "Thanks", at(5)),
        ("agent", "event", "close", at(9)),
    ]
    outcome = found.feedback.row(0, named=True)
    assert (outcome["resolved"], outcome["resolved_at"], outcome["transferred_at"]) == (True, at(9), at(4))
    assert (outcome["csat"], outcome["csat_scale"], outcome["answered_at"]) == (4.0, "1-5", at(10))
    assert found.transcript.select("customer_id", "agent_id").row(0) == ("c9", "2")


FRESH = {
    "id": 1,
    "requester_id": 5,
    "responder_id": 6,
    "status": 4,
    "source": 1,
    "description_text": "It broke",
    "created_at": "2026-01-01T12:00:00Z",
    "stats": {"resolved_at": "2026-01-01T13:00:00Z", "reopened_at": None},
}
NOTE = {"ticket_id": 1, "private": False}
NOTES = [
    {**NOTE, "incoming": True, "user_id": 5, "body_text": "Thanks", "created_at": "2026-01-01T12:09:00Z"},
    {**NOTE, "incoming": False, "user_id": 6, "body": "<b>Sorry</b>", "created_at": "2026-01-01T12:05:00Z"},
]


def test_freshdesk_in_files_that_belong_together(tmp_path: Path) -> None:
    rating = [{"ticket_id": 1, "ratings": {"default_question": 103}, "created_at": "2026-01-02T00:00:00Z"}]
    for name, value in (("ticket_1", FRESH), ("conversations", NOTES), ("ratings", rating)):
        (tmp_path / f"{name}.json").write_text(json.dumps(value))
    found = read_all(tmp_path)
    assert rows(found, "speaker", "text", "sent_at") == [
        ("customer", "It broke", at(0)),
        ("agent", "Sorry", at(5)),
        ("customer", "Thanks", at(9)),
    ]
    outcome = found.feedback.row(0, named=True)
    assert (outcome["status"], outcome["resolved"], outcome["reopened"]) == ("resolved", True, False)
    assert (outcome["resolved_at"], outcome["csat"], outcome["csat_scale"]) == (datetime(2026, 1, 1, 13), 7.0, "1-7")
    assert found.given_count == 4


def test_freshdesk_2_is_open_whatever_stats_say(tmp_path: Path) -> None:
    found = give_json(tmp_path, {**FRESH, "status": 2})
    assert found.feedback.select("status", "resolved", "resolved_at").row(0) == ("open", False, None)


def test_an_id_that_no_table_can_hold(tmp_path: Path) -> None:
    assert give_json(tmp_path, {**FRESH, "id": "\ud800"}).transcript["conversation_id"].to_list() == ["?"]


def test_freshdesk_v1(tmp_path: Path) -> None:
    note = {
        "note": {"incoming": False, "private": True, "user_id": 6, "body": "look", "created_at": "2026-01-01T12:05:00Z"}
    }
    ticket = {
        "display_id": 9,
        "requester_id": 5,
        "responder_id": 6,
        "description": "<p>Hi</p>",
        "status": 2,
        "notes": [note],
    }
    found = give_json(tmp_path, {"helpdesk_ticket": ticket})
    assert rows(found, "conversation_id", "speaker", "kind", "text") == [
        ("9", "customer", "message", "Hi"),
        ("9", "agent", "note", "look"),
    ]


def test_freshdesk_conversations_without_their_ticket(tmp_path: Path) -> None:
    assert refusals(give_json(tmp_path, NOTES)) == [
        "object 1 and 1 more: ticket 1, to which it belongs, is not here; expected its ticket beside it. "
        "Put the ticket's file into the same folder."
    ]


def test_front(tmp_path: Path) -> None:
    inbound = {
        "is_inbound": True,
        "type": "email",
        "created_at": NOON + 0.5,
        "body": "<p>Hi</p>",
        "recipients": [{"handle": "kim@x.example", "role": "from"}],
    }
    reply = {"is_inbound": False, "type": "email", "created_at": NOON + 60, "text": "Hello", "author": {"id": "tea_1"}}
    note = {"author": {"id": "tea_2"}, "body": "mine", "posted_at": NOON + 120}
    found = give_json(
        tmp_path, {"id": "cnv_1", "status_category": "resolved", "messages": [reply, inbound], "comments": [note]}
    )
    assert rows(found, "speaker", "speaker_id", "kind", "text") == [
        ("customer", "kim@x.example", "message", "Hi"),
        ("agent", "tea_1", "message", "Hello"),
        ("agent", "tea_2", "note", "mine"),
    ]
    assert found.feedback["resolved"].to_list() == [True]
    assert found.transcript.select("channel", "customer_id").row(0) == ("email", "kim@x.example")


def test_chatwoot(tmp_path: Path) -> None:
    def message(kind: int, minute: int, content: str, **more: Any) -> dict[str, Any]:
        return {
            "id": minute,
            "message_type": kind,
            "created_at": NOON + 60 * minute,
            "content": content,
            "private": False,
            **more,
        }

    survey = {"submitted_values": {"csat_survey_response": {"rating": 5}}}
    messages = [
        message(1, 1, "Hello", sender={"id": 3, "type": "user", "name": "Ann"}),
        message(0, 0, "Hi", sender_type="Contact", sender_id=8),
        message(2, 2, "Conversation was resolved"),
        message(1, 3, "look", private=True),
        message(3, 4, "Please rate", content_type="input_csat", content_attributes=survey),
    ]
    found = give_json(tmp_path, {"id": 4, "status": "resolved", "meta": {"sender": {"id": 8}}, "messages": messages})
    assert rows(found, "speaker", "kind", "text") == [
        ("customer", "message", "Hi"),
        ("agent", "message", "Hello"),
        ("system", "event", "Conversation was resolved"),
        ("agent", "note", "look"),
        ("system", "event", "Please rate"),
    ]
    assert found.feedback.select("resolved", "csat", "was_surveyed").row(0) == (True, 5.0, True)


def test_livechat(tmp_path: Path) -> None:
    def event(kind: str, minute: int, text: str, **more: Any) -> dict[str, Any]:
        return {
            "type": kind,
            "text": text,
            "created_at": f"2026-01-01T12:0{minute}:00.000000Z",
            "visibility": "all",
            **more,
        }

    chat = {
        "id": "PS1",
        "users": [{"id": "a", "type": "agent", "name": "Ann"}, {"id": "c", "type": "customer"}],
        "thread": {
            "events": [
                event("message", 0, "Hi", author_id="c"),
                event("message", 1, "Hello", author_id="a"),
                event("message", 2, "hm", author_id="a", visibility="agents"),
                event("system_message", 3, "Chat transferred to Bob"),
            ],
            "properties": {"rating": {"score": {"value": 1}}},
        },
    }
    found = give_json(tmp_path, {"chats": [chat]})
    assert rows(found, "speaker", "kind", "text") == [
        ("customer", "message", "Hi"),
        ("agent", "message", "Hello"),
        ("agent", "note", "hm"),
        ("system", "event", "Chat transferred to Bob"),
    ]
    assert found.feedback.select("csat", "csat_scale", "transferred_at").row(0) == (1.0, "good/bad", at(3))


def test_salesforce_chat(tmp_path: Path) -> None:
    body = (
        '<p align=""center"">Chat Started: Monday, December 17, 2018, 23:27:57 (-0500)</p>'
        '<p align=""center"">Agent Royalle G</p>( 10s ) Royalle: Hello &amp; welcome<br>'
        "( 1m 13s ) Visitor: Hi<br>( 2m ) Royalle left the chat<br>"
    )
    found = give(tmp_path, "x.csv", f'Id,Body\n570x,"{body}"\n')
    assert rows(found, "conversation_id", "speaker", "kind", "text", "sent_at") == [
        ("570x", "agent", "message", "Hello & welcome", datetime(2018, 12, 18, 4, 28, 7)),
        ("570x", "customer", "message", "Hi", datetime(2018, 12, 18, 4, 29, 10)),
        ("570x", "system", "event", "Royalle left the chat", datetime(2018, 12, 18, 4, 29, 57)),
    ]
