"""A period against the one before: what moved by more than chance, and what a move in an outcome goes with.

The parts of a move are how far each fact moved times its slope (`outcome_slope`, fitted when the warehouse was made);
what they leave is unexplained, so that they add up, whichever periods and filters are chosen.
"""

from collections.abc import Sequence

import polars as pl

from dashboard.estimates import Row, Z, adjusted, difference, estimate, p_value
from dashboard.filters import NOTHING_NAMED, Chosen
from dashboard.warehouse import query

CLEAR_Q = 0.05
FEWEST = 20  # conversations in each period, to be tested
FEWEST_IN_PARTS = 10
WORDS = ("channel", "topic", "language", "agent_id")
LENGTH = "ln(greatest(coalesce(agent_turn_count, 0) + coalesce(customer_turn_count, 0), 1))"
PARTS = ("case mix", "agents", "behaviour", "unexplained")
FIRST = ("csat", "is_csat_positive", "was_resolved", "was_first_contact_resolved", "nps")
ORDER = ", ".join(f"part <> '{part}'" for part in PARTS)


def moves(metrics: Sequence[Row], chosen: Chosen, before: Chosen) -> pl.DataFrame:
    """A row a metric, in their order: now, before, change and its interval, n in both, q, and whether it has moved.

    q is Benjamini and Hochberg's over all that have at least FEWEST conversations in both periods.
    """
    now, then = (estimate(metrics, period.where, **period.parameters).to_dicts() for period in (chosen, before))
    rows = [_move(*pair) for pair in zip(now, then, strict=True)]
    q = adjusted([row.pop("p") for row in rows])
    told = pl.DataFrame(rows, infer_schema_length=None).with_columns(pl.Series("q", q, pl.Float64))
    return told.with_columns(has_moved=(pl.col("q") <= CLEAR_Q).fill_null(value=False))


def _move(now: Row, before: Row) -> Row:
    moved = difference(now, before)
    is_enough = min(now["n"], before["n"]) >= FEWEST
    return {
        "metric": now["metric"],
        "now": now["value"],
        "before": before["value"],
        "change": moved[0],
        "low": moved[1],
        "high": moved[2],
        "n_now": now["n"],
        "n_before": before["n"],
        "all_count": now["all_count"],
        "p": p_value(moved) if is_enough else None,
    }


def decomposed() -> list[str]:
    """The outcomes whose moves can be told in parts, satisfaction and resolution first."""
    found = query("SELECT DISTINCT outcome FROM outcome_slope ORDER BY outcome")["outcome"].to_list()
    return [*(name for name in FIRST if name in found), *(name for name in found if name not in FIRST)]


def parts(outcome: str, chosen: Chosen, before: Chosen) -> pl.DataFrame:
    """The move of an outcome from the period before, in parts that add up.

    Nothing where either period has under FEWEST_IN_PARTS.

    part, name, change, low, high; `value` is what moved most in it; `start` and `stop` are where it begins and ends on
    the way from the mean before to the mean now; `n_now`, `n_before`, `mean_now`, `mean_before` of the conversations
    with the outcome. A row without a name sums up its part; the one of part `all` is the whole move.
    """
    numbers = query(
        "SELECT name, part FROM outcome_slope WHERE outcome = $outcome AND value = '' AND part <> 'unexplained'",
        outcome=outcome,
    ).rows()
    sql = _sql(outcome, chosen, before, [name for name, part in numbers if part == "behaviour"])
    both = {**before.parameters, **chosen.parameters, "since": before.parameters["since"]}
    found = query(sql, outcome=outcome, now=chosen.parameters["since"], **both)
    return found if found.is_empty() or found["n_now"][0] >= FEWEST_IN_PARTS <= found["n_before"][0] else found.clear()


def _sql(outcome: str, chosen: Chosen, before: Chosen, behaviours: Sequence[str]) -> str:
    # `outcome` and `behaviours` are names of columns, as the warehouse lists them.
    where = chosen.where
    words = ", ".join(f"coalesce({name}, '{NOTHING_NAMED}') AS {name}" for name in WORDS)
    known = "".join(f', "{name}"::DOUBLE AS "{name}"' for name in behaviours)
    names = ", ".join(["turn_count", "early_distress_share", *(f'"{name}"' for name in behaviours)])
    return f"""
    WITH said AS (
        SELECT conversation_id, started_at >= $now AS is_now, "{outcome}"::DOUBLE AS outcome, {words},
               {LENGTH} AS turn_count, early_distress_share::DOUBLE AS early_distress_share
        FROM conversation_wide WHERE {where} AND "{outcome}" IS NOT NULL),
    did AS (SELECT conversation_id{known} FROM conversation_wide_before WHERE {where}),
    picked AS (FROM said LEFT JOIN did USING (conversation_id)),
    size AS (
        SELECT count(*) FILTER (is_now) AS n_now, count(*) FILTER (NOT is_now) AS n_before,
               avg(outcome) FILTER (is_now) AS mean_now, avg(outcome) FILTER (NOT is_now) AS mean_before,
               var_samp(outcome) FILTER (is_now) / n_now + var_samp(outcome) FILTER (NOT is_now) / n_before AS variance
        FROM picked HAVING n_now > 0 AND n_before > 0),
    word AS (
        SELECT name, value, count(*) FILTER (is_now) / any_value(n_now) AS now,
               count(*) FILTER (NOT is_now) / any_value(n_before) AS past
        FROM (UNPIVOT (SELECT is_now, {", ".join(WORDS)} FROM picked) ON {", ".join(WORDS)} INTO NAME name VALUE value),
             size GROUP BY ALL),
    number AS (
        SELECT name, any_value(part) AS part, any_value(slope) AS slope, any_value(slope_error) AS slope_error,
               avg(coalesce(x, fill)) FILTER (is_now) - avg(coalesce(x, fill)) FILTER (NOT is_now) AS moved,
               var_samp(coalesce(x, fill)) FILTER (is_now) / any_value(n_now)
               + var_samp(coalesce(x, fill)) FILTER (NOT is_now) / any_value(n_before) AS variance
        FROM (SELECT is_now, {names} FROM picked) UNPIVOT INCLUDE NULLS (x FOR name IN ({names}))
        JOIN outcome_slope o USING (name), size WHERE o.outcome = $outcome AND o.value = '' GROUP BY name),
    fact AS (
        SELECT part, name, sum((now - past) * slope) AS change, sum(((now - past) * slope_error) ** 2) AS unsure,
               (sum(now * slope ** 2) - sum(now * slope) ** 2) / any_value(n_now)
               + (sum(past * slope ** 2) - sum(past * slope) ** 2) / any_value(n_before) AS sampled,
               CASE WHEN change < 0 THEN arg_min(value, (now - past) * slope)
                    ELSE arg_max(value, (now - past) * slope) END AS value
        FROM word JOIN outcome_slope o USING (name, value), size WHERE o.outcome = $outcome GROUP BY part, name
        UNION ALL
        SELECT part, name, moved * slope, (moved * slope_error) ** 2, slope ** 2 * variance,
               CASE WHEN moved < 0 THEN 'less' ELSE 'more' END FROM number),
    told AS (
        FROM fact UNION ALL
        SELECT 'unexplained', name, mean_now - mean_before - (SELECT sum(change) FROM fact),
               (SELECT sum(unsure) FROM fact), slope_error ** 2 * (1 / n_now + 1 / n_before), NULL
        FROM outcome_slope, size WHERE outcome = $outcome AND part = 'unexplained'),
    summed AS (
        SELECT part, name, sum(change) AS change, sum(unsure + sampled) AS variance, any_value(value) AS value
        FROM told GROUP BY GROUPING SETS ((part, name), (part))
        UNION ALL SELECT 'all', NULL, mean_now - mean_before, variance, NULL FROM size),
    placed AS (
        SELECT part, name, mean_before + sum(change) OVER (ORDER BY {ORDER}, abs(change) DESC, name) AS stop
        FROM summed, size WHERE name IS NOT NULL)
    SELECT s.part, s.name, s.change, s.change - {Z} * sqrt(s.variance) AS low,
           s.change + {Z} * sqrt(s.variance) AS high, s.value, p.stop - s.change AS start, p.stop,
           n_now, n_before, mean_now, mean_before
    FROM summed s LEFT JOIN placed p ON p.part = s.part AND p.name = s.name, size
    ORDER BY {ORDER.replace("part", "s.part")}, s.name IS NULL, abs(s.change) DESC, s.name"""
