"""What must hold for the tables that are about to be published."""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from flows.checks import CRITICAL, WARNING, Across, Counted, Key, Rule, Severity, Tables, duplicates, orphans
from transforms.schema import WAREHOUSE

LATER = ("quality_check", "run", "schema_version")  # written after the gate
NOT_NULL, IN_SET = "ExpectColumnValuesToNotBeNull", "ExpectColumnValuesToBeInSet"
ID, TURN = ("conversation_id",), ("conversation_id", "turn_index")
FALL = 0.2  # share of rows or of measured values that may be lost from one publication to the next


@dataclass(frozen=True)
class Sizes:
    """How much there was in a publication."""

    rows: Mapping[str, int]  # of conversation, turn and outcome
    measured_share: float  # values of the metrics that are there, per 10,000 that could be


first, last = pl.col("start_char"), pl.col("end_char")


def _required(table: str) -> list[Key]:
    return [
        Key(table, name, f"{name} is there", NOT_NULL)
        for name, column in WAREHOUSE[table].columns.items()
        if column.required and name not in ("text", "words")
    ]


def _one_of(table: str, column: str, *values: str) -> Key:
    return Key(table, column, f"{column} is one we know", IN_SET, {"value_set": list(values)})


CHECKED = tuple(table for table in WAREHOUSE if table not in LATER)

KEYS = (
    *(key for table in CHECKED for key in _required(table)),
    Key("conversation_wide", "conversation_id", "conversation_id is there", NOT_NULL),
    _one_of("commitment", "status", "kept", "kept_late", "broken", "pending", "unknown"),
    _one_of("escalation", "class", "timely", "late", "missed", "untriggered"),
    _one_of("metric", "kind", "indicator", "outcome"),
)


def _turns_agree(tables: Tables) -> tuple[int, int]:
    """Conversations whose turn_count is not the number of their messages among the turns."""
    said = tables["turn"].lazy().filter(pl.col("kind") == "message").group_by("conversation_id").len("said")
    rows = tables["conversation"].lazy().join(said, on="conversation_id", how="left")
    wrong = rows.filter(pl.col("turn_count") != pl.col("said").fill_null(0)).select(pl.len())
    return tables["conversation"].height, wrong.collect().item()


def _spans(tables: Tables) -> pl.LazyFrame:
    turns = tables["turn"].lazy().select(*TURN, "text")
    return tables["marker"].lazy().filter(first.is_not_null()).join(turns, on=TURN)


def _spans_inside(tables: Tables) -> tuple[int, int]:
    inside = (first >= 0) & (last > first) & (last <= pl.col("text").str.len_chars())
    return _failing(_spans(tables), ~inside.fill_null(False))


def _words_agree(tables: Tables) -> tuple[int, int]:
    words = pl.col("text").str.slice(first, last - first)
    return _failing(_spans(tables), words.ne_missing(pl.col("words")))


def _failing(rows: pl.LazyFrame, fails: pl.Expr) -> tuple[int, int]:
    counted = rows.select(pl.len().alias("checked"), fails.sum().alias("failed")).collect()
    return counted["checked"].item(), counted["failed"].item() or 0


def _null_has_reason(tables: Tables) -> tuple[int, int]:
    """Values of conversation_wide that are null without a reason, or have both."""
    wide = tables["conversation_wide"]
    names = [name.removesuffix("_why_null") for name in wide.columns if name.endswith("_why_null")]
    wrong = (pl.col(name).is_null() == pl.col(f"{name}_why_null").is_null() for name in names)
    failed = wide.select(pl.sum_horizontal(pl.lit(0), *(e.sum() for e in wrong))).item()
    return wide.height * len(names), failed


RULES: tuple[Rule | Across, ...] = (
    *(Across(table, "keys are unique", duplicates(table, WAREHOUSE[table].key)) for table in CHECKED),
    Across("conversation_wide", "keys are unique", duplicates("conversation_wide", ID)),
    # every row stands on another
    Across("turn", "a turn has its conversation", orphans("turn", "conversation", ID), ("conversation",)),
    Across("marker", "a marker has its turn", orphans("marker", "turn", TURN), ("turn",)),
    Across("outcome", "an outcome has its conversation", orphans("outcome", "conversation", ID), ("conversation",)),
    Across("commitment", "a promise has its turn", orphans("commitment", "turn", TURN), ("turn",)),
    Across(
        "escalation", "an escalation has its conversation", orphans("escalation", "conversation", ID), ("conversation",)
    ),
    Across(
        "conversation_wide",
        "a wide row has its conversation",
        orphans("conversation_wide", "conversation", ID),
        ("conversation",),
    ),
    Across(
        "conversation",
        "a conversation is measured",
        orphans("conversation", "conversation_wide", ID),
        ("conversation_wide",),
    ),
    # what is shown is what was said
    Across("marker", "spans lie within the text", _spans_inside, ("turn",)),
    Across("marker", "words are the text's own", _words_agree, ("turn",)),
    Rule("marker", "confidence lies in 0..1", ~pl.col("confidence").is_between(0, 1)),
    # counts agree
    Across("conversation", "turn_count is the number of turns", _turns_agree, ("turn",)),
    Rule(
        "conversation",
        "agents' and customers' turns are among the turns",
        pl.col("agent_turn_count") + pl.col("customer_turn_count") > pl.col("turn_count"),
    ),
    Rule("conversation", "a duration is not negative", pl.col("duration_seconds") < 0),
    Rule("turn", "an end is not before its start", pl.col("end_seconds") < pl.col("start_seconds")),
    Rule(
        "agent_day",
        "parts are not more than the whole",
        (pl.col("rated_count") > pl.col("conversation_count"))
        | (pl.col("resolution_known_count") > pl.col("conversation_count"))
        | (pl.col("resolved_count") > pl.col("resolution_known_count"))
        | (pl.col("hard_conversation_count") > pl.col("conversation_count")),
    ),
    # outcomes
    Rule("outcome", "csat lies in 1..5", ~pl.col("csat").is_between(1, 5)),
    Rule("outcome", "nps lies in 0..10", ~pl.col("nps").is_between(0, 10)),
    Rule("outcome", "a positive rating is a 4 or a 5", pl.col("is_csat_positive") != (pl.col("csat") >= 4)),
    Rule(
        "commitment",
        "a promise kept says when",
        pl.col("status").is_in(["kept", "kept_late"]) != pl.col("kept_at").is_not_null(),
    ),
    Rule("commitment", "a promise is due after it is made", pl.col("due_at") < pl.col("made_at"), WARNING),
    # metrics and their relations
    Across("conversation_wide", "a value is null exactly where a reason is given", _null_has_reason),
    Rule("association", "p and q lie in 0..1", ~pl.col("p").is_between(0, 1) | ~pl.col("q").is_between(0, 1)),
    Rule(
        "association",
        "an interval holds its effect",
        ~pl.col("effect").is_between("effect_low", "effect_high")
        | ~pl.col("raw_effect").is_between("raw_low", "raw_high"),
    ),
)


def value_rules(tables: Tables) -> tuple[Rule, ...]:
    """For each table one rule for all its shares, and one for all its counts."""
    rules: list[Rule] = []
    for table, frame in tables.items():
        if shares := _numbers(frame, "_share"):
            outside = pl.any_horizontal(~pl.col(name).is_between(0, 1) for name in shares)
            rules.append(Rule(table, "shares lie in 0..1", outside))
        if counts := _numbers(frame, "_count"):
            rules.append(Rule(table, "counts are not negative", pl.any_horizontal(pl.col(n) < 0 for n in counts)))
    return tuple(rules)


def _numbers(frame: pl.DataFrame, suffix: str) -> list[str]:
    return [name for name, kind in frame.schema.items() if name.endswith(suffix) and kind.is_numeric()]


def over_the_whole(before: Sizes | None, now: Sizes, repeated: Mapping[str, tuple[int, int]]) -> list[Counted]:
    """What is counted in the warehouse itself: keys that come twice, and what was lost since the publication before.

    `repeated` has of each table its rows, and how many of them share their key with an earlier one.
    """
    unique = [
        Counted(_fixed(table, "keys are unique over the whole", CRITICAL), *counts)
        for table, counts in repeated.items()
    ]
    return unique + (fallen(before, now) if before else [])


def fallen(before: Sizes, now: Sizes) -> list[Counted]:
    """How much was lost since the publication before: rows of the core tables, and values of the metrics."""
    rows = [_fall(table, "rows have not fallen", count, now.rows[table]) for table, count in before.rows.items()]
    measured = _fall("conversation_wide", "metrics are measured as widely", before.measured_share, now.measured_share)
    return [*rows, measured]


def _fall(table: str, check: str, before: float, now: float) -> Counted:
    return Counted(_fixed(table, check, WARNING, FALL, least=100), round(before), max(round(before - now), 0))


def _fixed(table: str, check: str, severity: Severity, allowed_share: float = 0.0, least: int = 0) -> Across:
    """A rule whose counts are known already."""
    return Across(table, check, lambda _: (0, 0), (), severity, allowed_share, least)
