"""A selection beside the period before it."""

from collections.abc import Sequence

import polars as pl

from dashboard import say
from dashboard.estimates import Row, estimate
from dashboard.filters import Chosen
from dashboard.warehouse import query

Estimates = dict[str, Row]


def compared(metrics: Sequence[Row], chosen: Chosen) -> tuple[Estimates, Estimates]:
    """Each metric's estimate now and in the period before, by metric; nothing before where everything is selected."""
    return _estimates(metrics, chosen), _estimates(metrics, chosen.before) if chosen.before else {}


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
