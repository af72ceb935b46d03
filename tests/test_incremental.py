"""A run works on what is new or touched, and what it publishes is what one run over everything would publish."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from flows import lake
from flows.building import building
from flows.compact import compact
from flows.held import Held
from flows.home import make_home
from flows.ingest import ingest
from flows.measuring import Measuring
from flows.published import Published
from flows.retention import Measured
from flows.settings import Settings
from flows.tables import read_rules
from flows.warehouse import query
from metrics import scorecard
from tests.small import contents

MONDAY = datetime(2026, 11, 2, 9)
Row = dict[str, Any]

OPENINGS = (
    "My parcel is late again, this is so frustrating",
    "I want to speak to your supervisor",
    "Where is my refund?",
)
ANSWERS = (
    "I understand how frustrating that must be. I will call you back tomorrow.",
    "I will write to you within two hours.",
    "Your refund is on its way.",
    "I am calling you back about your parcel.",
    "I have sent you the letter that I promised.",
)
LATER = ("Thank you", "Are you still there? This is taking too long", "OK")


class Desk:
    """A home to which files come one after another, measured as a run does, without the gate.

    The tables of all conversations together take most of the time and are made only where they are asked for.
    """

    def __init__(self, folder: Path, has_whole_tables: bool = False) -> None:
        self.folder, self.home = folder, make_home(folder / "home")
        self.has_whole_tables = has_whole_tables
        self.last: Published | None = None
        self.number = 0

    def take(self, rows: Sequence[Row]) -> None:
        """Ingests a file of turns, or of outcomes."""
        self.number += 1
        path = self.folder / f"{self.number}.jsonl"
        path.write_text("".join(json.dumps(row) + "\n" for row in rows))
        at = MONDAY + timedelta(days=100, hours=self.number)
        taken = ingest(self.home, [str(path)], None, Settings(), at, lambda _: None)
        assert not taken.rejected_count, taken.batches[0].rejected

    def publish(self, as_of: datetime, whole: bool = False) -> set[str]:
        """Measures what is touched, or everything; gives the conversations that were measured."""
        known = lake.batches(self.home)
        compact(self.home, as_of, few=1)
        last = None if whole or (self.last and self.last.as_of > as_of) else self.last
        rules = read_rules(Settings())
        points = scorecard.meanings(rules.scorecard)
        with building(self.home / "warehouse.duckdb", last is not None, points) as base:
            now = as_of + timedelta(seconds=self.number)
            looks = [lambda _: None] * 2
            work = Measuring(base, Held(self.home, known), rules, as_of, now, *looks, Measured(self.home))
            work.measure(last, lambda _: None)
            base.put(work.whole_tables() if self.has_whole_tables and work.has_changed else {})
        self.last = Published("run", as_of, known)
        return work.measured

    def contents(self) -> dict[str, pl.DataFrame]:
        return contents(self.home / "warehouse.duckdb")


def same_as_whole(desk: Desk, as_of: datetime) -> None:
    """What was published in steps is what one run over everything publishes."""
    stepwise = desk.contents()
    desk.publish(as_of, whole=True)
    for name, table in desk.contents().items():
        assert_frame_equal(stepwise[name], table, check_exact=True)


def turns(
    name: str,
    customer: int | None,
    said: Sequence[tuple[str, str, datetime]],
    channel: str = "email",
    source: str = "crm",
    **facts: Any,
) -> list[Row]:
    """A conversation's messages, or a call's segments of four seconds, as rows of the common input."""
    shared = {"conversation_id": name, "channel": channel, "source": source, "topic": "parcel"} | facts
    shared |= {"customer_id": f"customer {customer}"} if customer is not None else {}
    first = said[0][2]
    rows = []
    for place, (speaker, text, at) in enumerate(said):
        start = (at - first).total_seconds()
        when = {"start_s": start, "end_s": start + 4, "started_at": f"{first.isoformat()}Z"}
        row = shared | {"turn_index": place, "speaker": speaker, "text": text, "agent_id": "amy"}
        rows.append(row | (when if channel == "voice" else {"sent_at": f"{at.isoformat()}Z"}))
    return rows


moments = st.integers(0, 24 * 14).map(lambda hours: MONDAY + timedelta(hours=hours))


@st.composite
def talks(draw: st.DrawFn) -> list[Row]:
    """A conversation of one of a few names and customers: new, sent again, extended or replaced, as it falls."""
    name, customer = draw(st.sampled_from("abcdef")), draw(st.sampled_from([1, 1, 2, None]))
    channel = draw(st.sampled_from(["email", "chat", "voice"]))
    at, step = draw(moments), draw(st.sampled_from([timedelta(seconds=3), timedelta(minutes=20), timedelta(hours=30)]))
    texts = st.sampled_from([("customer", text) for text in OPENINGS + LATER] + [("agent", text) for text in ANSWERS])
    said = [
        (who, text, at + step * place)
        for place, (who, text) in enumerate(draw(st.lists(texts, min_size=1, max_size=4)))
    ]
    topic = draw(st.sampled_from(["parcel", "refund"]))
    return turns(name, customer, said, channel, draw(st.sampled_from(["crm", "phone"])), topic=topic)


@st.composite
def results(draw: st.DrawFn) -> list[Row]:
    """The outcome of one conversation, which may not have come yet."""
    at = f"{draw(moments).isoformat()}Z"
    fields = {
        "resolved": draw(st.booleans()),
        "resolved_at": at,
        "reopened": draw(st.booleans()),
        "csat": draw(st.integers(1, 5)),
        "escalated_at": at,
    }
    kept = draw(st.sets(st.sampled_from(sorted(fields)), min_size=1))
    return [{"conversation_id": draw(st.sampled_from("abcdef"))} | {name: fields[name] for name in sorted(kept)}]


steps = st.lists(st.tuples(st.lists(talks() | results(), max_size=3), st.integers(0, 24 * 10)), min_size=2, max_size=4)


@settings(max_examples=5, suppress_health_check=[HealthCheck.too_slow])
@given(steps)
def test_runs_one_after_another_publish_what_one_run_over_everything_publishes(story):
    with TemporaryDirectory() as folder:
        desk, as_of = Desk(Path(folder), has_whole_tables=True), MONDAY
        for files, hours in story:
            for rows in files:
                desk.take(rows)
            as_of += timedelta(hours=hours)
            desk.publish(as_of)
        same_as_whole(desk, as_of)


AGENT_CALLS = [("agent", "I am calling you back about your parcel.", MONDAY + timedelta(hours=20))]
PROMISED = [("customer", OPENINGS[0], MONDAY), ("agent", ANSWERS[0], MONDAY + timedelta(minutes=1))]
AT_ONCE = [("customer", OPENINGS[0], MONDAY), ("agent", ANSWERS[2], MONDAY + timedelta(seconds=3))]
ONE_BY_ONE = [("customer", OPENINGS[0], MONDAY), ("agent", ANSWERS[2], MONDAY + timedelta(seconds=5))]
A_WEEK_LATER = MONDAY + timedelta(days=7)


def told(desk: Desk, table: str, column: str) -> dict[str, Any]:
    return dict(desk.contents()[table].select("conversation_id", column).rows())


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_only_what_is_new_or_touched_is_measured(desk: Desk) -> None:
    desk.take(turns("mine", 1, PROMISED) + turns("another", 1, ONE_BY_ONE) + turns("stranger", 2, ONE_BY_ONE))
    assert desk.publish(A_WEEK_LATER) == {"mine", "another", "stranger"}
    assert desk.publish(A_WEEK_LATER) == set()
    desk.take(turns("mine", 1, PROMISED))  # the same in another file
    assert desk.publish(A_WEEK_LATER) == set()
    desk.take([{"conversation_id": "mine", "csat": 5}])  # a late answer
    assert desk.publish(A_WEEK_LATER) == {"mine"}
    desk.take(turns("later", 1, AGENT_CALLS, "voice"))  # a later contact, on which the others' promises look
    assert desk.publish(A_WEEK_LATER) == {"mine", "another", "later"}
    assert told(desk, "commitment", "status") == {"mine": "kept"}
    same_as_whole(desk, A_WEEK_LATER)


def test_what_is_not_touched_keeps_when_it_was_measured(desk: Desk) -> None:
    desk.take(turns("mine", 1, PROMISED) + turns("stranger", 2, ONE_BY_ONE))
    desk.publish(A_WEEK_LATER)
    desk.take([{"conversation_id": "mine", "csat": 5}])
    desk.publish(A_WEEK_LATER)
    measured = query(desk.home / "warehouse.duckdb", "select conversation_id, measured_at from conversation").rows()
    assert dict(measured)["mine"] > dict(measured)["stranger"]


def test_a_promise_falls_due_and_a_window_closes_as_time_passes(desk: Desk) -> None:
    desk.take(turns("a", 1, PROMISED) + turns("old", 2, [(w, t, at - timedelta(days=30)) for w, t, at in ONE_BY_ONE]))
    desk.publish(MONDAY + timedelta(hours=1))
    assert told(desk, "commitment", "status") == {"a": "pending"}
    assert desk.publish(MONDAY + timedelta(days=3)) == {"a"}
    assert told(desk, "commitment", "status") == {"a": "unknown"}
    assert told(desk, "conversation_wide", "had_follow_up")["a"] is None
    assert desk.publish(MONDAY + timedelta(days=8)) == {"a"}
    assert told(desk, "conversation_wide", "had_follow_up")["a"] is False


def test_a_channel_seen_for_longer_breaks_the_promises_of_others(desk: Desk) -> None:
    desk.take(turns("a", 1, PROMISED) + turns("call", 2, AT_ONCE, "voice", "phone"))
    desk.publish(A_WEEK_LATER)
    assert told(desk, "commitment", "status") == {"a": "unknown"}
    later = [(who, text, at + timedelta(days=4)) for who, text, at in ONE_BY_ONE]
    desk.take(turns("stranger", 3, later, "voice", "phone"))
    assert desk.publish(A_WEEK_LATER) == {"a", "stranger"}
    assert told(desk, "commitment", "status") == {"a": "broken"}
    same_as_whole(desk, A_WEEK_LATER)


def test_a_source_that_comes_to_show_overlap_is_measured_again(desk: Desk) -> None:
    desk.take(turns("a", 1, ONE_BY_ONE, "voice", "phone") + turns("b", 2, ONE_BY_ONE, "voice", "other"))
    desk.publish(A_WEEK_LATER)
    assert told(desk, "conversation_wide", "overlap_share")["a"] is None
    desk.take(turns("c", 3, AT_ONCE, "voice", "phone"))
    assert desk.publish(A_WEEK_LATER) == {"a", "c"}
    assert told(desk, "conversation_wide", "overlap_share")["a"] == 0
    desk.take(turns("c", 3, [*ONE_BY_ONE, ("customer", "Thank you", MONDAY + timedelta(minutes=1))], "voice", "phone"))
    assert desk.publish(A_WEEK_LATER) == {"a", "c"}
    assert told(desk, "conversation_wide", "overlap_share")["a"] is None
    same_as_whole(desk, A_WEEK_LATER)


def test_a_source_that_comes_to_tell_of_hand_overs_is_measured_again(desk: Desk) -> None:
    desk.take(turns("a", 1, ONE_BY_ONE) + turns("b", 2, ONE_BY_ONE) + turns("c", 3, ONE_BY_ONE))
    desk.take([{"conversation_id": "a", "csat": 5}])
    desk.publish(A_WEEK_LATER)
    assert told(desk, "outcome", "was_escalated")["a"] is None
    desk.take([{"conversation_id": "b", "escalated_at": "2026-11-02T10:00:00Z"}])
    assert desk.publish(A_WEEK_LATER) == {"a", "b"}
    assert told(desk, "outcome", "was_escalated") == {"a": False, "b": True, "c": None}


def test_a_conversation_that_changes_hands_leaves_its_customer(desk: Desk) -> None:
    desk.take(turns("a", 1, PROMISED) + turns("call", 1, AGENT_CALLS, "voice"))
    desk.publish(A_WEEK_LATER)
    assert told(desk, "commitment", "status") == {"a": "kept"}
    moved = [*AGENT_CALLS, ("customer", "Thank you", AGENT_CALLS[0][2] + timedelta(seconds=9))]
    desk.take(turns("call", 2, moved, "voice", updated_at="2026-11-09T00:00:00Z"))
    assert desk.publish(A_WEEK_LATER) == {"a", "call"}
    assert told(desk, "commitment", "status") != {"a": "kept"}
    same_as_whole(desk, A_WEEK_LATER)


def test_parts_too_large_for_one_go_give_the_same(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(6):
        desk.take(turns(f"c{number}", number // 2, PROMISED if number % 2 else ONE_BY_ONE, source=f"s{number}"))
    desk.take(turns("v", 9, AT_ONCE, "voice", "s1") + turns("w", 8, ONE_BY_ONE, "voice", "s1"))
    desk.publish(A_WEEK_LATER)
    at_once = desk.contents()
    monkeypatch.setattr("flows.held.ROWS_IN_A_SLICE", 3)
    desk.publish(A_WEEK_LATER, whole=True)
    for name, table in desk.contents().items():
        assert_frame_equal(at_once[name], table, check_exact=True)
