"""Whom to coach on what: conversations chosen by signs, missed moments, colleagues' words, peers, a private load."""

import shutil
from datetime import date
from pathlib import Path

import duckdb
import polars as pl
import pytest

from dashboard import moments, peers, profile, watching
from dashboard.filters import Chosen
from dashboard.warehouse import query
from tests.dashboard_home import CUSTOMER, shared_home

pytestmark = pytest.mark.xdist_group("dashboard")

EVERYTHING = Chosen(None)


@pytest.fixture
def shown(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEARD_HOME", str(shared_home(tmp_path_factory.getbasetemp())))


@pytest.mark.usefixtures("shown")
class TestCoaching:
    def test_the_three_conversations_are_the_agents_own_and_say_why(self) -> None:
        picked = watching.worth_watching(profile.of_agent(EVERYTHING, "ana"))
        assert [row["why"] for row in picked] == list(watching.KINDS)
        assert {row["agent_id"] for row in picked} == {"ana"}
        assert len({row["conversation_id"] for row in picked}) == 3
        assert all(row["signs"] for row in picked)

    def test_the_best_has_as_many_good_signs_as_any(self) -> None:
        signs = " + ".join(f"coalesce(({condition})::INT, 0)" for condition in watching.BEST)
        sql = f"SELECT max({signs}) FROM conversation_wide WHERE agent_id = 'ana'"
        best = watching.worth_watching(profile.of_agent(EVERYTHING, "ana"))[0]
        assert len(best["signs"]) == query(sql).item()

    def test_missed_moments_are_those_of_the_agent_and_open_at_the_turn(self) -> None:
        rows = moments.missed(EVERYTHING, "ana", 1)
        said = {row["said"] for row in rows}
        assert said and said <= set(CUSTOMER)
        total = query("SELECT count(*) FROM empathy_moment WHERE agent_id = 'ana' AND answer IS NULL").item()
        assert moments.own(EVERYTHING, "ana")["missed"].sum() == total

    def test_phrases_are_colleagues_own_and_went_well(self) -> None:
        kind = moments.own(EVERYTHING, "ana")["kind"][0]
        (row,) = moments.phrases(EVERYTHING, "ana", [kind])[kind]
        assert row["words"] in "I understand how frustrating this must be."
        sql = "SELECT agent_id, is_calmer FROM empathy_moment WHERE conversation_id = $id AND answer_turn_index = $turn"
        found = query(sql, id=row["conversation_id"], turn=row["turn_index"]).rows()
        assert all(agent != "ana" for agent, _ in found)
        assert any(is_calmer for _, is_calmer in found)
        assert 0 < row["calmer_count"] <= row["n"]

    def test_a_profile_has_each_metric_with_n_and_interval_beside_the_team(self) -> None:
        metrics = query("FROM metric WHERE family = 'empathy'").to_dicts()
        rows = profile.profile(metrics, "ana", profile.team_of("ana"), profile.of_agent(EVERYTHING, "ana"))
        row = rows.row(by_predicate=pl.col("Metric") == "Validation count", named=True)
        n = query("SELECT count(validation_count) FROM conversation_wide WHERE agent_id = 'ana'").item()
        assert row["n"] == n
        assert " to " in row["95 %"]
        assert " to " in row["Middle half of the team's agents"]

    def test_peers_come_in_the_order_of_their_names(self) -> None:
        found = peers.peers("agent", "validation_count")
        assert found["name"].to_list() == sorted(found["name"])
        assert peers.named("agent")["differs"].all()


def test_where_the_words_of_markers_are_gone_there_are_no_phrases_and_no_error(
    tmp_path_factory: pytest.TempPathFactory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(shared_home(tmp_path_factory.getbasetemp()) / "warehouse.duckdb", tmp_path)
    with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as con:
        con.execute("UPDATE marker SET words = NULL")
        con.execute("UPDATE turn SET text = ''")
    monkeypatch.setenv("HEARD_HOME", str(tmp_path))
    kind = moments.own(EVERYTHING, "ana")["kind"][0]
    assert moments.phrases(EVERYTHING, "ana", [kind]) == {kind: []}
    assert all("customer" in moments.as_html(row) for row in moments.missed(EVERYTHING, "ana", 1))


def load_of(teams: dict[str, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The teams whose load is shown, where each has so many agents."""
    monkeypatch.setenv("HEARD_HOME", str(tmp_path))
    with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as con:
        con.execute(
            "CREATE TABLE agent_day (agent_id VARCHAR, team VARCHAR, day DATE, hard_conversation_count BIGINT,"
            " hard_streak_count BIGINT, agent_turn_count BIGINT, after_hours_share DOUBLE)"
        )
        for team, count in teams.items():
            for number in range(count):
                con.execute(
                    "INSERT INTO agent_day VALUES (?, ?, ?, 1, 1, 10, 0.5)",
                    [f"{team}-{number}", team, date(2026, 11, 2)],
                )
    return peers.load(EVERYTHING)["name"].to_list()


def test_no_load_is_shown_of_fewer_than_five_agents(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_of({"north": 5, "south": 4}, tmp_path, monkeypatch) == ["north"]  # all less north would be the south's


def test_the_load_of_all_is_shown_where_no_small_team_is_left_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert load_of({"north": 3, "south": 4}, tmp_path, monkeypatch) == ["All agents"]
