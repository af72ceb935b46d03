"""The contacts that the agent's side makes with a customer, and until when each channel was seen.

The agent's side is agents and supervisors; a bot makes no contact. A conversation was opened by who wrote first. On a
call and in a chat the one who is called may speak first, so the agent's first words decide: "how can I help?" greets
somebody who called, "I'm calling you back" calls, even after the customer's hello. Where they say neither, the agent's
side opened if it spoke first and the customer then did not come with more than a few words. In a conversation that is
under way, it opens a contact by writing again after a pause, with nothing from the customer since it last wrote.
"""

import polars as pl

from transforms.fold import fold
from transforms.promise_words import words_of

PAUSE_SECONDS = 600  # what comes within ten minutes belongs to the exchange that is going on
FEW_WORDS = 8  # with which one answers a call; who says more has come with something
FIRST_TURNS = 2  # of the agent's side, in which it says why there is a contact

BY_AGENT_SIDE = pl.col("speaker").is_in(["agent", "supervisor"])


def people_turns(turns: pl.DataFrame) -> pl.DataFrame:
    """What people said, with by_agent_side, and of the turns before: after_agent_side, pause_seconds, previous_at."""
    people = turns.filter(
        pl.col("kind") == "message", pl.col("speaker").is_in(["agent", "supervisor", "customer", "unknown"])
    )
    ended = pl.coalesce("ended_at", "said_at").cum_max().shift().over("conversation_id")
    return people.sort("conversation_id", "position").with_columns(
        by_agent_side=BY_AGENT_SIDE,
        pause_seconds=(pl.col("said_at") - ended).dt.total_microseconds() / 1e6,
        after_agent_side=BY_AGENT_SIDE.shift().over("conversation_id"),
        previous_at=pl.col("said_at").shift().over("conversation_id"),
    )


def agent_contacts(turns: pl.DataFrame, transcripts: pl.DataFrame) -> pl.DataFrame:
    """Every contact that the agent's side opens with a known customer at a known time, by customer, in order.

    conversation_id, customer_id, turn_index, at, is_new_conversation; in a conversation under way, wrote_at says when
    the agent's side had last written, pause_seconds how long nothing came since.
    """
    people = people_turns(turns).join(transcripts.select("conversation_id", "customer_id"), on="conversation_id")
    opened = _opened_conversations(people)
    is_first = pl.int_range(pl.len()).over("conversation_id", "by_agent_side") == 0
    again = pl.col("after_agent_side") & (pl.col("pause_seconds") >= PAUSE_SECONDS)
    return (
        people.join(opened, on="conversation_id", how="left", maintain_order="left")
        .with_columns(is_new_conversation=is_first & pl.col("is_opened_by_agent"))
        .filter("by_agent_side", pl.col("is_new_conversation") | again)
        .filter(pl.col("said_at").is_not_null(), pl.col("customer_id").is_not_null())
        .select(
            *("conversation_id", "customer_id", "turn_index", "is_new_conversation"),
            at="said_at",
            wrote_at=pl.when(~pl.col("is_new_conversation")).then("previous_at"),
            pause_seconds=pl.when(~pl.col("is_new_conversation")).then("pause_seconds"),
        )
        .sort("customer_id", "at", "conversation_id", "turn_index")
    )


def moments_of(turns: pl.DataFrame, transcripts: pl.DataFrame) -> pl.DataFrame:
    """The latest moment that anything tells of: source, channel, at (null where nothing has a time)."""
    moments = pl.concat(
        [
            turns.select("source", "channel", at=pl.max_horizontal("said_at", "ended_at")),
            transcripts.select("source", "channel", at=pl.max_horizontal("started_at", "updated_at")),
        ]
    )
    return latest_moments(moments)


def latest_moments(moments: pl.DataFrame) -> pl.DataFrame:
    """Of each source and channel the latest moment."""
    return moments.group_by("source", "channel").agg(pl.col("at").max()).sort("source", "channel")


def seen_until(moments: pl.DataFrame) -> pl.DataFrame:
    """Until when each channel was seen: channel, seen_until. `moments` has source, channel, at.

    A source is seen up to the latest moment that anything from it tells of; a channel, up to that of the best source
    that has it. What should have happened later may only be missing from what was ingested.
    """
    of_source = moments.with_columns(seen_until=pl.col("at").max().over("source"))
    return of_source.group_by("channel").agg(pl.col("seen_until").max()).sort("channel")


def _opened_conversations(people: pl.DataFrame) -> pl.DataFrame:
    """By conversation: is_opened_by_agent."""
    first_words = people.group_by("conversation_id", maintain_order=True).agg(
        pl.col("language", "channel").first(),
        spoke_first=pl.col("by_agent_side").first(),
        text=pl.col("text").filter("by_agent_side").head(FIRST_TURNS).str.join("\n"),
        answer=pl.col("text").filter(pl.col("speaker") == "customer").first().fill_null(""),
    )
    folded = first_words.with_columns(text=pl.Series(fold(first_words["text"].to_list()), dtype=pl.String))
    languages = folded.partition_by("language", maintain_order=True)
    parts = [_with_cues(part, part["language"].to_list()[0]) for part in languages]
    cues = pl.concat(parts) if parts else folded.with_columns(says_agent=False, says_customer=False)
    is_answered = pl.col("answer").str.count_matches(r"\S+") <= FEW_WORDS
    is_live = pl.col("channel").is_in(["voice", "chat"])
    by_agent = pl.when(is_live).then(pl.col("says_agent") | (pl.col("spoke_first") & is_answered))
    opened = ~pl.col("says_customer") & by_agent.otherwise("spoke_first")
    return cues.select("conversation_id", is_opened_by_agent=opened)


def _with_cues(first_words: pl.DataFrame, language: str | None) -> pl.DataFrame:
    """Whether the agent's first words say that the agent's side, or the customer, made the contact."""
    words = words_of(language)
    text = pl.col("text")
    return first_words.with_columns(
        says_agent=text.str.contains(words.opened_by_agent) if words else pl.lit(False),
        says_customer=text.str.contains(words.opened_by_customer) if words else pl.lit(False),
    )
