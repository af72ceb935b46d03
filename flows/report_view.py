"""What a report says, ready for its template: every number rounded and in words."""

from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Any
from urllib.parse import quote

import polars as pl

from flows import report_charts as charts
from flows import report_words as words
from flows.report_data import Data
from flows.report_lists import Row, escalations, load, promises, to_look_at
from metrics.moves import Change, moved
from metrics.overall import Metric, Overall, overall

OUTCOMES = ("csat", "is_csat_positive", "was_resolved")
DEFINED = (
    *OUTCOMES,
    "commitment_kept_share",
    "escalation_class",
    "missed_empathy_count",
    "hard_conversation_count",
)


def view(data: Data, dashboard_url: str) -> dict[str, Any]:
    """The values of report.html.jinja."""
    metrics = {row["metric"]: row for row in data.metrics.to_dicts()}
    changes, tested = moved(data.week, data.week_before, list(metrics.values()))
    told = [_change(change) for change in changes]
    link = partial(_link, dashboard_url.rstrip("/"))
    listed = {"promises": promises(data), "escalations": escalations(data), "look": to_look_at(data)}
    return {
        "title": f"Support conversations, {words.day(data.day)}",
        "day": words.day(data.day),
        "next_day": words.short_day(data.day + timedelta(days=1)),
        "zone": data.zone.key,
        "dashboard_url": dashboard_url,
        "link": link,
        "moment": lambda at: words.moment(at, data.zone),
        "count": words.count,
        "trigger": lambda name: words.TRIGGERS.get(name, name or words.NONE),
        "duration": lambda seconds: words.NONE if seconds is None else words.duration(seconds),
        "number": lambda value: words.NONE if value is None else words.number(value),
        "percent": words.percent,
        "today_count": data.today.height,
        "week_count": data.week.height,
        "week_change": words.change(data.week.height, data.week_before.height),
        "last_seen": words.day(data.last_seen) if data.last_seen else None,
        "channels": _channels(data),
        "outcomes": [_outcome(data, metrics[name]) for name in OUTCOMES if name in metrics],
        "response": _response(data),
        "moved": told,
        "tested": tested,
        "load": load(data),
        "quality": _quality(data),
        "definitions": [_definition(metrics[name]) for name in _defined(metrics, changes)],
        "charts": _charts(data, metrics),
        **listed,
    }


def _charts(data: Data, metrics: Mapping[str, Metric]) -> dict[str, str]:
    """The library once, and each figure that has something to show."""
    figures = {"volume": charts.volume(data)} if data.between(13, 0).height else {}
    for name in ("csat", "was_resolved"):
        if name in metrics and data.conversations[name].count():
            figures[name] = charts.trend(data, metrics[name])
    return figures | {"library": charts.plotly_js() if figures else ""}


def _link(url: str, conversation_id: str) -> str:
    return f"{url}/conversation?conversation_id={quote(conversation_id, safe='')}"


def _channels(data: Data) -> list[Row]:
    counts = [dict(frame.group_by("channel").len().rows()) for frame in (data.today, data.week, data.week_before)]
    names = sorted(set().union(*counts))
    return [{"name": name, "counts": [of.get(name, 0) for of in counts]} for name in names]


def _outcome(data: Data, metric: Metric) -> Row:
    now, before = overall(data.week, metric), overall(data.week_before, metric)
    return {
        "name": words.name(metric["metric"]),
        "today": _told(overall(data.today, metric), metric),
        "now": _told(now, metric),
        "before": _told(before, metric),
    }


def _told(found: Overall, metric: Metric) -> Row:
    unit = metric["unit"]
    shown = f"{found.value:.1f}" if metric["metric"] == "csat" and found.value is not None else None
    low, high = found.low, found.high
    if metric["metric"] == "csat" and low is not None and high is not None:
        between = f"{max(low, 1):.1f} to {min(high, 5):.1f}"
    else:
        between = words.interval(low, high, unit)
    return {"value": shown or words.amount(found.value, unit), "interval": between, "n": found.n, "of": found.of}


def _response(data: Data) -> Row:
    """Answers to the question for a rating, of all conversations of the 7 days."""
    answered, asked = data.week["csat"].count(), data.week.height
    return {"answered": answered, "of": asked, "share": words.percent(answered / asked if asked else None)}


def _change(change: Change) -> Row:
    unit = change.metric["unit"]
    return {
        "name": words.name(change.metric["metric"]),
        "unit": "" if unit in ("seconds", "share 0..1", "yes/no", "count") else unit,
        "now": words.amount(change.now.value, unit),
        "before": words.amount(change.before.value, unit),
        "way": "more" if change.difference > 0 else "less",
        "verdict": {True: "better", False: "worse", None: ""}[change.is_better],
        "n": f"{change.now.n:,} and {change.before.n:,}",
    }


def _quality(data: Data) -> Row:
    run = data.run
    newest = data.conversations["started_at"].max()
    return {
        "run_ended": run.get("ended_at"),
        "newest": newest,
        "rejected": data.rejected.head(5).to_dicts(),
        "rejected_count": int(data.rejected["record_count"].sum() or 0),
        "failed": data.failed_checks.to_dicts(),
        "undated": data.undated_count,
        "unmeasured": _unmeasured(data.week),
    }


def _unmeasured(week: pl.DataFrame) -> int:
    """Conversations in a language without rules: their words say nothing to us."""
    return 0 if "has_rules" not in week.columns else week.filter(~pl.col("has_rules").fill_null(False)).height


def _defined(metrics: Mapping[str, Metric], changes: list[Change]) -> list[str]:
    names = [*DEFINED, *(change.metric["metric"] for change in changes)]
    return [name for name in dict.fromkeys(names) if name in metrics]


def _definition(metric: Metric) -> Row:
    return {
        "name": words.name(metric["metric"]),
        "text": metric["definition"].replace("`", ""),
        "source": metric["source"],
    }
