"""A conversation sent again: what stands, whatever came first."""

from datetime import datetime, timedelta
from itertools import permutations

import polars as pl
import pytest

from flows.versions import resolve
from transforms import schema

NOON = datetime(2026, 11, 2, 12)


def batch(name: str, arrival: int, said: dict[int, str], updated: int | None = None, topic: str | None = None):
    """A batch with one conversation: minute -> text."""
    segments = [
        {
            "conversation_id": "c",
            "position": place,
            "speaker": "agent",
            "kind": "message",
            "text": text,
            "sent_at": NOON + timedelta(minutes=minute),
        }
        for place, (minute, text) in enumerate(said.items())
    ]
    transcript = {
        "conversation_id": "c",
        "source": "s",
        "format": "csv",
        "channel": "chat",
        "topic": topic,
        "updated_at": NOON + timedelta(days=updated) if updated is not None else None,
    }
    return name, arrival, transcript, segments


def texts(*batches) -> list[str]:
    transcripts = pl.concat(
        schema.TRANSCRIPT.shape(pl.DataFrame([head], infer_schema_length=None)).with_columns(
            batch_id=pl.lit(name), arrived_at=pl.lit(NOON + timedelta(hours=arrival)).cast(schema.TIME)
        )
        for name, arrival, head, _ in batches
    )
    segments = pl.concat(
        schema.SEGMENT.shape(pl.DataFrame(rows)).with_columns(
            batch_id=pl.lit(name), arrived_at=pl.lit(NOON + timedelta(hours=arrival)).cast(schema.TIME)
        )
        for name, arrival, _, rows in batches
    )
    heads, rows = resolve(transcripts, segments)
    assert heads["conversation_id"].to_list() == ["c"]
    assert rows["position"].to_list() == list(range(rows.height))
    return rows["text"].to_list()


def test_one_version_stands_as_it_is():
    assert texts(batch("a", 0, {0: "hello", 1: "bye"})) == ["hello", "bye"]


@pytest.mark.parametrize("order", list(permutations([{0: "one", 1: "two"}, {5: "three"}, {9: "four"}])))
def test_an_export_by_day_extends_whatever_came_first(order):
    assert texts(*(batch(str(n), n, said) for n, said in enumerate(order))) == ["one", "two", "three", "four"]


def test_days_that_overlap_are_joined_once():
    assert texts(batch("a", 0, {0: "one", 1: "two"}), batch("b", 1, {1: "two", 2: "three"})) == ["one", "two", "three"]


@pytest.mark.parametrize("arrivals", [(0, 1), (1, 0)])
def test_a_version_with_a_row_taken_out_replaces(arrivals):
    whole = batch("a", arrivals[0], {0: "one", 1: "two", 2: "three"}, updated=1)
    cut = batch("b", arrivals[1], {0: "one", 2: "three"}, updated=2)
    assert texts(whole, cut) == ["one", "three"]


@pytest.mark.parametrize("arrivals", [(0, 1), (1, 0)])
def test_the_later_updated_at_wins(arrivals):
    old = batch("a", arrivals[0], {0: "one", 1: "two", 2: "three"}, updated=1)
    new = batch("b", arrivals[1], {0: "uno", 1: "dos"}, updated=2)
    assert texts(old, new) == ["uno", "dos"]


@pytest.mark.parametrize("arrivals", [(0, 1), (1, 0)])
def test_without_updated_at_the_later_last_turn_wins(arrivals):
    assert texts(batch("a", arrivals[0], {0: "one", 4: "two"}), batch("b", arrivals[1], {0: "uno", 5: "dos"})) == [
        "uno",
        "dos",
    ]


@pytest.mark.parametrize("arrivals", [(0, 1), (1, 0)])
def test_at_the_same_last_turn_the_longer_wins(arrivals):
    short = batch("a", arrivals[0], {0: "one", 4: "end"})
    assert texts(short, batch("b", arrivals[1], {0: "uno", 1: "dos", 4: "end"})) == ["uno", "dos", "end"]


def test_all_else_equal_the_last_to_arrive_wins():
    assert texts(batch("b", 0, {0: "one"}), batch("a", 1, {0: "uno"})) == ["uno"]


def test_a_day_that_extends_keeps_what_only_the_first_said():
    first, second = batch("a", 0, {0: "one"}, topic="billing"), batch("b", 1, {1: "two"})
    transcripts = pl.concat(
        schema.TRANSCRIPT.shape(pl.DataFrame([head], infer_schema_length=None)).with_columns(
            batch_id=pl.lit(name), arrived_at=pl.lit(NOON).cast(schema.TIME)
        )
        for name, _, head, _ in (first, second)
    )
    segments = pl.concat(
        schema.SEGMENT.shape(pl.DataFrame(rows)).with_columns(
            batch_id=pl.lit(name), arrived_at=pl.lit(NOON).cast(schema.TIME)
        )
        for name, _, _, rows in (first, second)
    )
    assert resolve(transcripts, segments)[0]["topic"].to_list() == ["billing"]
