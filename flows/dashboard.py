"""The dashboard, served by Streamlit."""

import errno
import os
import socket
import sys
from pathlib import Path
from typing import NoReturn

LOCAL = ("127.0.0.1", "localhost", "::1")  # reached from this machine alone
APP = Path(__file__).parent.parent / "dashboard" / "app.py"


class AddressError(Exception):
    """One line: why the dashboard cannot be served at an address."""


def serve(home: Path, port: int, headless: bool, address: str, anyone_may_read: bool) -> NoReturn:
    """Serves the dashboard of a home until it is stopped: this process becomes the server.

    Raises AddressError where the address is open to others and it was not said that they may read, or not free.
    """
    if address not in LOCAL and not anyone_may_read:
        raise AddressError(
            f"address {address}: others could read every conversation there, and there is no sign-in yet; expected "
            "127.0.0.1. Add --anyone-may-read if they may, or have a server that signs people in pass them on to "
            "127.0.0.1."
        )
    _expect_free(address, port)
    has_display = sys.platform in ("darwin", "win32") or bool(
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    )
    shown = "localhost" if address in LOCAL else f"[{address}]" if ":" in address else address
    print(f"The dashboard is at http://{shown}:{port} (stop it with Ctrl-C)", flush=True)
    command = [
        *(sys.executable, "-m", "streamlit", "run", str(APP)),
        *("--server.address", address, "--server.port", str(port)),
        *(() if address in LOCAL else ("--server.allowedHosts", "*")),
        *("--server.headless", str(headless or not has_display).lower()),
        *("--browser.gatherUsageStats", "false", "--server.fileWatcherType", "none"),
        *("--client.toolbarMode", "viewer"),
    ]
    os.environ["HEARD_HOME"] = str(home.resolve())  # while a relative one still starts where it was named
    os.chdir(APP.parent)  # where its .streamlit/config.toml is
    os.execv(sys.executable, command)


def _expect_free(address: str, port: int) -> None:
    try:
        family = socket.getaddrinfo(address, port)[0][0]
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((address, port))
    except socket.gaierror:
        raise AddressError(f"address {address}: unknown; expected one of this machine. Mend --address.") from None
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise AddressError(f"port {port}: in use; expected a free one. Name another with --port.") from None
        raise AddressError(
            f"address {address}, port {port}: {error.strerror}; expected an address of this machine and a port that "
            "you may use. Name others with --address and --port."
        ) from None
