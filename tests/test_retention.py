"""How long words are kept, that measures outlive them, and a better redactor that goes over them again."""

import re
import shutil
from datetime import datetime
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from flows.build import rebuild, run
from flows.doctor import examine
from flows.lake import batches
from flows.private import Privacy
from flows.settings import SettingsError, load
from flows.warehouse import query
from tests.small import write_chat, write_lines

AS_OF = datetime(2026, 11, 20)
NEVER_THE_SAME = ("measured_at", "ingested_at", "text_removed_at")
OLD = ("a-1", "a-2")  # of 2 and 3 November
NEW = [("b-1", 0, "customer", "My invoice is wrong, this is unacceptable", "2026-11-19T09:00:00Z")]
NEW += [("b-1", 1, "agent", "I am sorry. I will correct it today.", "2026-11-19T09:02:00Z")]


def heard(home: Path, *sources: Path, as_of: datetime = AS_OF) -> list[str]:
    """What a run says."""
    told: list[str] = []
    run([str(source) for source in sources], home, as_of=as_of, say=told.append)
    return told


def rows(home: Path, sql: str) -> list[tuple]:
    return query(home / "warehouse.duckdb", sql).rows()


def measures(home: Path) -> dict[str, pl.DataFrame]:
    """Every table that rests on words, less the words and what differs between runs."""
    tables = ("conversation_wide", "conversation_wide_before", "marker", "commitment", "escalation", "agent_part")
    found = {name: query(home / "warehouse.duckdb", f"from {name}") for name in tables}
    return {name: frame.drop("words", *NEVER_THE_SAME, strict=False).sort(pl.all()) for name, frame in found.items()}


def same(one: dict[str, pl.DataFrame], other: dict[str, pl.DataFrame]) -> None:
    for name, frame in one.items():
        assert_frame_equal(frame, other[name], check_exact=True)


def stored(home: Path) -> str:
    """All words that the lake and the warehouse hold."""
    lake = [pl.read_parquet(path)["text"] for path in (home / "lake" / "segment").glob("*.parquet")]
    kept = [pl.read_parquet(path) for path in (home / "lake" / "measured").glob("*/*.parquet")]
    tables = [
        query(home / "warehouse.duckdb", f"from {name}") for name in ("turn", "marker", "commitment", "conversation")
    ]
    return " ".join(map(str, [*(one.to_list() for one in lake), *(one.rows() for one in (*kept, *tables))]))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a home: two conversations of three weeks ago and one of yesterday, and their sources."""
    folder = tmp_path_factory.mktemp("made")
    heard(folder / "home", write_chat(folder / "old.csv"), write_chat(folder / "new.csv", NEW))
    return folder


@pytest.fixture
def home(made: Path, tmp_path: Path) -> Path:
    """A copy of that home, its sources beside it."""
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    return tmp_path / "home"


def keep_for(home: Path, days: object) -> None:
    (home / "heard.toml").write_text(f"[retention]\ntext_days = {days}\n")


def test_words_go_and_measures_stay(home: Path, tmp_path: Path) -> None:
    before, other = measures(home), tmp_path / "new.csv"
    assert "frustrating" in stored(home)
    keep_for(home, 10)
    told = heard(home, other)
    assert "[retention] the words of 2 conversations are removed, and of 0 files in rejected/" in told
    same(before, measures(home))
    assert not re.search("frustrating|order number|call you back|compte|désolé", stored(home))
    assert "unacceptable" in stored(home)
    assert rows(home, "select conversation_id from conversation where text_removed_at is not null") == [
        (i,) for i in OLD
    ]
    assert rows(home, "select count(*), count(nullif(text, '')) from turn") == [(8, 2)]

    rebuild(home, say=lambda _: None)
    same(before, measures(home))
    heard(home, other)
    same(before, measures(home))


def test_what_became_of_it_is_still_told(home: Path, tmp_path: Path) -> None:
    keep_for(home, 10)
    heard(home, tmp_path / "new.csv")
    late = write_lines(tmp_path / "late.jsonl", [{"conversation_id": "a-1", "resolved": True, "csat": 5}])
    before = measures(home)["conversation_wide"].filter(conversation_id="a-1").row(0, named=True)
    heard(home, late)
    after = measures(home)["conversation_wide"].filter(conversation_id="a-1").row(0, named=True)
    assert (before["csat"], after["csat"], after["was_resolved"]) == (None, 5.0, True)
    assert (before["validation_count"], after["validation_count"]) == (1, 1)


def test_words_do_not_come_back_with_their_source(home: Path, tmp_path: Path) -> None:
    before = measures(home)
    keep_for(home, 10)
    heard(home, tmp_path / "new.csv")
    with (home / "heard.toml").open("a") as file:
        file.write('[roles]\n"Klant" = "customer"\n')  # another way to read every source
    heard(home, tmp_path / "old.csv", tmp_path / "new.csv")
    assert "frustrating" not in stored(home)
    same(before, measures(home))


def test_what_was_refused_goes_too_and_the_record_of_it_stays(home: Path, tmp_path: Path) -> None:
    bad = write_lines(tmp_path / "bad.jsonl", [{"conversation_id": "c", "speaker": "?", "text": "my secret"}])
    heard(home, bad)
    assert len(list((home / "rejected").iterdir())) == 1
    keep_for(home, 10)
    heard(home, bad)
    assert len(list((home / "rejected").iterdir())) == 1
    heard(home, bad, as_of=datetime(2126, 1, 1))
    assert list((home / "rejected").iterdir()) == []
    assert rows(home, "select file, record_count from rejected_record") == [("bad.jsonl", 1)]


def test_the_doctor_says_how_long_words_are_kept(home: Path, tmp_path: Path) -> None:
    def line() -> str:
        return next(one.line() for one in examine(home) if one.what == "retention")

    assert line().startswith(
        "ok   retention: words are kept for good; 0 conversations are without, the oldest with them"
    )
    keep_for(home, 10_000)
    assert line().startswith("ok   retention: words are kept for 10,000 days")
    heard(home, tmp_path / "new.csv", as_of=datetime(2126, 1, 1))
    assert line() == "ok   retention: words are kept for 10,000 days; 3 conversations are without"


@pytest.mark.parametrize("days", [0, -1, '"ten"', "true", 1.5, 40_000])
def test_days_are_days(tmp_path: Path, days: object) -> None:
    keep_for(tmp_path, days)
    with pytest.raises(
        SettingsError, match=r"\[retention\] text_days is .*; expected a whole number of days from 1 to"
    ):
        load(tmp_path)


def test_a_better_redactor_goes_over_the_lake_without_sources(tmp_path: Path) -> None:
    home, chat = tmp_path / "home", tmp_path / "chat.csv"
    said = [("a-1", 0, "customer", "My name is Lucie, call 07700 900123", "2026-11-02T09:00:00Z")]
    said += [("a-1", 1, "agent", "I will call you back tomorrow, Lucie.", "2026-11-02T09:02:00Z")]
    write_chat(chat, said)
    other = write_chat(tmp_path / "new.csv", NEW)
    home.mkdir()
    (home / "heard.toml").write_text('[privacy]\nkinds = ["phone"]\n')
    heard(home, chat)
    assert rows(home, "select text from turn order by turn_index")[0] == ("My name is Lucie, call [PHONE]",)
    customer = rows(home, "select customer_id from conversation")
    chat.unlink()
    (home / "heard.toml").unlink()
    told = heard(home, other)
    assert told[0] == f"what is stored of 1 sources is redacted again, by version {Privacy().redactor}"
    assert rows(home, "select text from turn where conversation_id = 'a-1' order by turn_index") == [
        ("My name is [NAME], call [PHONE]",),
        ("I will call you back tomorrow, [NAME].",),
    ]
    assert rows(home, "select customer_id from conversation where conversation_id = 'a-1'") == customer
    assert {batch.redactor for batch in batches(home)} == {Privacy().redactor}
    wrong = "from marker join turn using (conversation_id, turn_index)"
    wrong += " where words <> substring(text, start_char + 1, end_char - start_char)"
    assert rows(home, f"select count(*) {wrong}") == [(0,)]
    assert "redacted again" not in " ".join(heard(home, other))
