"""What came after a conversation, for tests/talk.py: its outcome, the customer's other contacts, promises, escalation.

In the text of a conversation: `outcome resolved=true resolved_at=11:00 csat=4`; `== b` begins another conversation of
the same customer, whose facts may follow (`== b topic=bill`); `+2 10:00` is ten o'clock two days later.
"""

from datetime import datetime, timedelta
from typing import Any

import polars as pl

from metrics.contacts import contact_facts
from transforms import schema
from transforms.calendar import Calendar
from transforms.commitments import ledger
from transforms.contacts import agent_contacts, moments_of, seen_until
from transforms.escalations import escalations
from transforms.outcomes import outcomes

LATER = timedelta(days=60)  # when all windows are closed


def later(
    conversations: dict[str, pl.DataFrame], turns: pl.DataFrame, markers: pl.DataFrame, as_of: datetime
) -> pl.DataFrame:
    """By conversation, the facts that metrics of follow-through, escalation and outcome stand on."""
    transcripts = conversations["transcript"]
    outcome = outcomes(conversations["feedback"], transcripts, turns)
    contacts = agent_contacts(turns, transcripts)
    seen = seen_until(moments_of(turns, transcripts))
    promises = ledger(turns, markers, transcripts, contacts, seen, Calendar(), as_of)
    around = contact_facts(turns, transcripts, contacts, promises, outcome, as_of)
    escalated = escalations(turns, markers, transcripts, outcome)
    facts = outcome.drop("was_first_contact_resolved").join(around, on="conversation_id")
    return facts.join(escalated.drop("escalated_at", strict=False), on="conversation_id", how="left")


def outcome_of(conversation_id: str, words: str, day: datetime) -> dict[str, Any]:
    """A row of feedback from `resolved=true resolved_at=11:00 ...`."""
    named = dict(word.split("=") for word in words.split())
    values = {name: _value(schema.FEEDBACK.columns[name].type, text, day) for name, text in named.items()}
    return {"conversation_id": conversation_id, "source": "test"} | values


def _value(kind: pl.DataType, text: str, day: datetime) -> Any:
    if kind == schema.YES:
        return text == "true"
    if kind == schema.TIME:
        days, _, clock = text.rpartition("+")
        hours, minutes = clock.split(":")
        return day + timedelta(days=int(days or 0), hours=int(hours), minutes=int(minutes))
    return float(text) if kind == schema.REAL else text
