"""Every page of the dashboard, run without a browser over a home that a real run has published."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from dashboard import peers, relation, say
from dashboard.filters import DAYS, Chosen
from dashboard.find import Find, found, from_link
from dashboard.warehouse import query
from tests.dashboard_home import HOSTILE_ID, shared_home

pytestmark = pytest.mark.xdist_group("dashboard")

APP = Path(__file__).parent.parent / "dashboard" / "app.py"
PAGES = {
    "overview": "Overview",
    "changes": "What changed",
    "indicators": "Indicators",
    "behaviour": "Behaviour and outcome",
    "teams": "Teams and agents",
    "coaching": "Coaching",
    "promises": "Promises",
    "scorecard": "Scorecard",
    "escalations": "Escalations",
    "conversations": "Conversations",
    "quality": "Data quality",
    "about": "About the metrics",
}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return shared_home(tmp_path_factory.getbasetemp())


@pytest.fixture
def shown(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("HEARD_HOME", str(home))
    yield home


def page(name: str = "overview", **link: str | list[str]) -> AppTest:
    app = AppTest.from_file(str(APP), default_timeout=60)
    app.query_params.update({"period": "Everything", **link})
    app.run()
    if name != "overview":
        app.switch_page(f"app_pages/{name}.py").run()
    assert not app.exception, [problem.value for problem in app.exception]
    return app


def words(app: AppTest) -> str:
    parts = [*app.title, *app.caption, *app.markdown, *app.text, *app.info, *app.get("html")]
    return "\n".join(str(getattr(part, "value", None) or part.proto.body) for part in parts)


def found_in(link: dict[str, object]) -> int:
    """How many conversations a link leads to."""
    asked = from_link({name: str(value) for name, value in link.items()}, {str(link["by"]), str(link["known"])})
    return found(Chosen(None), asked).all_count


@pytest.mark.usefixtures("shown")
class TestEveryPage:
    @pytest.mark.parametrize("name", PAGES)
    def test_a_page_renders_under_its_title(self, name: str) -> None:
        assert page(name).title[0].value == PAGES[name]

    @pytest.mark.parametrize("name", PAGES)
    def test_a_page_renders_where_nothing_is_selected(self, name: str) -> None:
        days = ["2020-01-01", "2020-01-02"]
        assert page(name, period="From … to …", days=days).title[0].value == PAGES[name]

    @pytest.mark.parametrize("name", ["changes", "coaching", "promises", "escalations"])
    def test_a_page_renders_for_an_agent_and_an_outcome(self, name: str) -> None:
        app = page(name, period="Last 90 days", agent_id=["ana"], ending="resolved")
        assert app.title[0].value == PAGES[name]
        assert not app.error

    def test_the_weights_for_who_answers_are_a_switch(self) -> None:
        app = page("behaviour", outcome="csat", weighted="true")
        assert app.toggle[0].value
        assert "response rate" in words(app)

    def test_a_band_opens_as_many_conversations_as_its_figure_says(self) -> None:
        """Behaviour counts up to the outcome there: by whole conversations, other ones would be found."""
        pairs = query("SELECT DISTINCT indicator, outcome FROM dose_response ORDER BY ALL").rows()
        for indicator, outcome in pairs[::7]:
            bins = relation.dose(indicator, outcome)
            opens = relation.opens(bins, indicator, outcome)
            assert [found_in(link) for link in opens] == bins["n"].to_list()
        app = page("conversations", **{name: str(value) for name, value in opens[0].items()})
        assert f"**{bins['n'][0]:,} found**" in words(app)
        assert "as it stood before the outcome" in words(app)

    def test_a_point_of_the_funnel_opens_as_many_conversations_as_it_stands_on(self) -> None:
        points = query("SELECT name, metric, n FROM peer WHERE level = 'agent' ORDER BY hash(name, metric) LIMIT 20")
        assert points.height == 20
        for name, metric, n in points.rows():
            link = peers.opens("agent", name, {"metric": metric, "direction": None})
            chosen = Chosen(tuple(peers.days()), {peers.FILTER["agent"]: link[peers.FILTER["agent"]]})
            assert found(chosen, Find(by=str(link["by"]))).all_count == n
            assert link["period"] == DAYS  # so that no filter of the sidebar narrows it

    @pytest.mark.parametrize("column", ["team", "agent_id", "channel", "language", "topic"])
    def test_every_filter_selects_what_the_warehouse_has_of_it(self, column: str) -> None:
        value, n = query(f"SELECT {column}, count(*) AS n FROM conversation GROUP BY 1 ORDER BY n LIMIT 1").row(0)
        app = page("conversations", **{column: [value]})
        assert f"**{n:,} found**" in words(app)

    def test_the_overview_counts_what_was_published_and_what_was_refused(self) -> None:
        app = page()
        assert "**121 of 121 conversations**" in words(app)
        assert "Rejected: 1 record" in words(app)

    def test_the_scorecard_of_a_conversation_names_the_turns_that_earned_its_points(self) -> None:
        found = query(
            "SELECT conversation_id, turn_index, score_points, score_applicable_weight FROM conversation_wide"
            " JOIN marker USING (conversation_id) WHERE marker = 'validation' LIMIT 1"
        ).row(0, named=True)
        told = words(page("conversation", conversation_id=found["conversation_id"]))
        assert f"{found['score_points']:g} of the {found['score_applicable_weight']:g} points that apply" in told
        assert f"validation #{found['turn_index']}" in told

    def test_a_period_is_compared_with_the_one_before(self) -> None:
        app = page(period="Last 28 days")
        assert any(metric.delta for metric in app.metric)

    def test_a_metric_comes_with_definition_unit_n_and_coverage(self) -> None:
        app = page("metric", metric="validation_count")
        said = words(app)
        for part in ("**Unit**", "**Source**", "**Coverage**", "95 %", "n "):
            assert part in said

    def test_a_metric_of_each_unit_and_aggregate_has_its_own_page(self) -> None:
        for (metric,) in query("SELECT min(metric) FROM metric GROUP BY aggregate, unit").rows():
            app = page("metric", metric=metric)
            assert app.selectbox(key="metric").value == metric
            assert app.title[0].value == say.plain(say.name(metric))

    def test_a_metric_shows_its_evidence_and_how_it_agrees_with_people_in_each_language(self) -> None:
        said = words(page("metric", metric="aggression_turn_count"))
        for part in ("<mark>You are an idiot</mark>", "<mark>Vous êtes un imbécile</mark>"):
            assert part in said
        labelled = query("SELECT * FROM validity WHERE marker = 'aggression' AND language = 'fr' LIMIT 1").row(
            0, named=True
        )
        assert f"<td>{labelled['corpus']}</td><td>{labelled['judged_count']:,}</td>" in said
        assert "<td>fr</td><td>nobody has labelled this</td>" in words(page("metric", metric="validation_count"))

    def test_a_timing_metric_shows_what_it_would_be_at_other_thresholds(self) -> None:
        sql = "SELECT value FROM sensitivity WHERE metric = 'non_talk_share' AND seconds = 0.3"
        said = words(page("metric", metric="non_talk_share"))
        assert f"<td>0.3 s</td><td>{say.value(query(sql).item(), 'share 0..1')}</td>" in said
        assert "<td>3 s, in force</td>" in said

    def test_the_page_of_a_load_names_neither_an_agent_nor_a_team_of_three(self) -> None:
        said = words(page("metric", metric="hard_conversation_count", team=["billing"], group="Agent"))
        assert "<td>All agents</td>" in said
        assert not any(f"<td>{name}</td>" in said for name in ("billing", "delivery", "ana", "dan"))

    def test_every_metric_of_a_family_leads_to_its_own_page_with_the_filters(self) -> None:
        said = words(page("indicators", family="empathy", team=["billing"]))
        for (metric,) in query("SELECT metric FROM metric WHERE family = 'empathy'").rows():
            assert f'href="metric?team=billing&amp;period=Everything&amp;metric={metric}"' in said

    def test_an_unknown_metric_in_a_link_is_not_asked_for(self) -> None:
        asked = page("conversations", by='x"; DROP TABLE turn; --', ending="nonsense", low="nonsense")
        assert "**121 found**" in words(asked)

    def test_words_are_found_whatever_their_case_and_accents(self) -> None:
        (n,) = query("SELECT count(DISTINCT conversation_id) FROM turn WHERE text LIKE '%inadmissible%'").row(0)
        assert f"**{n} found**" in words(page("conversations", words="C’EST INADMISSIBLE"))

    def test_a_conversation_shows_its_words_metrics_and_promises(self) -> None:
        (name,) = query("SELECT min(conversation_id) FROM commitment").row(0)
        said = words(page("conversation", conversation_id=name))
        assert "I will call you back tomorrow" in said
        assert "evidence" in said
        assert "there was nothing to measure" in said or "does not apply to this channel" in said

    def test_previous_and_next_walk_through_what_was_found(self) -> None:
        ids = query("SELECT conversation_id FROM conversation ORDER BY started_at, conversation_id")["conversation_id"]
        app = page("conversation", conversation_id=ids[1], order="oldest first")
        app.button(key="Next").click().run()
        assert app.query_params["conversation_id"] in (ids[2], [ids[2]])

    def test_a_link_to_no_conversation_says_what_to_do(self) -> None:
        assert "names no conversation" in words(page("conversation", conversation_id="gone"))

    def test_a_hostile_conversation_opens(self) -> None:
        assert "&lt;script&gt;window.hacked=1&lt;/script&gt;" in words(page("conversation", conversation_id=HOSTILE_ID))


@pytest.mark.parametrize(("address", "is_said"), [("127.0.0.1", False), ("0.0.0.0", True), (None, True)])
@pytest.mark.usefixtures("shown")
def test_every_page_says_when_others_can_read_it(
    address: str | None, is_said: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(st, "get_option", lambda _: address)
    assert any("no sign-in yet" in note.value for note in page("about").sidebar.warning) == is_said


def test_an_empty_home_says_how_to_fill_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEARD_HOME", str(tmp_path / "nothing"))
    app = AppTest.from_file(str(APP), default_timeout=60).run()
    assert not app.exception
    assert app.title[0].value == "Nothing to show yet"
    assert [block.value for block in app.code] == [f"heard run SOURCE --home {tmp_path / 'nothing'}", "heard demo"]


def test_a_damaged_warehouse_says_how_to_mend_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEARD_HOME", str(tmp_path))
    (tmp_path / "warehouse.duckdb").write_bytes(b"no database" * 1000)
    app = AppTest.from_file(str(APP), default_timeout=60).run()
    assert not app.exception
    assert "cannot be read" in app.error[0].value
    assert app.code[0].value == f"heard rebuild --home {tmp_path}"
