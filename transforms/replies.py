"""Who answers whom in writing, message by message, before messages are joined to turns."""

import polars as pl

from transforms.thresholds import Thresholds

IS_WRITTEN = (pl.col("kind") == "message") & ~pl.col("is_voice") & pl.col("start_ms").is_not_null()


def with_replies(segments: pl.DataFrame, thresholds: Thresholds) -> pl.DataFrame:
    """The segments with, on a message that answers, the wait it ends, and the customer's messages talked into.

    reply_ms: on a message of the agent's side (agent or supervisor), since the customer's first message after that side
    last wrote. customer_reply_ms: the other way. talked_into_count: 1 on a customer message when an agent's message
    landed between it and the customer's one before, early enough for the customer to have been still writing.
    """
    answers = _answers(segments).join(_talked_into(segments, thresholds), on="row", how="full", coalesce=True)
    return segments.join(answers, on="row", how="left", maintain_order="left").with_columns(
        pl.col("reply_ms", "customer_reply_ms").reshape((-1, 1)).cast(pl.List(pl.Int64)),
        pl.col("talked_into_count").fill_null(0),
    )


def _answers(segments: pl.DataFrame) -> pl.DataFrame:
    by_customer = pl.col("speaker") == "customer"
    sides = segments.filter(IS_WRITTEN, pl.col("speaker").is_in(["agent", "supervisor", "customer"]))
    sides = sides.select("row", "c", "start_ms", by_customer=by_customer)
    opens = ((pl.col("by_customer") != pl.col("by_customer").shift()) | (pl.col("c") != pl.col("c").shift())).fill_null(
        True
    )
    asked = sides.with_columns(opens=opens).with_columns(since=pl.when("opens").then("start_ms").forward_fill())
    waited = pl.col("start_ms") - pl.col("since").shift()
    is_answer = pl.col("opens") & (pl.col("c") == pl.col("c").shift())
    return asked.select(
        "row",
        reply_ms=pl.when(is_answer, ~pl.col("by_customer")).then(waited),
        customer_reply_ms=pl.when(is_answer, "by_customer").then(waited),
    ).filter(pl.any_horizontal(pl.col("reply_ms", "customer_reply_ms").is_not_null()))


def _talked_into(segments: pl.DataFrame, thresholds: Thresholds) -> pl.DataFrame:
    both = segments.filter(IS_WRITTEN, pl.col("speaker").is_in(["agent", "customer"])).select(
        "row", "c", "start_ms", by_customer=pl.col("speaker") == "customer"
    )
    of_customer = pl.when("by_customer").then("start_ms").forward_fill().over("c")
    is_first = ~pl.col("by_customer") & pl.col("by_customer").shift().over("c")
    of_agent = pl.when(is_first).then("start_ms").forward_fill().over("c")
    between = both.with_columns(one=of_customer.shift().over("c"), agent=of_agent)
    between = between.filter("by_customer", ~pl.col("by_customer").shift().over("c"))
    pair = pl.col("start_ms") - pl.col("one") <= thresholds.ms("writing_pair_seconds")
    early = pl.col("agent") - pl.col("one") <= thresholds.ms("writing_seconds")
    return between.filter(pair, early).select("row", talked_into_count=pl.lit(1, pl.Int64))
