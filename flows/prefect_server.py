"""The Prefect server: the one that PREFECT_API_URL names, or one of the home's own while its schedule is served."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

STARTUP_SECONDS = 120
QUIET = {
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": str(STARTUP_SECONDS),
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
}


class PrefectServerError(Exception):
    """One line: why there is no server."""


def named_server() -> str | None:
    """The API's URL of the server that PREFECT_API_URL names. Raises PrefectServerError where it does not answer."""
    url = os.environ.get("PREFECT_API_URL")
    if url and not _answers(url):
        raise PrefectServerError(
            f"PREFECT_API_URL: no answer at {url}; expected a Prefect server. Start it, or unset the variable."
        )
    return url


@contextmanager
def named_or_own_server(home: Path) -> Iterator[str]:
    """The API's URL of the server that is named, or of one of our own, which ends with the block."""
    if url := named_server():
        yield url
        return
    with own_server(home) as url:
        yield url


@contextmanager
def own_server(home: Path) -> Iterator[str]:
    """A Prefect server for this machine alone, on a free port, its database in the home; gives the API's URL.

    While it runs, Prefect in this process and in those it starts speaks to it.
    """
    port = _free_port()
    url = f"http://127.0.0.1:{port}/api"
    folder = (home / ".prefect").resolve()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    environment = {**os.environ, **QUIET, "PREFECT_HOME": str(folder), "PREFECT_API_URL": url}
    command = [
        sys.executable,
        "-m",
        "prefect",
        "server",
        "start",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        "--no-ui",
    ]
    with (folder / "server.log").open("ab") as log:
        server = subprocess.Popen(command, env=environment, stdout=log, stderr=log, start_new_session=True)
        try:
            _wait_for(server, url, folder / "server.log")
            with _speaking_to(url):
                yield url
        finally:
            _end(server)


def _wait_for(server: "subprocess.Popen[bytes]", url: str, log: Path) -> None:
    until = time.monotonic() + STARTUP_SECONDS
    while not _answers(url):
        if server.poll() is not None or time.monotonic() > until:
            raise PrefectServerError(f"Prefect's server did not start within {STARTUP_SECONDS} s. See {log}.")
        time.sleep(0.5)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url.rstrip('/')}/health", timeout=5):
            return True
    except urllib.error.HTTPError:
        return True  # it wants a key, say; Prefect has it
    except (OSError, ValueError):
        return False


@contextmanager
def _speaking_to(url: str) -> Iterator[None]:
    from prefect.settings import PREFECT_API_URL, temporary_settings

    before = os.environ.get("PREFECT_API_URL")
    os.environ["PREFECT_API_URL"] = url
    try:
        with temporary_settings({PREFECT_API_URL: url}):
            yield
    finally:
        if before is None:
            del os.environ["PREFECT_API_URL"]
        else:
            os.environ["PREFECT_API_URL"] = before


def _end(server: "subprocess.Popen[bytes]") -> None:
    server.terminate()
    try:
        server.wait(timeout=20)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
