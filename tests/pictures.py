"""The pictures of docs/: the overview of the sample, and each step of the three walks. `python -m tests.pictures`."""

import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from flows.demo import demo
from tests.browsing import CHROMIUM, QUIET, Walk, serve, settled

DOCS = Path(__file__).parent.parent / "docs"
WIDE, HIGH = 1200, 680


def main() -> None:
    """Publishes the sample in a home of its own, walks, and writes the pictures."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        home = Path(folder) / "home"
        demo(home, print)
        process, address = serve(home)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        try:
            tab = browser.new_context(viewport={"width": WIDE, "height": HIGH}).new_page()
            tab.set_default_timeout(300_000)
            for walk in (_satisfaction, _promises, _coaching):
                walk(tab, address)
        finally:
            browser.close()
            process.terminate()
            process.wait()


def _satisfaction(tab: Page, address: str) -> None:
    walk = Walk(tab, address)
    _take(tab, "overview")
    period = tab.get_by_role("combobox", name="Period")
    period.focus()
    period.press("ArrowDown")
    walk.click(tab.get_by_role("option", name="Last 7 days"), "[data-testid=stMain] :text('07 Nov 2026')")
    _take(tab, "walk-satisfaction-1")
    walk.click(walk.main("a[href*='outcome=csat']"), ".st-key-waterfall .bars .point path")
    _take(tab, "walk-satisfaction-2", ".st-key-waterfall")
    walk.click(walk.longest_bar(), ".heard-row")
    _take(tab, "walk-satisfaction-3")
    walk.click(walk.main("[data-testid=stPageLink] a"), ".heard-transcript")
    _take(tab, "walk-satisfaction-4", ".heard-transcript")


def _promises(tab: Page, address: str) -> None:
    walk = Walk(tab, address)
    walk.click(tab.get_by_role("link", name="Promises"), "[data-testid=stMain] .heard-row")
    _take(tab, "walk-promises-1", ".heard-row")
    walk.click(walk.main("[data-testid=stPageLink] a"), ".heard-transcript .linked")
    _take(tab, "walk-promises-2", ".linked")


def _coaching(tab: Page, address: str) -> None:
    walk = Walk(tab, address)
    walk.click(tab.get_by_role("link", name="Teams and agents"), "[data-testid=stMain] a[href*='who=']")
    _take(tab, "walk-coaching-1")
    walk.click(walk.main("a[href*='who=']"), "[data-testid=stMain] a:has-text('at turn')")
    _take(tab, "walk-coaching-2")
    walk.click(walk.main("a:has-text('at turn')"), ".heard-transcript .linked")
    _take(tab, "walk-coaching-3", ".linked")


def _take(tab: Page, name: str, seen: str = "h1") -> None:
    """Writes what the screen shows, with `seen` on it."""
    settled(tab)
    tab.wait_for_timeout(1500)  # plotly draws after the page says that it is whole
    tab.locator(f"[data-testid=stMain] {seen}").first.evaluate("one => one.scrollIntoView({block: 'center'})")
    tab.wait_for_timeout(300)
    tab.screenshot(path=DOCS / f"{name}.png")


if __name__ == "__main__":
    main()
