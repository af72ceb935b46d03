"""The command: exit statuses, one-line errors, output for people and for programs."""

import json
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from tests.small import write_chat


def heard(*arguments: object, home: Path | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "flows.cli", *map(str, arguments), *(["--home", str(home)] if home else [])]
    return subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)


def refused(done: subprocess.CompletedProcess[str]) -> str:
    """The one line of a command that could not be done."""
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    return done.stderr


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("cli")
    done = heard("run", write_chat(folder / "chat.csv"), "--as-of", "2026-11-20T00:00:00Z", home=folder / "home")
    assert done.returncode == 0, done.stderr
    assert "6 of 6 records accepted, 0 rejected" in done.stdout.splitlines()[-1]
    return folder / "home"


def test_a_query_as_csv_json_parquet_and_as_a_table(home, tmp_path):
    sql = "select conversation_id, turn_count from conversation order by 1"
    assert heard("query", sql, "--csv", home=home).stdout == "conversation_id,turn_count\na-1,4\na-2,2\n"
    assert json.loads(heard("query", sql, "--json", home=home).stdout)[1] == {"conversation_id": "a-2", "turn_count": 2}
    assert heard("query", sql, "--parquet", tmp_path / "x.parquet", home=home).returncode == 0
    assert pl.read_parquet(tmp_path / "x.parquet")["turn_count"].to_list() == [4, 2]
    assert "a-1" in heard("query", sql, home=home).stdout


def test_a_query_that_is_wrong_says_so_in_one_line(home):
    assert "turn_cuont" in refused(heard("query", "select turn_cuont from conversation", home=home))


def test_a_query_cannot_write(home):
    refused(heard("query", "delete from conversation", home=home))
    assert heard("query", "select count(*) as n from conversation", "--csv", home=home).stdout == "n\n2\n"


def test_a_customer_is_found_by_their_own_id(home):
    printed = heard("customer", "customer-of-a-1", home=home).stdout.strip()
    sql = "select conversation_id from conversation where customer_id = '" + printed + "'"
    assert heard("query", sql, "--csv", home=home).stdout == "conversation_id\na-1\n"


def test_a_missing_source(tmp_path):
    assert "no-such-file" in refused(heard("run", tmp_path / "no-such-file.csv", home=tmp_path / "home"))


def test_an_empty_file(tmp_path):
    (tmp_path / "empty.csv").write_text("")
    refused(heard("run", tmp_path / "empty.csv", home=tmp_path / "home"))


def test_an_empty_folder_is_no_failure(tmp_path):
    (tmp_path / "in").mkdir()
    done = heard("run", tmp_path / "in", home=tmp_path / "home")
    assert (done.returncode, done.stderr) == (0, "")


def test_no_warehouse_yet(tmp_path):
    assert "heard run" in refused(heard("query", "select 1", home=tmp_path))


def test_the_dashboard_opens_to_others_only_when_told_so(home):
    for address in ("0.0.0.0", "::", "192.0.2.7"):
        line = refused(heard("dashboard", "--address", address, home=home))
        assert "--anyone-may-read" in line
    assert "unknown" in refused(heard("dashboard", "--address", "no such host", "--anyone-may-read", home=home))


def test_an_option_that_is_none():
    assert "--colour" in refused(heard("query", "select 1", "--colour"))


def test_a_setting_that_nobody_knows(tmp_path):
    (tmp_path / "heard.toml").write_text("[calender]\n")
    line = refused(heard("run", write_chat(tmp_path / "chat.csv"), home=tmp_path))
    assert "[calender]" in line
    assert "calendar" in line


def test_what_was_rejected_makes_it_1_and_the_last_line_says_how_many(tmp_path):
    (tmp_path / "in").mkdir()
    write_chat(tmp_path / "in" / "chat.csv")
    (tmp_path / "in" / "note.bin").write_bytes(b"\x00\x01")
    done = heard("run", tmp_path / "in", home=tmp_path / "home")
    assert done.returncode == 1
    assert "6 of 7 records accepted, 1 rejected" in done.stdout.splitlines()[-1]


def test_what_a_program_reads(home):
    assert {"common", "zendesk", "webvtt"} <= {row["format"] for row in json.loads(heard("formats", "--json").stdout)}
    metric = json.loads(heard("metrics", "validation_count", "--json").stdout)
    assert metric["unit"] == "count"
    assert {"what", "is_well", "found", "cure"} <= json.loads(heard("doctor", "--json", home=home).stdout)[0].keys()


def test_a_metric_that_is_none():
    assert "validation_count" in refused(heard("metrics", "validation_counts"))


def test_help_and_query_never_load_what_takes_seconds(home):
    code = (
        "import sys; from flows.cli import main\n"
        f"main(['query', 'select 1', '--home', {str(home)!r}])\n"
        "slow = {'prefect', 'great_expectations', 'pandas', 'streamlit', 'scipy'}\n"
        "print(sorted(slow & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_home_that_is_not_there_is_not_made_by_looking(tmp_path):
    for command in (("customer", "x"), ("rebuild",), ("query", "select 1")):
        refused(heard(*command, home=tmp_path / "none"))
    assert not (tmp_path / "none").exists()


def test_a_run_as_json_tells_what_the_table_tells(home):
    told = json.loads(heard("query", "from run", "--json", home=home).stdout)[0]
    assert told["measured_conversation_count"] == 2
    assert told["ended_at"].endswith("Z")
