"""Runs through Prefect: `heard run` where a server is named, `heard nightly` always. Prefect is imported late."""

import os
import sys
import traceback
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from flows.home import make_home
from flows.prefect_server import QUIET, named_or_own_server, named_server
from flows.progress import Say
from flows.settings import Settings, load
from transforms.readers.sources import is_address

if TYPE_CHECKING:
    from flows.build import Summary

CONSOLE = {"PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "CRITICAL"}  # `heard run` says itself what there is to say
OURS = ("flows", "transforms", "metrics", "dashboard")


class NightlyError(Exception):
    """One line: what keeps the schedule, or a run through Prefect, from its work."""


def flow_run(
    sources: Sequence[str],
    home: Path,
    format_: str | None = None,
    as_of: datetime | None = None,
    say: Say = print,
    is_retry: bool = False,
) -> "Summary":
    """What flows.build.run does, through Prefect where PREFECT_API_URL names a server.

    Raises PrefectServerError where that server does not answer, else what flows.build.run raises.
    """
    from flows import build

    if not named_server():
        return build.run(sources, home, format_, as_of, say, is_retry)
    quieten(CONSOLE)
    from flows.nightly_flow import run_flow

    return run_flow(sources, home, format_, as_of, say, is_retry)


def serve_nightly(home: Path, cron: str) -> None:
    """Serves the schedule until it is stopped: each time ingest, measure, publish, report.

    Raises NightlyError, SettingsError or PrefectServerError, each one line, where it cannot begin.
    """
    settings = load(make_home(home))
    sources_of(home, settings)
    quieten()
    from prefect import serve

    from flows.nightly_flow import deployment

    zone = str(settings["calendar"].get("time_zone", "UTC"))
    served = deployment(home, cron, zone)
    with named_or_own_server(home) as url:
        print(f"nightly: '{cron}' by the clocks of {zone}, through Prefect at {url} (stop it with Ctrl-C)", flush=True)
        serve(served, limit=1, print_starting_message=False)


def sources_of(home: Path, settings: Settings) -> list[str]:
    """The sources that heard.toml names, relative ones from the home. Raises NightlyError where there are none."""
    paths = settings["sources"].get("paths", [])
    if not isinstance(paths, list) or not paths:
        raise NightlyError(
            f"{home / 'heard.toml'}: [sources] names no paths; expected what to ingest. "
            'Add paths = ["/exports/calls/*.json"].'
        )
    return [str(path) if is_address(str(path)) else str(home.resolve() / str(path)) for path in paths]


def quieten(more: Mapping[str, str] = MappingProxyType({})) -> None:
    """Sets what keeps Prefect from calling home and from giving up on a slow machine; what is set already stays."""
    for name, value in {**QUIET, **more}.items():
        os.environ.setdefault(name, value)


@contextmanager
def without_words() -> Iterator[None]:
    """Lets our own errors through, whose messages are known; of any other only its kind and place.

    Prefect keeps and shows what an exception says, and that of a library may quote what people said.
    """
    try:
        yield
    except Exception as error:
        if type(error).__module__.partition(".")[0] in OURS:
            raise
        where = traceback.extract_tb(sys.exc_info()[2])[-1]
        place = f"{Path(where.filename).name}:{where.lineno}"
        raise NightlyError(
            f"{type(error).__name__} at {place}; expected to run through. Run `heard run` by hand to see more."
        ) from None
