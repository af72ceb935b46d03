"""What can be taken away from a page: rows that no spreadsheet runs, and SQL that gives the same when asked by hand."""

import csv
import io
import json
import shlex
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from dashboard.export import safe_csv
from dashboard.warehouse import pasted
from flows.cli import main
from tests.dashboard_home import HOSTILE_TEAM, shared_home
from tests.test_dashboard_pages import PAGES, page

pytestmark = pytest.mark.xdist_group("dashboard")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return shared_home(tmp_path_factory.getbasetemp())


def commands(app: AppTest) -> list[str]:
    return [block.value for block in app.code if block.value.startswith("heard query")]


def asked_by_hand(command: str, home: Path, capsys: pytest.CaptureFixture[str]) -> list[dict]:
    assert main([*shlex.split(command)[1:], "--home", str(home), "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_no_cell_of_a_download_acts_as_a_formula() -> None:
    words = ["=1+1", "@x", "-2", "+3", "\t=1", "\r=1", "\n=1", "fine", "a,b", None]
    frame = pl.DataFrame({"words": words, "n": range(-1, 9)})
    read = list(csv.reader(io.StringIO(safe_csv(frame).decode(), newline="")))
    assert [row[0] for row in read] == ["words", *(f"'{word}" for word in words[:7]), "fine", "a,b", ""]
    assert [row[1] for row in read[1:]] == [str(n) for n in range(-1, 9)]


TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=12)
VALUES = st.one_of(TEXTS, st.dates(date(1900, 1, 1)), st.datetimes(datetime(1900, 1, 1)), st.booleans(), st.none())
NUMBERS = st.one_of(st.integers(-(2**60), 2**60), st.floats(allow_nan=False, allow_infinity=False))


@given(st.one_of(VALUES, NUMBERS, st.lists(TEXTS, min_size=1, max_size=3)))
def test_a_value_written_into_the_sql_is_the_value(value: Any) -> None:
    assert duckdb.sql(pasted("SELECT $value AS v", {"value": value})).pl()["v"].to_list() == [value]


@pytest.mark.parametrize("name", [*sorted(PAGES.keys() - {"about"}), "metric"])
def test_every_statement_that_a_page_shows_can_be_asked_by_hand(
    home: Path, name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HEARD_HOME", str(home))
    days = ["2026-09-01", "2026-10-30"]
    found = commands(page(name, team=[HOSTILE_TEAM, "billing"], period="From … to …", days=days))
    assert found
    for command in found:
        asked_by_hand(command, home, capsys)


def test_the_statement_behind_a_figure_gives_what_the_figure_shows(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HEARD_HOME", str(home))
    app = page(team=[HOSTILE_TEAM, "delivery"])
    rows = asked_by_hand(next(command for command in commands(app) if "channel" in command), home, capsys)
    drawn = [bar for figure in app.get("plotly_chart") for bar in json.loads(figure.proto.spec)["data"]]
    assert {row["channel"] for row in rows} == {bar["name"] for bar in drawn}
    shown = duckdb.connect(str(home / "warehouse.duckdb"), read_only=True).execute(
        "SELECT count(*) FROM conversation WHERE team IN (?, 'delivery')", [HOSTILE_TEAM]
    )
    assert sum(row["n"] for row in rows) == shown.fetchone()[0]
