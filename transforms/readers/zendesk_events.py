"""Zendesk's stream of ticket events, as the audits that they are: each child event names the fields that it changes.

https://developer.zendesk.com/api-reference/ticketing/ticket-management/incremental_exports/#incremental-ticket-event-export
"""

from collections.abc import Iterator
from typing import Any

FIELDS = ("status", "group_id", "assignee_id")
MAIL = "Mail"
RULES = ("Rule", "Automation", "Trigger", "Business rule")


def as_audit(event: Any) -> Any:
    """The event as the API gives an audit; what is none as it is."""
    children = event.get("child_events") if isinstance(event, dict) else None
    if not isinstance(children, list):
        return event
    via = event.get("via")
    if isinstance(via, str):
        via = {"channel": "email" if via == MAIL else "rule" if via in RULES else None}
    return {
        "id": event.get("id"),
        "ticket_id": event.get("ticket_id"),
        "created_at": event.get("created_at") or event.get("timestamp"),
        "author_id": event.get("updater_id"),
        "via": via,
        "events": [one for child in children for one in _events(child)],
    }


def _events(child: Any) -> Iterator[Any]:
    """What a child event tells: what was said, or each field that it sets or changes."""
    kind = child.get("event_type") if isinstance(child, dict) else None
    if kind == "Comment" and child.get("body") is not None:
        via = child.get("via")
        yield {**child, "type": kind, "via": via if isinstance(via, dict) else None}
    elif kind in ("Create", "Change"):
        for field in FIELDS:
            if field in child:
                before = child.get("previous_value")
                yield {"type": kind, "field_name": field, "value": child[field], "previous_value": before}
