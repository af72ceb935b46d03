"""What the warehouse has of each conversation: its turns, what was found in them, how it ended."""

from transforms.schema.given import SEGMENT, TRANSCRIPT, VENDOR
from transforms.schema.table import ID, INT, REAL, TEXT, TIME, TURN_INDEX, YES, Table, column, needed

CONVERSATION = Table(
    "a conversation",
    ("conversation_id",),
    {
        "conversation_id": ID,
        "source": TRANSCRIPT.columns["source"],
        "format": TRANSCRIPT.columns["format"],
        "channel": TRANSCRIPT.columns["channel"],
        "language": TRANSCRIPT.columns["language"],
        "agent_id": column(TEXT, "The agent in charge: the source's, otherwise the one with most turns"),
        "team": TRANSCRIPT.columns["team"],
        "queue": TRANSCRIPT.columns["queue"],
        "topic": TRANSCRIPT.columns["topic"],
        "customer_id": column(TEXT, "Keyed hash of the customer's id"),
        "started_at": TRANSCRIPT.columns["started_at"],
        "ended_at": column(TIME, "When its last turn ended, UTC"),
        "duration_seconds": column(REAL, "The source's total; otherwise last end minus first start"),
        "turn_count": column(INT, "Turns of every speaker, notes and events left out"),
        "agent_turn_count": column(INT, "Turns of agents"),
        "customer_turn_count": column(INT, "Turns of the customer"),
        "agent_count": column(INT, "How many agents took part"),
        "word_count": column(INT, "Words of agents and customer"),
        "text_folded": column(
            TEXT, "Its words, a line a turn, in lower case without accents, to search with contains()"
        ),
        "text_removed_at": column(TIME, "When its words were removed, as [retention] asks, UTC; its measures stay"),
        "updated_at": TRANSCRIPT.columns["updated_at"],
        **VENDOR,
        "ingested_at": column(TIME, "When its latest batch was ingested, UTC"),
        "measured_at": column(TIME, "When it was measured, UTC"),
    },
)

TURN = Table(
    "a turn: what one speaker says without a break",
    ("conversation_id", "turn_index"),
    {
        "conversation_id": ID,
        "turn_index": TURN_INDEX,
        "speaker": SEGMENT.columns["speaker"],
        "speaker_id": SEGMENT.columns["speaker_id"],
        "kind": SEGMENT.columns["kind"],
        "text": needed(TEXT, "The words, redacted, in Unicode NFC"),
        "start_seconds": column(REAL, "Start, seconds from the conversation's start"),
        "end_seconds": column(REAL, "End, seconds from the conversation's start"),
        "sent_at": column(TIME, "When it was sent, UTC"),
        "gap_seconds": column(REAL, "Start minus the latest end of the turns before; negative where both speak"),
        "overlap_seconds": column(REAL, "Time in this turn during which agent and customer both speak"),
        "word_count": column(INT, "Words, by Unicode word boundaries"),
        "is_backchannel": column(YES, "A short affirmation while the other keeps the floor"),
    },
)

MARKER = Table(
    "a behaviour found in a turn, with the words that show it",
    ("conversation_id", "turn_index", "marker", "start_char"),
    {
        "conversation_id": ID,
        "turn_index": TURN_INDEX,
        "marker": needed(TEXT, "The behaviour's name"),
        "start_char": column(INT, "Where the words start in the turn's text, in code points; null for timing markers"),
        "end_char": column(INT, "Where they end, exclusive"),
        "words": column(TEXT, "The words themselves"),
        "rule": needed(TEXT, "The rule that fired"),
        "confidence": column(REAL, "The rule's measured precision where known, 0..1"),
    },
)

OUTCOME = Table(
    "a conversation's resolution and satisfaction, with where each came from",
    ("conversation_id",),
    {
        "conversation_id": ID,
        "was_resolved": column(YES, "By the source's status; never guessed"),
        "resolved_at": column(TIME, "First resolved, UTC"),
        "fully_resolved_at": column(TIME, "Last resolved, UTC"),
        "resolution_seconds": column(REAL, "Start to first resolution"),
        "full_resolution_seconds": column(REAL, "Start to last resolution"),
        "was_reopened": column(YES, "Opened again after a resolution"),
        "was_first_contact_resolved": column(YES, "Resolved, and no return on the same topic within 7 days"),
        "is_one_touch": column(YES, "Exactly one public agent reply, and no reopening"),
        "was_surveyed": column(YES, "Asked for a rating"),
        "csat": column(REAL, "Satisfaction, 1..5"),
        "csat_raw": column(REAL, "As answered"),
        "csat_scale": column(TEXT, "On which scale"),
        "is_csat_positive": column(YES, "csat of 4 or 5"),
        "nps": column(REAL, "0..10"),
        "ces": column(REAL, "Raw"),
        "answered_at": column(TIME, "When the customer answered, UTC"),
        "was_transferred": column(YES, "Any hand-over"),
        "transferred_at": column(TIME, "When, UTC"),
        "was_escalated": column(YES, "Handed to a higher tier"),
        "escalated_at": column(TIME, "When, UTC"),
        "resolution_source": column(TEXT, "Where the resolution came from"),
        "satisfaction_source": column(TEXT, "Where the satisfaction came from: a survey, never a prediction"),
    },
)

COMMITMENT = Table(
    "a promise that an agent made",
    ("conversation_id", "turn_index", "start_char"),
    {
        "conversation_id": ID,
        "turn_index": TURN_INDEX,
        "start_char": needed(INT, "Where its words start in the turn's text"),
        "agent_id": column(TEXT, "Who promised"),
        "customer_id": column(TEXT, "To whom: keyed hash"),
        "what": column(TEXT, "call, write, contact (call or write) or other"),
        "words": needed(TEXT, "The words of the promise"),
        "made_at": column(TIME, "When, UTC"),
        "due_at": column(TIME, "Due, UTC"),
        "due_is_assumed": column(YES, "No time was named: 3 working days"),
        "kept_at": column(TIME, "When it was kept, UTC"),
        "status": needed(TEXT, "kept, kept_late, broken, pending or unknown"),
    },
)

ESCALATION = Table(
    "a conversation with a trigger or an escalation",
    ("conversation_id",),
    {
        "conversation_id": ID,
        "trigger": column(TEXT, "What called for it: escalation_request, aggression or repeated_complaint"),
        "trigger_turn_index": column(INT, "The turn of the trigger"),
        "trigger_at_seconds": column(REAL, "Start of the conversation to the trigger"),
        "escalated_turn_index": column(INT, "The turn of the escalation"),
        "escalated_at_seconds": column(REAL, "Start of the conversation to the escalation"),
        "delay_seconds": column(REAL, "Trigger to escalation, or to the conversation's end where is_censored"),
        "delay_turns": column(INT, "Agent turns from trigger to escalation, or to the end where is_censored"),
        "class": needed(TEXT, "timely, late, missed or untriggered"),
        "is_censored": needed(YES, "No escalation followed: the times end with the conversation"),
    },
)

EMPATHY_MOMENT = Table(
    "a customer's turn with distress, and how the agent's side answered it",
    ("conversation_id", "turn_index"),
    {
        "conversation_id": ID,
        "turn_index": TURN_INDEX,
        "kind": needed(TEXT, "frustration, outburst, unheard or undervalued; distress where no rule says which"),
        "agent_id": column(TEXT, "The agent who answered; the one in charge where nobody did"),
        "answer": column(TEXT, "validation, sympathy or apology, in the agent's next two turns; null where missed"),
        "answer_turn_index": column(INT, "The turn of that answer; the agent's next turn where missed"),
        "is_calmer": column(YES, "None of the customer's two turns after it shows distress; null where none follows"),
    },
)
