"""A Zendesk export: tickets, comments, users, groups, audits, ratings and metrics, as the API gives them."""

import html
import json
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from data.generator.case import Agent, Case, Turn
from data.generator.survey import Answer
from data.generator.write_common import put, stamp

GROUPS = {"Dublin": 501, "Leeds": 502, "Lyon": 503, "Second line": 590}
NOTES = {
    "en": (
        "Customer sounds fed up, depot asked for a date.",
        "Checked with stock, waiting for an answer.",
        "See last ticket, same story.",
    ),
    "fr": (
        "Client très remonté, relance faite au dépôt.",
        "Vu avec le stock, en attente de réponse.",
        "Voir le ticket précédent.",
    ),
}
Json = dict[str, Any]


class Export:
    """The export as it grows, ticket by ticket."""

    def __init__(self, staff: list[Agent], rng: Random) -> None:
        self.rng = rng
        self.tickets: list[Json] = []
        self.comments: list[Json] = []
        self.audits: list[Json] = []
        self.ratings: list[Json] = []
        self.metrics: list[Json] = []
        self.users: dict[str, Json] = {
            agent.id: _user(int(agent.id), agent.name, "agent", f"{agent.first.lower()}@alderway.example")
            for agent in staff
        }

    def add(self, case: Case, answer: Answer | None, reopened: bool) -> None:
        """Adds a case with all that belongs to it."""
        assert case.customer is not None
        person = case.customer
        name = f"{person.first} {person.last}"
        self.users.setdefault(person.id, _user(int(person.id), name, "end-user", person.email))
        last = max(turn.sent_at for turn in case.turns if turn.sent_at)
        changes = self._history(case, reopened)
        solved = next((at for at, field, _, value in changes if (field, value) == ("status", "solved")), None)
        updated = max([last, *(at for at, *_ in changes)]) + timedelta(minutes=2)
        self._comments(case)
        self._audits(case, changes)
        self.tickets.append(self._ticket(case, changes, updated, answer))
        self.metrics.append(_metrics(case, solved, reopened))
        if answer or self.rng.random() < 0.4:
            self.ratings.append(self._rating(case, answer, updated))

    def write(self, folder: Path) -> None:
        """Writes the files of the export."""
        offered = [dict(self.tickets[4], status="open", updated_at=self.tickets[4]["created_at"])]
        comments = sorted(self.comments, key=lambda one: (-one["ticket_id"], one["id"]))
        orphan = dict(comments[0], id=999001, ticket_id=29999)
        for name, found in (
            ("tickets", offered + self.tickets),
            ("comments", [*comments, orphan]),
            ("users", list(self.users.values())),
            ("groups", [{"id": number, "name": name, "deleted": False} for name, number in GROUPS.items()]),
            ("audits", self.audits),
            ("satisfaction_ratings", self.ratings),
            ("ticket_metrics", self.metrics),
        ):
            whole = {name: found, "next_page": None, "previous_page": None, "count": len(found)}
            file = "ticket_audits" if name == "audits" else "ticket_comments" if name == "comments" else name
            put(folder / f"{file}.json", json.dumps(whole, ensure_ascii=False, separators=(",", ":")) + "\n")

    def _history(self, case: Case, reopened: bool) -> list[tuple[datetime, str, str, str]]:
        """The changes of a ticket: when, which field, from what, to what."""
        changes = []
        if case.escalated_in is not None:
            at = case.times[case.escalated_in][1] + timedelta(seconds=40)
            changes.append((at, "group_id", str(GROUPS[case.agent.team]), str(GROUPS["Second line"])))
        if case.resolved:
            at = case.times[max(0, len(case.times) - 2)][1]
            changes.append((at, "status", "open", "solved"))
            if reopened:
                again = case.times[-1][0] + timedelta(seconds=1)
                changes.append((again, "status", "solved", "open"))
                changes.append((case.times[-1][1] + timedelta(minutes=5), "status", "open", "solved"))
        return changes

    def _ticket(self, case: Case, changes: list[Any], updated: datetime, answer: Answer | None) -> Json:
        assert case.customer is not None
        number, first = int(case.id), next(turn for turn in case.turns if turn.kind == "message")
        is_outbound = case.kind == "follow_up"
        status = "solved" if case.resolved else self.rng.choice(("open", "pending", "open"))
        if case.resolved and case.number % 3 == 0:
            status = "closed"
        moved = any(field == "group_id" for _, field, *_ in changes)
        return {
            "url": f"https://alderway.zendesk.example/api/v2/tickets/{number}.json",
            "id": number,
            "external_id": None,
            "via": {
                "channel": "web" if is_outbound else ("email", "email", "web")[number % 3],
                "source": {"from": {}, "to": {}, "rel": None},
            },
            "created_at": stamp(case.started_at),
            "updated_at": stamp(updated),
            "type": "question",
            "subject": f"{case.topic.capitalize()}",
            "raw_subject": f"{case.topic.capitalize()}",
            "description": first.text,
            "priority": ("low", "normal", "high", "urgent")[case.severity],
            "status": status,
            "recipient": "care@alderway.example",
            "requester_id": int(case.customer.id),
            "submitter_id": int(case.agent.id if is_outbound else case.customer.id),
            "assignee_id": int(case.agent.id),
            "organization_id": None,
            "group_id": GROUPS["Second line" if moved else case.agent.team],
            "collaborator_ids": [],
            "is_public": True,
            "tags": [f"topic_{case.topic}", "alderway"],
            "custom_fields": [],
            "satisfaction_rating": {"score": answer.score if answer else "unoffered"},
        }

    def _comments(self, case: Case) -> None:
        for index, turn in enumerate(case.turns):
            self.comments.append(_comment(case, turn, index))
            if turn.speaker == "agent" and self.rng.random() < 0.12 and turn.sent_at:
                note = Turn("agent", self.rng.choice(NOTES[case.language]), sent_at=turn.sent_at - timedelta(minutes=3))
                self.comments.append(_comment(case, note, 50 + index) | {"public": False})

    def _audits(self, case: Case, changes: list[tuple[datetime, str, str, str]]) -> None:
        number = int(case.id)
        first: list[Json] = [
            {"id": number * 1000, "type": "Create", "field_name": "status", "value": "new"},
            {
                "id": number * 1000 + 1,
                "type": "Create",
                "field_name": "group_id",
                "value": str(GROUPS[case.agent.team]),
            },
        ]
        self.audits.append(_audit(number, 0, case.started_at, int(case.customer.id if case.customer else 0), first))
        for index, (at, field, before, after) in enumerate(changes, 1):
            event = {
                "id": number * 1000 + 10 + index,
                "type": "Change",
                "field_name": field,
                "value": after,
                "previous_value": before,
            }
            self.audits.append(_audit(number, index, at, int(case.agent.id), [event]))

    def _rating(self, case: Case, answer: Answer | None, updated: datetime) -> Json:
        at = answer.at if answer else updated + timedelta(hours=24)
        return {
            "id": 700_000 + int(case.id),
            "assignee_id": int(case.agent.id),
            "group_id": GROUPS[case.agent.team],
            "requester_id": int(case.customer.id if case.customer else 0),
            "ticket_id": int(case.id),
            "score": answer.score if answer else "offered",
            "created_at": stamp(at),
            "updated_at": stamp(at),
            "comment": None,
            "reason": "No reason provided" if answer else None,
        }


def _user(number: int, name: str, role: str, email: str) -> Json:
    return {"id": number, "name": name, "email": email, "role": role, "active": True, "time_zone": "Dublin"}


def _comment(case: Case, turn: Turn, index: int) -> Json:
    assert case.customer is not None and turn.sent_at is not None
    paragraphs = "".join(f"<p>{html.escape(part, quote=False)}</p>" for part in turn.text.split("\n\n"))
    return {
        "id": int(case.id) * 100 + index,
        "type": "Comment",
        "ticket_id": int(case.id),
        "author_id": int(case.customer.id if turn.speaker == "customer" else case.agent.id),
        "body": turn.text,
        "html_body": f'<div class="zd-comment" dir="auto">{paragraphs}</div>',
        "public": True,
        "attachments": [],
        "created_at": stamp(turn.sent_at),
    }


def _audit(ticket: int, index: int, at: datetime, author: int, events: list[Json]) -> Json:
    return {
        "id": ticket * 100 + index,
        "ticket_id": ticket,
        "created_at": stamp(at),
        "author_id": author,
        "via": {"channel": "web"},
        "events": events,
    }


def _metrics(case: Case, solved: datetime | None, reopened: bool) -> Json:
    answers = [turn.sent_at for turn in case.turns if turn.speaker == "agent" and turn.sent_at]
    reply = _minutes(case.started_at, answers[0]) if case.kind != "follow_up" else None
    full = _minutes(case.started_at, solved)
    return {
        "id": 800_000 + int(case.id),
        "ticket_id": int(case.id),
        "reopens": int(reopened and case.resolved),
        "replies": len(answers),
        "reply_time_in_minutes": {"calendar": reply, "business": reply and reply // 2},
        "first_resolution_time_in_minutes": {"calendar": full, "business": full and full // 2},
        "full_resolution_time_in_minutes": {"calendar": full, "business": full and full // 2},
        "solved_at": stamp(solved) if solved else None,
    }


def _minutes(start: datetime, end: datetime | None) -> int | None:
    return int((end - start).total_seconds() // 60) if end else None
