"""A real Chromium before `heard dashboard`, for the tests and for the pictures in docs/."""

import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
)
QUIET = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync")


def serve(home: Path) -> tuple[subprocess.Popen, str]:
    """The dashboard of a home, served by the command, and its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = ("--headless", "--port", str(port), "--home", home.name)
    command = [sys.executable, "-m", "flows.cli", "dashboard", *options]
    process = subprocess.Popen(command, cwd=home.parent, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    for _ in range(600):
        try:
            urlopen(f"{address}/_stcore/health").close()
            return process, address
        except URLError:
            time.sleep(0.1)
    raise AssertionError("the dashboard did not start within a minute")


def settled(tab) -> None:
    """Waits until the page is whole."""
    tab.wait_for_selector("h1")
    tab.wait_for_selector('[data-testid=stApp][data-test-script-state="notRunning"]')


class Walk:
    """A new user's way from the Overview, with the clicks counted."""

    def __init__(self, tab, address: str) -> None:
        self.tab, self.clicks = tab, 0
        tab.goto(address)
        tab.wait_for_selector("h1:has-text('Overview')")
        settled(tab)

    def click(self, target, leads_to: str) -> None:
        """One click, and the wait until what it leads to is there."""
        settled(self.tab)
        target.first.click(force=True)
        self.clicks += 1
        self.tab.wait_for_selector(leads_to)
        settled(self.tab)

    def main(self, selector: str):
        """What is on the page itself."""
        return self.tab.locator(f"[data-testid=stMain] {selector}")

    def longest_bar(self):
        """The longest bar of the waterfall."""
        bars = self.main(".st-key-waterfall .bars .point path")
        bars.first.wait_for(state="attached")
        widths = bars.evaluate_all("bars => bars.map(bar => bar.getBoundingClientRect().width)")
        return bars.nth(widths.index(max(widths)))
