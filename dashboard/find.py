"""Which conversations of the selection are looked for: by words, a metric, a marker, how they ended. In the URL."""

import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from math import isfinite
from typing import Any

from dashboard.filters import Chosen
from dashboard.listing import Listing
from dashboard.warehouse import query

ENDINGS = {
    "resolved": "was_resolved::DOUBLE = 1",
    "not resolved": "was_resolved::DOUBLE = 0",
    "rated 4 or 5": "is_csat_positive::DOUBLE = 1",
    "rated below 4": "is_csat_positive::DOUBLE = 0",
    "not rated": "csat IS NULL",
    "escalated": "was_escalated::DOUBLE = 1",
}
ESCALATIONS = ("timely", "late", "missed", "untriggered")
ORDERS = {
    "newest first": "started_at DESC NULLS LAST",
    "oldest first": "started_at NULLS LAST",
    "longest first": "turn_count DESC",
    "highest value first": "{by} DESC NULLS LAST",
    "lowest value first": "{by} NULLS LAST",
}
NEWEST = "newest first"
PAGE = 20
WALK = 1000  # how far previous and next go

_APOSTROPHES, _DASHES = "'’‘ʼ′`´", "-‐‑‒–—"


@dataclass(frozen=True)
class Find:
    """What is looked for; empty fields ask for nothing. The names are those in the URL."""

    words: str = ""
    by: str = ""
    low: float | None = None
    high: float | None = None
    marker: str = ""
    ending: str = ""
    escalation: str = ""
    order: str = NEWEST

    @property
    def link(self) -> dict[str, str]:
        """The fields that ask for something, for a URL."""
        return {key: str(value) for key, value in asdict(self).items() if value not in ("", None, NEWEST)}

    @property
    def where(self) -> str:
        """The condition on conversation_wide."""
        asked = [
            "conversation_id IN (SELECT conversation_id FROM said)" if self.words else "",
            "conversation_id IN (SELECT conversation_id FROM marker WHERE marker = $marker)" if self.marker else "",
            "conversation_id IN (SELECT conversation_id FROM escalation WHERE class = $escalation)"
            if self.escalation
            else "",
            ENDINGS.get(self.ending, ""),
            f'"{self.by}" IS NOT NULL' if self.by else "",
            f'"{self.by}"::DOUBLE >= $low' if self.by and self.low is not None else "",
            f'"{self.by}"::DOUBLE <= $high' if self.by and self.high is not None else "",
        ]
        return " AND ".join(part for part in asked if part) or "true"

    @property
    def parameters(self) -> dict[str, Any]:
        """The values of its named parameters."""
        given = {
            "words": fold(self.words) or None,
            "marker": self.marker or None,
            "escalation": self.escalation or None,
            "low": self.low if self.by else None,
            "high": self.high if self.by else None,
        }
        return {key: value for key, value in given.items() if value is not None}

    @property
    def order_by(self) -> str:
        """The order of what is found, the same each time."""
        order = ORDERS[self.order] if self.by or "{by}" not in ORDERS[self.order] else ORDERS[NEWEST]
        return order.format(by=f'"{self.by}"') + ", conversation_id"


def from_link(link: Mapping[str, str], numeric_metrics: set[str]) -> Find:
    """What a URL asks for; a metric, an ending or an order that does not exist asks for nothing."""
    by = link.get("by", "")
    ending, order = link.get("ending", ""), link.get("order", NEWEST)
    return Find(
        words=link.get("words", "").strip(),
        by=by if by in numeric_metrics else "",
        low=number(link.get("low", "")),
        high=number(link.get("high", "")),
        marker=link.get("marker", ""),
        ending=ending if ending in ENDINGS else "",
        escalation=link.get("escalation", ""),
        order=order if order in ORDERS else NEWEST,
    )


def found(chosen: Chosen, find: Find) -> Listing:
    """The conversations found, each with `found_count` of them all and, for words, the first turn that has them."""
    by = f'"{find.by}"::DOUBLE' if find.by else "NULL"
    turn = "s.turn_index" if find.words else "NULL"
    joined = "LEFT JOIN said s USING (conversation_id)" if find.words else ""
    sql = (
        f"{_said(find)} SELECT conversation_id, channel, language, team, agent_id, topic, started_at, duration_seconds,"
        f" turn_count, was_resolved::DOUBLE AS was_resolved, csat, was_escalated::DOUBLE AS was_escalated,"
        f" {by} AS value, {turn} AS turn_index, count(*) OVER () AS found_count"
        f" FROM conversation_wide {joined} WHERE {chosen.where} AND {find.where}"
        f" ORDER BY {find.order_by}"
    )
    return Listing(sql, chosen.parameters | find.parameters)


def walk(chosen: Chosen, find: Find) -> list[str]:
    """The ids of the first conversations found, in order, for previous and next."""
    sql = (
        f"{_said(find)} SELECT conversation_id FROM conversation_wide WHERE {chosen.where} AND {find.where}"
        f" ORDER BY {find.order_by} LIMIT {WALK}"
    )
    return query(sql, **chosen.parameters, **find.parameters)["conversation_id"].to_list()


def fold(text: str) -> str:
    """The text as `turn.text_folded` has it: no case, no accents, one apostrophe, one dash, one space."""
    return "".join(map(_fold, text))


def _fold(letter: str) -> str:
    if letter in _APOSTROPHES:
        return "'"
    if letter in _DASHES:
        return "-"
    if letter.isspace():
        return "\n" if letter in "\r\n" else " "
    base = unicodedata.normalize("NFD", letter)[0]
    lower = base.casefold()
    return lower if len(lower) == 1 else base.lower()[0]


def _said(find: Find) -> str:
    """The conversations in which the words were said, each with the first turn that has them."""
    if not find.words:
        return ""
    said = (
        "SELECT conversation_id, min(turn_index) AS turn_index FROM turn WHERE contains(text_folded, $words) GROUP BY 1"
    )
    return f"WITH said AS ({said})"


def number(text: str) -> float | None:
    """The number that a URL names; None where it names none."""
    try:
        found = float(text)
    except ValueError:
        return None
    return found if isfinite(found) else None
