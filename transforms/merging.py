"""A speaker's segments joined to turns."""

import polars as pl


def turn_of(segments: pl.DataFrame, takes_floor: pl.Expr, limit_ms: pl.Expr) -> pl.Series:
    """For each row (in order, with `row` its number) the number of the first row of its turn.

    A row joins its speaker's turn where the two overlap, or where the gap is at most the limit and no row of another
    speaker that takes the floor starts in between. Rows that are no message, have no time, or whose speaker is
    unknown or the system, stand alone.
    """
    can_join = (
        (pl.col("kind") == "message")
        & pl.col("start_ms").is_not_null()
        & ~pl.col("speaker").is_in(["unknown", "system"])
    )
    who = pl.struct("speaker", "speaker_id").rank("dense").cast(pl.Int64)
    alone = -1 - pl.col("row")
    rows = segments.select(
        "row",
        "c",
        "start_ms",
        "end_ms",
        takes=takes_floor,
        limit=limit_ms,
        who=pl.when(can_join).then(who).otherwise(alone),
    )
    rows = rows.with_columns(end_ms=pl.coalesce("end_ms", "start_ms")).with_columns(
        reach=pl.col("end_ms").cum_max().shift().over("c", "who"),
        before=pl.col("row").shift().over("c", "who"),
        rival=_latest_rival(rows),
    )
    gap = pl.col("start_ms") - pl.col("reach")
    rival_start = pl.col("start_ms").gather("rival")
    is_between = (pl.col("rival") > pl.col("before")) & (rival_start >= pl.col("reach")).fill_null(True)
    joins = (gap < 0) | ((gap <= pl.col("limit")) & ~is_between.fill_null(False))
    rows = rows.with_columns(joins=joins.fill_null(False))
    first = pl.when(~pl.col("joins")).then("row").forward_fill().over("c", "who")
    return rows.select(first.alias("turn")).to_series()


def _latest_rival(rows: pl.DataFrame) -> pl.Series:
    """For each row the number of the last row before it by which another speaker takes the floor."""
    changes = (pl.col("who") != pl.col("who").shift()).fill_null(True)
    takers = rows.filter("takes").select("row", "who")
    takers = takers.with_columns(
        rival=pl.when(changes).then(pl.col("row").shift().fill_null(-1)).forward_fill(),
    )
    told = rows.select("row", "who").join(
        takers.select("row", last="row", last_who="who", rival="rival"), on="row", how="left", maintain_order="left"
    )
    told = told.with_columns(pl.col("last", "last_who", "rival").forward_fill())
    other = pl.when(pl.col("last_who") == pl.col("who")).then("rival").otherwise("last")
    return told.select(pl.when(other >= 0).then(other).alias("rival")).to_series()
