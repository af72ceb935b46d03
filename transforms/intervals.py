"""Arithmetic of time intervals: frames with a key, start_ms and end_ms."""

import polars as pl


def joined(spans: pl.DataFrame, key: str, gap_ms: int = 0) -> pl.DataFrame:
    """The intervals of each key, those at most `gap_ms` apart joined to one: key, start_ms, end_ms, sorted."""
    reach = pl.col("end_ms").cum_max().over(key)
    ordered = spans.select(key, "start_ms", "end_ms").sort(key, "start_ms").with_columns(end_ms=reach)
    opens = (pl.col("start_ms") - pl.col("end_ms").shift().over(key) > gap_ms).fill_null(True)
    ordered = ordered.with_columns(opens=opens)
    begun = ordered.filter("opens").select(key, "start_ms")
    return begun.with_columns(ordered.filter(pl.col("opens").shift(-1, fill_value=True))["end_ms"])


def total_ms(spans: pl.DataFrame, key: str) -> pl.DataFrame:
    """The time covered by each key's intervals, counted once where they overlap: key, total_ms."""
    return joined(spans, key).group_by(key).agg(total_ms=(pl.col("end_ms") - pl.col("start_ms")).sum())


def latest(asked: pl.DataFrame, facts: pl.DataFrame, keys: tuple[str, ...], at_once: bool) -> pl.DataFrame:
    """`asked` with the columns of the last fact of the same keys that came before its `at_ms`, null where none did.

    `at_once` says whether a fact at the very same time counts. The result is sorted by at_ms.
    """
    return asked.sort("at_ms").join_asof(
        facts.sort("at_ms", maintain_order=True),
        on="at_ms",
        by=list(keys),
        allow_exact_matches=at_once,
        check_sortedness=False,
    )
