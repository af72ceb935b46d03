"""`heard map FILE`: what it says and keeps, and that a run reads by it from then on."""

import json
from pathlib import Path

import pytest

from flows.build import run
from flows.cli import main
from flows.settings import SettingsError, load
from flows.warehouse import query
from tests.test_mapping import FRENCH, table

ZONE = ("--zone", "Europe/Paris")


@pytest.fixture
def export(tmp_path: Path) -> Path:
    path = tmp_path / "export.csv"
    path.write_text(table(FRENCH, ";"), encoding="cp1252")
    return path


def heard(*arguments: object) -> int:
    return main([str(one) for one in arguments])


def test_it_says_what_it_found_and_what_it_needs_and_writes_nothing(export, tmp_path, capsys):
    assert heard("map", export, "--home", tmp_path / "home") == 1
    told = capsys.readouterr().out
    assert "speaker                  locuteur                     high       its name, and its values are words" in told
    assert "? zone of sent_at: the times name none" in told
    assert "Say it with --zone Europe/Paris" in told
    assert "│ A0" in told
    assert not (tmp_path / "home" / "heard.toml").exists()


def test_what_is_left_to_ask_is_not_written(export, tmp_path, capsys):
    assert heard("map", export, "--write", "--home", tmp_path) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
    assert not (tmp_path / "heard.toml").exists()


def test_a_run_reads_every_file_of_the_shape_by_what_was_kept(export, tmp_path, capsys):
    home = tmp_path / "home"
    home.mkdir()
    (home / "heard.toml").write_text("# ours\n[calendar]\ntime_zone = 'Europe/Paris' # head office\n")
    assert heard("map", export, "--write", *ZONE, "--home", home) == 0
    assert "# head office" in (home / "heard.toml").read_text()
    (tmp_path / "february.csv").write_text(table([FRENCH[0], *(["B", *row[1:]] for row in FRENCH[1:4])], ";"))
    given = run([str(export), str(tmp_path / "february.csv")], home, say=lambda _: None).ingested
    assert (given.accepted_count, given.rejected_count) == (9, 0)
    sql = (
        "select distinct c.format, t.sent_at from conversation c join turn t using (conversation_id) order by 2 limit 1"
    )
    assert str(query(home / "warehouse.duckdb", sql).row(0)) == "('export', datetime.datetime(2026, 1, 12, 8, 0))"


def test_what_stands_in_heard_toml_is_respected(export, tmp_path, capsys):
    heard("map", export, "--write", *ZONE, "--home", tmp_path)
    edited = (tmp_path / "heard.toml").read_text().replace('"customer"', '"supervisor"')
    (tmp_path / "heard.toml").write_text(edited)
    capsys.readouterr()
    assert heard("map", export, "--write", "--home", tmp_path) == 0
    told = capsys.readouterr().out
    assert "read by [map.export]" in told
    assert "supervisor" in told
    assert heard("map", export, "--write", "--zone", "UTC", "--home", tmp_path) == 2
    assert (tmp_path / "heard.toml").read_text() == edited
    assert heard("map", export, "--write", "--replace", "--zone", "UTC", "--home", tmp_path) == 0
    assert load(tmp_path)["map"]["export"]["time_zone"] == "UTC"


def test_as_json_for_programs(export, tmp_path, capsys):
    assert heard("map", export, "--json", *ZONE, "--write", "--home", tmp_path) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["mapping"]["columns"]["text"] == "texte"
    assert (told["questions"], told["accepted_count"], len(told["rows"]), told["is_written"]) == ([], 6, 3, True)


def test_on_a_terminal_it_asks_and_keeps(export, tmp_path, capsys, monkeypatch):
    answers = iter(["Europe/Paris", "y"])
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("builtins.input", lambda _: next(answers))
    assert heard("map", export, "--home", tmp_path) == 0
    assert load(tmp_path)["map"]["export"]["time_zone"] == "Europe/Paris"


def test_a_mapping_that_is_wrong_is_one_line_with_its_place(tmp_path):
    (tmp_path / "heard.toml").write_text('[map.x.columns]\ntxt = "a"\n')
    with pytest.raises(SettingsError, match=r"heard\.toml: \[map\.x\] columns has 'txt'; expected"):
        load(tmp_path)


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"\x00\x01\x02\xff\xfe", "is not UTF-8"),
        (b'{"a": [', "found no JSON there"),
        (b"just a note to say hello\n", "there are no rows"),
    ],
)
def test_what_is_no_table_is_said_in_one_line(tmp_path, capsys, content, line):
    (tmp_path / "x").write_bytes(content)
    assert heard("map", tmp_path / "x", "--write", "--home", tmp_path) == 2
    told = capsys.readouterr().err
    assert line in told
    assert len(told.splitlines()) == 1
