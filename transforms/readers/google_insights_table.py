"""Google CX Insights as it is exported to BigQuery: a row a conversation, with its sentences and words.

https://cloud.google.com/contact-center/insights/docs/bigquery-v17-schema
"""

from typing import Any

from transforms.readers.plain_text import row as line_row
from transforms.readers.record import Record
from transforms.readers.roles import role_of
from transforms.readers.runs import Word, runs, segment
from transforms.readers.speech import vendor_role
from transforms.readers.talk_lines import talk
from transforms.readers.transcript import Conversation, File, Roles

NANOSECOND = 1e-6  # in milliseconds


def of_table(one: Record, file: File, roles: Roles) -> Conversation:
    """The conversation of a row: by its sentences, else its words, else its whole text."""
    agents = one.children("agents", "agent")
    rows = [_sentence(said, roles) for said in one.children("sentences", "sentence")]
    rows = rows or runs([_word(said) for said in one.children("words", "word")], roles, "words")
    rows = rows or [line_row(said, roles) for said in talk(one.text("transcript") or "", roles)]
    status = next((code for agent in reversed(agents) if (code := agent.text("dispositionCode"))), None)
    transcript = {
        "conversation_id": (one.text("conversationName") or "").rpartition("/")[2] or file.id,
        "channel": "chat" if one.text("medium") in ("CHAT", "2") else "voice",
        "language": one.id("languageCode"),
        "started_at": one.time("startTimestampUtc") or one.time("startTimestamp"),
        "updated_at": one.time("conversationUpdateTimestampUtc"),
        "duration_ms": one.milliseconds("durationNanos", NANOSECOND),
        "agent_id": one.id("agentId") or (agents[0].id("agentId") if len(agents) == 1 else None),
        "team": agents[0].id("agentTeam") or agents[0].id("team") if agents else None,
    }
    return Conversation(transcript, rows, {"status": status} if status else None)


def _sentence(said: Record, roles: Roles) -> dict[str, Any]:
    name = said.text("participantRole") or _tag(said)
    row = segment(
        name,
        said.text("sentence") or "",
        [],
        roles,
        start_ms=said.milliseconds("startOffsetNanos", NANOSECOND),
        end_ms=said.milliseconds("endOffsetNanos", NANOSECOND),
        place=said.place,
    )
    return {**row, "speaker": vendor_role(name, roles) or role_of(_tag(said), roles) or "unknown"}


def _word(said: Record) -> Word:
    start, end = (said.milliseconds(key, NANOSECOND) for key in ("startOffsetNanos", "endOffsetNanos"))
    return Word(said.text("word") or "", start, end, _tag(said))


def _tag(said: Record) -> str | None:
    """Whose channel it is: a number, which [roles] has to map."""
    tag = said.text("speakerTag")
    return f"speaker {tag}" if tag and tag != "0" else None
