"""What the page of one conversation shows."""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
import streamlit as st

from dashboard import say
from dashboard.estimates import Row
from dashboard.find import LISTED
from dashboard.ledger import as_html
from dashboard.quotes import texts
from dashboard.team import Spread, in_words
from dashboard.warehouse import query

PART = 300  # turns of a transcript on one screen
OTHER, OTHER_COLOR = "other", 8


def conversation(conversation_id: str) -> Row:
    """The conversation with its metrics and outcomes; empty where there is none of that id."""
    rows = query("FROM conversation_wide WHERE conversation_id = $id", id=conversation_id).to_dicts()
    return {**rows[0], "was_resolved": number(rows[0]["was_resolved"])} if rows else {}


def turns(conversation_id: str) -> pl.DataFrame:
    """Its turns, in order."""
    return query("FROM turn WHERE conversation_id = $id ORDER BY turn_index", id=conversation_id)


def markers(conversation_id: str) -> list[Row]:
    """Its markers, in order."""
    sql = "FROM marker WHERE conversation_id = $id ORDER BY turn_index, start_char, end_char DESC, marker"
    return query(sql, id=conversation_id).to_dicts()


def spans(conversation_id: str) -> pl.DataFrame:
    """The lanes of the timeline: each speaker's turns, when agent and customer both speak, silences over 3 s."""
    sql = """
    WITH timed AS (
        SELECT *, start_seconds AS "start", end_seconds AS "end" FROM turn
        WHERE conversation_id = $id AND kind = 'message' AND end_seconds > start_seconds),
    both_speak AS (
        SELECT greatest(a.start, c.start) AS "start", least(a."end", c."end") AS "end"
        FROM timed a JOIN timed c ON a.start < c."end" AND c.start < a."end"
        WHERE a.speaker = 'agent' AND c.speaker = 'customer'),
    sign AS (
        SELECT lower(trim(text)) AS word, start_seconds AS "start",
               coalesce(CASE WHEN end_seconds > start_seconds THEN end_seconds END,
                        lead(start_seconds) OVER (ORDER BY turn_index), (SELECT max("end") FROM timed)) AS "end"
        FROM turn WHERE conversation_id = $id AND (kind = 'event' OR speaker = 'system')
                        AND lower(trim(text)) IN ('hold', 'unhold')),
    held AS (SELECT "start", "end" FROM sign WHERE word = 'hold' AND "end" > "start")
    SELECT speaker AS lane, "start", "end", '#' || turn_index || ' ' || text AS text FROM timed
    UNION ALL
    SELECT 'both speak', "start", "end", format('both speak for {:.1f} s', "end" - "start") FROM both_speak
    UNION ALL
    SELECT 'silence', "start" - gap_seconds, "start", format('{:.1f} s of silence', gap_seconds) FROM timed
    WHERE gap_seconds > 3
    UNION ALL
    SELECT 'hold', "start", "end", format('on hold for {:.1f} s', "end" - "start") FROM held
    ORDER BY "start" """
    return query(sql, id=conversation_id)


def outcome(row: Row, metrics: Mapping[str, Row]) -> pl.DataFrame:
    """Each outcome of the conversation in words."""
    known = [metric for metric in metrics.values() if metric["kind"] == "outcome" and metric["metric"] in row]
    told = [{"Outcome": say.name(m["metric"]), "Value": _value(row, m), "If none, why": _why(row, m)} for m in known]
    told.sort(key=lambda line: line["Value"] == say.NONE)
    return pl.DataFrame(told, schema={"Outcome": pl.String, "Value": pl.String, "If none, why": pl.String})


def promises_html(conversation_id: str) -> str:
    """Its promises and its escalation in words, as HTML."""
    sql = "SELECT * RENAME (agent_id AS promised_by) FROM commitment WHERE conversation_id = $id ORDER BY turn_index"
    found = query(sql, id=conversation_id).to_dicts()
    said = texts(found)
    promises = [as_html(row, said.get((conversation_id, row["turn_index"]), "")) for row in found]
    escalated = query(
        "SELECT trigger, class, delay_turns FROM escalation WHERE conversation_id = $id", id=conversation_id
    )
    escalation = [
        f"Escalation: {say.one_of(say.CLASS, kind)}; trigger: {(trigger or 'none').replace('_', ' ')};"
        f" {say.NONE if turns is None else say.count(turns, 'agent turn')} in between"
        for trigger, kind, turns in escalated.rows()
    ]
    return "".join(promises or ["<p>No promise was found.</p>"]) + _paragraph(
        escalation or ["No trigger, no escalation."]
    )


def families(metrics: Mapping[str, Row]) -> list[str]:
    """The families of indicators, in the catalogue's order."""
    return list(dict.fromkeys(m["family"] for m in metrics.values() if m["kind"] == "indicator"))


def metrics(row: Row, own: Sequence[Row], spreads: Mapping[str, Spread]) -> pl.DataFrame:
    """Metrics of the conversation: value, the team's, numerator over denominator, why null."""
    told = [
        {
            "Metric": say.name(m["metric"]),
            "Value": _value(row, m),
            "The team's middle": in_words(spreads.get(m["metric"]), m["unit"]),
            "Made of": _made_of(row, m),
            "If none, why": _why(row, m),
        }
        for m in own
    ]
    return pl.DataFrame(told, infer_schema_length=None)


def counts(found: Sequence[Row]) -> dict[str, int]:
    """How many of each marker there are, by name."""
    names = sorted(marker["marker"] for marker in found)
    return {name: names.count(name) for name in dict.fromkeys(names)}


def marker_families(metrics: Mapping[str, Row], found: Sequence[Row]) -> dict[str, str]:
    """The family of each marker found: that of the first metric that counts it."""
    by_marker = _by_marker(metrics)
    names = sorted({marker["marker"] for marker in found})
    return {name: by_marker[name]["family"] if name in by_marker else OTHER for name in names}


def colors(metrics: Mapping[str, Row], found: Sequence[Row]) -> dict[str, int]:
    """A colour for each marker found: that of its family, the same in every conversation; the last for the others."""
    owners = list(dict.fromkeys(metric["family"] for metric in _by_marker(metrics).values()))
    order = {family: place % OTHER_COLOR for place, family in enumerate(owners)}
    return {marker: order.get(family, OTHER_COLOR) for marker, family in marker_families(metrics, found).items()}


def meanings(metrics: Mapping[str, Row]) -> dict[str, str]:
    """What each marker is evidence for: the definition of the first metric that counts it."""
    return {marker: m["definition"] for marker, m in _by_marker(metrics).items()}


def turn_named(asked: str) -> int | None:
    """The turn that a link names; nothing where that is no number a turn could have."""
    return int(asked) if asked.isdecimal() and len(asked) < 10 else None


def part_of(all_turns: pl.DataFrame, turn: int | None) -> int:
    """The part of a long transcript in which a turn stands; the first for none."""
    before = all_turns.filter(pl.col("turn_index") < turn).height if turn is not None else 0
    return before // PART + 1


def part_count(all_turns: pl.DataFrame) -> int:
    """How many parts a long transcript is shown in."""
    return max(1, -(-all_turns.height // PART))


def part(all_turns: pl.DataFrame, number: int) -> pl.DataFrame:
    """One part of a long transcript."""
    return all_turns.slice(PART * (number - 1), PART)


def neighbours(ids: Sequence[str], place: int | None) -> dict[str, str | None]:
    """The conversations before and after this one in the search."""
    before = ids[place - 1] if place else None
    after = ids[place + 1] if place is not None and place + 1 < len(ids) else None
    return {"Previous": before, "Next": after}


def place_in_words(ids: Sequence[str], place: int | None) -> str:
    """Where this conversation stands in the search."""
    if place is None:
        return "Not among the conversations that the filters select."
    return f"{place + 1:,} of the {'first ' if len(ids) == LISTED else ''}{len(ids):,} found"


def go_to(conversation_id: str) -> None:
    """Puts another conversation into the URL in one step, so that Back leads here; the search it was found by stays."""
    names = [name for name in st.query_params if name not in ("conversation_id", "turn")]
    kept = {name: st.query_params.get_all(name) for name in names}
    st.query_params.from_dict({**kept, "conversation_id": conversation_id})


def _by_marker(metrics: Mapping[str, Row]) -> dict[str, Row]:
    found: dict[str, Row] = {}
    for metric in metrics.values():
        for marker in (metric["markers"] or "").split(","):
            if marker.strip():
                found.setdefault(marker.strip(), metric)
    return found


def _value(row: Row, metric: Row) -> str:
    return say.single(row[metric["metric"]], metric["unit"])


def _why(row: Row, metric: Row) -> str:
    reason = row.get(f"{metric['metric']}_why_null")
    return "" if row[metric["metric"]] is not None or reason is None else say.one_of(say.WHY_NULL, reason)


def _made_of(row: Row, metric: Row) -> str:
    if metric["aggregate"] != "ratio" or row[metric["metric"]] is None:
        return ""
    above, below = (
        f"{say.number(number(row[metric[end]]))} {_words(metric[end])}" for end in ("numerator", "denominator")
    )
    return f"{above} ÷ {below}"


def _words(column: str) -> str:
    return column.replace("_", " ")


def number(value: Any) -> float | None:
    """A count, share or yes/no as a number; nothing where it is a word."""
    if isinstance(value, str):
        return None
    return None if value is None else float(value)


def _paragraph(lines: Sequence[str]) -> str:
    return "".join(f"<p>{say.html(line)}</p>" for line in lines)
