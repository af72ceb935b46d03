"""The report: what it says of a day, that it fetches nothing and lets no words become markup, and its PDF."""

import os
import re
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import numpy as np
import polars as pl
import pytest

from flows import report_lists, report_words
from flows.pdf import chromium
from flows.report import make_report, write_report
from flows.report_data import read
from metrics.moves import compare, moved
from metrics.overall import overall, wilson
from transforms import schema

DAY = date(2026, 11, 15)
NOON = datetime(2026, 11, 15, 12)
EVIL = "<img src=x onerror=alert(1)>"
Row = dict[str, object]
needs_chromium = pytest.mark.skipif(
    chromium() is None and not os.environ.get("CI"), reason="Chromium is not installed; .ci/run installs it"
)


def metric(name: str, unit: str = "count", aggregate: str = "mean", **facts: object) -> Row:
    told = {"metric": name, "kind": "indicator", "family": "f", "definition": f"What {name} is.", "source": "D"}
    return told | {"unit": unit, "aggregate": aggregate, "direction": None} | facts


METRICS = [
    metric("csat", "rating 1..5", direction="higher"),
    metric("was_resolved", "yes/no", direction="higher"),
    metric("escalation_class", "class"),  # a text: nothing to average
    metric("open_share", "share 0..1", "ratio", numerator="open_count", denominator="question_count", scale=1.0),
]


def talk(number: int, at: datetime = NOON, **facts: object) -> Row:
    """A row of conversation_wide."""
    told: Row = {"conversation_id": f"c{number}", "channel": "chat", "started_at": at, "topic": EVIL}
    empty = dict.fromkeys(
        ("csat", "was_resolved", "open_count", "question_count", "open_share", "missed_empathy_count")
    )
    return told | empty | facts


def publish(path: Path, talks: list[Row], **tables: list[Row]) -> Path:
    """A warehouse with these conversations and rows of other tables."""
    wide = (
        pl.DataFrame(talks or [talk(0)], infer_schema_length=None).clear()
        if not talks
        else pl.DataFrame(talks, infer_schema_length=None)
    )
    kinds = {"csat": pl.Float64, "was_resolved": pl.Boolean, "open_share": pl.Float64, "missed_empathy_count": pl.Int64}
    kinds |= {"open_count": pl.Int64, "question_count": pl.Int64}
    wide = wide.with_columns(pl.col(name).cast(kind) for name, kind in kinds.items())
    rows = {"conversation": wide.to_dicts(), "metric": METRICS} | tables
    with duckdb.connect(str(path)) as con:
        for name, table in schema.WAREHOUSE.items():
            given = rows.get(name)
            frame = table.shape(pl.DataFrame(given, infer_schema_length=None)) if given else table.empty()
            con.register("given", frame.to_arrow())
            con.execute(f"CREATE TABLE {name} AS FROM given")
        con.register("given", wide.to_arrow())
        con.execute("CREATE TABLE conversation_wide AS FROM given")
    return path


def promise(status: str, due_at: datetime, words: str = EVIL, conversation: str = "c1") -> Row:
    told: Row = {"conversation_id": conversation, "turn_index": 1, "start_char": 0, "agent_id": "a1", "words": words}
    return told | {"status": status, "due_at": due_at, "due_is_assumed": False}


def html_of(warehouse: Path, day: date = DAY, zone: str = "UTC") -> str:
    """The report's page, without plotly's own code and without line breaks."""
    said: list[str] = []
    page = write_report(warehouse, day, warehouse.parent / "reports", zone, say=said.append)[0].read_text()
    return " ".join(re.sub(r"<script>.*?</script>", "", page, flags=re.DOTALL).split())


@pytest.fixture
def no_chromium(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")


@pytest.mark.usefixtures("no_chromium")
class TestWhatItSays:
    def test_the_day_and_the_weeks_are_counted(self, tmp_path: Path) -> None:
        before = [talk(i, NOON - timedelta(days=7 + i)) for i in range(4)]
        week = [talk(10 + i, NOON - timedelta(days=i)) for i in range(5)]
        page = html_of(publish(tmp_path / "w.duckdb", [*before, *week]))
        assert "1 conversation on the day; 5 in the last 7 days, 25 % more than the week before." in page

    def test_a_day_begins_by_the_calendar_s_clocks(self, tmp_path: Path) -> None:
        warehouse = publish(tmp_path / "w.duckdb", [talk(1, datetime(2026, 11, 14, 23, 30))])
        assert "1 conversation on the day" in html_of(warehouse, zone="Europe/Paris")
        assert "No conversation began on Sunday 15 November 2026" in html_of(warehouse, zone="UTC")

    def test_satisfaction_comes_with_n_interval_and_response_rate(self, tmp_path: Path) -> None:
        talks = [talk(i, csat=rating) for i, rating in enumerate([4.0, 5.0, 3.0, 4.0])] + [talk(9)]
        page = html_of(publish(tmp_path / "w.duckdb", talks))
        assert "<b>4.0</b>" in page
        assert "95 %: 3.2 to 4.8 · n = 4 of 5" in page  # 4 ± 1.96 * 0.8165 / 2
        assert "Rated: 4 of 5 conversations (80 %)" in page

    def test_promises_are_due_broken_or_without_proof(self, tmp_path: Path) -> None:
        rows = [
            promise("pending", datetime(2026, 11, 16, 9), "I will call tomorrow"),
            promise("pending", datetime(2026, 11, 18, 9), "by Wednesday"),
            promise("broken", datetime(2026, 11, 13, 9), "within two days"),
            promise("broken", datetime(2026, 11, 1, 9), "long ago"),
            promise("unknown", datetime(2026, 11, 12, 9), "by Thursday"),
        ]
        page = html_of(publish(tmp_path / "w.duckdb", [talk(1)], commitment=rows))
        due, broken, overdue = (page.index(f"<h3>{head}") for head in ("Due on Mon 16 Nov (1)", "Broken", "Past due"))
        assert due < page.index("I will call tomorrow") < broken < page.index("within two days") < overdue
        assert overdue < page.index("by Thursday")
        assert "1 due later" in page
        assert "long ago" not in page

    def test_missed_and_late_escalations_are_listed_with_a_link(self, tmp_path: Path) -> None:
        rows: list[Row] = [
            {"conversation_id": "c/1 é", "class": "late", "trigger": "aggression", "delay_seconds": 300.0}
            | {"delay_turns": 4, "is_censored": False},
            {"conversation_id": "c2", "class": "missed", "trigger": "escalation_request", "is_censored": True},
            {"conversation_id": "c3", "class": "timely", "is_censored": False},
        ]
        talks = [talk(1) | {"conversation_id": "c/1 é"}, talk(2), talk(3)]
        page = html_of(publish(tmp_path / "w.duckdb", talks, escalation=rows))
        assert "2 escalations late or missed" in page
        assert 'href="http://localhost:8501/conversation?conversation_id=c%2F1%20%C3%A9"' in page
        assert "5 min, 4 agent turns" in page
        assert page.index(">missed<") < page.index(">late ")
        assert "conversation_id=c3" not in page

    def test_conversations_to_look_at_say_why(self, tmp_path: Path) -> None:
        talks = [talk(1, csat=1.0, missed_empathy_count=2), talk(2, csat=2.0), talk(3, csat=5.0)]
        page = html_of(publish(tmp_path / "w.duckdb", talks))
        assert "rated 1 of 5; distress left unanswered twice" in page
        assert page.index("conversation_id=c1") < page.index("conversation_id=c2")
        assert "conversation_id=c3" not in page

    def test_data_quality_names_what_failed(self, tmp_path: Path) -> None:
        run: Row = {"run_id": "r2", "started_at": NOON, "as_of": NOON, "ended_at": NOON}
        run |= dict.fromkeys(("given_count", "accepted_count", "rejected_count", "measured_conversation_count"), 0)
        check: Row = {"suite": "incoming", "check": "speakers are known", "table": "segment", "severity": "warning"}
        check |= {"is_passed": False, "found": "3 of 9 failed", "checked_at": NOON}
        tables = {
            "run": [run | {"run_id": "r1", "started_at": NOON - timedelta(days=1)}, run],
            "quality_check": [check | {"run_id": "r2"}, check | {"run_id": "r1", "check": "of yesterday"}],
            "rejected_record": [
                {"file": "x.vtt", "place": "cue 3", "reason": "no end", "cure": "Mend it", "record_count": 7}
            ],
        }
        page = html_of(publish(tmp_path / "w.duckdb", [talk(1)], **tables))
        assert "warning: segment: speakers are known (3 of 9 failed)" in page
        assert "of yesterday" not in page
        assert "7 records rejected" in page
        assert "x.vtt: 7" in page

    def test_an_empty_day_says_what_to_do(self, tmp_path: Path) -> None:
        page = html_of(publish(tmp_path / "w.duckdb", [talk(1, NOON - timedelta(days=100))]))
        assert "No conversation began on Sunday 15 November 2026" in page
        assert "The last ones are of Friday 7 August 2026" in page
        assert "<code>heard run</code>" in page

    def test_an_empty_warehouse_gives_a_report_too(self, tmp_path: Path) -> None:
        page = html_of(publish(tmp_path / "w.duckdb", []))
        assert "Nothing dated was ingested yet: run <code>heard run SOURCE</code>." in page


@pytest.mark.usefixtures("no_chromium")
class TestThePage:
    def test_words_never_become_markup(self, tmp_path: Path) -> None:
        rows = [promise("pending", datetime(2026, 11, 16, 9))]
        page = html_of(publish(tmp_path / "w.duckdb", [talk(1, csat=1.0)], commitment=rows))
        assert EVIL not in page
        assert page.count("&lt;img src=x onerror=alert(1)&gt;") == 2  # the promise, the topic

    def test_it_fetches_nothing(self, tmp_path: Path) -> None:
        warehouse = publish(tmp_path / "w.duckdb", [talk(1, csat=4.0, was_resolved=True)])
        page = html_of(warehouse)
        assert not re.search(r"""(?:src|srcset)=|<link|@import|url\(""", page)
        assert "default-src 'none'" in page
        whole = (tmp_path / "reports" / "report-2026-11-15.html").read_text()
        assert whole.count("plotly.js v") == 1
        assert whole.count('class="plotly-graph-div"') == 3

    def test_the_same_warehouse_gives_the_same_words(self, tmp_path: Path) -> None:
        warehouse = publish(tmp_path / "w.duckdb", [talk(i, csat=4.0) for i in range(5)])
        pages = [re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "", html_of(warehouse)) for _ in range(2)]
        assert pages[0] == pages[1]

    def test_without_chromium_the_html_stands_alone_and_the_way_to_the_pdf_is_said(self, tmp_path: Path) -> None:
        said: list[str] = []
        files = write_report(publish(tmp_path / "w.duckdb", [talk(1)]), DAY, tmp_path, say=said.append)
        assert [file.name for file in files] == ["report-2026-11-15.html"]
        assert len(said) == 1
        assert "apt-get install chromium" in said[0]

    def test_the_last_day_with_conversations_is_the_default(self, tmp_path: Path) -> None:
        publish(tmp_path / "warehouse.duckdb", [talk(1, NOON - timedelta(days=3))])
        (tmp_path / "heard.toml").write_text('[dashboard]\nurl = "https://heard.example.org/"\n')
        (file,) = make_report(tmp_path, say=lambda _: None)
        assert file == tmp_path / "reports" / "report-2026-11-12.html"


@needs_chromium
def test_the_pdf_is_a_pdf(tmp_path: Path) -> None:
    files = write_report(publish(tmp_path / "w.duckdb", [talk(1)]), DAY, tmp_path / "out of the way é")
    assert [file.suffix for file in files] == [".html", ".pdf"]
    assert files[1].read_bytes().startswith(b"%PDF-")
    assert not list(files[1].parent.glob(".*"))


def days_of(**agents: str) -> list[Row]:
    """One day of each agent, by team."""
    return [
        {"agent_id": agent, "day": DAY, "team": team, "conversation_count": 4, "agent_turn_count": 10}
        | {"hard_conversation_count": 1, "after_hours_share": 0.5}
        for agent, team in agents.items()
    ]


@pytest.mark.parametrize(
    ("north", "south", "shown"),
    [
        (5, 0, ["North", "All agents"]),
        (5, 5, ["North", "South", "All agents"]),
        (5, 4, ["North"]),
        (4, 4, ["All agents"]),
        (4, 0, []),
    ],
)
def test_load_is_shown_of_five_agents_never_by_subtraction(
    north: int, south: int, shown: list[str], tmp_path: Path
) -> None:
    agents = {f"n{i}": "North" for i in range(north)} | {f"s{i}": "South" for i in range(south)}
    data = read(publish(tmp_path / "w.duckdb", [talk(1)], agent_day=days_of(**agents)), DAY, ZoneInfo("UTC"))
    rows = report_lists.load(data)
    assert [row["name"] for row in rows] == shown
    assert all((row["conversations"], row["hard"], row["after_hours"]) == (4, 1, 0.5) for row in rows)


def frame(**columns: list[object]) -> pl.DataFrame:
    return pl.DataFrame(columns)


def test_a_share_has_wilson_s_interval() -> None:
    assert wilson(0.8, 10) == pytest.approx((0.4902, 0.9433), abs=1e-4)  # Wilson (1927), as in any table
    found = overall(frame(was_resolved=[True] * 8 + [False] * 2 + [None]), METRICS[1])
    assert (found.value, found.n, found.of) == (0.8, 10, 11)


def test_a_ratio_is_sum_over_sum() -> None:
    talks = frame(open_share=[0.5, 0.0], open_count=[1, 0], question_count=[2, 8])
    assert overall(talks, METRICS[3]).value == pytest.approx(0.1)


def test_nothing_measured_has_no_value() -> None:
    found = overall(frame(csat=pl.Series([None, None], dtype=pl.Float64).to_list()), METRICS[0])
    assert (found.value, found.low, found.n, found.of) == (None, None, 0, 2)


def test_a_change_agrees_with_welch() -> None:
    from scipy import stats

    rng = np.random.default_rng(3)
    now, before = rng.normal(0.4, 2, 60), rng.normal(0, 1, 90)
    change = compare(frame(x=now.tolist()), frame(x=before.tolist()), metric("x"))
    assert change is not None
    assert change.p == pytest.approx(stats.ttest_ind(now, before, equal_var=False).pvalue)


def test_under_twenty_conversations_nothing_is_compared() -> None:
    assert compare(frame(x=[1.0] * 19 + [2.0]), frame(x=[3.0] * 19), metric("x")) is None
    assert compare(frame(x=[1.0] * 20), frame(x=[1.0] * 20), metric("x")) is None  # nothing varies


def test_a_planted_change_is_found_and_said_to_be_worse() -> None:
    rng = np.random.default_rng(4)
    names = [f"x{i}" for i in range(20)]
    now, before = ({name: rng.normal(size=80) for name in names} for _ in range(2))
    now["x7"] += 1
    metrics = [metric(name, direction="lower") for name in names]
    found, tested = moved(pl.DataFrame(now), pl.DataFrame(before), metrics)
    assert tested == 20
    assert [(change.metric["metric"], change.is_better) for change in found] == [("x7", False)]


def test_chance_alone_names_a_change_in_at_most_one_report_of_twenty() -> None:
    rng = np.random.default_rng(5)
    metrics = [metric(f"x{i}", unit) for i, unit in enumerate(["yes/no", "seconds"] * 5)]
    named = 0
    for _ in range(200):
        now, before = (
            pl.DataFrame(
                {
                    m["metric"]: rng.random(60) < 0.3 if m["unit"] == "yes/no" else rng.exponential(size=60)
                    for m in metrics
                }
            )
            for _ in range(2)
        )
        named += bool(moved(now, before, metrics)[0])
    assert named <= 16  # 5 % of 200 is 10; more than 16 would come by chance once in 30


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (0.4237, "share 0..1", "42 %"),
        (0.031, "yes/no", "3.1 %"),
        (0.0, "share 0..1", "0 %"),
        (-1.24, "seconds", "−1.2 s"),
        (3599.0, "seconds", "1 h 00 min"),
        (200_000.0, "seconds", "2.3 days"),
        (3.14159, "count", "3.1"),
        (1234.0, "count", "1,234"),
        (None, "count", "–"),
    ],
)
def test_numbers_are_said_rounded(value: float | None, unit: str, said: str) -> None:
    assert report_words.amount(value, unit) == said
