"""Segments made ready to be joined to turns: in order, with times in milliseconds, words counted, speech located."""

import polars as pl

HUMAN = ("agent", "customer", "supervisor", "unknown")

# A run of letters or digits with inner apostrophes and hyphens is one word.
WORD = r"[\p{L}\p{M}\p{N}]+(?:['’\-‐‑][\p{L}\p{M}\p{N}]+)*"
REDACTION_MARK = r"\[[A-Z][A-Z0-9_ -]*\]|<[A-Z][A-Z0-9_ -]*>|\{\{[^{}\n]{1,40}\}\}"


def in_order(segments: pl.DataFrame, transcripts: pl.DataFrame) -> pl.DataFrame:
    """The segments in final order with `row` (their number), `c` (their conversation's number), times and words.

    Time orders a conversation where every segment has one, the source's turn_index breaks ties and orders the rest.
    """
    known = transcripts.sort("conversation_id").with_row_index("c").with_columns(pl.col("c").cast(pl.Int64))
    columns = ("conversation_id", "c", "channel", "language", "source", "started_at")
    placed = segments.join(known.select(columns), on="conversation_id").pipe(_timed)
    has_time = pl.col("start_ms").is_not_null().all().over("c")
    has_index = pl.col("turn_index").is_not_null().all().over("c")
    number = pl.when(has_index).then("turn_index").otherwise("position")
    ordered = placed.with_columns(at_ms=pl.when(has_time).then("start_ms"), number=number)
    ordered = ordered.sort("c", "at_ms", "number", "position").drop("at_ms", "number").with_row_index("row")
    return ordered.with_columns(pl.col("row").cast(pl.Int64), has_index=has_index, word_count=word_count("text"))


def word_count(text: str) -> pl.Expr:
    """How many words a text has; punctuation, emoji and redaction marks are none."""
    return pl.col(text).str.replace_all(REDACTION_MARK, " ").str.count_matches(WORD).cast(pl.Int64)


def _timed(segments: pl.DataFrame) -> pl.DataFrame:
    """Start and end in milliseconds from the conversation's start; a message begins and ends when it is sent.

    start_ms, end_ms: the segment's. spoke_from_ms, spoke_to_ms: of its words where they have times. intervals: the
    words' times, or the segment itself. has_end: whether the source says when it ends. origin: the conversation's
    start, otherwise its first message's time.
    """
    words = pl.col("words")
    is_voice = pl.col("channel") == "voice"
    sent_ms = ((pl.col("sent_at") - pl.col("origin")).dt.total_microseconds() + 500) // 1000
    first_word = words.list.eval(pl.element().struct.field("start_ms")).list.min()
    last_word = words.list.eval(pl.element().struct.field("end_ms")).list.max()
    spoken_from = pl.coalesce("start_ms", first_word, sent_ms)
    spoken_to = pl.max_horizontal(pl.coalesce("end_ms", last_word), spoken_from)
    spoken_to = pl.when(pl.coalesce("end_ms", last_word).is_not_null()).then(spoken_to)
    written = pl.coalesce(sent_ms, "start_ms")
    placed = segments.with_columns(origin=pl.coalesce("started_at", pl.col("sent_at").min().over("c"))).with_columns(
        start_ms=pl.when(is_voice).then(spoken_from).otherwise(written),
        end_ms=pl.when(is_voice).then(spoken_to).otherwise(written),
        is_voice=is_voice,
    )
    whole = pl.concat_list(pl.struct("start_ms", "end_ms"))
    has_end = pl.col("start_ms").is_not_null() & pl.col("end_ms").is_not_null()
    has_words = pl.col("is_voice") & (words.list.len() > 0)
    return placed.with_columns(
        has_end=has_end,
        intervals=pl.when(has_words).then(words).when("is_voice", has_end).then(whole),
        spoke_from_ms=pl.when(has_words).then(first_word).otherwise("start_ms"),
        spoke_to_ms=pl.when(has_words).then(last_word).otherwise("end_ms"),
    ).drop("words")
