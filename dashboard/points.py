"""The team's scorecard over many conversations, and over one."""

from typing import Any

import polars as pl

from dashboard import say
from dashboard.estimates import Row, estimate
from dashboard.filters import Chosen
from dashboard.warehouse import query

POINTS = "points"
TOTAL: Row = {
    "metric": "score_points",
    "aggregate": "ratio",
    "numerator": "score_points",
    "denominator": "score_applicable_weight",
    "scale": 100.0,
    "unit": POINTS,
}


def items() -> list[Row]:
    """The items of the scorecard with the metric that earns each, in order."""
    sql = "SELECT i.*, m.markers, m.unit FROM scorecard_item i JOIN metric m USING (metric) ORDER BY place"
    return query(sql).to_dicts()


def total(chosen: Chosen, by: str = "") -> pl.DataFrame:
    """Points earned of each 100 that applied, with the interval and n; in each group of `by`."""
    return estimate([TOTAL], chosen.where, by, **chosen.parameters)


def by_item(chosen: Chosen) -> pl.DataFrame:
    """Each item: section, metric, mean points with interval, weight, to how many it applies, and its rule."""
    listed = items()
    earned = [{"metric": f"{item['metric']}_points", "aggregate": "mean", "unit": POINTS} for item in listed]
    rows = estimate(earned, chosen.where, **chosen.parameters).to_dicts()
    told = [
        {
            "metric": item["metric"],
            "Section": item["section"],
            "Item": say.name(item["metric"]),
            "Points": say.number(row["value"]),
            "95 %": say.interval(row["low"], row["high"], POINTS),
            "Of": item["weight"],
            "Applies to": row["n"],
            "Points are earned": item["rule"],
        }
        for item, row in zip(listed, rows, strict=True)
    ]
    return pl.DataFrame(told, infer_schema_length=None)


def worst_first(metric: str) -> dict[str, Any]:
    """The link to the conversations that an item applies to, those with the fewest points first."""
    rule = next(item["rule"] for item in items() if item["metric"] == metric)
    return {"by": metric, "order": "highest value first" if " down," in rule else "lowest value first"}


def of_one(conversation_id: str) -> pl.DataFrame:
    """The scorecard of one conversation: section, item, its value, points, evidence and rule."""
    sql = """
    WITH shown AS (
        SELECT i.metric, string_agg(DISTINCT format('{} #{}', replace(k.marker, '_', ' '), k.turn_index), ', '
                                    ORDER BY format('{} #{}', replace(k.marker, '_', ' '), k.turn_index)) AS evidence
        FROM scorecard_item i JOIN metric m USING (metric)
        JOIN marker k ON list_contains(split(m.markers, ', '), k.marker)
        WHERE k.conversation_id = $id GROUP BY 1)
    SELECT s.*, coalesce(try_cast(s.value AS DOUBLE), try_cast(s.value AS BOOLEAN)::INT) AS number,
        i.rule, m.unit, shown.evidence
    FROM conversation_score s JOIN scorecard_item i USING (metric) JOIN metric m USING (metric)
    LEFT JOIN shown USING (metric) WHERE s.conversation_id = $id ORDER BY i.place"""
    told = [
        {
            "Section": row["section"],
            "Item": say.name(row["metric"]),
            "Value": _value(row),
            "Points": _earned(row),
            "Evidence": row["evidence"] or "",
            "Points are earned": row["rule"],
        }
        for row in query(sql, id=conversation_id).to_dicts()
    ]
    return pl.DataFrame(told, infer_schema_length=None)


def _earned(row: Row) -> str:
    return say.NONE if row["points"] is None else f"{say.number(row['points'])} of {say.number(row['weight'])}"


def _value(row: Row) -> str:
    if row["value"] is None:
        return say.one_of(say.WHY_NULL, row["why_null"]) if row["why_null"] else say.NONE
    return row["value"] if row["unit"] == "class" else say.single(row["number"], row["unit"])


def total_of_one(row: Row) -> str:
    """The points of one conversation (a row of conversation_wide) in words."""
    if row["score_points"] is None:
        return "No item of the scorecard applies to this conversation."
    earned, applicable = row["score_points"], row["score_applicable_weight"]
    return f"{say.number(earned)} of the {say.number(applicable)} points that apply. The turns named hold the evidence."
