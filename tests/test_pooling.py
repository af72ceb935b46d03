"""Agents side by side: drawn towards the whole, adjusted for what they were given, and named only if it holds."""

from datetime import datetime, timedelta

import numpy as np
import polars as pl
import pytest

from metrics.pooling import SCHEMA, peers, side_by_side, spread_between


def made(seed: int, own: list[float], sizes: list[int], hard_shares: list[float] | None = None) -> pl.DataFrame:
    """Agents with their own effect on a number, 2 lower in hard topics; teams of two agents."""
    rng = np.random.default_rng(seed)
    agent = np.repeat(np.arange(len(own)), sizes)
    hard = rng.random(len(agent)) < np.array(hard_shares or [0.3] * len(own))[agent]
    return pl.DataFrame(
        {
            "conversation_id": [f"c{i:05d}" for i in range(len(agent))],
            "agent_id": [f"agent-{a:02d}" for a in agent],
            "team": [f"team-{a // 2}" for a in agent],
            "topic": np.where(hard, "hard", "easy"),
            "score": 5 - 2.0 * hard + np.array(own)[agent] + rng.normal(size=len(agent)),
        }
    )


def test_means_and_the_whole_by_hand():
    rows = made(1, [0, 0, 0], [12, 12, 12]).with_columns(
        score=pl.Series([1.0, 2, 3, 2] * 3 + [2.0, 3, 4, 3] * 3 + [6.0, 7, 8, 7] * 3)
    )
    table = side_by_side(rows.drop("topic", "team"), "score")
    assert table["mean"].to_list() == [2, 3, 7]
    assert table["overall"].to_list() == pytest.approx([4] * 3)
    assert table["difference"].to_list() == pytest.approx([-2, -1, 3])
    # within: 3 x 6 / (36 - 3) = 0.545; of a mean of twelve: 0.0455; limits 4 ± t(33) x 0.2132
    assert table["limit_998_high"].to_list() == pytest.approx([4 + 3.3563 * (18 / 33 / 12) ** 0.5] * 3, abs=1e-4)
    assert table["differs"].to_list() == [True, True, True]


def test_a_difference_on_few_conversations_is_not_named():
    rows = made(1, [0, 0, 0, 9], [40, 40, 40, 9])
    table = side_by_side(rows, "score")
    assert table["difference"][3] > table["limit_998_high"][3] - table["overall"][3]
    assert not table["differs"][3]


def test_peers_are_told_by_agent_and_team_over_the_last_13_weeks():
    """What ana did a year ago does not count today; a time that slept over a year counts no more than the longest."""
    days = [datetime(2026, 11, 1) - timedelta(days=400 * (i < 20)) for i in range(120)]
    rows = made(9, [0.0] * 6, [20] * 6).with_columns(
        started_at=pl.Series(days), reply_seconds=pl.Series([60.0] * 119 + [3e7])
    )
    table = peers(rows, ["score", "reply_seconds"], ["reply_seconds"])
    assert table["level"].unique().sort().to_list() == ["agent", "team"]
    agents = table.filter(pl.col("level") == "agent", pl.col("metric") == "reply_seconds")
    assert agents["name"].to_list() == [f"agent-{number:02d}" for number in range(1, 6)]
    assert agents["mean"].to_list() == [60] * 5


def test_few_conversations_are_drawn_further():
    """The same difference on 20 and on 500 conversations: little is said of the first."""
    table = side_by_side(made(2, [1.0, 1.0, -1.0, -1.0, 0, 0], [20, 500, 20, 500, 300, 300]), "score")
    drawn = (table["pooled"] / table["difference"]).to_list()
    assert drawn[0] < drawn[1] and drawn[2] < drawn[3]
    assert all(abs(pooled) <= abs(difference) for pooled, difference in table.select("pooled", "difference").rows())


def test_hard_cases_are_no_fault_of_the_agent():
    """Agent 0 takes mostly hard topics: the plain mean is lowest by 1.2, the difference nearly none."""
    table = side_by_side(made(3, [0.0] * 6, [400] * 6, [0.9] + [0.3] * 5), "score")
    assert table["mean"][0] < table["mean"][1:].min() - 0.8
    assert abs(table["difference"][0]) < 0.25
    assert not table["differs"].any()


def test_where_agents_do_not_differ_none_is_named():
    named = [side_by_side(made(seed, [0.0] * 12, [50] * 12), "score")["differs"].sum() for seed in range(40)]
    assert sum(named) <= 2


def test_that_none_differ_is_never_quite_sure():
    table = side_by_side(made(8, [0.0] * 12, [50] * 12), "score")
    assert (table["pooled_low"] < table["pooled_high"]).all()


def test_who_differs_is_named():
    own = [0.0] * 11 + [-1.5]
    table = side_by_side(made(4, own, [50] * 12), "score")
    assert table.filter("differs")["group"].to_list() == ["agent-11"]


def test_pooled_intervals_cover_the_truth():
    """Agents' own effects drawn from a normal distribution: 95 % intervals cover some 95 % of them."""
    covered = []
    for seed in range(60):
        own = np.random.default_rng(1000 + seed).normal(0, 0.4, 12)
        table = side_by_side(made(seed, own.tolist(), [40] * 12), "score")
        truth = own - own.mean()
        covered += ((table["pooled_low"].to_numpy() <= truth) & (truth <= table["pooled_high"].to_numpy())).tolist()
    assert 0.91 <= np.mean(covered) <= 0.98


def test_teams_differ_no_more_than_their_agents_make_them():
    """Agents differ much, teams not at all but by whom they have."""
    own = np.random.default_rng(5).normal(0, 1, 12).tolist()
    table = side_by_side(made(5, own, [200] * 12), "score", by="team")
    assert table.height == 6
    assert not table["differs"].any()


def test_limits_of_a_share_stay_between_0_and_1():
    rows = made(6, [0, 0, 0], [3, 3, 30]).with_columns(was_resolved=pl.int_range(pl.len()) % 10 > 0)
    table = side_by_side(rows, "was_resolved")
    assert table["limit_998_high"].max() == 1


def test_too_few_groups_give_no_row():
    assert side_by_side(made(7, [0, 1], [50, 50]), "score").is_empty()
    rows = side_by_side(made(7, [0, 1, 2, 3], [50, 50, 50, 1]), "score")
    assert dict(rows.schema) == SCHEMA
    assert rows.height == 3  # one conversation says nothing of its agent


def test_the_spread_between_groups_by_hand():
    """With equal variances v it is the variance of the differences less v: 4 - 1."""
    assert spread_between(np.array([-2.0, 0.0, 2.0]), np.ones(3)) == pytest.approx(3)
    assert spread_between(np.array([-0.1, 0.0, 0.1]), np.ones(3)) == 0
