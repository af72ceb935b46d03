"""A Zendesk ticket with all that belongs to it, as a conversation.

https://developer.zendesk.com/api-reference/ticketing/tickets/tickets/
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from transforms.readers.mail import own_words
from transforms.readers.record import Record, told
from transforms.readers.roles import mapped
from transforms.readers.transcript import Conversation, Roles
from transforms.readers.zendesk_outcome import outcome

CHANNELS = {
    "email": "email",
    **dict.fromkeys(("chat", "native_messaging", "messaging", "sms", "whatsapp", "line"), "chat"),
    **dict.fromkeys(("twitter", "facebook", "instagram_dm", "twitter_dm", "any_channel"), "social"),
}
USER_ROLES = {"end-user": "customer", "agent": "agent", "admin": "agent"}
Things = Mapping[str, list[Record]]


def conversation(ticket: Record, things: Things, names: Mapping[str, Record], roles: Roles) -> Conversation:
    """The conversation of a ticket: its comments in order, its status, its rating."""
    people = People(ticket, names, roles)
    transcript = {
        "conversation_id": ticket.needed_id("id"),
        "channel": CHANNELS.get(ticket.child("via").text("channel") or "", "ticket"),
        "started_at": ticket.time("created_at"),
        "updated_at": ticket.time("updated_at"),
        "agent_id": ticket.id("assignee_id"),
        "team": people.name(ticket.id("group_id")) or ticket.id("group_id"),
        "topic": _topic(ticket),
        "customer_id": ticket.id("requester_id"),
        **_vendor(things["ticket_metrics"]),
    }
    segments = [_segment(one, people) for one in _comments(things)] or _description(ticket)
    known = [*people.names_of(segments), *_senders([ticket, *things["comments"]])]
    return Conversation(transcript, segments, outcome(ticket, things, people.is_higher), people=known)


def _senders(sent: list[Record]) -> list[str | None]:
    """The names and addresses of those from whom mails came."""
    return [told(one.value, "via", "source", "from", key) for one in sent for key in ("name", "address")]


class People:
    """Who writes in a ticket, and with which role."""

    def __init__(self, ticket: Record, names: Mapping[str, Record], roles: Roles) -> None:
        self.requester, self.assignee = ticket.id("requester_id"), ticket.id("assignee_id")
        self.names, self.roles = names, roles

    def name(self, id_: str | None) -> str | None:
        """The name of a user or group."""
        named = self.names.get(id_ or "")
        return named.text("name") if named else None

    def names_of(self, segments: list[dict[str, Any]]) -> list[str | None]:
        """The names and addresses of all who write, and of whose ticket it is."""
        ids = [self.requester, self.assignee, *(row["speaker_id"] for row in segments)]
        users = [self.names[id_].value for id_ in dict.fromkeys(ids) if id_ in self.names]
        return [told(user, key) for user in users for key in ("name", "email")]

    def mapped(self, id_: str | None) -> str | None:
        """The role that [roles] gives to the id or name."""
        return mapped(id_, self.roles) or mapped(self.name(id_), self.roles)

    def is_higher(self, id_: str | None) -> bool:
        """Whether the user or group is a higher tier: mapped to supervisor."""
        return self.mapped(id_) == "supervisor"

    def role(self, comment: Record) -> str:
        """Who wrote a comment."""
        author = comment.id("author_id")
        via = comment.child("via").text("channel") or ""
        if via == "rule" or author == "-1":
            return "system"
        if "bot" in via:
            return "bot"
        return (
            self.mapped(author)
            or self._by_ticket(author)
            or ("agent" if comment.flag("public") is False else "unknown")
        )

    def _by_ticket(self, author: str | None) -> str | None:
        if author is not None and author == self.requester:
            return "customer"
        user = self.names.get(author or "")
        if user:
            return USER_ROLES.get(user.text("role") or "")
        return "agent" if author is not None and author == self.assignee else None


def _comments(things: Things) -> list[Record]:
    """The comments by time, each once: the list of comments, or those in the audits."""
    found = things["comments"] or [_of_audit(audit, one) for audit in things["audits"] for one in _said(audit)]
    each: dict[str, Record] = {}
    for one in found:
        each.setdefault(one.id("id") or one.place, one)
    return sorted(each.values(), key=lambda one: one.time("created_at") or datetime.max)


def _said(audit: Record) -> list[Record]:
    return [event for event in audit.children("events", "event") if event.text("type") == "Comment"]


def _of_audit(audit: Record, comment: Record) -> Record:
    outer = {key: audit.value.get(key) for key in ("author_id", "created_at", "via")}
    inner = {key: value for key, value in comment.value.items() if value is not None}
    return Record({**outer, **inner}, comment.place)


def _segment(comment: Record, people: People) -> dict[str, Any]:
    role = people.role(comment)
    author = comment.id("author_id")
    is_voice = comment.text("type") == "VoiceComment"
    return {
        "speaker": role,
        "speaker_id": people.name(author) or author if role == "unknown" else author,
        "kind": "note" if comment.flag("public") is False else "event" if is_voice else "message",
        "text": _text(comment),
        "sent_at": comment.time("created_at"),
        "place": comment.place,
    }


def _text(comment: Record) -> str:
    html = comment.text("html_body") or comment.text("plain_body") or comment.text("body") or ""
    return own_words(html)


def _description(ticket: Record) -> list[dict[str, Any]]:
    """The first message, which a ticket without its comments still holds."""
    text = own_words(ticket.text("description") or "")
    first = {
        "speaker": "customer",
        "speaker_id": ticket.id("requester_id"),
        "text": text,
        "sent_at": ticket.time("created_at"),
        "place": ticket.place,
    }
    return [first] if text else []


def _topic(ticket: Record) -> str | None:
    """The topic that a tag `topic_…` names."""
    tags = ticket.value.get("tags")
    named = (
        [tag[6:] for tag in tags if isinstance(tag, str) and tag.startswith("topic_")] if isinstance(tags, list) else []
    )
    return named[0] if named else None


def _vendor(metrics: list[Record]) -> dict[str, float | None]:
    """Zendesk's own figures, which are in minutes."""
    if not metrics:
        return {}
    last = metrics[-1]
    reply, first = last.child("reply_time_in_minutes"), last.child("first_resolution_time_in_minutes")
    return {
        "vendor_first_response_seconds": seconds(reply, "calendar"),
        "vendor_first_response_business_seconds": seconds(reply, "business"),
        "vendor_resolution_seconds": seconds(first, "calendar"),
        "vendor_full_resolution_seconds": seconds(last.child("full_resolution_time_in_minutes"), "calendar"),
    }


def seconds(minutes: Record, key: str) -> float | None:
    """The minutes under the key in seconds."""
    found = minutes.number(key)
    return None if found is None else found * 60
