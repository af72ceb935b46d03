"""Numbers and names in words that people read, and text that no page can mistake for markup."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from html import escape
from typing import Any

NONE = "–"

NAMES = {
    "csat": "Satisfaction (CSAT)",
    "is_csat_positive": "Positive ratings (4–5)",
    "nps": "Recommendation (NPS)",
    "ces": "Customer effort (CES)",
    "had_follow_up": "Follow-up rate",
    "was_resolved": "Resolved",
    "was_first_contact_resolved": "First-contact resolution",
    "was_reopened": "Reopened",
    "was_transferred": "Transferred",
    "was_escalated": "Escalated",
    "is_one_touch": "One-touch resolution",
    "resolution_seconds": "Time to resolution",
    "full_resolution_seconds": "Time to full resolution",
    "first_response_seconds": "Time to first response",
    "first_response_business_seconds": "Time to first response (business hours)",
    "reply_seconds": "Time to reply",
    "customer_reply_seconds": "Customer's time to reply",
    "listen_first_seconds": "Listening first (time)",
    "listen_first_word_count": "Listening first (words)",
    "validation_latency_seconds": "Validation latency (time)",
    "validation_latency_turns": "Validation latency (turns)",
    "escalation_seconds": "Time to escalation",
    "escalation_turns": "Agent turns to escalation",
    "escalation_delay_seconds": "Escalation delay (time)",
    "escalation_delay_turns": "Escalation delay (turns)",
}

WHY_NULL = {
    "not_applicable": "does not apply to this channel",
    "not_measurable": "the source lacks what it needs (times, ends, roles or overlap)",
    "nothing_to_measure": "there was nothing to measure",
    "open": "its window or promise is not over yet",
}

STATUS = {
    "kept": "kept",
    "kept_late": "kept late",
    "broken": "broken",
    "pending": "not due yet",
    "unknown": "unknown: no proof either way",
}

CLASS = {
    "timely": "timely: within 2 agent turns or 120 s of the trigger",
    "late": "late: escalated, but after that",
    "missed": "missed: a trigger, and no escalation followed",
    "untriggered": "untriggered: escalated without a trigger before it",
}

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:^&@/])")


def plain(text: object) -> str:
    """The text for a place where Streamlit reads Markdown, with everything that Markdown would interpret escaped."""
    return _MARKDOWN.sub(r"\\\1", " ".join(str(text).split()))


def html(text: object) -> str:
    """The text for a place that reads HTML, or plotly's own few tags."""
    return escape(str(text), quote=True)


def name(metric: str) -> str:
    """A metric's name for people: `response_gap_seconds` is Response gap."""
    words = metric.removesuffix("_seconds").replace("_", " ")
    return NAMES.get(metric, words[:1].upper() + words[1:])


def value(amount: float | None, unit: str) -> str:
    """An amount in its unit, rounded as people would say it."""
    if amount is None:
        return NONE
    if unit == "seconds":
        return duration(amount)
    if unit in ("share 0..1", "yes/no"):
        return f"{100 * amount:.1f} %"
    return number(amount)


def single(amount: Any, unit: str) -> str:
    """One conversation's own value: whole counts stay whole, yes and no are words."""
    if amount is None or isinstance(amount, str):
        return amount or NONE
    if unit == "yes/no":
        return "yes" if amount else "no"
    return value(float(amount), unit)


def interval(low: float | None, high: float | None, unit: str) -> str:
    """A 95 % interval in words."""
    return NONE if low is None or high is None else f"{value(low, unit)} to {value(high, unit)}"


def change(moved: float, unit: str) -> str:
    """A difference with its sign; of shares, in points."""
    shown = f"{100 * moved:.1f} points" if unit in ("share 0..1", "yes/no") else value(moved, unit)
    return shown.replace("−", "-") if moved < 0 else f"+{shown}"


def number(amount: float | None) -> str:
    """Three digits that matter, thousands set apart; whole numbers whole."""
    if amount is None:
        return NONE
    decimals = 0 if amount == int(amount) or abs(amount) >= 100 else 1 if abs(amount) >= 10 else 2
    return f"{amount:,.{decimals}f}".replace("-", "−")


def duration(seconds: float) -> str:
    """A time span in the two units that matter."""
    sign, rest = ("−" if seconds < 0 else ""), abs(seconds)
    if rest < 59.95:
        return f"{sign}{rest:.1f} s" if rest >= 10 or rest == 0 else f"{sign}{rest:.2f} s"
    whole = round(rest)
    if whole < 3600:
        return f"{sign}{whole // 60} min {whole % 60:02d} s"
    minutes = round(rest / 60)
    if minutes < 48 * 60:
        return f"{sign}{minutes // 60} h {minutes % 60:02d} min"
    return f"{sign}{rest / 86400:.1f} days"


def count(n: int, thing: str) -> str:
    """So many of a thing."""
    return f"{n:,} {thing}{'' if n == 1 else 's'}"


def clock(seconds: float | None) -> str:
    """A moment in a conversation: minutes and seconds from its start."""
    return "" if seconds is None else f"{int(seconds // 60)}:{int(seconds % 60):02d}"


def moment(at: datetime | None) -> str:
    """A time, UTC."""
    return NONE if at is None else f"{at:%d %b %Y %H:%M} UTC"


def day(at: date | None) -> str:
    """A day."""
    return NONE if at is None else f"{at:%d %b %Y}"


def one_of(words: Mapping[str, str], key: str | None) -> str:
    """The words for a code, or the code itself where it is new to us."""
    return NONE if key is None else words.get(key, key)


def validated(metric: Mapping[str, Any]) -> str:
    """How well a metric's detector agrees with people, in words; nothing where it has no detector."""
    if metric["f1"] is None:
        return "nobody has labelled it yet" if metric["markers"] else ""
    return (
        f"F1 {metric['f1']:.2f} (95 % {metric['f1_low']:.2f} to {metric['f1_high']:.2f}), precision"
        f" {metric['precision']:.2f}, recall {metric['recall']:.2f}, on {number(metric['judged_count'])} judged turns"
        f" ({metric['validated_on']})"
    )
