"""Listening: who lets whom speak, and how soon an answer comes."""

from typing import Any

import polars as pl

from metrics.catalogue import TEXT_CHANNELS, VOICE, base, metric, ratio
from metrics.sources import ACTIVE_LISTENING, LISTEN, A, D, P, said
from metrics.terms import BY_AGENT, BY_CUSTOMER, seconds, shows, turns_with
from metrics.units import COUNT, PER_MINUTE, SECONDS, SHARE, WORDS, WORDS_PER_MINUTE

MINUTE_MS = 60_000
LEAST_SPEECH_MS = 30_000  # below this a speed of speech says nothing

TIMED: dict[str, Any] = {"channels": VOICE, "needs": ("agent", "customer", "ends", "overlap")}
CUT_SHORT = """
    0.0-4.0   customer  I ordered it last week and it never
    3.0-6.0   agent     Let me stop you there, what is your order number?
    6.5-9.0   customer  It is 4711.
"""
NOBODY_ANSWERS = """
    0.0-4.0   customer  I ordered it last week.
"""
WRITTEN = """
    10:00 customer  Where is my parcel?
    10:03 agent     Let me look.
"""


@metric(
    unit=COUNT,
    source=LISTEN,
    direction="lower",
    markers=("interruption",),
    thresholds=("interruption_seconds", "voice_merge_seconds", "word_pause_seconds"),
    example=CUT_SHORT,
    example_value=1,
    null_example=NOBODY_ANSWERS,
    why_null="nothing_to_measure",
    **TIMED,
)
def interruption_count() -> pl.Expr:
    """Agent turns that start while the customer speaks (customer start < agent start < customer end), where both then
    speak at once for more than 0.5 s (the earlier of both ends minus the agent's start), and that are no backchannel.
    Word times are used where there are: the customer speaks from a word to the next while the pause between is at
    most 0.3 s. Null until the source has been seen to show overlap."""
    return (BY_AGENT & pl.col("is_interruption")).sum().cast(pl.Int64)


@ratio(
    "interruption_count",
    "customer_speaking_ms",
    scale=MINUTE_MS,
    unit=PER_MINUTE,
    source=LISTEN,
    direction="lower",
    markers=("interruption",),
    thresholds=("interruption_seconds", "voice_merge_seconds", "word_pause_seconds"),
    example="""
    0.0-8.0    customer  I ordered it last week and it never
    7.0-10.0   agent     Let me stop you there, what is your order number?
    10.5-12.5  customer  It is 4711.
    """,
    example_value=6,
    null_example=NOBODY_ANSWERS,
    why_null="nothing_to_measure",
    **TIMED,
)
def interruption_per_customer_minute() -> None:
    """interruption_count per minute that the customer speaks."""


@metric(
    unit=COUNT,
    source=said(f'{D}, "let them have their say"'),
    direction="lower",
    markers=("interruption", "cut_off"),
    thresholds=("interruption_seconds", "cut_off_seconds"),
    channels=VOICE,
    needs=("agent", "customer", "ends", "overlap", "sentence_ends"),
    example=CUT_SHORT,
    example_value=1,
    null_example=NOBODY_ANSWERS,
    why_null="nothing_to_measure",
)
def interruption_successful_count() -> pl.Expr:
    """Interruptions by the agent after which the customer's turn ends within 1.0 s of the agent's start, with the
    sentence unfinished: no . ? ! or … at its end. Where under half of a conversation's turns end in one of these, its
    last words decide; null where neither can tell."""
    return (BY_AGENT & pl.col("is_successful_interruption")).sum().cast(pl.Int64)


@metric(
    unit=COUNT,
    source=said(f'{D}, "let them have their say"'),
    markers=("interruption",),
    thresholds=("interruption_seconds", "voice_merge_seconds", "word_pause_seconds"),
    example="""
    0.0-4.0   agent     Let me explain how this works, first you
    3.0-6.0   customer  No, listen to me, I want my money back!
    """,
    example_value=1,
    null_example=NOBODY_ANSWERS,
    why_null="nothing_to_measure",
    **TIMED,
)
def customer_interruption_count() -> pl.Expr:
    """The same as interruption_count, the customer over the agent."""
    return (BY_CUSTOMER & pl.col("is_interruption")).sum().cast(pl.Int64)


@metric(
    unit=COUNT,
    source=said(f'{D}, "let them have their say"'),
    direction="lower",
    channels=TEXT_CHANNELS,
    needs=("agent", "customer", "times"),
    thresholds=("writing_pair_seconds", "writing_seconds"),
    example="""
    10:00:00 customer  My parcel has not come
    10:00:06 agent     What is your order number?
    10:00:14 customer  and the last one was broken
    """,
    example_value=1,
    null_example="""
    0.0-4.0  customer  My parcel has not come.
    4.5-6.0  agent     What is your order number?
    """,
    why_null="not_applicable",
)
def message_interruption_count() -> pl.Expr:
    """Pairs of a customer's messages, one after the other and at most 20 s apart, between which an agent's message
    lands within 10 s of the first: the customer was still writing. Each pair counts once."""
    return pl.col("talked_into_count").sum()


@ratio(
    "both_speaking_ms",
    "anyone_speaking_ms",
    unit=SHARE,
    source=LISTEN,
    direction="lower",
    example="""
    0.0-4.0   customer  I ordered it last week and it never
    3.0-10.0  agent     Let me stop you there, what is your order number?
    """,
    example_value=0.1,
    null_example=NOBODY_ANSWERS,
    why_null="nothing_to_measure",
    **TIMED,
)
def overlap_share() -> None:
    """Time in which agent and customer both speak ÷ time in which anyone speaks (agent, customer, supervisor; not bot
    or system), by word times where there are, otherwise by segments."""


@metric(
    unit=COUNT,
    source=ACTIVE_LISTENING,
    needs=("agent", "customer", "spoken_ends", "text"),
    markers=("backchannel",),
    thresholds=("backchannel_seconds", "backchannel_word_count"),
    example="""
    0.0-4.0  customer  My parcel was sent on Monday,
    4.1-4.4  agent     I see.
    4.6-8.0  customer  and it has not come yet.
    8.5-9.5  agent     Let me look into that for you.
    """,
    example_value=1,
    null_example=NOBODY_ANSWERS,
    why_null="nothing_to_measure",
)
def backchannel_count() -> pl.Expr:
    """The agent's short affirmations while the customer keeps the floor: turns on the language's list ("I see",
    "d'accord") of at most 4 words that start while the customer speaks or after which the customer is the next to
    speak; or any turn wholly inside the customer's and at most 1.0 s long."""
    return (BY_AGENT & pl.col("is_backchannel")).sum().cast(pl.Int64)


@ratio(
    "backchannel_count",
    "customer_speaking_ms",
    scale=MINUTE_MS,
    unit=PER_MINUTE,
    source=ACTIVE_LISTENING,
    channels=VOICE,
    needs=("agent", "customer", "ends", "text"),
    markers=("backchannel",),
    thresholds=("backchannel_seconds", "backchannel_word_count"),
    example="""
    0.0-4.0   customer  My parcel was sent on Monday,
    4.1-4.4   agent     I see.
    4.6-10.6  customer  and it has not come yet, and nobody could tell me why.
    11.0-12.0 agent     Let me look into that for you.
    """,
    example_value=6,
    null_example=WRITTEN,
    why_null="not_applicable",
)
def backchannel_per_customer_minute() -> None:
    """backchannel_count per minute that the customer speaks."""


def _in_words() -> pl.Expr:
    """Whether talk is reckoned in words: a written channel, or an agent's or customer's end is not known."""
    return (pl.col("channel").first() != "voice") | ((BY_AGENT | BY_CUSTOMER) & ~pl.col("has_end")).any()


def _talk(party: pl.Expr) -> pl.Expr:
    in_words = pl.when(party).then("word_count").sum()
    return pl.when(_in_words()).then(in_words).otherwise(pl.when(party).then("speaking_ms").sum())


@base
def agent_talk_amount() -> pl.Expr:
    """What agents say, in milliseconds or words; talk_share_basis tells which."""
    return _talk(BY_AGENT)


@base
def talk_amount() -> pl.Expr:
    """What agents and customer say, in milliseconds or words; talk_share_basis tells which."""
    return _talk(BY_AGENT | BY_CUSTOMER)


@base
def talk_share_basis() -> pl.Expr:
    """What agent_talk_share was reckoned in: seconds, or words where there are no times."""
    return pl.when(_in_words()).then(pl.lit("words")).otherwise(pl.lit("seconds"))


@metric(
    over="row",
    unit=SHARE,
    source=said(f'{A}, "active listening"'),
    needs=("agent", "customer"),
    example="""
    0.0-6.0   customer  I ordered it last week and it has not come.
    6.5-8.5   agent     Let me look.
    """,
    example_value=0.25,
    null_example=NOBODY_ANSWERS,
    why_null="nothing_to_measure",
)
def agent_talk_share() -> pl.Expr:
    """Agents' speaking time ÷ the speaking time of agents and customer, each a sum of its own, so that time in which
    both speak counts for both. In written channels, and where the end of any agent or customer segment is not known,
    words stand for time; the column talk_share_basis says which was used."""
    return pl.when(pl.col("talk_amount") > 0).then(pl.col("agent_talk_amount") / pl.col("talk_amount"))


@metric(
    unit=SECONDS,
    source=said(f'{A}, "active listening"'),
    direction="lower",
    channels=VOICE,
    needs=("agent", "customer", "ends"),
    example="""
    0.0-2.0    customer  Where is it?
    2.5-10.0   agent     It left our warehouse on Monday.
    9.0-9.5    customer  Mhm.
    12.0-15.0  agent     It should be with you tomorrow.
    15.5-17.0  customer  I hope it will.
    """,
    example_value=12.5,
    null_example=WRITTEN,
    why_null="not_applicable",
)
def agent_longest_monologue_seconds() -> pl.Expr:
    """Longest agent stretch without the customer taking the floor: from the start of an agent's turn to the end of
    the agents' last turn before a customer's turn that is no backchannel, or to that turn's start if that is earlier;
    pauses count. An agent's own backchannel begins none."""
    return seconds(pl.col("monologue_ms").max())


@metric(
    over="row",
    unit=WORDS_PER_MINUTE,
    source=said(f'{A}, "adapt your communication style"'),
    channels=VOICE,
    needs=("agent", "ends"),
    numerator="agent_word_count",
    denominator="agent_speaking_ms",
    scale=MINUTE_MS,
    aggregate="ratio",
    example="""
    0.0-2.0    customer  Where is it?
    2.5-42.5   agent     one two three four five six seven eight nine ten
    """,
    example_value=15,
    null_example="""
    0.0-2.0    customer  Where is it?
    2.5-10.0   agent     It left our warehouse on Monday.
    """,
    why_null="nothing_to_measure",
)
def agent_words_per_minute() -> pl.Expr:
    """Words of agents per minute that agents speak; null under 30 s of speech."""
    spoken = pl.col("agent_speaking_ms")
    return pl.when(spoken >= LEAST_SPEECH_MS).then(MINUTE_MS * pl.col("agent_word_count") / spoken)


FIRST_SOLUTION = """
    0.0-3.0    customer  My parcel has not come.
    3.5-5.0    agent     Since when have you been waiting?
    5.5-7.5    customer  Since last Monday.
    8.0-12.0   agent     I suggest that we send you a new one today.
    12.5-13.5  customer  Yes please.
"""


def _before_first_solution(column: str) -> pl.Expr:
    solved_at = pl.when(BY_AGENT & shows("solution")).then("position").min()
    heard = pl.when(BY_CUSTOMER & (pl.col("position") < solved_at)).then(column).sum()
    return pl.when(solved_at.is_not_null()).then(heard)


@metric(
    unit=WORDS,
    source=LISTEN,
    needs=("agent", "customer", "text"),
    markers=("solution",),
    example=FIRST_SOLUTION,
    example_value=8,
    null_example=NOBODY_ANSWERS,
    why_null="nothing_to_measure",
)
def listen_first_word_count() -> pl.Expr:
    """Words of the customer's turns that begin before the agent's first turn with a proposed solution; null where
    none is proposed."""
    return _before_first_solution("word_count")


@metric(
    unit=SECONDS,
    source=LISTEN,
    channels=VOICE,
    needs=("agent", "customer", "ends", "text"),
    markers=("solution",),
    example=FIRST_SOLUTION,
    example_value=5,
    null_example=WRITTEN,
    why_null="not_applicable",
)
def listen_first_seconds() -> pl.Expr:
    """Speaking time of the customer's turns that begin before the agent's first turn with a proposed solution; null
    where none is proposed."""
    return seconds(_before_first_solution("speaking_ms"))


@metric(
    unit=SECONDS,
    source=said(f'{D}, "a moment of silence first"', f'{A}, "let the client finish"'),
    channels=VOICE,
    needs=("agent", "customer", "ends"),
    aggregate="median",
    example="""
    0.0-2.0   customer  Where is my parcel?
    2.6-4.0   agent     Let me look into it.
    4.5-6.0   customer  Since Monday I have waited.
    7.0-9.0   agent     It is on its way.
    """,
    example_value=0.8,
    null_example="""
    0.0-2.0   agent     Good morning, how can I help?
    2.5-4.0   customer  Where is my parcel?
    """,
    why_null="nothing_to_measure",
)
def response_gap_seconds() -> pl.Expr:
    """Median of the agent's start minus the customer's end, over agent turns that are no backchannel, whose previous
    turn by start is a customer's, and that are not wholly inside it. Below zero both speak at once."""
    return seconds(pl.when(BY_AGENT).then("response_gap_ms").median())


@ratio(
    "silence_ms",
    "duration_ms",
    unit=SHARE,
    source=said(f'{D}, "a moment of silence first"', "Amazon Connect, non-talk time"),
    channels=VOICE,
    needs=("ends",),
    thresholds=("silence_seconds",),
    example="""
    0.0-2.0    customer  Where is my parcel?
    4.0-6.0    agent     Let me look into it.
    10.0-20.0  agent     It is on its way, and should be with you tomorrow.
    """,
    example_value=0.2,
    null_example=WRITTEN,
    why_null="not_applicable",
)
def non_talk_share() -> None:
    """Silence ÷ duration. Silence is every gap of more than 3 s, between the first start and the last end, in which
    no human voice speaks, and every hold; a hold inside a gap counts once. The duration is the source's total where
    given, otherwise last end minus first start."""


@metric(
    over="row",
    unit=SECONDS,
    source=said(f'{D}, "a moment of silence first"'),
    channels=VOICE,
    needs=("ends",),
    example="""
    0.0-2.0    customer  Where is my parcel?
    4.0-6.0    agent     Let me look into it.
    10.0-20.0  agent     It is on its way, and should be with you tomorrow.
    """,
    example_value=4,
    null_example=WRITTEN,
    why_null="not_applicable",
)
def longest_silence_seconds() -> pl.Expr:
    """Longest time between the first start and the last end in which no human voice speaks; 0 where there is none."""
    return seconds(pl.col("longest_gap_ms"))


REPLIES: dict[str, Any] = {"channels": TEXT_CHANNELS, "tied_to": ("resolution_seconds", "full_resolution_seconds")}
NEVER_ANSWERED = """
    10:00 customer  Where is my parcel?
    10:00 bot       Please wait for an agent.
"""


@metric(
    unit=SECONDS,
    source=said(f'{A}, "respond promptly"', "Zendesk, first reply time"),
    direction="lower",
    needs=("customer", "times"),
    aggregate="median",
    example="""
    10:00 customer  Where is my parcel?
    10:00 bot       Please wait for an agent.
    10:03 agent     Hello, let me look.
    """,
    example_value=180,
    null_example=NEVER_ANSWERED,
    why_null="nothing_to_measure",
    **REPLIES,
)
def first_response_seconds() -> pl.Expr:
    """Time from the customer's first message to the first later public message of an agent or supervisor, whoever
    opened the conversation; a bot answers nobody."""
    return seconds(pl.col("reply_ms").explode().drop_nulls().first())


@metric(
    over="row",
    unit=SECONDS,
    source=said(f'{A}, "respond promptly"', "Zendesk, first reply time in business hours"),
    direction="lower",
    needs=("customer", "sent_at"),
    aggregate="median",
    example="""
    17:58 customer  Where is my parcel?
    18:30 agent     Hello, let me look.
    """,
    example_value=120,
    null_example=NEVER_ANSWERED,
    why_null="nothing_to_measure",
    **REPLIES,
)
def first_response_business_seconds() -> pl.Expr:
    """The working time in first_response_seconds, by the calendar of heard.toml: its time zone with daylight saving,
    its hours (Mon-Fri 09:00-18:00 unless set) and its holidays."""
    return pl.col("first_response_business_seconds_fact")


@metric(
    unit=SECONDS,
    source=said(f'{A}, "respond promptly"'),
    direction="lower",
    needs=("agent", "customer", "times"),
    aggregate="median",
    example="""
    10:00 customer  Where is my parcel?
    10:02 customer  Hello?
    10:03 agent     Hello, let me look.
    10:05 customer  Thank you.
    10:06 agent     It is on its way.
    """,
    example_value=120,
    null_example="""
    10:00 agent     Your parcel is on its way.
    10:05 customer  Thank you.
    """,
    why_null="nothing_to_measure",
    **REPLIES,
)
def reply_seconds() -> pl.Expr:
    """Median wait for an answer: from the customer's first message since the agent's side (agent or supervisor) last
    wrote to its next message. A bot answers nobody."""
    return seconds(pl.col("reply_ms").explode().drop_nulls().median())


@metric(
    unit=SECONDS,
    source=said(f'{A}, "respond promptly"'),
    needs=("agent", "customer", "times"),
    aggregate="median",
    example="""
    10:00 customer  Where is my parcel?
    10:03 agent     What is your order number?
    10:05 customer  4711
    """,
    example_value=120,
    null_example=WRITTEN,
    why_null="nothing_to_measure",
    **REPLIES,
)
def customer_reply_seconds() -> pl.Expr:
    """Median wait for the customer: from the first message of the agent's side since the customer last wrote to the
    customer's next message."""
    return seconds(pl.col("customer_reply_ms").explode().drop_nulls().median())


@metric(
    unit=COUNT,
    source=said(f'{P}, "offer a break"', f'{D}, "take a pause"', f'{A}, "reschedule"'),
    needs=("agent", "text"),
    markers=("pause_offer",),
    example="""
    10:00 customer  I cannot think straight any more.
    10:01 agent     Would you like to take a break, and I call you back later?
    """,
    example_value=1,
    null_example="""
    10:00 customer  I cannot think straight any more.
    """,
    why_null="nothing_to_measure",
)
def pause_offered_count() -> pl.Expr:
    """Agent turns that offer a break, a call-back or another time to let things settle."""
    return turns_with("pause_offer", BY_AGENT)
