"""What became of a Zendesk ticket: its status, when it was solved, whom it was handed to, how it was rated."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from transforms.readers.record import Record
from transforms.readers.times import later

SOLVED = ("solved", "closed")
ANSWERS = {"good": 1.0, "bad": 0.0}


@dataclass(frozen=True)
class Change:
    """A field's change, and when."""

    at: datetime | None
    field: str
    before: str | None
    after: str | None
    is_first: bool  # set as the ticket was created


def outcome(
    ticket: Record, things: Mapping[str, list[Record]], is_higher: Callable[[str | None], bool]
) -> dict[str, Any]:
    """The ticket's row of feedback."""
    changes = _changes(things["audits"])
    metrics = things["ticket_metrics"][-1:]
    status = ticket.text("status")
    moved = [one for one in changes if one.field in ("group_id", "assignee_id") and not one.is_first and one.after]
    return {
        "status": status,
        "resolved": status in SOLVED if status else None,
        **_resolution(ticket, changes, metrics, status in SOLVED),
        "reopened": _reopened(changes, metrics),
        "escalated_at": next((one.at for one in moved if is_higher(one.after)), None),
        "transferred_at": next((one.at for one in moved if one.before and one.before != one.after), None),
        "updated_at": ticket.time("updated_at"),
        **_rating(ticket, things["satisfaction_ratings"]),
    }


def late_answer(things: Mapping[str, list[Record]]) -> dict[str, Any]:
    """What ratings and metrics say of a ticket that is not here."""
    metrics, ratings = things["ticket_metrics"][-1:], things["satisfaction_ratings"]
    nothing = Record({}, "")
    told = {"reopened": _reopened([], metrics), **_resolution(nothing, [], metrics, is_solved=bool(metrics))}
    times = [one.time("updated_at") for one in (*metrics, *ratings)]
    return {**told, **_rating(nothing, ratings), "updated_at": max((at for at in times if at), default=None)}


def _changes(audits: list[Record]) -> list[Change]:
    found = [_change(audit, event) for audit in audits for event in audit.children("events", "event")]
    return sorted((one for one in found if one), key=lambda one: one.at or datetime.max)


def _change(audit: Record, event: Record) -> Change | None:
    kind, field = event.text("type"), event.value.get("field_name")
    if kind not in ("Create", "Change") or field not in ("status", "group_id", "assignee_id"):
        return None
    before = event.id("previous_value") if kind == "Change" else None
    return Change(audit.time("created_at"), field, before, event.id("value"), kind == "Create")


def _resolution(ticket: Record, changes: list[Change], metrics: list[Record], is_solved: bool) -> dict[str, Any]:
    """First and last time of being solved, by the audits, else by Zendesk's own metrics."""
    solved = [one.at for one in changes if one.field == "status" and one.after in SOLVED and one.before not in SOLVED]
    first, last = (solved[0], solved[-1]) if solved else _by_metrics(ticket, metrics)
    return {"resolved_at": first, "fully_resolved_at": last if is_solved else None}


def _by_metrics(ticket: Record, metrics: list[Record]) -> tuple[datetime | None, datetime | None]:
    if not metrics:
        return None, None
    last, began = metrics[0].time("solved_at"), ticket.time("created_at")
    took = metrics[0].child("first_resolution_time_in_minutes")
    minutes = took.number("calendar")
    if began is None or minutes is None:
        return last, last
    first = later(began, minutes * 60)
    if first is None:
        raise took.wrong("calendar", "minutes")
    return first, last


def _reopened(changes: list[Change], metrics: list[Record]) -> bool | None:
    if metrics and metrics[0].has("reopens"):
        return (metrics[0].number("reopens") or 0) > 0
    of_status = [one for one in changes if one.field == "status"]
    again = [one for one in of_status if one.before in SOLVED and one.after not in SOLVED]
    return bool(again) if of_status else None


def _rating(ticket: Record, ratings: list[Record]) -> dict[str, Any]:
    """The last answer; an offer alone says only that the customer was asked."""
    inside = [ticket.child("satisfaction_rating")] if ticket.has("satisfaction_rating") else []
    found = [(_score(one), one.time("updated_at") or one.time("created_at")) for one in [*inside, *ratings]]
    answers = sorted((at or datetime.min, ANSWERS[score]) for score, at in found if score in ANSWERS)
    if not answers:
        asked = {score for score, _ in found}
        return {"was_surveyed": True if "offered" in asked else False if "unoffered" in asked else None}
    at, value = answers[-1]
    answered_at = at if at != datetime.min else None
    return {"was_surveyed": True, "csat": value, "csat_scale": "good/bad", "answered_at": answered_at}


def _score(rating: Record) -> str:
    """good, bad, offered or unoffered; with a comment or without."""
    return (rating.text("score") or "").removesuffix("withcomment").removesuffix("_with_comment")
