"""A selection beside the period before it."""

from collections.abc import Sequence

import polars as pl

from dashboard import say
from dashboard.estimates import Row, difference, estimate
from dashboard.filters import Chosen
from dashboard.warehouse import query

Estimates = dict[str, Row]


def compared(metrics: Sequence[Row], chosen: Chosen) -> tuple[Estimates, Estimates]:
    """Each metric's estimate now and in the period before, by metric; nothing before where everything is selected."""
    return _estimates(metrics, chosen), _estimates(metrics, chosen.before) if chosen.before else {}


def moves(metrics: Sequence[Row], chosen: Chosen) -> pl.DataFrame:
    """Each metric in words: now, before, how it moved and whether by more than chance; these first."""
    now, before = compared(metrics, chosen)
    rows = [_move(metric, now[metric["metric"]], before.get(metric["metric"])) for metric in metrics]
    return pl.DataFrame(sorted(rows, key=lambda row: row["More than chance"] != "yes"), infer_schema_length=None)


def volume(chosen: Chosen) -> pl.DataFrame:
    """Conversations begun per day and channel: day, channel, n."""
    return query(
        "SELECT started_at::DATE AS day, channel, count(*) AS n FROM conversation_wide "
        f"WHERE {chosen.where} AND started_at IS NOT NULL GROUP BY ALL ORDER BY channel, day",
        **chosen.parameters,
    )


def response_rate(chosen: Chosen) -> str:
    """How many of those asked have answered; of all, where no source says who was asked."""
    answered, asked, everyone = query(
        "SELECT count(csat), count(*) FILTER (was_surveyed::DOUBLE = 1), count(*) "
        f"FROM conversation_wide WHERE {chosen.where}",
        **chosen.parameters,
    ).row(0)
    below, words = (asked, "asked") if asked >= answered and asked else (everyone, "conversations")
    return f" · response rate {say.value(answered / below if below else None, 'share 0..1')} of {below:,} {words}"


def _estimates(metrics: Sequence[Row], chosen: Chosen) -> Estimates:
    return {row["metric"]: row for row in estimate(metrics, chosen.where, **chosen.parameters).to_dicts()}


def _move(metric: Row, now: Row, before: Row | None) -> Row:
    unit = metric["unit"]
    moved, low, high = difference(now, before) if before else (None, None, None)
    is_clear = low is not None and high is not None and not low <= 0 <= high
    return {
        "metric": metric["metric"],
        "Family": metric["family"].replace("_", " "),
        "Indicator": say.name(metric["metric"]),
        "Now": say.value(now["value"], unit),
        "Before": say.value(before["value"] if before else None, unit),
        "Change": say.NONE if moved is None else say.change(moved, unit),
        "95 % of the change": say.NONE
        if low is None or high is None
        else f"{say.change(low, unit)} to {say.change(high, unit)}",
        "More than chance": "yes" if is_clear else "no" if low is not None else say.NONE,
        "n": now["n"],
        "Coverage": say.value(now["n"] / now["all_count"] if now["all_count"] else None, "share 0..1"),
        "Unit": unit,
    }
