"""From files to the warehouse: again, in another order, later, and with what cannot be read."""

from datetime import datetime
from itertools import permutations
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from flows.build import GateError, rebuild, run
from flows.sensitivity import over_all
from flows.warehouse import query
from metrics.catalogue import CATALOGUE
from tests.small import CHAT, OUTCOMES, assert_same, contents, write_chat, write_lines

AS_OF = datetime(2026, 11, 20)


def quietly(_: str) -> None:
    """Says nothing."""


def heard(home: Path, *sources: Path):
    return run([str(source) for source in sources], home, as_of=AS_OF, say=quietly)


def rows(home: Path, sql: str) -> list[tuple]:
    return query(home / "warehouse.duckdb", sql).rows()


def same(one: Path, other: Path) -> None:
    assert_same(contents(one / "warehouse.duckdb"), contents(other / "warehouse.duckdb"))


@pytest.fixture
def chat(tmp_path: Path) -> Path:
    return write_chat(tmp_path / "in" / "chat.csv")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def test_a_run_publishes_what_was_said_and_what_it_shows(chat, home):
    summary = heard(home, chat)
    assert (summary.ingested.given_count, summary.ingested.accepted_count) == (6, 6)
    assert rows(home, "select conversation_id, agent_id, team, language from conversation order by 1") == [
        ("a-1", "amy", "north", "en"),
        ("a-2", "amy", "north", "fr"),
    ]
    assert rows(home, "select count(*) from turn") == [(6,)]
    found = rows(
        home, "select marker, words from marker where conversation_id = 'a-1' and marker in ('validation', 'distress')"
    )
    assert {marker for marker, _ in found} == {"validation", "distress"}
    assert rows(home, "select words, due_at from commitment where conversation_id = 'a-1'")[0][1] == datetime(
        2026, 11, 3, 18
    )


def test_every_marker_is_the_words_at_its_place(chat, home):
    heard(home, chat)
    slice_ = "substring(text, start_char + 1, end_char - start_char)"
    wrong = f"from marker join turn using (conversation_id, turn_index) where words <> {slice_}"
    assert rows(home, f"select count(*) {wrong}") == [(0,)]


def test_the_same_run_again_changes_nothing(chat, home, tmp_path):
    heard(home, chat)
    once = contents(home / "warehouse.duckdb")
    heard(home, chat)
    assert_same(contents(home / "warehouse.duckdb"), once)
    assert rows(home, "select count(*) from run") == [(2,)]
    (first,), (second,) = rows(home, "select run_id from run order by started_at")
    checks = f'select suite, "table", "check", is_passed, checked_at from quality_check where run_id = \'{first}\''
    assert rows(home, checks) == rows(home, checks.replace(first, second)) != []  # as they were found: none is new


def test_the_order_of_arrival_changes_nothing(tmp_path):
    files = [
        write_chat(tmp_path / "monday.csv", CHAT[:2]),
        write_chat(tmp_path / "later.csv", CHAT[2:]),
        tmp_path / "outcomes.csv",
    ]
    files[2].write_text(OUTCOMES)
    homes = []
    for number, order in enumerate(list(permutations(files))[::2]):
        homes.append(tmp_path / f"home{number}")
        for file in order[:-1]:
            heard(homes[-1], file)
        heard(homes[-1], *order)
    for other in homes[1:]:
        same(homes[0], other)
    assert rows(homes[0], "select turn_index from turn where conversation_id = 'a-1' order by 1") == [
        (0,),
        (1,),
        (2,),
        (3,),
    ]


def test_rebuild_gives_the_same_from_the_lake_alone(chat, home):
    heard(home, chat)
    before = contents(home / "warehouse.duckdb")
    (home / "warehouse.duckdb").unlink()
    chat.unlink()
    rebuild(home, quietly)
    assert_same(contents(home / "warehouse.duckdb"), before)


def test_an_outcome_waits_for_its_conversation_and_joins_when_it_comes(chat, home, tmp_path):
    outcomes = tmp_path / "outcomes.csv"
    outcomes.write_text(OUTCOMES)
    heard(home, outcomes)
    assert rows(home, "select count(*) from outcome") == [(0,)]
    heard(home, chat)
    assert rows(home, "select was_resolved, csat, resolution_seconds from outcome where conversation_id = 'a-1'") == [
        (True, 4.0, 3600.0)
    ]


def test_a_late_answer_touches_what_it_says_and_nothing_else(chat, home, tmp_path):
    heard(home, chat)
    before = contents(home / "warehouse.duckdb")
    late = tmp_path / "late.csv"
    late.write_text("conversation_id,csat,answered_at\na-2,2,2026-11-10T08:00:00Z\n")
    heard(home, late)
    after = contents(home / "warehouse.duckdb")
    assert rows(home, "select csat, was_resolved from outcome where conversation_id = 'a-2'") == [(2.0, None)]
    for name in ("turn", "marker", "commitment", "escalation", "conversation"):
        assert_frame_equal(after[name], before[name], check_exact=True)


def test_what_cannot_be_read_is_kept_and_told_and_the_rest_goes_on(chat, home):
    (chat.parent / "cut.jsonl").write_text('{"conversation_id": "b-1", "speaker": "agent", "text": "hel')
    write_lines(
        chat.parent / "operator.jsonl",
        [{"conversation_id": "b-2", "turn_index": 0, "speaker": "operator", "text": "hold the line"}],
    )
    summary = heard(home, chat.parent)
    given = summary.ingested
    assert given.accepted_count + given.rejected_count == given.given_count
    assert given.rejected_count == 2
    refused = query(home / "warehouse.duckdb", "from rejected_record order by file")
    assert refused["file"].to_list() == ["cut.jsonl", "operator.jsonl"]
    assert "operator" in refused["reason"][1]
    assert "[roles]" in refused["cure"][1]
    assert rows(home, "select count(*) from conversation") == [(2,)]
    kept = list((home / "rejected").iterdir())
    assert len(kept) == 2
    assert all(path.stat().st_mode & 0o077 == 0 for path in [home / "rejected", *kept])


def test_a_role_that_is_mapped_is_read_the_next_time(home, tmp_path):
    source = write_lines(
        tmp_path / "operator.jsonl",
        [{"conversation_id": "b-2", "turn_index": 0, "speaker": "operator", "text": "hold the line"}],
    )
    assert heard(home, source).ingested.rejected_count == 1
    (home / "heard.toml").write_text('[roles]\noperator = "agent"\n')
    assert heard(home, source).ingested.rejected_count == 0
    assert rows(home, "select speaker from turn") == [("agent",)]
    assert rows(home, "select count(*) from rejected_record") == [(0,)]


def test_nothing_that_identifies_a_customer_is_stored(home, tmp_path):
    secret = (
        "Write to jo.doe@example.com or +44 20 7946 0958, card 4111 1111 1111 1111, IBAN GB82 WEST 1234 5698 7654 32"
    )
    source = write_chat(tmp_path / "chat.csv", [("c-1", 0, "customer", secret, "2026-11-02T09:00:00Z")])
    heard(home, source)
    stored = b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file())
    lake = pl.read_parquet(home / "lake" / "segment" / "*.parquet")["text"][0]
    for word in ("jo.doe", "7946 0958", "4111 1111", "5698 7654", "customer-of-c-1"):
        assert word.encode() not in stored
        assert word not in lake
    assert lake.count("[") == 4


def test_the_wide_and_the_long_say_the_same(chat, home):
    heard(home, chat)
    assert rows(
        home, "select value, why_null from conversation_metric where metric = 'question_count' order by conversation_id"
    ) == [
        (1.0, None),
        (1.0, None),
    ]
    assert rows(home, "select question_count from conversation_wide order by conversation_id") == [(1,), (1,)]
    assert rows(home, "select distinct why_null from conversation_metric where metric = 'interruption_count'") == [
        ("not_applicable",)
    ]


def test_the_timing_metrics_at_other_thresholds(home, tmp_path):
    said = [("customer", 0.0, 6.0), ("agent", 4.5, 9.0), ("customer", 10.0, 14.0), ("agent", 13.6, 16.0)]
    source = write_lines(
        tmp_path / "call.jsonl",
        [
            {"conversation_id": "v", "speaker": who, "text": f"So it goes on {start}", "start_s": start, "end_s": end}
            for who, start, end in said
        ],
    )
    heard(home, source)
    sql = "select seconds, value, in_force, n from sensitivity where metric = 'interruption_count' order by seconds"
    assert rows(home, sql) == [(0.3, 2, 0.5, 1), (0.5, 1, 0.5, 1), (1, 1, 0.5, 1), (2, 0, 0.5, 1), (3, 0, 0.5, 1)]


def test_the_interval_of_a_ratio_at_a_threshold_is_that_of_its_linear_form():
    # 3 in 2 minutes is 1.5 a minute. The calls lie 1 - 1.5 and 2 - 1.5 from it: half is 1.96 * 0.7071 / 1.4142 = 0.98.
    wide = pl.DataFrame(
        {
            "interruption_per_customer_minute": [1.0, 2.0, None],
            "interruption_count": [1, 2, 9],
            "customer_speaking_ms": [60_000, 60_000, 0],
        }
    )
    found = over_all(wide, CATALOGUE.metrics["interruption_per_customer_minute"])
    assert found == pytest.approx((1.5, 0.52, 2.48), abs=0.001)


def test_a_failed_critical_check_keeps_the_warehouse_of_before(chat, home):
    heard(home, chat)
    before = (home / "warehouse.duckdb").read_bytes()
    part = next((home / "lake" / "segment").glob("*.parquet"))
    pl.read_parquet(part).with_columns(speaker=pl.lit("pirate")).write_parquet(part)
    with pytest.raises(GateError, match="speaker") as stopped:
        rebuild(home, quietly)
    assert "\n" not in str(stopped.value)
    assert (home / "warehouse.duckdb").read_bytes() == before
    told = (home / "quality" / "incoming" / "results.json").read_text()
    assert "pirate" not in told
