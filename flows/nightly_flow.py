"""The flows, as Prefect sees them: thin, over plain functions, with retries at the edges alone."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

from prefect import flow, get_run_logger, task
from prefect.cache_policies import NO_CACHE
from prefect.deployments.runner import EntrypointType, RunnerDeployment
from prefect.schedules import Cron

from flows import build, mail, report
from flows.nightly import NightlyError, sources_of, without_words
from flows.progress import Say
from flows.settings import SettingsError, load

FINAL = (build.GateError, SettingsError, NightlyError)  # another try would find the same


def may_pass(_task: object, _run: object, state: Any) -> bool:
    """Whether another try may help: a mount or a mail server may come back, another run may end."""
    return not isinstance(state.result(raise_on_failure=False), FINAL)


@task(cache_policy=NO_CACHE, persist_result=False, retry_delay_seconds=300, retry_condition_fn=may_pass)
def publish(
    sources: Sequence[str], home: Path, format_: str | None, as_of: datetime | None, say: Say, is_retry: bool = False
) -> build.Summary:
    """Ingests, measures, checks and publishes."""
    with without_words():
        return build.run(sources, home, format_, as_of, say, is_retry)


@task(cache_policy=NO_CACHE, persist_result=False, retries=1, retry_delay_seconds=60, retry_condition_fn=may_pass)
def write_report(home: Path, day: date, say: Say) -> list[Path]:
    """Writes the report of a day; gives its files."""
    with without_words():
        return report.make_report(home, day, say=say)


@task(cache_policy=NO_CACHE, persist_result=False, retries=3, retry_delay_seconds=300, retry_condition_fn=may_pass)
def send_report(home: Path, to: Sequence[str], day: date, files: Sequence[Path]) -> None:
    """Mails the report."""
    with without_words():
        mail.send(load(home)["email"], to, day, files)


def run_flow(
    sources: Sequence[str], home: Path, format_: str | None, as_of: datetime | None, say: Say, is_retry: bool
) -> Any:
    """What `heard run` does, as a flow; `say` stays here, since the server keeps what a flow is given."""

    @flow(name="heard-run", persist_result=False)
    def heard_run(sources: list[str], home: str, format_: str | None, as_of: datetime | None, is_retry: bool) -> Any:
        return publish(sources, Path(home), format_, as_of, say, is_retry)

    return heard_run(list(sources), str(home), format_, as_of, is_retry)


@flow(name="heard-nightly", persist_result=False)
def nightly(home: str) -> list[str]:
    """Ingests the sources of heard.toml, measures, publishes, reports; gives the report's files."""
    folder, say = Path(home), get_run_logger().info
    settings = load(folder)
    sources = sources_of(folder, settings)
    summary = publish.with_options(retries=3)(sources, folder, settings["sources"].get("format"), None, say)
    for line in summary.lines(folder):
        say(line)
    day = last_night(str(settings["calendar"].get("time_zone", "UTC")))
    files = write_report(folder, day, say)
    if to := settings["email"].get("to", []):
        send_report(folder, to, day, files)
    return [str(file) for file in files]


def last_night(time_zone: str) -> date:
    """The day that has just ended: in the small hours yesterday, in the evening today."""
    return (datetime.now(UTC) - timedelta(hours=12)).astimezone(ZoneInfo(time_zone)).date()


def deployment(home: Path, cron: str, time_zone: str) -> RunnerDeployment:
    """The nightly flow of a home on its schedule. Raises NightlyError where the cron line is none."""
    try:
        made = nightly.to_deployment(
            name=home.resolve().name,
            schedule=Cron(cron, timezone=time_zone),
            parameters={"home": str(home.resolve())},
            entrypoint_type=EntrypointType.MODULE_PATH,
        )
        return cast(RunnerDeployment, made)
    except ValueError:
        raise NightlyError(
            f"--cron: '{cron}' is no cron line; expected minute, hour, day, month, weekday, as \"0 2 * * *\"."
        ) from None
