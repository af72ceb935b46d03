"""Small parts of the lake merged by month: nothing lost, nothing doubled, wherever it stops."""

import signal
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from flows import lake
from flows.compact import compact
from flows.home import make_home
from flows.ingest import ingest
from flows.settings import Settings
from flows.versions import standing
from tests.small import CHAT, OUTCOMES, write_chat

NOW = datetime(2026, 11, 20, 8)
FILES = ("monday.csv", "tuesday.csv", "outcomes.csv")

KILLED = """
import os, pathlib, signal, sys
from datetime import datetime
from flows import compact
left = int(sys.argv[2])

def dying(done):
    def step(*given, **named):
        global left
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return done(*given, **named)
    return step

for name in ("replace", "unlink"):  # each step that another process can see
    setattr(pathlib.Path, name, dying(getattr(pathlib.Path, name)))
compact.compact(pathlib.Path(sys.argv[1]), datetime(2026, 11, 20, 8), few=1)
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with three parts, one of them of outcomes alone."""
    home = make_home(tmp_path / "home")
    write_chat(tmp_path / FILES[0], CHAT[:3])
    write_chat(tmp_path / FILES[1], CHAT[2:])
    (tmp_path / FILES[2]).write_text(OUTCOMES)
    for number, name in enumerate(FILES):
        ingest(home, [str(tmp_path / name)], None, Settings(), NOW.replace(hour=number), lambda _: None)
    return home


def held(home: Path) -> dict[str, pl.DataFrame]:
    return {name: frame.sort(pl.all()) for name, frame in standing(home, lake.batches(home)).items()}


def same(home: Path, before: dict[str, pl.DataFrame]) -> None:
    for name, frame in held(home).items():
        assert_frame_equal(frame, before[name])


def parts(home: Path) -> list[str]:
    return sorted(path.stem for path in (home / "lake" / "batch").iterdir())


def test_many_parts_of_a_month_become_one_named_by_it(home: Path) -> None:
    before, batches = held(home), lake.batches(home)
    compact(home, NOW, few=2)
    (part,) = parts(home)
    assert part.startswith("2026-11-")
    assert [path.stem for path in (home / "lake" / "segment").iterdir()] == [part]
    same(home, before)
    assert lake.batches(home) == batches


def test_few_parts_stay_as_they_are_until_their_month_is_over(home: Path) -> None:
    before, there = held(home), parts(home)
    compact(home, NOW, few=3)
    assert parts(home) == there
    compact(home, datetime(2026, 12, 1), few=3)
    assert len(parts(home)) == 1
    same(home, before)


def test_what_is_merged_takes_in_what_comes_later(home: Path, tmp_path: Path) -> None:
    compact(home, NOW, few=1)
    write_chat(tmp_path / "late.csv", [("a-3", 0, "customer", "Hello", "2026-11-05T09:00:00Z")])
    ingest(home, [str(tmp_path / "late.csv")], None, Settings(), NOW, lambda _: None)
    before = held(home)
    compact(home, NOW, few=1)
    assert len(parts(home)) == 1
    same(home, before)
    again = ingest(home, [str(tmp_path / name) for name in FILES], None, Settings(), NOW, lambda _: None)
    assert again.new_count == 0


def test_a_source_read_in_two_ways_is_never_doubled(home: Path, tmp_path: Path) -> None:
    """The same bytes read with other roles, and with the first ones again, each in a part with other neighbours."""
    for number, roles in enumerate(({"clerk": "agent"}, {})):
        write_chat(tmp_path / f"other{number}.csv", [(f"b-{number}", 0, "customer", "Hi", "2026-11-05T09:00:00Z")])
        sources = [str(tmp_path / name) for name in (FILES[0], f"other{number}.csv")]
        ingest(home, sources, None, Settings({"roles": roles}), NOW.replace(hour=10 + number), lambda _: None)
        assert held(home)["segment"].filter(conversation_id="a-1").height == 4
    compact(home, NOW, few=1)
    assert held(home)["segment"].filter(conversation_id="a-1").height == 4


@pytest.mark.parametrize("steps", [1, 2, 3, 4, 5, 7, 9])
def test_killed_at_any_step_it_loses_and_doubles_nothing(home: Path, steps: int) -> None:
    before, batches = held(home), lake.batches(home)
    child = subprocess.run([sys.executable, "-c", KILLED, str(home), str(steps)], check=False)
    assert child.returncode == -signal.SIGKILL
    same(home, before)
    assert lake.batches(home) == batches
    compact(home, NOW, few=1)
    same(home, before)
    (part,) = parts(home)
    files = {path.relative_to(home / "lake").as_posix() for path in (home / "lake").rglob("*") if path.is_file()}
    assert files == {f"{name}/{part}.parquet" for name in ("transcript", "segment", "feedback")} | {
        f"batch/{part}.json"
    }
