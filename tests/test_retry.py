"""What was refused and kept, tried again after a cure."""

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import polars as pl
import pytest

from flows import lake
from flows.cli import main
from flows.ingest import Ingested, ingest, ingest_again
from flows.retention import take_refused
from flows.settings import Settings

HEAD = "conversation_id,turn_index,speaker,text\n"
SAMPLE = Path(__file__).parent.parent / "data" / "sample"
MAPPING = {
    "recognise": ["ref", "who", "words"],
    "columns": {"conversation_id": "ref", "speaker": "who", "text": "words"},
    "roles": {"K": "customer", "B": "agent"},
}


def quietly(_: str) -> None:
    """Says nothing."""


def first(home: Path, *sources: Path) -> Ingested:
    return ingest(home, [str(one) for one in sources], None, Settings(), datetime(2026, 11, 1), quietly)


def retried(home: Path, at: int = 2, **sections: dict[str, object]) -> tuple[int, int, int]:
    """Records given, accepted and rejected by a retry with these settings."""
    found = ingest_again(home, Settings(sections), datetime(2026, 11, at), quietly)
    assert found.accepted_count + found.rejected_count == found.given_count
    return found.given_count, found.accepted_count, found.rejected_count


def turns(home: Path) -> list[tuple[str, str, str]]:
    """What stands in the lake: conversation, speaker and text."""
    rows = lake.table(home, "segment", lake.batches(home)).select("conversation_id", "speaker", "text").unique()
    return rows.collect().sort(pl.all()).rows()


def refused(home: Path) -> list[tuple[str, str, str]]:
    rows = lake.rejected_records(lake.batches(home))
    return rows.select("file", "place", "reason").rows()


@pytest.fixture(params=["there", "gone"])
def rejoin(request: pytest.FixtureRequest):
    """Leaves the file where it is, or takes it away."""

    def after(path: Path) -> None:
        if request.param == "gone":
            path.unlink()

    return after


def test_what_a_new_role_cures_lands_and_what_it_does_not_stays_refused(tmp_path, rejoin):
    path = tmp_path / "x.csv"
    path.write_text(f"{HEAD}a,0,agent,One\nb,0,boss,Two\nb,1,agent,Three\nc,0,chief,Four\n")
    home = tmp_path / "home"
    first(home, path)
    assert turns(home) == [("a", "agent", "One")]
    rejoin(path)
    given, accepted, rejected = retried(home, roles={"boss": "supervisor"})
    assert (given - accepted, rejected) == (1, 1)
    assert turns(home) == [("a", "agent", "One"), ("b", "agent", "Three"), ("b", "supervisor", "Two")]
    assert refused(home) == [
        ("x.csv", "line 5", "speaker is 'chief'; expected agent, customer, supervisor, bot or system")
    ]
    assert retried(home, at=3, roles={"boss": "supervisor"}) == (1, 0, 1)
    assert retried(home, at=4, roles={"boss": "supervisor", "chief": "supervisor"})[2] == 0
    assert [one for one, *_ in turns(home)] == ["a", "b", "b", "c"]
    assert refused(home) == []
    assert retried(home, at=5) == (0, 0, 0)


def test_a_file_that_nobody_knew_lands_by_its_mapping(tmp_path, rejoin):
    path = tmp_path / "x.csv"
    path.write_text("ref;who;words\n1;K;Hello you\n1;B;Hello to you\n", encoding="utf-16")
    home = tmp_path / "home"
    assert first(home, path).rejected_count == 1
    rejoin(path)
    assert retried(home, map={"own": MAPPING}) == (2, 2, 0)
    assert turns(home) == [("1", "agent", "Hello to you"), ("1", "customer", "Hello you")]
    assert refused(home) == []


def test_a_file_that_was_mended_where_it_lies_is_read_anew(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text(f"{HEAD}a,0,agent,One\nb,0,boss,Two\n")
    first(tmp_path / "home", path)
    path.write_text(f"{HEAD}a,0,agent,One\nb,0,supervisor,Two\n")
    assert retried(tmp_path / "home") == (2, 2, 0)
    assert turns(tmp_path / "home") == [("a", "agent", "One"), ("b", "supervisor", "Two")]
    assert refused(tmp_path / "home") == []


def test_a_file_that_was_written_over_loses_nothing_of_what_it_held_before(tmp_path):
    path, home = tmp_path / "x.csv", tmp_path / "home"
    path.write_text(f"{HEAD}a,0,boss,One\n")
    first(home, path)
    path.write_text(f"{HEAD}b,0,agent,Two\n")
    assert retried(home, roles={"boss": "supervisor"}) == (2, 2, 0)
    assert turns(home) == [("a", "supervisor", "One"), ("b", "agent", "Two")]


def chats(*speakers: str) -> str:
    """Conversations without ids: each is named after its file and its number there."""
    return "\n".join(json.dumps({"messages": [{"role": who, "content": f"By {who}"}]}) for who in speakers)


def numbered(count: int) -> str:
    """Calls as AssemblyAI gives them, the second wrong, none with an id."""
    calls = [
        {"utterances": [{"speaker": "A", "start": 0, "end": "x" if n == 2 else 900, "text": f"Call {n}", "words": []}]}
        for n in range(1, count + 1)
    ]
    return json.dumps(calls)


def test_a_conversation_named_after_its_number_keeps_it_and_takes_no_others_place(tmp_path, rejoin):
    path, home = tmp_path / "calls.json", tmp_path / "home"
    path.write_text(numbered(3))
    assert first(home, path).rejected_count == 1
    assert [(id_, text) for id_, _, text in turns(home)] == [("calls/1", "Call 1"), ("calls/3", "Call 3")]
    (kept,) = (home / "rejected").iterdir()
    kept.write_text(kept.read_text().replace(r"\"x\"", "900"))  # as if the reader had learned it
    path.write_text(numbered(3).replace('"x"', "900"))
    rejoin(path)
    retried(home)
    assert [(id_, text) for id_, _, text in turns(home)] == [(f"calls/{n}", f"Call {n}") for n in (1, 2, 3)]


def test_files_of_one_name_in_two_folders_stay_two_conversations(tmp_path, rejoin):
    home = tmp_path / "home"
    for folder in ("one", "two"):
        (tmp_path / "in" / folder).mkdir(parents=True)
        (tmp_path / "in" / folder / "x.jsonl").write_text(chats("boss", "agent").replace("By", f"In {folder} by"))
    first(home, tmp_path / "in")
    for path in (tmp_path / "in").glob("*/x.jsonl"):
        rejoin(path)
    before = {id_ for id_, *_ in turns(home)}
    retried(home, roles={"boss": "supervisor"})
    after = turns(home)
    assert before <= {id_ for id_, *_ in after}
    assert len(after) == 4 == len({text for *_, text in after})


def test_whatever_the_sample_holds_of_broken_records_reads_no_worse_than_before(tmp_path):
    """Tried again without a cure nothing lands, and nothing else is said of it; nothing comes twice."""
    home = tmp_path / "home"
    first(home, SAMPLE)
    before, kept = turns(home), refused(home)
    for one in lake.batches(home):
        assert "\n" in one.location or Path(one.location).exists()
    found = ingest_again(gone(home), Settings(), datetime(2026, 11, 2), quietly)
    assert (found.accepted_count, found.rejected_count) == (0, found.given_count)
    assert (turns(home), refused(home)) == (before, kept)


def gone(home: Path) -> Path:
    """The home as if its sources had been taken away."""
    for path in (home / "lake" / "batch").iterdir():
        path.write_text(path.read_text().replace(str(SAMPLE), "/no/such/place"))
    return home


def test_a_conversation_that_may_miss_a_line_is_not_taken_for_whole(tmp_path):
    path, home = tmp_path / "x.jsonl", tmp_path / "home"
    lines = [
        {"conversation_id": id_, "turn_index": n, "speaker": "agent", "text": f"{id_}{n}"}
        for id_ in "ab"
        for n in (0, 1)
    ]
    path.write_text("\n".join([*map(json.dumps, lines[:2]), '{"broken', *map(json.dumps, lines[2:])]))
    first(home, path)
    assert turns(home) == []
    path.unlink()
    assert retried(home)[1] == 0
    assert turns(home) == []


def test_trying_again_does_not_keep_what_is_refused_for_longer(tmp_path):
    path, home = tmp_path / "x.csv", tmp_path / "home"
    path.write_text(f"{HEAD}a,0,boss,One\nb,0,chief,Two\n")
    first(home, path)
    path.unlink()
    assert retried(home, at=20, roles={"boss": "supervisor"}) == (2, 1, 1)
    assert take_refused(home, lake.batches(home), datetime(2026, 11, 2)) == 2
    assert retried(home, at=21, roles={"chief": "supervisor"}) == (1, 0, 1)


@pytest.mark.parametrize("arguments", [["run"], ["run", "x.csv", "--retry-rejected"]])
def test_either_sources_or_what_was_refused(arguments: Sequence[str], capsys, tmp_path):
    assert main([*arguments, "--home", str(tmp_path)]) == 2
    assert capsys.readouterr().err.startswith("heard: run takes sources, or --retry-rejected and none.")
