"""What must hold for what comes in, as the lake stores it: text redacted, customers' ids hashed."""

from collections.abc import Collection

import polars as pl

from flows.checks import WARNING, Across, Key, Rule, Tables, orphans
from transforms.redact import redact
from transforms.schema import CHANNELS, KINDS, LAKE, ROLES

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


def hidden(kinds: Collection[str]) -> Across:
    """That in no text the redactor would still hide something of these kinds."""

    def leaks(tables: Tables) -> tuple[int, int]:
        texts = tables["segment"]["text"]
        return len(texts), int((redact(texts, kinds) != texts).sum())

    return Across("segment", "nothing is left in a text that the redactor hides", leaks)


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
