"""Which conversations of the selection are looked for: by words, a metric, a marker, an escalation. In the URL."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from math import isfinite
from typing import Any, NamedTuple

from dashboard import say
from dashboard.estimates import Row
from dashboard.filters import Chosen
from dashboard.listing import Listing
from dashboard.warehouse import query

ESCALATIONS = ("timely", "late", "missed", "untriggered")
TRIGGERS = ("escalation_request", "aggression", "repeated_complaint")
ORDERS = {
    "newest first": "started_at DESC NULLS LAST",
    "oldest first": "started_at NULLS LAST",
    "longest first": "turn_count DESC",
    "highest value first": "value DESC NULLS LAST",
    "lowest value first": "value NULLS LAST",
}
NEWEST = "newest first"
BEFORE = "before"  # the outcome
PAGE = 20
LISTED = 1000  # how far the list goes, and previous and next in it

_APOSTROPHES, _DASHES = "'’‘ʼ′`´", "-‐‑‒–—"


@dataclass(frozen=True)
class Find:
    """What is looked for; empty fields ask for nothing. The names are those in the URL.

    `counted` BEFORE takes the metric `by` as it stands before the outcome; `known` is an outcome that must be known.
    """

    words: str = ""
    by: str = ""
    counted: str = ""
    known: str = ""
    low: float | None = None
    high: float | None = None
    marker: str = ""
    escalation: str = ""
    trigger: str = ""
    why: str = ""
    order: str = NEWEST

    @property
    def link(self) -> dict[str, str]:
        """The fields that ask for something, for a URL."""
        return {key: str(value) for key, value in asdict(self).items() if value not in ("", None, NEWEST)}

    @property
    def terms(self) -> str:
        """On which terms a figure counts its conversations, beyond the fields that people fill in; in words."""
        counted = f"{say.name(self.by)} as it stood before the outcome" if self.by and self.counted else ""
        known = f"where {say.name(self.known)} is known" if self.known else ""
        return " ".join(part for part in (counted, known) if part)

    @property
    def source(self) -> str:
        """What is searched: conversation_wide with `value` and `value_why_null`, those of the metric asked for."""
        if not self.by:
            return "(SELECT *, NULL::DOUBLE AS value FROM conversation_wide)"
        before = "JOIN conversation_wide_before b USING (conversation_id)" if self.counted else ""
        of = "b" if self.counted else "w"
        value = f'{of}."{self.by}"::DOUBLE AS value, {of}."{self.by}_why_null" AS value_why_null'
        return f"(SELECT w.*, {value} FROM conversation_wide w {before})"

    def where(self, chosen: Chosen) -> str:
        """The condition on `source`, within what is chosen."""
        # The words are looked for in what is chosen alone: that is quicker than to look everywhere first.
        those = f"SELECT conversation_id FROM conversation WHERE {chosen.facts} AND contains(text_folded, $words)"
        asked = {
            chosen.where: True,
            f"conversation_id IN ({those})": self.words,
            "conversation_id IN (SELECT conversation_id FROM marker WHERE marker = $marker)": self.marker,
            "conversation_id IN (SELECT conversation_id FROM escalation WHERE class = $escalation)": self.escalation,
            "conversation_id IN (SELECT conversation_id FROM escalation WHERE trigger = $trigger)": self.trigger,
            f'"{self.known}" IS NOT NULL': self.known,
            "value_why_null = $why": self.by and self.why,
            "value IS NOT NULL": self.by and not self.why,
            "value >= $low": self.by and self.low is not None,
            "value <= $high": self.by and self.high is not None,
        }
        return " AND ".join(part for part, is_asked in asked.items() if is_asked)

    @property
    def parameters(self) -> dict[str, Any]:
        """The values of its named parameters."""
        given = {
            "words": fold(self.words) or None,
            "marker": self.marker or None,
            "escalation": self.escalation or None,
            "trigger": self.trigger or None,
            "why": (self.by and self.why) or None,
            "low": self.low if self.by else None,
            "high": self.high if self.by else None,
        }
        return {key: value for key, value in given.items() if value is not None}

    @property
    def order_by(self) -> str:
        """The order of what is found, the same each time; `value` is that of the metric asked for."""
        return f"{ORDERS[self.order]}, conversation_id"


def from_link(link: Mapping[str, str], numeric_metrics: set[str]) -> Find:
    """What a URL asks for; a metric or an order that does not exist asks for nothing."""
    by, known = link.get("by", ""), link.get("known", "")
    order = link.get("order", NEWEST)
    return Find(
        words=link.get("words", "").strip(),
        by=by if by in numeric_metrics else "",
        counted=BEFORE if link.get("counted") == BEFORE else "",
        known=known if known in numeric_metrics else "",
        low=number(link.get("low", "")),
        high=number(link.get("high", "")),
        marker=link.get("marker", ""),
        escalation=link.get("escalation", ""),
        trigger=link.get("trigger", ""),
        why=link.get("why", ""),
        order=order if order in ORDERS else NEWEST,
    )


class Found(NamedTuple):
    """The first conversations found, in order, and how many there are."""

    ids: list[str]
    all_count: int


def found(chosen: Chosen, find: Find) -> Found:
    """The conversations found: one look through the warehouse for the list, its pages, and previous and next."""
    sql = f"""
    WITH found AS MATERIALIZED (
        SELECT conversation_id, started_at, turn_count, value FROM {find.source} WHERE {find.where(chosen)})
    SELECT conversation_id, (SELECT count(*) FROM found) AS n FROM found ORDER BY {find.order_by} LIMIT {LISTED}"""
    rows = query(sql, **chosen.parameters, **find.parameters)
    return Found(rows["conversation_id"].to_list(), next(iter(rows["n"]), 0))


_COLUMNS = (
    "conversation_id, channel, language, team, agent_id, topic, started_at, duration_seconds, turn_count,"
    " was_resolved::DOUBLE AS was_resolved, csat, was_escalated::DOUBLE AS was_escalated"
)


def listed(ids: Sequence[str], find: Find) -> list[Row]:
    """What the list shows of each of these conversations, in their order."""
    sql = f"SELECT {_COLUMNS}, value FROM {find.source} WHERE {one_of(ids)}"
    rows = {row["conversation_id"]: row for row in query(sql, **numbered(ids)).to_dicts()}
    return [rows[name] for name in ids]


def listing(chosen: Chosen, find: Find) -> Listing:
    """The whole list, to take away."""
    sql = f"SELECT {_COLUMNS}, value FROM {find.source} WHERE {find.where(chosen)} ORDER BY {find.order_by}"
    return Listing(sql, chosen.parameters | find.parameters)


def one_of(ids: Sequence[str]) -> str:
    """The condition that a conversation is one of a few; their ids are the parameters `numbered`."""
    # Spelled out, DuckDB skips what lies between them; with `= any($ids)` it reads every id there is.
    return f"conversation_id IN ({', '.join(f'${name}' for name in numbered(ids))})" if ids else "false"


def numbered(ids: Sequence[str]) -> dict[str, str]:
    """The parameters of `one_of`."""
    return {f"id_{place}": name for place, name in enumerate(ids)}


def fold(text: str) -> str:
    """The text as `conversation.text_folded` has it: no case, no accents, one apostrophe, one dash, one space."""
    return text.translate(_FOLDED)


class _Folded(dict[int, str]):
    """Each letter folded, looked up once: whole conversations are folded while somebody waits."""

    def __missing__(self, code: int) -> str:
        self[code] = _fold(chr(code))
        return self[code]


_FOLDED = _Folded()


def _fold(letter: str) -> str:
    if letter in _APOSTROPHES:
        return "'"
    if letter in _DASHES:
        return "-"
    if letter.isspace():
        return " "
    base = unicodedata.normalize("NFD", letter)[0]
    lower = base.casefold()
    return lower if len(lower) == 1 else base.lower()[0]


def number(text: str) -> float | None:
    """The number that a URL names; None where it names none."""
    try:
        found = float(text)
    except ValueError:
        return None
    return found if isfinite(found) else None
