"""What readers give and the lake keeps. Before anything is stored, texts are redacted and customers' ids hashed."""

import polars as pl

from transforms.schema.table import ID, INT, REAL, TEXT, TIME, YES, Table, column, needed

ROLES = ("agent", "customer", "supervisor", "bot", "system", "unknown")
CHANNELS = ("voice", "chat", "email", "ticket", "social")
KINDS = ("message", "note", "event")

INTERVALS = pl.List(pl.Struct({"start_ms": pl.Int64, "end_ms": pl.Int64}))

VENDOR = {
    "vendor_interruption_count": column(REAL, "The source's own count of the agent's interruptions"),
    "vendor_non_talk_share": column(REAL, "The source's own share of silence, 0..1"),
    "vendor_agent_talk_share": column(REAL, "The source's own share of the agent's talk time, 0..1"),
    "vendor_agent_words_per_minute": column(REAL, "The source's own speed of the agent's speech"),
    "vendor_first_response_seconds": column(REAL, "The source's own time to the first reply, calendar seconds"),
    "vendor_first_response_business_seconds": column(REAL, "The source's own time to first reply, business seconds"),
    "vendor_resolution_seconds": column(REAL, "The source's own time to the first resolution, calendar seconds"),
    "vendor_full_resolution_seconds": column(REAL, "The source's own time to the last resolution, calendar seconds"),
}

TRANSCRIPT = Table(
    "a conversation as a source gave it",
    ("conversation_id",),
    {
        "conversation_id": ID,
        "source": needed(TEXT, "Where it came from: the format's name, or the common input's own column"),
        "format": needed(TEXT, "The reader that read it"),
        "channel": needed(TEXT, "voice, chat, email, ticket or social"),
        "language": column(TEXT, "BCP 47 tag; detected from the text where the source says nothing"),
        "started_at": column(TIME, "When it began, UTC"),
        "duration_ms": column(INT, "The source's own total duration in milliseconds"),
        "updated_at": column(TIME, "When the source last changed it, UTC"),
        "agent_id": column(TEXT, "The agent in charge, as the source gives it"),
        "team": column(TEXT, "The agent's team"),
        "queue": column(TEXT, "The queue"),
        "topic": column(TEXT, "What it is about"),
        "customer_id": column(TEXT, "The customer; a keyed hash once stored"),
        **VENDOR,
    },
)

SEGMENT = Table(
    "a segment or message as a source gave it",
    ("conversation_id", "position"),
    {
        "conversation_id": ID,
        "position": needed(INT, "The row's place in the source, from 0"),
        "turn_index": column(INT, "The source's own number of the turn"),
        "speaker": needed(TEXT, "agent, customer, supervisor, bot, system or unknown"),
        "speaker_id": column(TEXT, "Who of them: the agent's id, the customer's hash, a name's hash"),
        "kind": needed(TEXT, "message; note (private); event (hold, transfer, join)"),
        "text": needed(TEXT, "The words; redacted once stored, in Unicode NFC"),
        "start_ms": column(INT, "Start, milliseconds from the conversation's start"),
        "end_ms": column(INT, "End, milliseconds from the conversation's start"),
        "sent_at": column(TIME, "When it was sent, UTC"),
        "words": column(INTERVALS, "Start and end of each spoken word, milliseconds; null where the source has none"),
    },
)

FEEDBACK = Table(
    "an outcome as a source gave it; a conversation may have several rows, each adding to the others",
    ("conversation_id",),
    {
        "conversation_id": ID,
        "source": needed(TEXT, "Where it came from: the format's name"),
        "status": column(TEXT, "The source's own status"),
        "resolved": column(YES, "Whether the source says it is resolved"),
        "resolved_at": column(TIME, "First resolved, UTC"),
        "fully_resolved_at": column(TIME, "Last resolved, UTC"),
        "reopened": column(YES, "Whether it was opened again after it was resolved"),
        "was_surveyed": column(YES, "Whether the customer was asked for a rating"),
        "csat": column(REAL, "Satisfaction on the source's own scale"),
        "csat_scale": column(TEXT, "That scale: LOW-HIGH or good/bad (good 1, bad 0); 1-5 where none is given"),
        "nps": column(REAL, "Likelihood to recommend, 0..10"),
        "ces": column(REAL, "Customer effort score, raw"),
        "answered_at": column(TIME, "When the customer answered, UTC"),
        "escalated_at": column(TIME, "Handed to a higher tier, UTC"),
        "transferred_at": column(TIME, "Handed to anyone else, UTC"),
        "updated_at": column(TIME, "When the source last changed it, UTC"),
    },
)

EVALUATION = Table(
    "an answer on a quality form that was filled in about a conversation",
    ("conversation_id", "evaluation_id", "question_id"),
    {
        "conversation_id": ID,
        "source": needed(TEXT, "Where it came from: the format's name"),
        "evaluation_id": needed(TEXT, "The filled-in form's id, as the source gives it"),
        "form": column(TEXT, "The form's title"),
        "section": column(TEXT, "The section that the question stands in, with those above it"),
        "question_id": needed(TEXT, "The question's id on the form"),
        "question": column(TEXT, "The question"),
        "answer": column(TEXT, "The answer; redacted once stored"),
        "notes": column(TEXT, "What was noted with it; redacted once stored"),
        "score_share": column(REAL, "The answer's score, 0..1; null where the question is not scored"),
        "is_not_applicable": column(YES, "Marked as not applicable"),
        "form_score_share": column(REAL, "The whole form's score, 0..1"),
        "evaluator_id": column(TEXT, "Who filled it in"),
        "is_automatic": column(YES, "Filled in by the source's own automation alone: no label by a person"),
        "agent_id": column(TEXT, "The agent who is evaluated"),
        "evaluated_at": column(TIME, "When it was submitted, UTC"),
    },
)

LAKE = {"transcript": TRANSCRIPT, "segment": SEGMENT, "feedback": FEEDBACK, "evaluation": EVALUATION}
