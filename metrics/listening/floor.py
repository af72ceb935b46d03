"""Who holds the floor: backchannels, talk, and how much is heard before a solution is proposed."""

import polars as pl

from metrics.catalogue import VOICE, base, metric, ratio
from metrics.listening.nulls import NOBODY_ANSWERS, WRITTEN
from metrics.sources import ACTIVE_LISTENING, LISTEN, A, said
from metrics.terms import BY_AGENT, BY_CUSTOMER, seconds, shows
from metrics.units import COUNT, MINUTE_MS, PER_MINUTE, SECONDS, SHARE, WORDS, WORDS_PER_MINUTE

LEAST_SPEECH_MS = 30_000  # below this a speed of speech says nothing


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
