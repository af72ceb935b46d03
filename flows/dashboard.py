"""The dashboard, served by Streamlit."""

import os
import socket
import sys
from pathlib import Path
from typing import NoReturn

from flows.home import HomeError

APP = Path(__file__).parent.parent / "dashboard" / "app.py"


def serve(home: Path, port: int, headless: bool) -> NoReturn:
    """Serves the dashboard of a home on this machine until it is stopped: this process becomes the server.

    Raises HomeError where the port is taken.
    """
    if not _is_free(port):
        raise HomeError(f"port {port}: in use; expected a free one. Name another with --port.")
    has_display = sys.platform in ("darwin", "win32") or bool(
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    )
    print(f"The dashboard is at http://localhost:{port} (stop it with Ctrl-C)", flush=True)
    command = [
        *(sys.executable, "-m", "streamlit", "run", str(APP)),
        *("--server.address", "127.0.0.1", "--server.port", str(port)),
        *("--server.headless", str(headless or not has_display).lower()),
        *("--browser.gatherUsageStats", "false", "--server.fileWatcherType", "none"),
        *("--client.toolbarMode", "viewer"),
    ]
    os.environ["HEARD_HOME"] = str(home.resolve())  # while a relative one still starts where it was named
    os.chdir(APP.parent)  # where its .streamlit/config.toml is
    os.execv(sys.executable, command)


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
