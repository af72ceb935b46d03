"""What desks, chat tools and containers also write, and other samples lack."""

import base64
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.reading import give, read_all, refusals, rows
from transforms.readers import Transcript

NOON = 1_767_268_800  # 2026-01-01T12:00:00Z


def at(minute: int) -> datetime:
    return datetime(2026, 1, 1, 12, minute)


def given(folder: Path, *values: Any, **roles: str) -> Transcript:
    """What is read of one source, of a JSON file for each value."""
    for number, value in enumerate(values):
        (folder / f"x-{number}.json").write_text(json.dumps(value))
    return read_all(folder, **roles)


PARTIES = [{"name": "Ann Lee", "role": "agent", "mailto": "ann@shop.example"}, {"name": "Kim", "role": "customer"}]
RECORDING = {"type": "recording", "start": "2026-01-01T12:00:00Z", "duration": 9, "parties": [0, 1]}


def vcon(**more: Any) -> dict[str, Any]:
    return {"vcon": "0.3.0", "uuid": "u1", "parties": PARTIES, "dialog": [RECORDING], "analysis": [], **more}


def sealed(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "body",
    [
        {"encoding": "base64url", "body": sealed({"segments": [{"speaker": "Ann Lee", "text": "Hello"}]})},
        {"encoding": "json", "body": json.dumps([{"speaker": 0, "text": "Hello"}])},
        {"encoding": "none", "body": "Ann Lee: Hello"},
        {"body": {"speakers": {"0": {"label": "Ann Lee"}}, "segments": [{"speaker": 0, "text": "Hello"}]}},
    ],
)
def test_a_vcon_names_its_parties_in_any_encoding(tmp_path: Path, body: dict[str, Any]) -> None:
    found = given(tmp_path, vcon(analysis=[{"type": "transcript", "dialog": 0, **body}]))
    assert rows(found, "speaker", "speaker_id", "text") == [("agent", "ann@shop.example", "Hello")]


def test_a_vcon_transfer_without_a_time_has_that_of_its_target(tmp_path: Path) -> None:
    said = {"type": "text", "parties": 0, "body": "Hello"}
    moved = {"type": "transfer", "transferor": 0, "transferee": 1, "target_dialog": 2}
    dialog = [{**said, "start": "2026-01-01T12:00:00Z"}, moved, {**said, "start": "2026-01-01T12:05:00Z"}]
    assert given(tmp_path, vcon(dialog=dialog)).feedback["transferred_at"].to_list() == [at(5)]


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("message/rfc822", "From: kim@x.example\r\nSubject: late\r\n\r\nWhere is it?\r\n\r\n-- \r\nKim"),
        ("multipart/alternative", "--b\r\nContent-Type: text/plain\r\n\r\nWhere is it?\r\n--b--\r\n"),
        ("text/html", "<p>Where is it?</p>"),
        ("text/plain", "Where is it?"),
    ],
)
def test_a_vcon_mail_is_what_its_sender_wrote(tmp_path: Path, kind: str, body: str) -> None:
    said = {"type": "text", "start": "2026-01-01T12:00:00Z", "parties": 1, "mediatype": kind, "body": body}
    assert rows(given(tmp_path, vcon(dialog=[said])), "speaker", "text") == [("customer", "Where is it?")]


def test_intercom_as_a_webhook_sends_it(tmp_path: Path) -> None:
    source = {"type": "conversation", "body": "<p>Hi</p>", "author": {"type": "user", "id": "u"}}
    one = {"type": "conversation", "id": "9", "created_at": NOON, "source": source, "state": "open"}
    one["conversation_parts"] = {"conversation_parts": []}
    found = given(tmp_path, {"type": "notification_event", "topic": "x", "data": {"item": one}})
    assert rows(found, "conversation_id", "speaker", "text") == [("9", "customer", "Hi")]


def test_freshdesk_mail_that_the_agent_forwarded_is_not_the_customers(tmp_path: Path) -> None:
    ticket = {"id": 1, "requester_id": 5, "responder_id": 6, "status": 2, "description_text": "Hi"}
    note = {
        "incoming": True,
        "private": True,
        "user_id": 6,
        "body_text": "see below",
        "created_at": "2026-01-01T12:05:00Z",
    }
    found = given(tmp_path, {**ticket, "created_at": "2026-01-01T12:00:00Z", "conversations": [note]})
    assert rows(found, "speaker", "kind") == [("customer", "message"), ("agent", "note")]


def salesforce(*parts: str) -> list[dict[str, str]]:
    head = '<p align="center">Chat Started: Monday, December 17, 2018, 23:27:57 (-0500)</p>'
    return [{"Id": "570x", "Status": "Completed", "Body": head + "".join(parts)}]


def test_a_salesforce_bot_is_not_the_customer(tmp_path: Path) -> None:
    body = salesforce(
        "( 1s ) Chatbot: Hello<br>( 5s ) Kim: agent please<br>",
        '<p align="center">Chat Transferred From Chatbot To Ann L</p>( 30s ) Ann: Hi<br>',
    )
    assert rows(given(tmp_path, body), "speaker", "speaker_id") == [
        ("bot", "Chatbot"),
        ("customer", "Kim"),
        ("agent", "Ann"),
    ]


def test_of_two_whom_no_salesforce_header_names_neither_is_guessed(tmp_path: Path) -> None:
    body = salesforce('<p align="center">Agent Ann L</p>( 1s ) Ann: Hi<br>( 5s ) Kim: Hi<br>( 9s ) Lou: Hello<br>')
    assert rows(given(tmp_path, body), "speaker") == [("agent",), ("unknown",), ("unknown",)]


def test_chatwoot_tells_when_it_was_resolved_and_reopened(tmp_path: Path) -> None:
    def message(kind: int, minute: int, content: str) -> dict[str, Any]:
        sent = {"id": minute, "created_at": NOON + 60 * minute, "private": False}
        return {**sent, "message_type": kind, "content": content}

    told = [(2, 1, "resolved by Ann"), (2, 2, "reopened by Kim"), (2, 3, "marked resolved by Ann")]
    messages = [
        message(0, 0, "Hi"),
        *(message(kind, minute, f"Conversation was {what}") for kind, minute, what in told),
    ]
    found = given(tmp_path, {"id": 4, "status": "resolved", "messages": messages})
    columns = ("resolved", "resolved_at", "fully_resolved_at", "reopened")
    assert found.feedback.select(columns).row(0) == (True, at(1), at(3), True)


def test_chats_of_the_old_livechat(tmp_path: Path) -> None:
    def said(kind: str, minute: int, text: str, **more: Any) -> dict[str, Any]:
        return {"user_type": kind, "text": text, "timestamp": NOON + 60 * minute, "author_name": "x", **more}

    chat = {
        "type": "chat",
        "id": "MH1",
        "visitor": {"id": "v1", "name": "Kim"},
        "rate": "rated_bad",
        "started_timestamp": NOON,
        "messages": [said("agent", 0, "Hello", agent_id="ann", welcome_message=True), said("visitor", 1, "late")],
        "events": [said("agent", 2, "Chat transferred to Bob", type="event")],
    }
    missed = {"type": "missed_chat", "id": "MH2", "visitor": {"id": "v2"}, "messages": [said("visitor", 3, "anyone?")]}
    found = given(tmp_path, {"chats": [chat, missed], "total": 2})
    assert rows(found, "conversation_id", "speaker", "speaker_id", "kind", "text") == [
        ("MH1", "bot", "ann", "message", "Hello"),
        ("MH1", "customer", "v1", "message", "late"),
        ("MH1", "system", None, "event", "Chat transferred to Bob"),
        ("MH2", "customer", "v2", "message", "anyone?"),
    ]
    assert found.feedback.select("conversation_id", "csat", "transferred_at").rows() == [("MH1", 0.0, at(2))]


def test_a_zendesk_trigger_takes_over_from_nobody(tmp_path: Path) -> None:
    def line(nick: str, second: int, msg: str) -> dict[str, str]:
        return {
            "type": "chat.msg",
            "nick": nick,
            "name": nick,
            "timestamp": f"2026-01-01T12:00:{second:02}Z",
            "msg": msg,
        }

    lines = [line("visitor:x", 0, "Hi"), line("agent:7", 5, "Hello"), line("agent:trigger", 9, "Auto")]
    chat = {"id": "1.2", "visitor": {"id": "v1"}, "history": lines, "rating": "good"}
    moved = given(tmp_path, chat).feedback["transferred_at"].to_list()
    assert moved == [None]
    chat["history"] = [*lines, line("agent:8", 20, "Bob here")]
    assert given(tmp_path, chat).feedback["transferred_at"].to_list() == [datetime(2026, 1, 1, 12, 0, 20)]


TICKET = {"id": 10, "requester_id": 1, "assignee_id": 2, "status": "solved", "created_at": "2026-01-01T12:00:00Z"}


def event(minute: int, updater: int, *children: dict[str, Any], via: str = "Mail") -> dict[str, Any]:
    moment = {"timestamp": NOON + 60 * minute, "created_at": f"2026-01-01T12:{minute:02}:00Z"}
    return {"id": minute, "ticket_id": 10, "updater_id": updater, "via": via, **moment, "child_events": list(children)}


def test_zendesk_ticket_events_are_audits(tmp_path: Path) -> None:
    said = {"event_type": "Comment", "id": 70, "body": "My parcel is late", "public": True, "via": "Mail"}
    events = [
        event(0, 1, said, {"event_type": "Create", "status": "new", "subject": "x"}),
        event(5, 2, {**said, "id": 71, "body": "Sorry", "author_id": 2, "created_at": "2026-01-01T12:05:00Z"}),
        event(6, 2, {"event_type": "Change", "assignee_id": 2, "previous_value": 3}),
        event(7, 2, {"event_type": "Change", "status": "solved", "previous_value": "open"}),
        event(8, 1, {"event_type": "Change", "status": "open", "previous_value": "solved"}),
        event(9, -1, {"event_type": "Change", "status": "solved", "previous_value": "open"}, via="Rule"),
    ]
    stream = {"ticket_events": events, "count": 6, "end_of_stream": True}
    found = given(tmp_path, {"tickets": [TICKET]}, stream)
    assert rows(found, "speaker", "text", "sent_at") == [
        ("customer", "My parcel is late", at(0)),
        ("agent", "Sorry", at(5)),
    ]
    columns = ("resolved_at", "fully_resolved_at", "reopened", "transferred_at")
    assert found.feedback.select(columns).row(0) == (at(7), at(9), True, at(6))
    assert found.given_count == 7


def test_zendesk_ticket_events_without_their_ticket(tmp_path: Path) -> None:
    assert refusals(given(tmp_path, {"ticket_events": [event(0, 1, {"event_type": "Create", "status": "new"})]})) == [
        "ticket_event 1: ticket 10, to which it belongs, is not here; expected its ticket beside it. "
        "Put the ticket's file into the same folder."
    ]


def test_plain_turns_in_a_wrapper(tmp_path: Path) -> None:
    said = {"convo_id": 1, "original": [["agent", "Hi"], ["customer", "Hello"]]}
    turns = {"id": "a", "turns": [{"speaker": "agent", "text": "Hi"}]}
    found = given(tmp_path, {"train": [said], "dev": [{**said, "convo_id": 2}], "test": []})
    assert found.transcript["conversation_id"].to_list() == ["1", "2"]
    assert rows(give(tmp_path / "w", "x.json", json.dumps({"conversations": [turns]})), "conversation_id") == [("a",)]


def test_the_names_of_those_who_take_part_reach_the_redactor(tmp_path: Path) -> None:
    """Ids are numbers; names stand beside them, in as many ways as there are desks."""
    comment = {"id": 1, "author_id": 1, "body": "Hi", "created_at": "2026-01-01T12:00:00Z"}
    users = [{"id": 1, "role": "end-user", "name": "Kim Day"}, {"id": 8, "role": "agent", "name": "Not Here"}]
    source = {"type": "conversation", "body": "Hi", "author": {"type": "user", "id": "7", "name": "Kim Day"}}
    intercom = {"id": "1", "created_at": NOON, "source": source, "conversation_parts": {"conversation_parts": []}}
    fresh = {"id": 1, "requester_id": 5, "responder_id": 6, "description_text": "Hi", "requester": {"name": "Kim Day"}}
    event = {"type": "message", "author_id": "c", "text": "Hi", "created_at": "2026-01-01T12:00:00Z"}
    chat = {"id": "P", "users": [{"id": "c", "type": "customer", "name": "Kim Day"}], "thread": {"events": [event]}}
    sent = {"message_type": 0, "content": "Hi", "created_at": NOON, "sender": {"id": 8, "name": "Kim Day"}}
    line = {
        "type": "chat.msg",
        "nick": "visitor:x",
        "name": "Kim Day",
        "timestamp": "2026-01-01T12:00:00Z",
        "msg": "Hi",
    }
    mail = {"id": "m", "is_inbound": True, "body": "Hi", "created_at": NOON, "type": "email"}
    mail["recipients"] = [{"handle": "kd@x.example", "name": "Kim Day", "role": "from"}]
    given_by = {
        "zendesk": {"ticket": {**TICKET, "subject": "x"}, "comments": [comment], "users": users},
        "intercom": intercom,
        "freshdesk": fresh,
        "livechat": {"chats": [chat]},
        "chatwoot": {"id": 4, "status": "open", "messages": [sent]},
        "zendesk_chat": {"id": "1.2", "visitor": {"id": "v1"}, "history": [line]},
        "front": {"id": "cnv_1", "messages": [mail]},
        "vcon": vcon(
            dialog=[{"type": "text", "parties": 0, "body": "Hi"}], parties=[{"name": "Kim Day", "role": "agent"}]
        ),
    }
    for name, value in given_by.items():
        (tmp_path / name).mkdir()
        found = given(tmp_path / name, value)
        assert (found.format, "Kim Day" in found.person["person"].to_list()) == (name, True)
        assert "Not Here" not in found.person["person"].to_list()


def test_a_bots_name_is_nobodys(tmp_path: Path) -> None:
    """Otherwise "en fin de mois" would lose a word."""
    part = {
        "id": "2",
        "part_type": "comment",
        "body": "Hi",
        "created_at": NOON,
        "author": {"type": "bot", "name": "Fin"},
    }
    source = {"type": "conversation", "body": "Hi", "author": {"type": "user", "id": "7", "name": "Kim Day"}}
    one = {"id": "1", "created_at": NOON, "source": source, "conversation_parts": {"conversation_parts": [part]}}
    assert given(tmp_path, one).person["person"].to_list() == ["Kim Day"]
