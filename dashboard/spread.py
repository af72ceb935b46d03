"""How one metric is spread over a selection: its bins, quartiles, coverage, and the steps of its trend."""

from typing import NamedTuple

import polars as pl

from dashboard.filters import Chosen
from dashboard.warehouse import query

BIN_COUNT = 24


class Step(NamedTuple):
    name: str
    sql: str


def step(chosen: Chosen) -> Step:
    """The step of a trend over the selection: day, week or month."""
    days = (chosen.days[1] - chosen.days[0]).days if chosen.days else _all_days()
    name = "day" if days <= 15 else "week" if days <= 400 else "month"
    return Step(name, f"date_trunc('{name}', started_at)::DATE")


def _all_days() -> int:
    return query("SELECT coalesce(datediff('day', min(started_at), max(started_at)), 0) FROM conversation").item()


def quartiles(metric: str, chosen: Chosen) -> tuple[float, float, float]:
    """The values below which a quarter, half and three quarters of the conversations lie."""
    sql = f'SELECT quantile_cont("{metric}"::DOUBLE, [0.25, 0.5, 0.75]) FROM conversation_wide WHERE {chosen.where}'
    low, middle, high = query(sql, **chosen.parameters).item()
    return low, middle, high


def coverage(metric: str, chosen: Chosen) -> tuple[int, list[dict]]:
    """In how many conversations it was measured, and in how many not for each reason."""
    sql = (
        f'SELECT "{metric}_why_null" AS reason, count("{metric}") AS measured, count(*) AS n FROM conversation_wide'
        f" WHERE {chosen.where} GROUP BY 1 ORDER BY n DESC"
    )
    rows = query(sql, **chosen.parameters)
    return int(rows["measured"].sum()), rows.filter(pl.col("measured") == 0).to_dicts()


def bins(metric: str, chosen: Chosen) -> tuple[pl.DataFrame, int]:
    """Bins of equal width from the 1st to the 99th percentile, and how many conversations lie beyond.

    `low` and `high` are the least and most that a bin holds, `middle` and `width` where to draw it, `n` how many.
    Where every value is whole, so are the bins.
    """
    value = f'"{metric}"::DOUBLE'
    sql = f"""
    WITH measured AS (SELECT {value} AS value FROM conversation_wide WHERE {chosen.where} AND {value} IS NOT NULL),
    edge AS (
        SELECT quantile_disc(value, 0.01) AS least, quantile_disc(value, 0.99) AS most, count(*) AS all_count,
               bool_and(value = floor(value)) AS is_whole
        FROM measured),
    shape AS (
        SELECT *, CASE WHEN is_whole THEN ceil((most - least + 1) / {BIN_COUNT})
                       WHEN most > least THEN (most - least) / {BIN_COUNT} ELSE 1 END AS width
        FROM edge),
    counted AS (
        SELECT least(floor((value - least) / width), {BIN_COUNT - 1}) AS bin, count(*) AS n
        FROM measured, shape WHERE value BETWEEN least AND most GROUP BY 1)
    SELECT least + bin * width AS low, low + width - is_whole::INT AS high, (low + high) / 2 AS middle, width, n,
           all_count
    FROM counted, shape ORDER BY low"""
    rows = query(sql, **chosen.parameters)
    return rows.drop("all_count"), rows["all_count"][0] - rows["n"].sum()
