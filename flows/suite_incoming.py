"""What must hold for what comes in, as the lake stores it: text redacted, customers' ids hashed."""

from collections.abc import Callable

import polars as pl
from stdnum import iban, luhn

from flows.checks import WARNING, Across, Key, Rule, Tables, orphans
from transforms.schema import CHANNELS, KINDS, LAKE, ROLES

EMAIL = r"(?i)[a-z0-9._%+-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}"
CARD = r"\b[3-6]\d{3}(?:[ -]?\d){9,15}\b"
IBAN = r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]){11,30}\b"
LANGUAGE = r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$"
SCALE = r"^(good/bad|-?\d+(\.\d+)?-\d+(\.\d+)?)$"
HASH = r"^[0-9a-f]{16,128}$"
NOT_NULL, IN_SET = "ExpectColumnValuesToNotBeNull", "ExpectColumnValuesToBeInSet"

text = pl.col("text")
start, end = pl.col("start_ms"), pl.col("end_ms")


def _required(table: str) -> list[Key]:
    return [
        Key(table, name, f"{name} is there", NOT_NULL)
        for name, column in LAKE[table].columns.items()
        if column.required and name != "text"
    ]


def _cards(tables: Tables) -> tuple[int, int]:
    return _leaks(tables, CARD, luhn.is_valid)


def _ibans(tables: Tables) -> tuple[int, int]:
    return _leaks(tables, IBAN, lambda number: any(iban.is_valid(number[:end]) for end in range(15, len(number) + 1)))


def _leaks(tables: Tables, pattern: str, is_real: Callable[[str], bool]) -> tuple[int, int]:
    """Texts with a number of that pattern that also passes its checksum."""
    texts = tables["segment"]["text"]
    numbers = texts.filter(texts.str.contains(pattern)).str.extract_all(pattern)
    real = sum(any(is_real(number.replace(" ", "").replace("-", "")) for number in row) for row in numbers)
    return len(texts), real


KEYS = (
    *_required("transcript"),
    *_required("segment"),
    *_required("feedback"),
    Key("transcript", "channel", "channel is one we know", IN_SET, {"value_set": list(CHANNELS)}),
    Key("segment", "speaker", "speaker is a role we know", IN_SET, {"value_set": list(ROLES)}),
    Key("segment", "kind", "kind is one we know", IN_SET, {"value_set": list(KINDS)}),
)

RULES: tuple[Rule | Across, ...] = (
    # conversations
    Rule("transcript", "customer_id is a hash", ~pl.col("customer_id").str.contains(HASH)),
    Rule("transcript", "a duration is not negative", pl.col("duration_ms") < 0),
    Rule("transcript", "language looks like a tag", ~pl.col("language").str.contains(LANGUAGE), WARNING),
    Rule("transcript", "language is known", pl.col("language").is_null(), WARNING, 0.05, least=20),
    Rule("transcript", "the year is plausible", ~pl.col("started_at").dt.year().is_between(1990, 2100), WARNING),
    Across(
        "transcript",
        "a conversation has segments",
        orphans("transcript", "segment", ("conversation_id",)),
        ("segment",),
        WARNING,
    ),
    # segments
    Across(
        "segment",
        "a segment has its conversation",
        orphans("segment", "transcript", ("conversation_id",)),
        ("transcript",),
    ),
    Rule("segment", "text is there", text.is_null()),
    Rule("segment", "times are not negative", (start < 0) | (end < 0)),
    Rule("segment", "an end is not before its start", end < start),
    Rule("segment", "speakers are known", pl.col("speaker") == "unknown", WARNING, 0.05),
    Rule(
        "segment",
        "text is not blank",
        (pl.col("kind") == "message") & (text.str.strip_chars() == ""),
        WARNING,
        0.01,
        least=100,
    ),
    Rule(
        "segment",
        "no e-mail address is left in a text",
        text.str.contains("@", literal=True) & text.str.contains(EMAIL),
    ),
    Across("segment", "no card number is left in a text", _cards),
    Across("segment", "no IBAN is left in a text", _ibans),
    # outcomes
    Rule("feedback", "csat_scale is LOW-HIGH or good/bad", ~pl.col("csat_scale").str.contains(SCALE)),
    Rule("feedback", "nps lies in 0..10", ~pl.col("nps").is_between(0, 10)),
    Rule(
        "feedback",
        "the last resolution is not before the first",
        pl.col("fully_resolved_at") < pl.col("resolved_at"),
        WARNING,
    ),
)
