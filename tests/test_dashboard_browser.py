"""The dashboard in a real Chromium, served as `heard dashboard` serves it."""

import itertools
import os
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from urllib.parse import urlencode

import duckdb
import pytest

from tests.browsing import CHROMIUM, QUIET, Walk, serve, settled
from tests.dashboard_home import HOSTILE_ID, shared_home

PAGES = (
    "",
    "changes",
    "teams",
    "coaching",
    "indicators",
    "metric",
    "behaviour",
    "promises",
    "scorecard",
    "escalations",
    "conversations",
    "quality",
    "about",
)

pytestmark = [
    pytest.mark.xdist_group("dashboard"),
    pytest.mark.skipif(
        CHROMIUM is None and not os.environ.get("CI"), reason="Chromium is not installed; .ci/run installs it"
    ),
]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return shared_home(tmp_path_factory.getbasetemp())


@pytest.fixture(scope="module")
def address(home: Path) -> Iterator[str]:
    process, address = serve(home)
    yield address
    process.terminate()
    process.wait()


@pytest.fixture(scope="module")
def browser() -> Iterator:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def tab(browser, address: str) -> Iterator:
    tab = browser.new_context(viewport={"width": 1400, "height": 900}).new_page()
    tab.set_default_timeout(90_000)
    tab.outside = []
    here = (address, address.replace("http", "ws"), "data:", "blob:")
    tab.on("request", lambda request: None if request.url.startswith(here) else tab.outside.append(request.url))
    yield tab
    tab.context.close()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_renders_whole_and_asks_nothing_of_the_network(tab, address: str, name: str) -> None:
    tab.goto(f"{address}/{name}?period=Everything")
    settled(tab)
    assert tab.locator("[data-testid=stException]").count() == 0
    shown = ("[data-testid=stMetric]", ".js-plotly-plot", ".heard-row", ".heard-table", "[data-testid=stAlert]")
    tab.wait_for_selector(", ".join((*shown, "[data-testid=stMain] [data-testid=stPageLink]")))
    assert tab.outside == []


def test_a_deep_link_opens_the_conversation_at_its_words(tab, address: str) -> None:
    tab.goto(f"{address}/conversation?conversation_id=c-001")
    tab.wait_for_selector("h1:has-text('c-001')")
    tab.wait_for_selector(".heard-transcript .turn >> nth=3")


def test_what_a_hostile_customer_wrote_is_inert_everywhere(tab, address: str) -> None:
    for page, link, shown in (
        ("conversation", {"conversation_id": HOSTILE_ID}, ".heard-transcript .turn"),
        ("conversations", {"words": "window.hacked"}, ".heard-row mark"),
        ("metric", {"metric": "agent_talk_share"}, ".js-plotly-plot >> nth=2"),
        ("escalations", {}, ".heard-row"),
    ):
        tab.goto(f"{address}/{page}?{urlencode({'period': 'Everything', **link})}")
        tab.wait_for_selector(shown)
        settled(tab)
        assert tab.evaluate("window.hacked") is None
        assert tab.locator("[data-testid=stMain] img").count() == 0
        assert tab.locator('[data-testid=stMain] a[href^="javascript"]').count() == 0
    assert tab.outside == []


def test_a_click_on_a_bar_leads_to_its_conversations_and_from_there_to_the_words(tab, address: str) -> None:
    tab.goto(f"{address}/?period=Everything")
    settled(tab)
    tab.wait_for_selector(".js-plotly-plot .bars path")
    tab.locator(".js-plotly-plot .bars path").first.click(force=True)
    tab.wait_for_url("**/conversations*")
    tab.wait_for_selector(".heard-row")
    assert "channel=" in tab.url
    tab.locator("[data-testid=stMain] [data-testid=stPageLink] a").first.click()
    tab.wait_for_selector(".heard-transcript")
    assert "conversation_id=" in tab.url


def test_a_metrics_name_leads_to_its_page_and_a_team_there_to_its_conversations(tab, address: str) -> None:
    tab.goto(f"{address}/indicators?period=Everything&channel=voice&family=listening")
    tab.locator(".heard-table a", has_text="Overlap share").click()
    tab.wait_for_selector("h1:has-text('Overlap share')")
    assert "channel=voice" in tab.url
    points = tab.locator(".st-key-where-team .scatterlayer .point")
    points.first.wait_for(state="attached")
    points.first.click(force=True)
    tab.wait_for_url("**/conversations*by=overlap_share*")
    tab.wait_for_selector(".heard-row")
    assert "channel=voice" in tab.url and "team=" in tab.url


FILES = {"PNG of volume": b"\x89PNG", "SVG of volume": b"<svg", "CSV": b"day,", "Parquet": b"PAR1"}


@pytest.mark.parametrize(("button", "begins"), FILES.items())
def test_a_figure_can_be_taken_away(tab, address: str, button: str, begins: bytes) -> None:
    tab.goto(f"{address}/?period=Everything")
    settled(tab)
    tab.wait_for_selector(".js-plotly-plot .bars path")
    tab.get_by_role("button", name="Save · SQL").first.click()
    with tab.expect_download() as download:
        tab.get_by_role("button", name=button).click()
    assert download.value.suggested_filename == f"volume.{button.split(maxsplit=1)[0].lower()}"
    assert Path(download.value.path()).read_bytes().startswith(begins)
    assert tab.outside == []


def test_the_search_goes_along_to_the_conversation_and_its_neighbours(tab, address: str) -> None:
    tab.goto(f"{address}/conversations?period=Everything&words=so+angry&by=agent_talk_share&low=0.1")
    tab.wait_for_selector(".heard-row mark")
    tab.locator("[data-testid=stMain] [data-testid=stPageLink] a").first.click()
    tab.wait_for_selector(".heard-transcript")
    first = tab.inner_text("h1")
    tab.get_by_role("button", name="Next").click()
    tab.wait_for_function("name => document.querySelector('h1').innerText != name", arg=first)
    for asked in ("words=so+angry", "by=agent_talk_share", "low=0.1"):
        assert asked in tab.url
    tab.go_back()
    tab.wait_for_selector(f"h1:has-text('{first}')")


def test_a_filter_stays_from_page_to_page_and_in_the_link(tab, address: str) -> None:
    tab.goto(f"{address}/?period=Everything&team=billing")
    settled(tab)
    tab.get_by_role("link", name="Escalations").click()
    tab.wait_for_url("**/escalations?*team=billing*")
    tab.wait_for_selector("h1:has-text('Escalations')")
    tab.wait_for_selector("[data-testid=stMain] :text('Team: billing')")


def test_what_is_republished_under_an_open_dashboard_is_seen_at_the_next_look(tab, home: Path, tmp_path: Path) -> None:
    shutil.copy(home / "warehouse.duckdb", tmp_path)
    process, address = serve(tmp_path)
    try:
        tab.goto(f"{address}/?period=Everything")
        tab.wait_for_selector("text=121 of 121 conversations")
        newer = shutil.copy(home / "warehouse.duckdb", tmp_path / "newer.duckdb")
        with duckdb.connect(str(newer)) as con:
            con.execute("DELETE FROM conversation_wide WHERE conversation_id = 'c-001'")
        newer.replace(tmp_path / "warehouse.duckdb")
        tab.get_by_role("link", name="Promises").click()
        tab.wait_for_selector("text=120 of 120 conversations")
    finally:
        process.terminate()
        process.wait()


@contextmanager
def republished(home: Path) -> Iterator[list[int]]:
    """Publishes the home's warehouse anew, again and again; gives the inodes of what was published."""
    published, is_over = [], Event()

    def publish() -> None:
        while not is_over.wait(1):
            newer = Path(shutil.copy(home / "warehouse.duckdb", home / "newer.duckdb"))
            published.append(newer.stat().st_ino)
            newer.replace(home / "warehouse.duckdb")

    with ThreadPoolExecutor(1) as worker:
        work = worker.submit(publish)
        try:
            yield published
        finally:
            is_over.set()
        work.result()


VIEWERS = """
SELECT team, channel, agent_id, count(*) FROM conversation
GROUP BY GROUPING SETS ((team), (channel), (agent_id), (team, channel), (agent_id, channel)) ORDER BY ALL LIMIT 20"""


def test_twenty_viewers_at_once_see_each_their_own_figures_while_the_home_is_republished(
    browser, home: Path, tmp_path: Path
) -> None:
    shutil.copy(home / "warehouse.duckdb", tmp_path)
    with duckdb.connect(str(tmp_path / "warehouse.duckdb"), read_only=True) as con:
        viewers = con.execute(VIEWERS).fetchall()
    process, address = serve(tmp_path)
    contexts = [browser.new_context() for _ in viewers]
    try:
        with republished(tmp_path) as published:
            tabs = [context.new_page() for context in contexts]
            for tab in tabs:
                tab.set_default_timeout(300_000)
            for tab, (*chosen, _), page in zip(
                tabs, viewers, itertools.cycle(("", "promises", "quality")), strict=False
            ):
                named = {
                    name: value for name, value in zip(("team", "channel", "agent_id"), chosen, strict=True) if value
                }
                link = urlencode({"period": "Everything", **named})
                tab.goto(f"{address}/{page}?{link}", wait_until="commit")
            for tab in tabs:
                settled(tab)
                tab.get_by_role("link", name="Scorecard").click()
            for tab, (*_, n) in zip(tabs, viewers, strict=True):
                tab.wait_for_selector("h1:has-text('Scorecard')")
                settled(tab)
                assert f"{n} of 121 conversations" in tab.inner_text("[data-testid=stMain]")
                assert tab.locator("[data-testid=stException], [data-testid=stAlertContentError]").count() == 0
        assert len(set(published)) > 1
    finally:
        for context in contexts:
            context.close()
        process.terminate()
        process.wait()


def test_an_empty_home_says_how_to_fill_it(tab, tmp_path: Path) -> None:
    process, address = serve(tmp_path / "nothing")
    try:
        tab.goto(address)
        tab.wait_for_selector("text=heard run SOURCE")
    finally:
        process.terminate()
        process.wait()


def test_why_did_satisfaction_move_takes_five_clicks_at_most(tab, address: str) -> None:
    walk = Walk(tab, address)
    walk.click(walk.main("a[href*='outcome=csat']"), "h1:has-text('What changed')")
    walk.click(walk.longest_bar(), "h1:has-text('Conversations')")
    tab.wait_for_selector(".heard-row")
    walk.click(walk.main("[data-testid=stPageLink] a"), ".heard-transcript")
    assert walk.clicks <= 3  # and two more to choose another period


def test_which_promises_are_we_breaking_takes_five_clicks_at_most(tab, address: str) -> None:
    walk = Walk(tab, f"{address}/?period=Everything")
    walk.click(tab.get_by_role("link", name="Promises"), "[data-testid=stMain] button:has-text('Broken (121)')")
    walk.click(walk.main("[data-testid=stPageLink] a"), ".heard-transcript")
    assert walk.clicks <= 2


def test_whom_to_coach_on_what_with_which_conversation_takes_five_clicks_at_most(tab, address: str) -> None:
    walk = Walk(tab, f"{address}/?period=Everything")
    walk.click(tab.get_by_role("link", name="Coaching"), "[data-testid=stMain] a:has-text('at turn')")
    walk.click(walk.main("a:has-text('at turn')"), ".heard-transcript .linked")
    assert "turn=" in tab.url and "period=Everything" in tab.url
    assert walk.clicks <= 2
