"""Runs through Prefect, on a real server: what is run, what is scheduled, and that no words reach its logs."""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import pytest

from flows.home import HomeError
from flows.nightly import NightlyError, flow_run, quieten, serve_nightly, sources_of, without_words
from flows.prefect_server import PrefectServerError, named_or_own_server, own_server
from flows.settings import load

pytestmark = [
    pytest.mark.xdist_group("prefect"),  # one server for all
    # Prefect's own: its client sees pydantic's and httpx's deprecations, and leaves sockets to the end of the process
    pytest.mark.filterwarnings("ignore::DeprecationWarning:prefect"),
    pytest.mark.filterwarnings("ignore::pydantic.warnings.PydanticDeprecatedSince20"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
WORD = "rhinoceros"
TALK = f"""conversation_id,speaker,text,turn_index,channel,started_at,sent_at
c1,customer,Where is my {WORD}?,0,chat,{{at}},{{at}}
c1,agent,Let me look.,1,chat,{{at}},{{at}}
"""


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real Prefect server for these tests, with its scheduler."""
    quieten()
    with own_server(tmp_path_factory.mktemp("server")) as url:
        yield url


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home whose heard.toml names an export of one conversation of last night."""
    home = tmp_path / "home"
    home.mkdir()
    at = datetime.now(UTC).replace(microsecond=0).isoformat()
    (home / "calls.csv").write_text(TALK.format(at=at))
    (home / "heard.toml").write_text('[sources]\npaths = ["*.csv"]\n[calendar]\ntime_zone = "Europe/Paris"\n')
    return home


def wait_for(what: Callable[[], list[Any]]) -> list[Any]:
    """What there is once there is something; nothing after a minute."""
    until = time.monotonic() + 60
    while not (found := what()) and time.monotonic() < until:
        time.sleep(0.2)
    return found


def logs_of(flow_name: str) -> list[str]:
    """What the server keeps of all runs of a flow, once it has the end of one."""
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.filters import FlowFilter, FlowFilterName
    from prefect.client.schemas.sorting import FlowRunSort, LogSort

    async def read() -> list[str]:
        named = FlowFilter(name=FlowFilterName(any_=[flow_name]))
        async with get_client() as client:
            runs = await client.read_flow_runs(flow_filter=named, sort=FlowRunSort.ID_DESC, limit=200, offset=0)
            logs = await client.read_logs(sort=LogSort.TIMESTAMP_ASC, limit=200, offset=0)
        ids = {run.id for run in runs}
        ours = [log for log in logs if log.flow_run_id in ids]
        has_ended = any("Finished" in log.message and log.task_run_id is None for log in ours)
        return [log.message for log in ours] if has_ended else []

    return wait_for(lambda: asyncio.run(read()))


def conversations(home: Path) -> int:
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as con:
        return int(con.execute("SELECT count(*) FROM conversation").fetchall()[0][0])


def test_without_a_server_run_calls_the_functions_plainly(home: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from flows.nightly import flow_run; "
        "flow_run(sys.argv[1:2], Path(sys.argv[2]), say=lambda line: None); print('prefect' in sys.modules)"
    )
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    ran = subprocess.run(
        [sys.executable, "-c", script, str(home / "calls.csv"), str(home)],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout.strip() == "False"
    assert conversations(home) == 1


@pytest.mark.usefixtures("server")
def test_with_a_server_run_is_a_flow_of_it(home: Path) -> None:
    said: list[str] = []
    summary = flow_run([str(home / "calls.csv")], home, say=said.append)
    assert (summary.run["accepted_count"], summary.run["rejected_count"]) == (2, 0)
    assert conversations(home) == 1
    assert any("calls.csv: common, 2 records" in line for line in said)
    logs = logs_of("heard-run")
    assert "Finished in state Completed()" in logs
    assert WORD not in "\n".join(logs)


@pytest.mark.usefixtures("server")
def test_what_cannot_be_done_is_the_same_one_line_as_without_prefect(home: Path) -> None:
    with pytest.raises(Exception, match=r"nothing\.csv") as error:
        flow_run([str(home / "nothing.csv")], home, say=lambda _: None)
    assert type(error.value).__name__ == "SourceError"


@pytest.mark.usefixtures("server")
def test_nightly_ingests_measures_publishes_and_reports(home: Path) -> None:
    from flows.nightly_flow import last_night, nightly

    files = nightly(str(home))
    assert Path(files[0]) == home / "reports" / f"report-{last_night('Europe/Paris')}.html"
    assert Path(files[0]).exists()
    assert conversations(home) == 1
    logs = "\n".join(logs_of("heard-nightly"))
    assert "calls.csv: common, 2 records" in logs
    assert WORD not in logs


@pytest.mark.usefixtures("server")
def test_the_schedule_is_registered_by_the_calendar_s_clocks(home: Path) -> None:
    from prefect.client.orchestration import get_client

    from flows.nightly_flow import deployment

    made = deployment(home, "0 2 * * *", "Europe/Paris").apply()
    with get_client(sync_client=True) as client:
        found = client.read_deployment(made)
        assert found.parameters == {"home": str(home)}
        assert [schedule.schedule.cron for schedule in found.schedules] == ["0 2 * * *"]
        planned = wait_for(
            lambda: [
                run.expected_start_time
                for run in client.read_flow_runs(limit=200, sort="EXPECTED_START_TIME_ASC")
                if run.deployment_id == made
            ]
        )
    clocks = {at.astimezone(ZoneInfo("Europe/Paris")).strftime("%H:%M") for at in planned}
    assert clocks == {"02:00"}


@pytest.mark.parametrize("cron", ["", "tonight", "0 25 * * *", "* * *"])
def test_a_bad_cron_line_is_one_line(home: Path, cron: str) -> None:
    with pytest.raises(NightlyError, match="is no cron line; expected minute, hour, day, month, weekday") as error:
        serve_nightly(home, cron)
    assert "\n" not in str(error.value)


def test_without_sources_there_is_nothing_to_serve(tmp_path: Path) -> None:
    with pytest.raises(NightlyError, match=r"heard\.toml: \[sources\] names no paths; .*Add paths"):
        serve_nightly(tmp_path, "0 2 * * *")


def test_sources_start_in_the_home(home: Path) -> None:
    (home / "heard.toml").write_text('[sources]\npaths = ["in/*.csv", "/exports"]\n')
    assert sources_of(home, load(home)) == [str(home / "in" / "*.csv"), "/exports"]


def test_a_server_that_does_not_answer_is_named(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:9/api")
    expected = r"no answer at http://127\.0\.0\.1:9/api; .*unset"
    with pytest.raises(PrefectServerError, match=expected):
        flow_run([str(home / "calls.csv")], home)
    with pytest.raises(PrefectServerError, match=expected), named_or_own_server(home):
        pass


def test_an_error_of_a_library_keeps_its_words_to_itself() -> None:
    with pytest.raises(NightlyError, match=r"^ValueError at test_nightly\.py:\d+; ") as error, without_words():
        raise ValueError(f"could not parse '{WORD}'")
    assert WORD not in str(error.value)
    assert error.value.__suppress_context__


def test_an_error_of_ours_is_kept() -> None:
    with pytest.raises(HomeError, match="no warehouse"), without_words():
        raise HomeError("home: no warehouse; expected one.")
