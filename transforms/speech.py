"""What a conversation's timing shows as a whole: what was timed, who spoke how long, how long nobody did."""

import polars as pl

from transforms.floor import IS_PARTY
from transforms.intervals import joined
from transforms.segments import HUMAN
from transforms.thresholds import Thresholds

SPEECH = {
    "conversation_id": "The conversation's id",
    "has_times": "Every message of agent, customer and supervisor has a time",
    "has_ends": "Every message of agent and customer has a start and an end; false for written channels",
    "has_spoken_ends": "The same, or the channel is written",
    "has_sent_at": "Every message of agent, customer and supervisor has an absolute time",
    "has_unknown_speaker": "Some message's speaker is not known",
    "shows_overlap": "Somewhere in this conversation's source agent and customer speak at once",
    "duration_ms": "The source's total; otherwise last end minus first start of any human voice",
    "anyone_speaking_ms": "Time anyone speaks: agent, customer, supervisor or an unknown voice",
    "both_speaking_ms": "Time agent and customer speak at once",
    "silence_ms": "Mutual gaps over the threshold plus holds, a hold inside a gap once",
    "longest_gap_ms": "Longest time between first start and last end in which no human voice speaks",
    "first_asked_at": "Moment of the customer's first message (written channels)",
    "first_answered_at": "Moment of the first message of agent or supervisor after it",
}


def speech(
    turns: pl.DataFrame, transcripts: pl.DataFrame, thresholds: Thresholds, overlapping: pl.Series | None = None
) -> pl.DataFrame:
    """One row a conversation of `transcripts`, with the columns of SPEECH.

    `overlapping` names the sources known to show overlap; without it they are found among these very turns. The
    duration is the source's where `transcripts` has one: leave duration_ms out to measure only some of the turns.
    """
    shown = sources_with_overlap(turns, thresholds) if overlapping is None else overlapping
    rows = transcripts.select("conversation_id", "channel", "source", _total_ms(transcripts))
    rows = rows.join(_known(turns), on="conversation_id", how="left")
    rows = rows.join(_voices(turns), on="conversation_id", how="left")
    rows = rows.join(_silence(turns, rows, thresholds), on="conversation_id", how="left")
    return rows.with_columns(
        pl.col("has_times", "has_sent_at", "has_unknown_speaker").fill_null(False),
        has_ends=pl.col("has_ends").fill_null(False) & (pl.col("channel") == "voice"),
        has_spoken_ends=pl.col("has_ends").fill_null(False) | (pl.col("channel") != "voice"),
        shows_overlap=pl.col("source").is_in(shown.implode()),
        duration_ms=pl.coalesce("given_ms", pl.col("last_ms") - pl.col("first_ms")),
    ).select(*SPEECH)


def sources_with_overlap(turns: pl.DataFrame, thresholds: Thresholds) -> pl.Series:
    """The sources in which agent and customer are ever heard at once for longer than the threshold."""
    by_customer = IS_PARTY & (pl.col("speaker") == "customer")
    at_once = turns.filter(by_customer, pl.col("channel") == "voice", pl.col("overlap_ms") > 0)
    totals = at_once.group_by("conversation_id").agg(pl.col("source").first(), pl.col("overlap_ms").sum())
    return totals.filter(pl.col("overlap_ms") > thresholds.ms("shown_overlap_seconds"))["source"].unique().sort()


def _total_ms(transcripts: pl.DataFrame) -> pl.Expr:
    given = "duration_ms" in transcripts.columns
    return (pl.col("duration_ms") if given else pl.lit(None, pl.Int64)).alias("given_ms")


def _known(turns: pl.DataFrame) -> pl.DataFrame:
    """What times and roles the messages have, and when the first question was asked and answered in writing."""
    said = turns.filter(pl.col("kind") == "message")
    is_party = pl.col("speaker").is_in(["agent", "customer"])
    is_side = is_party | (pl.col("speaker") == "supervisor")
    asked = pl.when(pl.col("speaker") == "customer").then("said_at").min()
    waited = pl.col("reply_ms").explode().drop_nulls().first()
    written = pl.col("channel").first() != "voice"
    return said.group_by("conversation_id").agg(
        has_times=(~is_side | pl.col("start_ms").is_not_null()).all(),
        has_ends=(~is_party | pl.col("has_end")).all(),
        has_sent_at=(~is_side | pl.col("said_at").is_not_null()).all(),
        has_unknown_speaker=(pl.col("speaker") == "unknown").any(),
        both_speaking_ms=pl.when(pl.col("speaker") == "customer").then("overlap_ms").sum(),
        first_asked_at=pl.when(written).then(asked),
        first_answered_at=pl.when(written).then(asked + pl.duration(milliseconds=waited)),
    )


def _talk(turns: pl.DataFrame) -> pl.DataFrame:
    """The spans in which any human voice speaks, joined: conversation_id, start_ms, end_ms."""
    said = turns.filter(
        pl.col("kind") == "message", pl.col("channel") == "voice", pl.col("speaker").is_in(HUMAN)
    ).select("conversation_id", "intervals")
    return joined(said.explode("intervals").drop_nulls().unnest("intervals"), "conversation_id")


def _voices(turns: pl.DataFrame) -> pl.DataFrame:
    gap = pl.col("start_ms") - pl.col("end_ms").shift()
    return (
        _talk(turns)
        .group_by("conversation_id")
        .agg(
            first_ms=pl.col("start_ms").min(),
            last_ms=pl.col("end_ms").max(),
            anyone_speaking_ms=(pl.col("end_ms") - pl.col("start_ms")).sum(),
            longest_gap_ms=gap.max().fill_null(0),
        )
    )


def _silence(turns: pl.DataFrame, rows: pl.DataFrame, thresholds: Thresholds) -> pl.DataFrame:
    """silence_ms of each conversation with speech."""
    gaps = _talk(turns).select(
        "conversation_id", start_ms=pl.col("end_ms").shift().over("conversation_id"), end_ms="start_ms"
    )
    long = gaps.filter(pl.col("end_ms") - pl.col("start_ms") > thresholds.ms("silence_seconds"))
    quiet = joined(pl.concat([long, _holds(turns, rows)]), "conversation_id")
    totals = quiet.group_by("conversation_id").agg(silence_ms=(pl.col("end_ms") - pl.col("start_ms")).sum())
    spoken = rows.filter(pl.col("first_ms").is_not_null()).select("conversation_id")
    return spoken.join(totals, on="conversation_id", how="left").with_columns(pl.col("silence_ms").fill_null(0))


def _holds(turns: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """Each hold: from `hold` to the next `unhold`, or its own end, or else the call's; no longer than the call."""
    word = pl.col("text").str.strip_chars().str.to_lowercase()
    is_event = (pl.col("kind") == "event") | (pl.col("speaker") == "system")
    signs = turns.filter(is_event, pl.col("channel") == "voice", word.is_in(["hold", "unhold"]))
    signs = signs.with_columns(word=word, until=pl.col("start_ms").shift(-1).over("conversation_id"))
    ends = rows.select("conversation_id", "first_ms", call_end=pl.max_horizontal("last_ms", "given_ms"))
    own_end = pl.when(pl.col("end_ms") > pl.col("start_ms")).then("end_ms")
    return (
        signs.filter(pl.col("word") == "hold")
        .join(ends, on="conversation_id")
        .select(
            "conversation_id",
            start_ms=pl.max_horizontal("start_ms", "first_ms"),
            end_ms=pl.min_horizontal(pl.coalesce(own_end, "until", "call_end"), "call_end"),
        )
        .filter(pl.col("end_ms") > pl.col("start_ms"))
    )
