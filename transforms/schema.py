"""The tables: what each row is, and for each column its type and meaning.

From here come the checks on what readers give, the comments in DuckDB and docs/schema.md.
"""

from dataclasses import dataclass

import polars as pl

VERSION = "1.2.0"  # of the contract: the tables, their columns and what these mean

TIME = pl.Datetime("us")  # UTC, without a zone of its own
TEXT, INT, REAL, YES = pl.String(), pl.Int64(), pl.Float64(), pl.Boolean()
INTERVALS = pl.List(pl.Struct({"start_ms": pl.Int64, "end_ms": pl.Int64}))

ROLES = ("agent", "customer", "supervisor", "bot", "system", "unknown")
CHANNELS = ("voice", "chat", "email", "ticket", "social")
KINDS = ("message", "note", "event")


@dataclass(frozen=True)
class Column:
    type: pl.DataType
    meaning: str
    required: bool = False


@dataclass(frozen=True)
class Table:
    row: str
    key: tuple[str, ...]
    columns: dict[str, Column]

    @property
    def is_by_conversation(self) -> bool:
        """Whether its rows belong each to one conversation: a run then replaces only those of what it touches."""
        return self.key[0] == "conversation_id"

    @property
    def dtypes(self) -> dict[str, pl.DataType]:
        """Column names with their Polars types, in order."""
        return {name: column.type for name, column in self.columns.items()}

    def empty(self) -> pl.DataFrame:
        """A frame of this table without rows."""
        return pl.DataFrame(schema=self.dtypes)

    def shape(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The frame with exactly this table's columns and types; a column it lacks is null."""
        missing = [pl.lit(None).alias(name) for name in self.columns if name not in frame.columns]
        return frame.with_columns(missing).select(pl.col(name).cast(kind) for name, kind in self.dtypes.items())


def column(kind: pl.DataType, meaning: str) -> Column:
    return Column(kind, meaning)


def needed(kind: pl.DataType, meaning: str) -> Column:
    return Column(kind, meaning, required=True)


_ID = needed(TEXT, "The conversation's id, as the source gives it")
_TURN = needed(INT, "The turn's number in its conversation")

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

# What readers give, and the lake keeps. Before anything is stored, texts are redacted and customers' ids hashed.

TRANSCRIPT = Table(
    "a conversation as a source gave it",
    ("conversation_id",),
    {
        "conversation_id": _ID,
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
        "conversation_id": _ID,
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
        "conversation_id": _ID,
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
        "conversation_id": _ID,
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

# What the warehouse holds. Times end in _at (UTC), numbers in their unit.

CONVERSATION = Table(
    "a conversation",
    ("conversation_id",),
    {
        "conversation_id": _ID,
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
        "conversation_id": _ID,
        "turn_index": _TURN,
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
        "conversation_id": _ID,
        "turn_index": _TURN,
        "marker": needed(TEXT, "The behaviour's name"),
        "start_char": column(INT, "Where the words start in the turn's text, in code points; null for timing markers"),
        "end_char": column(INT, "Where they end, exclusive"),
        "words": column(TEXT, "The words themselves"),
        "rule": needed(TEXT, "The rule that fired"),
        "confidence": column(REAL, "The rule's measured precision where known, 0..1"),
    },
)

METRIC = Table(
    "a metric: what it is, what it needs, how well it is validated",
    ("metric",),
    {
        "metric": needed(TEXT, "The metric's id: its column in conversation_wide"),
        "kind": needed(TEXT, "indicator (behaviour) or outcome (result)"),
        "family": needed(TEXT, "The family it belongs to"),
        "definition": needed(TEXT, "What it is, exactly"),
        "unit": needed(TEXT, "Its unit"),
        "direction": column(TEXT, "higher or lower is usually better; null where neither"),
        "source": needed(TEXT, "Where the definition comes from"),
        "needs": column(TEXT, "What a source must have for it, comma-separated"),
        "channels": column(TEXT, "Channels to which it applies, comma-separated"),
        "aggregate": needed(TEXT, "How conversations sum up: mean, median, or ratio (sum over sum)"),
        "numerator": column(TEXT, "The column of conversation_wide that holds its numerator, for a ratio"),
        "denominator": column(TEXT, "The column of conversation_wide that holds its denominator, for a ratio"),
        "scale": column(REAL, "What numerator / denominator is multiplied by, for a ratio"),
        "markers": column(TEXT, "The markers that are its evidence, comma-separated"),
        "thresholds": column(TEXT, "The thresholds in force, as name=value, comma-separated"),
        "tied_to": column(TEXT, "Outcomes it is mechanically tied to, comma-separated; such pairs are not tested"),
        "example": column(TEXT, "A worked example: a short conversation and the value it gives"),
        "null_example": column(TEXT, "A conversation that gives no value, and why"),
        "evidence": column(TEXT, "For each of its markers, a line a language: a turn, and the words that show it"),
        "precision": column(REAL, "Measured precision of its detector against people's labels"),
        "recall": column(REAL, "Measured recall"),
        "f1": column(REAL, "Measured F1"),
        "f1_low": column(REAL, "Lower end of its 95 % interval"),
        "f1_high": column(REAL, "Upper end of its 95 % interval"),
        "kappa": column(REAL, "Cohen's kappa against the labels"),
        "judged_count": column(INT, "Turns judged by people"),
        "validated_on": column(TEXT, "The labels it was measured on"),
    },
)

VALIDITY = Table(
    "a marker on a corpus that people labelled, in one language: how well its detector agrees with them",
    ("marker", "corpus", "language"),
    {
        "marker": needed(TEXT, "The marker"),
        "corpus": needed(TEXT, "The labelled turns"),
        "language": needed(TEXT, "Their language"),
        "judged_count": needed(INT, "Turns judged by people"),
        "positive_count": needed(INT, "Of these, turns in which they saw the marker"),
        "precision": column(REAL, "Of the turns in which the detector found it, the share in which people saw it"),
        "recall": column(REAL, "Of the turns in which people saw it, the share in which the detector found it"),
        "f1": column(REAL, "F1: the harmonic mean of the two"),
        "f1_low": column(REAL, "Lower end of its 95 % interval, by bootstrap over conversations"),
        "f1_high": column(REAL, "Upper end"),
        "kappa": column(REAL, "Cohen's kappa against the labels"),
    },
)

SENSITIVITY = Table(
    "a timing metric of calls at another threshold, over the calls of the home, at most 2,000 of them picked by chance",
    ("metric", "seconds"),
    {
        "metric": needed(TEXT, "The metric"),
        "seconds": needed(REAL, "The threshold that is tried"),
        "threshold": needed(TEXT, "Its name in [thresholds] of heard.toml"),
        "in_force": needed(REAL, "The number of seconds at which every other table has it"),
        "n": needed(INT, "Calls with a value"),
        "value": column(REAL, "The metric over them: the mean, or the ratio of sums"),
        "low": column(REAL, "Lower end of its 95 % interval"),
        "high": column(REAL, "Upper end"),
    },
)

OUTCOME = Table(
    "a conversation's resolution and satisfaction, with where each came from",
    ("conversation_id",),
    {
        "conversation_id": _ID,
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
        "conversation_id": _ID,
        "turn_index": _TURN,
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
        "conversation_id": _ID,
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
        "conversation_id": _ID,
        "turn_index": _TURN,
        "kind": needed(TEXT, "frustration, outburst, unheard or undervalued; distress where no rule says which"),
        "agent_id": column(TEXT, "The agent who answered; the one in charge where nobody did"),
        "answer": column(TEXT, "validation, sympathy or apology, in the agent's next two turns; null where missed"),
        "answer_turn_index": column(INT, "The turn of that answer; the agent's next turn where missed"),
        "is_calmer": column(YES, "None of the customer's two turns after it shows distress; null where none follows"),
    },
)

AGENT_PART = Table(
    "an agent's part in a conversation on one day",
    ("conversation_id", "agent_id", "day"),
    {
        "conversation_id": _ID,
        "agent_id": needed(TEXT, "The agent who spoke; the one in charge where the source does not say who"),
        "day": column(pl.Date(), "The day, by the calendar's time zone; null where the turns have no times"),
        "agent_turn_count": column(INT, "The agent's turns"),
        "timed_turn_count": column(INT, "Of these, those of which it is known whether they fell into the agreed hours"),
        "after_hours_turn_count": column(INT, "Of these, those outside the agreed hours"),
    },
)

AGENT_DAY = Table(
    "an agent's day",
    ("agent_id", "day"),
    {
        "agent_id": needed(TEXT, "The agent"),
        "day": needed(pl.Date(), "The day, by the calendar's time zone"),
        "team": column(TEXT, "The agent's team that day"),
        "conversation_count": column(INT, "Conversations begun that day"),
        "agent_turn_count": column(INT, "The agent's turns"),
        "rated_count": column(INT, "Conversations with a satisfaction answer"),
        "csat_mean": column(REAL, "Mean satisfaction of these, 1..5"),
        "resolution_known_count": column(INT, "Conversations whose resolution is known"),
        "resolved_count": column(INT, "Of these, resolved"),
        "commitment_count": column(INT, "Promises made"),
        "hard_conversation_count": column(INT, "Conversations with aggression or distress in 30 % of customer turns"),
        "hard_streak_count": column(INT, "Longest run of these with under 10 minutes between"),
        "after_hours_share": column(REAL, "Share of the agent's turns outside the agreed hours"),
    },
)

AGENT_METRIC = Table(
    "an agent's indicator over all their conversations; never a ranking",
    ("agent_id", "metric"),
    {
        "agent_id": needed(TEXT, "The agent"),
        "metric": needed(TEXT, "The indicator"),
        "n": needed(INT, "The agent's conversations with it"),
        "consistency": column(
            REAL,
            "Its standard deviation over them, over the mean of the same when conversations are dealt out among agents "
            "anew within topic and channel; null under 20 conversations",
        ),
    },
)

SCORECARD_ITEM = Table(
    "an item of the team's scorecard, as [scorecard] of heard.toml has it; the points of each conversation stand in "
    "conversation_score",
    ("metric",),
    {
        "place": needed(INT, "Its place on the scorecard, from 1"),
        "section": needed(TEXT, "The section it stands in"),
        "metric": needed(TEXT, "The metric that earns its points"),
        "weight": needed(REAL, "The most points it can earn; all weights add up to 100"),
        "rule": needed(TEXT, "Which values earn all points, and which none"),
    },
)

ASSOCIATION = Table(
    "an indicator and an outcome: how they go together",
    ("indicator", "outcome"),
    {
        "indicator": needed(TEXT, "The metric of behaviour"),
        "outcome": needed(TEXT, "The metric of result"),
        "n": needed(INT, "Conversations with both"),
        "agent_count": column(INT, "Agents among them"),
        "raw_effect": column(REAL, "Effect of one unit of the indicator, nothing adjusted for"),
        "raw_low": column(REAL, "Lower end of its 95 % interval"),
        "raw_high": column(REAL, "Upper end"),
        "effect": column(REAL, "The same within agents, adjusted for case mix, errors clustered by agent"),
        "effect_low": column(REAL, "Lower end of its 95 % interval"),
        "effect_high": column(REAL, "Upper end"),
        "effect_unit": column(TEXT, "The scale of the effects: log-odds, or the outcome's unit"),
        "p": column(REAL, "p-value of the adjusted effect"),
        "q": column(REAL, "The same after Benjamini-Hochberg over the whole table"),
        "adjusted_for": column(TEXT, "What was adjusted for, comma-separated"),
        "is_too_small": needed(YES, "Too small to tell"),
        "standard_unit": column(REAL, "One standard deviation of the indicator, for a comparable effect"),
        "sentence": column(TEXT, "The same in words"),
        "e_value": column(REAL, "How strongly something unseen would have to go with both to explain the effect away"),
        "e_value_limit": column(REAL, "The same for the nearer end of the interval; 1 where it includes no effect"),
        "e_sentence": column(TEXT, "The same in words"),
    },
)

ASSOCIATION_WEIGHTED = Table(
    "an indicator and a survey's answer, each answer weighted by how unlikely one was; else as in association, q too",
    ("indicator", "outcome"),
    ASSOCIATION.columns,
)

DOSE_RESPONSE = Table(
    "a band of an indicator's values and the mean outcome there, nothing adjusted for",
    ("indicator", "outcome", "bin"),
    {
        "indicator": needed(TEXT, "The metric of behaviour"),
        "outcome": needed(TEXT, "The metric of result"),
        "bin": needed(INT, "The band's number, from the lowest values"),
        "low": column(REAL, "Lowest value in the band"),
        "high": column(REAL, "Highest value in the band"),
        "n": needed(INT, "Conversations in the band with this outcome known"),
        "mean": column(REAL, "Mean outcome of these; the geometric mean of a time to resolution"),
        "mean_low": column(REAL, "Lower end of its 95 % interval"),
        "mean_high": column(REAL, "Upper end of its 95 % interval"),
    },
)

PEER = Table(
    "an agent or a team beside the others in one metric, over the last 91 days; never a ranking",
    ("level", "name", "metric"),
    {
        "level": needed(TEXT, "agent or team"),
        "name": needed(TEXT, "Which one"),
        "metric": needed(TEXT, "The indicator or outcome"),
        "n": needed(INT, "Conversations with it"),
        "mean": column(REAL, "Its mean over them"),
        "expected": column(REAL, "The mean that the same case mix gives over all"),
        "difference": column(REAL, "Observed less expected"),
        "pooled": column(REAL, "The difference drawn towards none, the more the less is known (partial pooling)"),
        "pooled_low": column(REAL, "Lower end of its 95 % interval"),
        "pooled_high": column(REAL, "Upper end"),
        "overall": column(REAL, "The mean over all: overall + difference is the mean adjusted for case mix"),
        "limit_95_low": column(REAL, "Funnel limits of 95 % for the adjusted mean at this n: lower"),
        "limit_95_high": column(REAL, "Upper"),
        "limit_998_low": column(REAL, "Funnel limits of 99.8 %: lower"),
        "limit_998_high": column(REAL, "Upper"),
        "differs": needed(
            YES, "It holds: beyond the 99.8 % limits, the pooled interval excludes none, n is 10 or more"
        ),
    },
)

ESCALATION_CURVE = Table(
    "a moment of a Kaplan-Meier curve: the share escalated by then after the trigger",
    ("facet", "name", "seconds"),
    {
        "facet": needed(TEXT, "What curves are told apart by: all, team, channel or trigger"),
        "name": needed(TEXT, "Whose curve"),
        "seconds": needed(REAL, "Since the trigger"),
        "at_risk_count": needed(INT, "Neither escalated nor ended before"),
        "escalated_count": needed(INT, "Escalated by then"),
        "escalated_share": column(REAL, "Kaplan-Meier: those that ended unescalated are censored, never dropped"),
        "escalated_low": column(REAL, "Lower end of its 95 % interval"),
        "escalated_high": column(REAL, "Upper end"),
    },
)

OUTCOME_SLOPE = Table(
    "how an outcome goes with one fact of a conversation: a linear model within agents, for What changed",
    ("outcome", "part", "name", "value"),
    {
        "outcome": needed(TEXT, "The metric of result"),
        "part": needed(TEXT, "case mix, agents, behaviour or unexplained"),
        "name": needed(TEXT, "The fact: a column of conversation_wide_before"),
        "value": needed(TEXT, "Which of its values, for a fact in words; empty for a number"),
        "slope": needed(REAL, "Move of the outcome with this value, or with one unit of the number"),
        "slope_error": needed(REAL, "Its standard error; of unexplained, the spread of what nothing here explains"),
        "fill": column(REAL, "What a missing number counts as: the mean"),
    },
)

REJECTED_RECORD = Table(
    "something that could not be read, and why",
    ("file", "place"),
    {
        "file": needed(TEXT, "The file, relative to the source that was named"),
        "place": needed(TEXT, "Where in it"),
        "reason": needed(TEXT, "What was found and what was expected"),
        "cure": needed(TEXT, "What to do"),
        "record_count": needed(INT, "How many records this refused"),
    },
)

QUALITY_CHECK = Table(
    "a check of a run",
    ("run_id", "suite", "table", "check"),
    {
        "run_id": needed(TEXT, "The run"),
        "suite": needed(TEXT, "incoming or published"),
        "check": needed(TEXT, "What was checked"),
        "table": needed(TEXT, "In which table"),
        "severity": needed(TEXT, "critical (keeps the warehouse of before) or warning"),
        "is_passed": needed(YES, "Whether it held"),
        "checked_count": column(INT, "Rows looked at"),
        "failed_count": column(INT, "Rows that failed"),
        "found": column(TEXT, "What was found, without a word of any conversation"),
        "checked_at": needed(TIME, "When, UTC"),
    },
)

RUN = Table(
    "a run",
    ("run_id",),
    {
        "run_id": needed(TEXT, "The run"),
        "started_at": needed(TIME, "When it started, UTC"),
        "as_of": needed(TIME, "The time by which promises and windows were judged, UTC"),
        "ended_at": column(TIME, "When it ended, UTC"),
        "given_count": needed(INT, "Records in the sources named"),
        "accepted_count": needed(INT, "Of these, accepted"),
        "rejected_count": needed(INT, "Of these, rejected"),
        "measured_conversation_count": needed(INT, "Conversations worked on in this run"),
        "versions": column(TEXT, "heard, polars and duckdb, as name=version, comma-separated"),
        "inputs": column(TEXT, "The sources named"),
    },
)

SCHEMA_VERSION = Table(
    "the version of these tables",
    ("version",),
    {"version": needed(TEXT, "Semantic version of the contract")},
)

LAKE = {"transcript": TRANSCRIPT, "segment": SEGMENT, "feedback": FEEDBACK, "evaluation": EVALUATION}

WAREHOUSE = {
    "conversation": CONVERSATION,
    "turn": TURN,
    "marker": MARKER,
    "metric": METRIC,
    "validity": VALIDITY,
    "sensitivity": SENSITIVITY,
    "outcome": OUTCOME,
    "evaluation": EVALUATION,
    "commitment": COMMITMENT,
    "escalation": ESCALATION,
    "empathy_moment": EMPATHY_MOMENT,
    "agent_part": AGENT_PART,
    "agent_day": AGENT_DAY,
    "agent_metric": AGENT_METRIC,
    "scorecard_item": SCORECARD_ITEM,
    "association": ASSOCIATION,
    "association_weighted": ASSOCIATION_WEIGHTED,
    "dose_response": DOSE_RESPONSE,
    "peer": PEER,
    "escalation_curve": ESCALATION_CURVE,
    "outcome_slope": OUTCOME_SLOPE,
    "rejected_record": REJECTED_RECORD,
    "quality_check": QUALITY_CHECK,
    "run": RUN,
    "schema_version": SCHEMA_VERSION,
}
