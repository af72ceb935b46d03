"""Metrics at a glance, a row each."""

from collections.abc import Sequence

import polars as pl

from dashboard import say
from dashboard.estimates import Row, difference
from dashboard.overview import Estimates


def in_words(metrics: Sequence[Row], now: Estimates, before: Estimates) -> pl.DataFrame:
    """Each metric's value, interval, n, move since the period before and validation, in words."""
    return pl.DataFrame([_row(m, now[m["metric"]], before.get(m["metric"])) for m in metrics], infer_schema_length=None)


def _row(metric: Row, now: Row, before: Row | None) -> Row:
    unit = metric["unit"]
    return {
        "Metric": say.name(metric["metric"]),
        "Value": say.value(now["value"], unit),
        "95 %": say.interval(now["low"], now["high"], unit),
        "n": f"{now['n']:,} of {now['all_count']:,}",
        "Since the period before": _moved(now, before, unit),
        "Unit": unit,
        "Usually better": metric["direction"] or say.NONE,
        "Agreement with people": _validated(metric),
    }


def _moved(now: Row, before: Row | None, unit: str) -> str:
    moved, low, high = difference(now, before) if before else (None, None, None)
    if moved is None:
        return say.NONE
    is_chance = low is None or high is None or low <= 0 <= high
    return f"{say.change(moved, unit)}{' (within chance)' if is_chance else ''}"


def _validated(metric: Row) -> str:
    if metric["f1"] is not None:
        return f"F1 {metric['f1']:.2f} ({metric['f1_low']:.2f} to {metric['f1_high']:.2f})"
    return "nobody has labelled it" if metric["markers"] else "no detector"
