"""Who has the floor: agent and customer speaking at once, backchannels, interruptions and turns cut off."""

from collections.abc import Callable, Mapping

import polars as pl

from transforms.intervals import joined, latest
from transforms.segments import HUMAN
from transforms.thresholds import Thresholds

Lists = Mapping[str, str]  # by language, a pattern that an affirmation fits
Unfinished = Callable[[str, str], bool | None]  # whether a text in a language breaks off; None: no rules for it

PARTIES = ("agent", "customer")
OTHER = {"agent": "customer", "customer": "agent"}

IS_PARTY = (pl.col("kind") == "message") & pl.col("speaker").is_in(PARTIES)
SENTENCE_END = r"""[.?!…]["'”’»)\]\s]*$"""


def with_backchannels(turns: pl.DataFrame, thresholds: Thresholds, lists: Lists) -> pl.DataFrame:
    """The turns (in order, with `row`) with is_backchannel and the facts of who spoke when they began.

    spoken_over_row: the other party's turn being spoken then; own_stop_ms, other_stop_ms: until when each goes on.
    is_inside: wholly inside a longer turn of the other's.
    """
    placed = _overlapped(turns, thresholds).pipe(_inside)
    nobody = pl.lit(None, pl.String)
    speaker = pl.when((pl.col("kind") == "message") & pl.col("speaker").is_in(HUMAN)).then("speaker").otherwise(nobody)
    placed = placed.with_columns(next_speaker=speaker.backward_fill().shift(-1).over("c"))
    short = placed.filter(IS_PARTY, pl.col("word_count") <= thresholds.backchannel_word_count)
    listed = _listed(short, lists)
    placed = placed.join(listed, on="row", how="left", maintain_order="left")
    other = pl.col("speaker").replace_strict(OTHER, default=None)
    yields = (pl.col("spoken_over_row").is_not_null() | (pl.col("next_speaker") == other)).fill_null(False)
    brief = (pl.col("spoke_to_ms") - pl.col("spoke_from_ms") <= thresholds.ms("backchannel_seconds")).fill_null(False)
    backchannel = (pl.col("is_listed").fill_null(False) & yields) | (pl.col("is_inside") & brief)
    return placed.with_columns(is_backchannel=IS_PARTY & backchannel).drop("is_listed", "next_speaker")


def with_interruptions(turns: pl.DataFrame, thresholds: Thresholds, is_unfinished: Unfinished | None) -> pl.DataFrame:
    """The turns with is_interruption, is_successful_interruption and was_cut_off.

    Whether an interruption succeeds is null where nothing tells whether the other's sentence was at its end.
    """
    both_ms = pl.min_horizontal("own_stop_ms", "other_stop_ms") - pl.col("spoke_from_ms")
    interrupts = pl.col("spoken_over_row").is_not_null() & (both_ms > thresholds.ms("interruption_seconds"))
    turns = turns.with_columns(
        is_interruption=interrupts.fill_null(False) & ~pl.col("is_backchannel"),
        is_unfinished=_unfinished(turns, is_unfinished),
    )
    stops = pl.col("spoke_to_ms").gather("spoken_over_row") - pl.col("spoke_from_ms") <= thresholds.ms(
        "cut_off_seconds"
    )
    cuts = pl.col("is_interruption") & stops.fill_null(False) & pl.col("is_unfinished").gather("spoken_over_row")
    turns = turns.with_columns(is_successful_interruption=cuts)
    cut = turns.filter("is_successful_interruption").select(row="spoken_over_row", was_cut_off=True).unique()
    joined_back = turns.join(cut, on="row", how="left", maintain_order="left")
    return joined_back.with_columns(pl.col("was_cut_off").fill_null(False)).drop("is_unfinished")


def speech(turns: pl.DataFrame) -> pl.DataFrame:
    """Every span of speech of agents and customers: row, c, speaker, start_ms, end_ms."""
    spoken = turns.filter(IS_PARTY).select("row", "c", "speaker", "intervals").explode("intervals").drop_nulls()
    return spoken.unnest("intervals")


def _listed(short: pl.DataFrame, lists: Lists) -> pl.DataFrame:
    """Which of the short turns are on their language's list: row, is_listed."""
    code = pl.col("language").str.to_lowercase().str.extract(r"^([a-z]+)")
    fits = [(code == language) & pl.col("text").str.contains(pattern) for language, pattern in lists.items()]
    return short.select("row", is_listed=pl.any_horizontal(pl.lit(False), *fits))


def _unfinished(turns: pl.DataFrame, detect: Unfinished | None) -> pl.Series:
    """Whether a turn breaks off: no end of sentence; by its last words where the conversation is not punctuated."""
    ends = pl.col("text").str.contains(SENTENCE_END)
    punctuated = (pl.when(pl.col("kind") == "message").then(ends).mean() >= 0.5).over("c")
    told = turns.select(is_unfinished=pl.when(punctuated).then(~ends))
    if detect is None:
        return told["is_unfinished"]
    silent = turns.select("row", "text", language=pl.col("language").fill_null("")).filter(
        told["is_unfinished"].is_null()
    )
    over = turns["spoken_over_row"].unique()
    asked = silent.filter(pl.col("row").is_in(over.implode()))
    words = [detect(text, language) for text, language in asked.select("text", "language").iter_rows()]
    by_words = asked.select("row", by_words=pl.Series(words, dtype=pl.Boolean))
    judged = turns.select("row").join(by_words, on="row", how="left", maintain_order="left")
    return told.select(pl.coalesce("is_unfinished", judged["by_words"])).to_series()


def _overlapped(turns: pl.DataFrame, thresholds: Thresholds) -> pl.DataFrame:
    """Adds spoken_over_row, own_stop_ms and other_stop_ms.

    Somebody speaks from a word to the next as long as the pause between is short (word_pause_seconds); how long they go
    on is judged with pauses as long as those inside a turn (voice_merge_seconds).
    """
    said = speech(turns)
    runs = joined(said, "row", thresholds.ms("word_pause_seconds"))
    stretches = joined(said, "row", thresholds.ms("voice_merge_seconds"))
    stops = stretches.rename({"end_ms": "stop_ms", "start_ms": "at_ms"})
    runs = latest(runs.with_columns(at_ms="start_ms"), stops, ("row",), at_once=True)
    parties = turns.filter(IS_PARTY).select("row", "c", "speaker")
    runs = runs.join(parties, on="row").sort("c", "start_ms", "row")
    reach = runs.select(
        "c",
        at_ms="start_ms",
        side="speaker",
        reach=pl.col("end_ms").cum_max().over("c", "speaker"),
        other_stop_ms=pl.col("stop_ms").cum_max().over("c", "speaker"),
        spoken_over_row="row",
    )
    begun = stretches.group_by("row").agg(at_ms=pl.col("start_ms").first(), own_stop_ms=pl.col("end_ms").first())
    begun = parties.join(begun, on="row").with_columns(side=pl.col("speaker").replace_strict(OTHER))
    over = latest(begun, reach, ("c", "side"), at_once=False).filter(pl.col("at_ms") < pl.col("reach"))
    facts = over.select("row", "spoken_over_row", "own_stop_ms", "other_stop_ms")
    return turns.join(facts, on="row", how="left", maintain_order="left")


def _inside(turns: pl.DataFrame) -> pl.DataFrame:
    """Adds is_inside: wholly inside a longer turn of the other party's, pauses of that turn included."""
    spoken = turns.filter(IS_PARTY, pl.col("is_voice"), pl.col("has_end")).select(
        "row", "c", "speaker", at_ms="spoke_from_ms", reach="spoke_to_ms"
    )
    around = spoken.sort("c", "at_ms", "row").select(
        "c", "at_ms", side="speaker", began=_at_reach("at_ms"), reach=pl.col("reach").cum_max().over("c", "speaker")
    )
    asked = spoken.select(
        "row", "c", "at_ms", end_ms="reach", side=pl.col("speaker").replace_strict(OTHER, return_dtype=pl.String)
    )
    longer = (pl.col("reach") > pl.col("end_ms")) | (pl.col("began") < pl.col("at_ms"))
    inside = latest(asked, around, ("c", "side"), at_once=True).filter(pl.col("reach") >= pl.col("end_ms"), longer)
    marked = inside.select("row", is_inside=True)
    return turns.join(marked, on="row", how="left", maintain_order="left").with_columns(
        pl.col("is_inside").fill_null(False)
    )


def _at_reach(name: str) -> pl.Expr:
    """The value of the turn that reaches furthest so far."""
    is_furthest = pl.col("reach") == pl.col("reach").cum_max().over("c", "speaker")
    return pl.when(is_furthest).then(name).forward_fill().over("c", "speaker")
