"""What changed, in words and links: for changes.py."""

import polars as pl

from dashboard import say
from dashboard.changes import WORDS
from dashboard.estimates import Row

PARTS = {
    "case mix": "Case mix",
    "agents": "Who handled them",
    "behaviour": "Behaviour",
    "unexplained": "Unexplained",
}
RATED = ("csat", "is_csat_positive", "nps")
FACTS = {
    "agent_id": "Who handled them",
    "turn_count": "Length",
    "early_distress_share": "Distress at the start",
    "channel": "Channel",
    "topic": "Topic",
    "language": "Language",
    "the period itself": "Unexplained",
}
ENDINGS = {
    "csat": "rated below 4",
    "is_csat_positive": "rated below 4",
    "was_resolved": "not resolved",
    "was_first_contact_resolved": "not resolved",
    "was_escalated": "escalated",
}
HIGHEST, LOWEST = "highest value first", "lowest value first"


def called(row: Row) -> str:
    """What a part's fact is called."""
    return FACTS.get(row["name"]) or say.name(row["name"])


def opens(row: Row, outcome: str) -> dict[str, object]:
    """Where to look for a part's conversations: those with what moved most in it."""
    name, value = row["name"], row["value"]
    if name in WORDS:  # in its conversations the outcome itself shows what they do to the mean
        return {name: [value], "by": outcome, "order": LOWEST if row["change"] < 0 else HIGHEST}
    if name == "turn_count":
        return {"order": "longest first"} if value == "more" else {}
    if row["part"] == "unexplained":
        return {"ending": ENDINGS[outcome]} if outcome in ENDINGS else {"by": outcome, "order": LOWEST}
    by = "distress_share" if name == "early_distress_share" else name
    return {"by": by, "order": HIGHEST if value == "more" else LOWEST}


def opens_metric(metric: Row) -> dict[str, object]:
    """Where to look for a metric's conversations: those at the end that is usually worse."""
    return {"by": metric["metric"], "order": LOWEST if metric["direction"] == "higher" else HIGHEST}


def verdict(row: Row, name: str) -> str:
    """Of the whole move: from what to what, on how many, and whether by more than chance."""
    unit = row["unit"]
    before, now = (say.value(row[f"mean_{period}"], unit) for period in ("before", "now"))
    ends = f"{say.change(row['low'], unit)} to {say.change(row['high'], unit)}"
    holds = "more than chance would do" if row["low"] * row["high"] > 0 else "within what chance alone would do"
    return (
        f"{name}: {before} before (n {row['n_before']:,}), {now} now (n {row['n_now']:,}), a move of"
        f" {say.change(row['change'], unit)} (95 % {ends}): {holds}."
    )


def in_words(rows: pl.DataFrame, metrics: dict[str, Row]) -> pl.DataFrame:
    """The moves for people, what has moved first."""
    told = [
        _words(row, metrics[row["metric"]])
        for row in rows.sort("has_moved", descending=True, maintain_order=True).to_dicts()
    ]
    return pl.DataFrame(told, infer_schema_length=None)


def _words(row: Row, metric: Row) -> Row:
    unit = metric["unit"]
    ends = "" if row["low"] is None else f"{say.change(row['low'], unit)} to {say.change(row['high'], unit)}"
    return {
        "metric": row["metric"],
        "Metric": say.name(row["metric"]),
        "Moved": "too few to tell" if row["q"] is None else _way(row, metric) if row["has_moved"] else "within chance",
        "Now": say.value(row["now"], unit),
        "Before": say.value(row["before"], unit),
        "Change": say.NONE if row["change"] is None else say.change(row["change"], unit),
        "95 %": ends or say.NONE,
        "q": say.NONE if row["q"] is None else "< 0.001" if row["q"] < 0.001 else f"{row['q']:.3f}",
        "n now": row["n_now"],
        "n before": row["n_before"],
        "Unit": unit,
        "Family": metric["family"].replace("_", " "),
    }


def _way(row: Row, metric: Row) -> str:
    """Which way it went, and whether that is usually better."""
    up = row["change"] > 0
    better = {None: "", up: ": better", not up: ": worse"}[
        None if metric["direction"] is None else metric["direction"] == "higher"
    ]
    return f"{'up' if up else 'down'}{better}"
