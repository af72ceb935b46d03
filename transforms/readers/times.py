"""Points in time: any ISO 8601 time becomes UTC without a zone of its own."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

_SHAPE = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d")
ZONE = r"(?i)(Z|UTC|[+-]\d\d(:?\d\d)?)$"


def parse_time(text: str) -> datetime | None:
    """The moment in UTC, a time without a zone taken as UTC; None where it is no ISO 8601 time of day."""
    text = re.sub(r"\s*(UTC|z)$", "Z", text.strip())
    if not _SHAPE.match(text):
        return None
    try:
        return _in_utc(datetime.fromisoformat(text))
    except (ValueError, OverflowError):
        return None


def from_epoch(seconds: float) -> datetime | None:
    """The moment so many seconds after 1970; None where no calendar reaches."""
    try:
        return _in_utc(datetime.fromtimestamp(seconds, UTC))
    except (ValueError, OverflowError, OSError):
        return None


def later(moment: datetime, seconds: float) -> datetime | None:
    """The moment so many seconds later; None where no calendar reaches."""
    try:
        return moment + timedelta(seconds=seconds)
    except OverflowError:
        return None


def when_sent(row: dict[str, Any]) -> datetime:
    """What to sort messages by: their time; those without one come last."""
    return row["sent_at"] or datetime.max


def _in_utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
