"""Turns with their facts: what one speaker says without a break, and what happened around it."""

import polars as pl

from transforms import schema
from transforms.floor import IS_PARTY, OTHER, Lists, Unfinished, speech, with_backchannels, with_interruptions
from transforms.intervals import joined, latest, total_ms
from transforms.merging import turn_of
from transforms.replies import with_replies
from transforms.segments import HUMAN, in_order
from transforms.thresholds import Thresholds

TURN = {
    "conversation_id": "The conversation's id",
    "turn_index": "The source's number of its first segment where all have one and they rise; otherwise its position",
    "position": "Its place in the final order, from 0",
    "speaker": "agent, customer, supervisor, bot, system or unknown",
    "speaker_id": "Who of them",
    "kind": "message, note or event; only messages are scored as said",
    "text": "Its segments' texts, joined by a space",
    "start_ms": "Start of its first segment, from the conversation's start",
    "end_ms": "Latest end of its segments; a message ends when it is sent",
    "sent_at": "When its first message was sent",
    "said_at": "The moment it began: sent_at, otherwise the conversation's start plus start_ms",
    "ended_at": "The moment it ended",
    "message_count": "How many segments it was joined from",
    "word_count": "Words",
    "has_end": "Whether every segment of it has a start and an end",
    "speaking_ms": "Time it speaks: the union of its words, or of its segments",
    "gap_ms": "Start minus the latest end of the turns before; negative where both speak",
    "overlap_ms": "Time of it during which agent and customer both speak",
    "response_gap_ms": "On a turn of agent or customer that answers the other's turn before it: start minus that end",
    "monologue_ms": "On the first turn of an agent's stretch without the customer taking the floor: its length",
    "is_backchannel": "A short affirmation while the other keeps the floor",
    "is_interruption": "It starts while the other party speaks and both go on for longer than the threshold",
    "is_successful_interruption": "And the other party breaks off; null where nothing tells a sentence's end",
    "was_cut_off": "The other party broke into it and it broke off",
    "reply_ms": "Waits that its messages end: the agent's side answering the customer",
    "customer_reply_ms": "Waits that its messages end: the customer answering the agent's side",
    "talked_into_count": "Pairs of the customer's messages, ending in this turn, into which an agent wrote",
    "intervals": "Its words' times where there are, otherwise its segments'",
    "language": "The conversation's language",
    "channel": "The conversation's channel",
    "source": "The conversation's source",
}


def build_turns(
    segments: pl.DataFrame,
    transcripts: pl.DataFrame,
    thresholds: Thresholds,
    backchannels: Lists,
    is_unfinished: Unfinished | None = None,
) -> pl.DataFrame:
    """The turns of every conversation, sorted by conversation and position, with the columns of TURN.

    `backchannels` has each language's list of affirmations, `is_unfinished` says which texts break off.
    """
    placed = with_replies(in_order(segments, transcripts), thresholds)
    is_party = (pl.col("kind") == "message") & (pl.col("speaker") != "system")
    limit = (
        pl.when("is_voice").then(thresholds.ms("voice_merge_seconds")).otherwise(thresholds.ms("text_merge_seconds"))
    )
    runs = _merged(placed.with_columns(message_count=pl.lit(1, pl.Int64)), turn_of(placed, is_party, limit))
    runs = with_backchannels(runs, thresholds, backchannels)
    turns = _merged(runs, turn_of(runs, is_party & ~pl.col("is_backchannel"), limit))
    return _with_facts(turns, thresholds, backchannels, is_unfinished).select(*TURN)


def timing_markers(turns: pl.DataFrame) -> pl.DataFrame:
    """The markers that the timing shows, `interruption` and `cut_off`, as rows of the marker table without words."""
    found = [
        turns.filter(pl.col(fact)).select("conversation_id", "turn_index", marker=pl.lit(marker), rule=pl.lit("timing"))
        for marker, fact in (("interruption", "is_interruption"), ("cut_off", "was_cut_off"))
    ]
    return schema.MARKER.shape(pl.concat(found))


def with_backchannels_as_counted(spoken: pl.DataFrame, turns: pl.DataFrame) -> pl.DataFrame:
    """The markers found in words, those of `backchannel` brought to the agent's turns that count as one.

    An affirmation after which the customer does not go on is none; a sound inside the customer's speech is one without
    being on the list, and is shown whole.
    """
    key = ["conversation_id", "turn_index"]
    counted = turns.filter("is_backchannel", pl.col("speaker") == "agent")
    is_listed = pl.col("marker") == "backchannel"
    listed = spoken.filter(is_listed).join(counted.select(key), on=key, how="semi")
    heard = counted.join(listed.select(key), on=key, how="anti").select(
        *key,
        marker=pl.lit("backchannel"),
        start_char=pl.lit(0, pl.Int64),
        end_char=pl.col("text").str.len_chars().cast(pl.Int64),
        words="text",
        rule=pl.lit("timing"),
    )
    return pl.concat([spoken.filter(~is_listed), listed, schema.MARKER.shape(heard).select(spoken.columns)])


def _merged(rows: pl.DataFrame, turn: pl.Series) -> pl.DataFrame:
    """Rows of one turn made one, in order, numbered anew."""
    same = ["conversation_id", "c", "speaker", "speaker_id", "kind", "language", "channel", "source", "origin"]
    same += ["is_voice", "has_index", "turn_index", "sent_at"]
    lists = ["intervals", "reply_ms", "customer_reply_ms"]
    backchannel = [pl.col("is_backchannel").all()] if "is_backchannel" in rows.columns else []
    return (
        rows.with_columns(turn=turn)
        .group_by("turn", maintain_order=True)
        .agg(
            *(pl.col(name).first() for name in same),
            *(pl.col(name).explode().drop_nulls() for name in lists),
            *(pl.col(name).min() for name in ("start_ms", "spoke_from_ms")),
            *(pl.col(name).max() for name in ("end_ms", "spoke_to_ms")),
            *(pl.col(name).sum() for name in ("word_count", "message_count", "talked_into_count")),
            *backchannel,
            pl.col("text").str.join(" "),
            pl.col("has_end").all(),
        )
        .drop("turn")
        .with_row_index("row")
        .with_columns(pl.col("row").cast(pl.Int64))
    )


def _with_facts(
    turns: pl.DataFrame, thresholds: Thresholds, backchannels: Lists, is_unfinished: Unfinished | None
) -> pl.DataFrame:
    """Adds what is known of a turn by its place among the others."""
    was_backchannel = turns["is_backchannel"]
    return (
        with_backchannels(turns.drop("is_backchannel"), thresholds, backchannels)
        .with_columns(is_backchannel=pl.col("is_backchannel") | was_backchannel)
        .pipe(with_interruptions, thresholds, is_unfinished)
        .pipe(_numbered)
        .pipe(_with_moments)
        .pipe(_with_gaps)
        .pipe(_with_monologues)
        .pipe(_with_speaking)
    )


def _numbered(turns: pl.DataFrame) -> pl.DataFrame:
    position = pl.int_range(pl.len()).over("c")
    rises = ((pl.col("turn_index").diff() > 0).fill_null(True)).all().over("c")
    number = pl.when(pl.col("has_index") & rises).then("turn_index").otherwise("position")
    return turns.with_columns(position=position).with_columns(turn_index=number)


def _with_moments(turns: pl.DataFrame) -> pl.DataFrame:
    """Adds the absolute moments at which a turn began and ended."""
    at = {name: pl.col("origin") + pl.duration(milliseconds=name) for name in ("start_ms", "end_ms")}
    return turns.with_columns(
        said_at=pl.coalesce("sent_at", at["start_ms"]), ended_at=pl.coalesce(at["end_ms"], "sent_at")
    )


def _with_gaps(turns: pl.DataFrame) -> pl.DataFrame:
    """Adds gap_ms and response_gap_ms, over the turns that people say."""
    said = turns.filter((pl.col("kind") == "message") & pl.col("speaker").is_in(HUMAN))
    previous = {name: pl.col(name).shift().over("c") for name in ("speaker", "spoke_to_ms", "has_end")}
    answers = previous["speaker"] == pl.col("speaker").replace_strict(OTHER, default=None)
    counts = IS_PARTY & pl.col("is_voice") & ~pl.col("is_backchannel") & ~pl.col("is_inside") & previous["has_end"]
    gaps = said.select(
        "row",
        gap_ms=pl.col("spoke_from_ms") - pl.col("spoke_to_ms").cum_max().shift().over("c"),
        response_gap_ms=pl.when(answers & counts).then(pl.col("spoke_from_ms") - previous["spoke_to_ms"]),
    )
    return turns.join(gaps, on="row", how="left", maintain_order="left")


def _with_monologues(turns: pl.DataFrame) -> pl.DataFrame:
    """Adds monologue_ms: from an agent's turn to its last one before the customer takes the floor.

    It ends when the customer begins, if that is earlier; a backchannel neither begins nor ends one.
    """
    takes = (pl.col("speaker") == "customer") & ~pl.col("is_backchannel")
    heard = turns.filter(IS_PARTY, pl.col("is_voice")).with_columns(stretch=takes.cum_sum().over("c"), takes=takes)
    by_agent = (pl.col("speaker") == "agent") & ~pl.col("is_backchannel")
    stretches = (
        heard.group_by("c", "stretch", maintain_order=True)
        .agg(
            row=pl.col("row").filter(by_agent).first(),
            floor_at=pl.col("spoke_from_ms").filter("takes").first(),
            from_ms=pl.col("spoke_from_ms").filter(by_agent).min(),
            to_ms=pl.col("spoke_to_ms").filter(by_agent).max(),
        )
        .with_columns(taken_at=pl.col("floor_at").shift(-1).over("c"))
    )
    length = pl.min_horizontal("to_ms", "taken_at") - pl.col("from_ms")
    lengths = stretches.filter(pl.col("row").is_not_null()).select("row", monologue_ms=length)
    return turns.join(lengths, on="row", how="left", maintain_order="left")


def _with_speaking(turns: pl.DataFrame) -> pl.DataFrame:
    """Adds speaking_ms and overlap_ms; null for messages."""
    spoken = turns.filter("is_voice", pl.col("kind") == "message").select("row", "intervals")
    spoken = spoken.explode("intervals").drop_nulls().unnest("intervals")
    totals = total_ms(spoken, "row").rename({"total_ms": "speaking_ms"})
    return (
        turns.join(totals, on="row", how="left", maintain_order="left")
        .join(_overlaps(turns), on="row", how="left", maintain_order="left")
        .with_columns(
            overlap_ms=pl.when(IS_PARTY & pl.col("speaking_ms").is_not_null()).then(pl.col("overlap_ms").fill_null(0))
        )
    )


def _overlaps(turns: pl.DataFrame) -> pl.DataFrame:
    """For each turn, how long the other party speaks during it: row, overlap_ms."""
    said = speech(turns)
    sides = said.select(side=pl.struct("c", "speaker"), start_ms="start_ms", end_ms="end_ms")
    whole = joined(sides, "side").unnest("side")
    length = pl.col("end_ms") - pl.col("start_ms")
    told = whole.select(
        "c",
        at_ms="start_ms",
        side="speaker",
        told_to="end_ms",
        told_from="start_ms",
        before=length.cum_sum().over("c", "speaker") - length,
    )
    asked = joined(said, "row").join(turns.select("row", "c", "speaker"), on="row")
    asked = asked.select(
        "row", "c", "start_ms", "end_ms", side=pl.col("speaker").replace_strict(OTHER, return_dtype=pl.String)
    )
    spoken = [_spoken_until(asked.with_columns(at_ms=moment), told) for moment in ("end_ms", "start_ms")]
    both = pl.concat([spoken[0], spoken[1].with_columns(-pl.col("spoken_ms"))])
    return both.group_by("row").agg(overlap_ms=pl.col("spoken_ms").sum())


def _spoken_until(asked: pl.DataFrame, told: pl.DataFrame) -> pl.DataFrame:
    """How long a side has spoken by `at_ms`: row, spoken_ms."""
    now = latest(asked, told, ("c", "side"), at_once=True)
    spoken = pl.col("before") + pl.min_horizontal("at_ms", "told_to") - pl.col("told_from")
    return now.select("row", spoken_ms=spoken.fill_null(0))
