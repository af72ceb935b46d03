"""Numbers, names and days in words, for a reader with two minutes."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

NONE = "–"
NAMES = {
    "csat": "Satisfaction (1–5)",
    "is_csat_positive": "Positive ratings (4–5)",
    "was_resolved": "Resolved",
    "was_first_contact_resolved": "Resolved at first contact",
    "was_reopened": "Reopened",
    "was_escalated": "Escalated",
    "was_transferred": "Transferred",
    "had_follow_up": "Follow-up rate",
}
TRIGGERS = {
    "escalation_request": "asked for a supervisor",
    "aggression": "aggression",
    "repeated_complaint": "the same complaint three times",
}


def name(metric: str) -> str:
    """A metric's name: `response_gap_seconds` is Response gap."""
    words = metric.removesuffix("_seconds").replace("_", " ")
    return NAMES.get(metric, words[:1].upper() + words[1:])


def amount(value: float | None, unit: str) -> str:
    """A value in its unit, rounded to what can be said."""
    if value is None:
        return NONE
    if unit == "seconds":
        return duration(value)
    if unit in ("share 0..1", "yes/no"):
        return percent(value)
    return number(value)


def percent(share: float | None) -> str:
    """A share in whole per cent; small ones with a digit more."""
    if share is None:
        return NONE
    small = 0 < abs(share) < 0.0995
    return f"{100 * share:.1f} %".replace("-", "−") if small else f"{100 * share:.0f} %".replace("-", "−")


def number(value: float) -> str:
    """Whole numbers whole, others with what digits matter."""
    if value == int(value) or abs(value) >= 100:
        return f"{value:,.0f}".replace("-", "−")
    return f"{value:.{1 if abs(value) >= 1 else 2}f}".replace("-", "−")


def duration(seconds: float) -> str:
    """A time span in at most two units."""
    sign, rest = ("−" if seconds < 0 else ""), abs(seconds)
    if rest < 60:
        return f"{sign}{rest:.1f} s" if rest < 9.95 else f"{sign}{rest:.0f} s"
    minutes = round(rest / 60)
    if minutes < 60:
        return f"{sign}{minutes} min"
    if minutes < 48 * 60:
        return f"{sign}{minutes // 60} h {minutes % 60:02d} min"
    return f"{sign}{rest / 86400:.1f} days"


def interval(low: float | None, high: float | None, unit: str) -> str:
    """A 95 % interval."""
    return "" if low is None or high is None else f"{amount(low, unit)} to {amount(high, unit)}"


def change(now: int, before: int) -> str:
    """How much more or less there is than before."""
    if not before:
        return "none the week before" if now else "none, as the week before"
    if now == before:
        return "as many as the week before"
    return f"{abs(now - before) / before:.0%} {'more' if now > before else 'fewer'} than the week before".replace(
        "%", " %"
    )


def count(n: int, one: str, many: str | None = None) -> str:
    """`1 promise`, `2 promises`."""
    return f"{n:,} {one if n == 1 else many or one + 's'}"


def times(n: int) -> str:
    """`once`, `twice`, `3 times`."""
    return {1: "once", 2: "twice"}.get(n, f"{n:,} times")


def day(at: date) -> str:
    """`Sunday 15 November 2026`."""
    return f"{at:%A} {at.day} {at:%B %Y}"


def short_day(at: date) -> str:
    """`Sun 15 Nov`."""
    return f"{at:%a} {at.day} {at:%b}"


def moment(at: datetime | None, zone: ZoneInfo) -> str:
    """A time in UTC as the calendar's clocks show it: `Sun 15 Nov 17:30`."""
    if at is None:
        return NONE
    shown = at.replace(tzinfo=ZoneInfo("UTC")).astimezone(zone)
    return f"{short_day(shown)} {shown:%H:%M}"
