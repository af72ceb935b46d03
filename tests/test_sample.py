"""The sample: written the same each time, dirty as planned, and with what was planted to be found in it."""

import tomllib
from collections import Counter
from datetime import datetime
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from data.generator.build import SAMPLE, build
from data.generator.case import Case
from data.generator.outcome import PLANTED
from flows import suite_incoming, suite_published
from flows.build import Summary, run
from flows.demo import AS_OF
from flows.warehouse import query
from transforms.readers import discover, read
from transforms.redact import redact

pytestmark = pytest.mark.xdist_group("sample")  # one worker measures it, for all

MOST_BYTES = 5_000_000
REJECTED = {
    "amazon_transcribe_call_analytics/alderway-call-20261101-cut-off.json": ["found no JSON there"],
    "csv/calls-branch.csv": ["speaker is 'operator'", "it ends at"],
    "csv/chats-2.csv": ["turn_index 1 comes twice"],
    "jsonl/chats.jsonl": ["found no JSON there"],
    "outcomes/outcomes.csv": ["csat is '9'"],
    "zendesk": ["ticket 29999, to which it belongs, is not here"],
}


@pytest.fixture(scope="module")
def again(tmp_path_factory) -> tuple[Path, list[Case]]:
    """The sample, written once more."""
    folder = tmp_path_factory.mktemp("sample")
    return folder, build(folder)


@pytest.fixture(scope="module")
def measured(tmp_path_factory) -> tuple[Path, Summary]:
    """The sample's warehouse, through the whole path."""
    home = tmp_path_factory.mktemp("home")
    (home / "heard.toml").write_bytes((SAMPLE / "heard.toml").read_bytes())
    return home / "warehouse.duckdb", run([str(SAMPLE)], home, as_of=AS_OF, say=lambda _: None)


@pytest.fixture(scope="module")
def association(measured) -> dict[tuple[str, str], dict]:
    rows = query(measured[0], "from association").to_dicts()
    return {(row["indicator"], row["outcome"]): row for row in rows}


def values(measured, sql: str) -> list:
    return [row[0] for row in query(measured[0], sql).rows()]


def test_the_generator_writes_the_sample_that_is_here(again):
    folder, _ = again
    written = {path.relative_to(folder): path for path in folder.rglob("*") if path.is_file()}
    here = {path.relative_to(SAMPLE) for path in SAMPLE.rglob("*") if path.is_file()}
    assert here - written.keys() == {Path("README.md")}
    for name, path in written.items():
        if path.suffix == ".parquet":
            assert_frame_equal(pl.read_parquet(path), pl.read_parquet(SAMPLE / name))
        else:
            assert path.read_bytes() == (SAMPLE / name).read_bytes(), name


def test_the_sample_is_small():
    assert sum(path.stat().st_size for path in SAMPLE.rglob("*") if path.is_file()) <= MOST_BYTES


def test_what_is_refused_is_what_was_planned():
    roles = tomllib.loads((SAMPLE / "heard.toml").read_text())["roles"]
    sources, _ = discover([str(SAMPLE)])
    refused = {source.name: [one.reason for one in read(source, roles).rejected] for source in sources}
    refused = {name: reasons for name, reasons in refused.items() if reasons}
    assert refused.keys() == REJECTED.keys()
    for name, beginnings in REJECTED.items():
        assert len(refused[name]) == len(beginnings)
        assert all(any(reason.startswith(begin) for reason in refused[name]) for begin in beginnings), name


def test_nobody_can_be_reached(again):
    _, cases = again
    texts = pl.Series([turn.text for case in cases for turn in case.turns])
    left = redact(texts).str.contains(r"@example|07700|\bIBAN is [A-Z]{2}\d")
    assert not left.any()


def test_the_company(measured):
    assert 550 <= values(measured, "select count(*) from conversation")[0] <= 650
    assert set(values(measured, "select distinct channel from conversation")) == {
        "voice",
        "chat",
        "ticket",
        "email",
        "social",
    }
    french = values(measured, "select avg((language like 'fr%')::int) from conversation")[0]
    assert 0.38 <= french <= 0.47
    assert values(measured, "select count(distinct team) from conversation") == [3 + 1]  # and the second line
    assert values(measured, "select count(distinct agent_id) from conversation where agent_id like '71__'") == [12]
    customers = "select count(*) n from conversation where customer_id is not null group by customer_id"
    assert values(measured, f"select count(*) from ({customers}) where n > 1")[0] > 100
    rated = values(
        measured, "select avg((csat is not null)::int) from outcome join conversation using (conversation_id)"
    )
    assert 0.35 <= rated[0] <= 0.47


def test_dirt_is_read_as_the_readme_says(measured, again):
    _, cases = again
    assert values(measured, "select count(*) from outcome where conversation_id = 'CALL-99999'") == [0]
    assert values(measured, "select count(*) from conversation where conversation_id like 'C%-9000_'") == [0]
    exports = [set(pl.read_csv(path, infer_schema=False)["conversation_id"]) for path in SAMPLE.glob("csv/chats-*.csv")]
    split = [name for name, times in Counter(name for names in exports for name in names).items() if times > 1]
    assert split
    for case in (case for case in cases if case.id in split):
        words = f"select sum(length(text)) from turn where conversation_id = '{case.id}' and speaker = 'agent'"
        assert values(measured, words)[0] >= 0.8 * sum(len(turn.text) for turn in case.turns if turn.speaker == "agent")
    assert values(measured, "select count(*) from turn where text = 'One more thing: thank you.'") == [1]


def test_promises_of_every_fate(measured):
    fates = Counter(values(measured, "select status from commitment"))
    assert fates.keys() == {"kept", "kept_late", "broken", "pending", "unknown"}
    assert min(fates.values()) >= 5


def test_escalations_of_every_class(measured):
    classes = Counter(values(measured, 'select "class" from escalation'))
    assert classes.keys() == {"timely", "late", "missed", "untriggered"}
    assert min(classes.values()) >= 5


def test_every_metric_differs_between_conversations(measured):
    sql = "select metric, count(distinct value) n from conversation_metric group by metric having n < 2"
    assert query(measured[0], sql)["metric"].to_list() == []


@pytest.mark.parametrize("found", PLANTED["found"], ids=lambda found: found["indicator"])
def test_what_was_planted_is_found(association, found):
    row = association[found["indicator"], found["outcome"]]
    assert row["q"] < 0.05
    assert row["effect"] * found["sign"] > 0


@pytest.mark.parametrize("outcome", PLANTED["independent"])
def test_what_was_not_planted_is_not_found(association, outcome):
    named = {name for name in PLANTED["independent"][outcome] if (association[name, outcome]["q"] or 1) < 0.05}
    assert named == set()


def test_raw_figures_hide_what_hard_topics_cover(association):
    row = association[PLANTED["confounded"]["indicator"], PLANTED["confounded"]["outcome"]]
    assert row["effect"] > 1.1 * row["raw_effect"]
    assert row["effect_low"] > 0


def test_late_and_missed_escalations_leave_lower_ratings(measured):
    sql = """
        select avg(csat) filter ("class" in ('late', 'missed')) late, avg(csat) filter ("class" = 'timely') timely
        from escalation join outcome using (conversation_id)
    """
    row = query(measured[0], sql).row(0, named=True)
    assert row["late"] < row["timely"]


def test_every_check_is_made_in_a_run_and_holds(measured):
    made = query(measured[0], "from quality_check").select("suite", "table", "check", "is_passed")
    for suite, rules in (("incoming", suite_incoming.RULES), ("published", suite_published.RULES)):
        asked = {(suite, rule.table, rule.check) for rule in rules}
        assert asked <= set(made.select("suite", "table", "check").rows())
    assert made["is_passed"].all()


def test_as_of_is_the_night_after_the_last_day():
    assert datetime(2026, 11, 16, 2) == AS_OF


def test_each_total_of_the_scorecard_is_the_sum_of_its_items(measured):
    sql = """
    select count(*) as n,
        count(*) filter (abs(s.points - w.score_points) > 1e-9 or s.weight <> w.score_applicable_weight) as off
    from (select conversation_id, sum(points) as points, sum(weight) filter (points is not null) as weight
          from conversation_score group by 1) s join conversation_wide w using (conversation_id)"""
    n, off = query(measured[0], sql).row(0)
    assert (n > 500, off) == (True, 0)
    assert values(measured, "select sum(weight) from scorecard_item") == [100]
