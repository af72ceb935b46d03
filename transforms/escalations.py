"""What called for a higher tier, whether the case went there, and how long that took.

A trigger is the customer's request for it, aggression, or the third repeat of one complaint; its time is the end of its
turn. The escalation is the agent saying so, or the source's own record, whichever comes first. Agent turns between the
two are those that start after the trigger and before the escalation. Where none followed, the times run to the
conversation's end and the row says that they are censored.
"""

import polars as pl

from transforms.fold import fold

TIMELY_TURNS = 2
TIMELY_SECONDS = 120
REPEATS = 3
ALIKE = 0.3  # the share of content words in common from which two statements tell of one complaint

TRIGGERS = ("escalation_request", "aggression")
SHORT_WORD = 4
KEY = ["conversation_id", "turn_index"]


def escalations(
    turns: pl.DataFrame,
    markers: pl.DataFrame,
    transcripts: pl.DataFrame,
    outcomes: pl.DataFrame,
    timely_turns: int = TIMELY_TURNS,
    timely_seconds: float = TIMELY_SECONDS,
) -> pl.DataFrame:
    """The table escalation, with escalation_turns and escalation_position_share beside it; schema.ESCALATION.shape()s.

    `outcomes` gives escalated_at. escalation_turns counts the agent's turns from the start of the conversation to the
    escalation, escalation_position_share is the part of all turns that started before it.
    """
    said = _on_one_clock(turns)
    trigger = _first_triggers(said, markers)
    escalation = _first_escalations(said, markers, transcripts, outcomes)
    found = trigger.join(escalation, on="conversation_id", how="full", coalesce=True)
    counted = found.join(_counts(said, found), on="conversation_id", how="left").with_columns(
        is_censored=pl.col("escalated_position").is_null()
    )
    return _judged(counted, timely_turns, timely_seconds).sort("conversation_id")


def _on_one_clock(turns: pl.DataFrame) -> pl.DataFrame:
    """What was said, numbered in order, each turn's begin and end in milliseconds from the conversation's start."""
    said = turns.filter(pl.col("kind") == "message").sort("conversation_id", "position")
    return said.select(
        *KEY,
        "speaker",
        "text",
        "said_at",
        "end_ms",
        place=pl.int_range(pl.len()).over("conversation_id"),
        begin_ms="start_ms",
    )


def _first_triggers(said: pl.DataFrame, markers: pl.DataFrame) -> pl.DataFrame:
    """By conversation: trigger, trigger_turn_index, trigger_place, trigger_ms."""
    by_customer = said.filter(pl.col("speaker") == "customer")
    kinds = [_marked(by_customer, markers, name).with_columns(trigger=pl.lit(name)) for name in TRIGGERS]
    repeats = _third_repeats(by_customer, markers).with_columns(trigger=pl.lit("repeated_complaint"))
    return (
        pl.concat([*kinds, repeats])
        .sort("conversation_id", "place", maintain_order=True)
        .group_by("conversation_id", maintain_order=True)
        .first()
        .select(
            "conversation_id",
            "trigger",
            trigger_turn_index="turn_index",
            trigger_place="place",
            trigger_ms="end_ms",
        )
    )


def _marked(said: pl.DataFrame, markers: pl.DataFrame, name: str) -> pl.DataFrame:
    """The turns in which a marker was found."""
    return said.join(markers.filter(pl.col("marker") == name).select(KEY).unique(), on=KEY, how="semi")


def _third_repeats(by_customer: pl.DataFrame, markers: pl.DataFrame) -> pl.DataFrame:
    """The turns that state one complaint again for the third time: they resemble two repeats before them."""
    repeats = _marked(by_customer, markers, "repeated_complaint")
    many = repeats.filter(pl.len().over("conversation_id") >= REPEATS)
    worded = many.with_columns(words=pl.Series(fold(many["text"].to_list()), dtype=pl.String))
    worded = worded.with_columns(pl.col("words").str.extract_all(rf"[a-z0-9]{{{SHORT_WORD},}}").list.unique())
    pairs = worded.join(worded.select("conversation_id", earlier="place", others="words"), on="conversation_id")
    shared = pl.col("words").list.set_intersection("others").list.len()
    smaller = pl.min_horizontal(pl.col("words").list.len(), pl.col("others").list.len())
    alike = pairs.filter(pl.col("earlier") < pl.col("place"), shared >= ALIKE * smaller, shared > 0)
    counted = alike.group_by(KEY).agg(count=pl.len()).filter(pl.col("count") >= REPEATS - 1)
    return repeats.join(counted, on=KEY, how="semi")


def _first_escalations(
    said: pl.DataFrame, markers: pl.DataFrame, transcripts: pl.DataFrame, outcomes: pl.DataFrame
) -> pl.DataFrame:
    """By conversation, the earlier of the agent's words and the source's record: escalated_ms and its turn."""
    by_words = _marked(said.filter(pl.col("speaker") == "agent"), markers, "escalation").select(
        "conversation_id", escalated_turn_index="turn_index", escalated_position="place", escalated_ms="begin_ms"
    )
    by_record = _recorded(said, transcripts, outcomes)
    return (
        pl.concat([by_words, by_record])
        .sort("conversation_id", "escalated_ms", "escalated_position", nulls_last=True)
        .group_by("conversation_id", maintain_order=True)
        .first()
    )


def _recorded(said: pl.DataFrame, transcripts: pl.DataFrame, outcomes: pl.DataFrame) -> pl.DataFrame:
    """The source's own escalation, and the first turn that began at or after it; no turn where none did."""
    started = transcripts.select("conversation_id", "started_at")
    first = said.group_by("conversation_id").agg(first_said_at=pl.col("said_at").min())
    recorded = (
        outcomes.filter(pl.col("escalated_at").is_not_null())
        .select("conversation_id", "escalated_at")
        .join(started, on="conversation_id")
        .join(first, on="conversation_id")
        .with_columns(origin=pl.coalesce("started_at", "first_said_at"))
        .with_columns(escalated_ms=(pl.col("escalated_at") - pl.col("origin")).dt.total_milliseconds())
    )
    turn = (
        said.join(recorded, on="conversation_id")
        .filter(pl.col("begin_ms") >= pl.col("escalated_ms"))
        .group_by("conversation_id")
        .agg(
            escalated_turn_index=pl.col("turn_index").sort_by("place").first(), escalated_position=pl.col("place").min()
        )
    )
    # What came after every turn, or cannot be placed among turns without times, stands behind them all.
    ends = said.group_by("conversation_id").agg(end_place=pl.col("place").max() + 1)
    placed = recorded.join(turn, on="conversation_id", how="left").join(ends, on="conversation_id")
    return placed.select(
        "conversation_id",
        "escalated_turn_index",
        pl.coalesce("escalated_position", "end_place"),
        "escalated_ms",
    )


def _counts(said: pl.DataFrame, found: pl.DataFrame) -> pl.DataFrame:
    """By conversation: the turns before the escalation, the agent's among them, and those since the trigger."""
    placed = said.join(found, on="conversation_id")
    begin, ms = pl.col("begin_ms"), pl.col("escalated_ms")
    is_escalated = pl.col("escalated_position").is_not_null()
    by_place = pl.col("place") < pl.col("escalated_position")
    before = pl.when(begin.is_not_null() & ms.is_not_null()).then(begin < ms).otherwise(by_place)
    after_place = pl.col("place") > pl.col("trigger_place")
    after = after_place & (begin > pl.col("trigger_ms")).fill_null(True)
    by_agent = pl.col("speaker") == "agent"
    return placed.group_by("conversation_id").agg(
        escalation_turns=(by_agent & before).sum(),
        escalation_position_share=before.sum() / pl.len(),
        delay_turns=(by_agent & after & (before | ~is_escalated)).sum(),
        ended_ms=pl.max_horizontal("begin_ms", "end_ms").max(),
    )


def _judged(found: pl.DataFrame, timely_turns: int, timely_seconds: float) -> pl.DataFrame:
    """Adds delays, position and class."""
    has_trigger = pl.col("trigger").is_not_null()
    by_clock = pl.col("escalated_ms") < pl.col("trigger_ms")
    by_place = pl.col("escalated_position") < pl.col("trigger_place")
    is_before = pl.coalesce(by_clock, by_place)
    until = pl.when("is_censored").then("ended_ms").otherwise("escalated_ms")
    is_untriggered = ~pl.col("is_censored") & (~has_trigger | is_before)
    delay = pl.when(has_trigger & ~is_untriggered).then((until - pl.col("trigger_ms")) / 1000)
    return (
        found.with_columns(
            delay_seconds=delay,
            delay_turns=pl.when(has_trigger & ~is_untriggered).then("delay_turns"),
            trigger_at_seconds=pl.col("trigger_ms") / 1000,
            escalated_at_seconds=pl.col("escalated_ms") / 1000,
            **{
                name: pl.when(~pl.col("is_censored")).then(name)
                for name in ("escalation_turns", "escalation_position_share")
            },
        )
        .with_columns(
            pl.when(is_untriggered)
            .then(pl.lit("untriggered"))
            .when("is_censored")
            .then(pl.lit("missed"))
            .when(
                (pl.col("delay_turns") <= timely_turns) | (pl.col("delay_seconds") <= timely_seconds).fill_null(False)
            )
            .then(pl.lit("timely"))
            .otherwise(pl.lit("late"))
            .alias("class")
        )
        .drop("trigger_place", "trigger_ms", "escalated_position", "escalated_ms", "ended_ms")
    )
