"""Values and intervals on the dashboard, against figures worked by hand, published ones, and resampling."""

import random
from pathlib import Path
from statistics import quantiles

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.estimates import adjusted, difference, estimate, mean, p_value, ratio, wilson

METRICS = [
    {"metric": "was_resolved", "unit": "yes/no", "aggregate": "mean"},
    {"metric": "csat", "unit": "rating 1..5", "aggregate": "mean"},
    {"metric": "reply_seconds", "unit": "seconds", "aggregate": "median"},
    {
        "metric": "validation_per_100_turns",
        "unit": "per 100 agent turns",
        "aggregate": "ratio",
        "numerator": "validation_count",
        "denominator": "agent_turn_count",
        "scale": 100.0,
    },
]


def rounded(interval: tuple, digits: int = 4) -> tuple:
    return tuple(None if end is None else round(end, digits) for end in interval)


@pytest.fixture
def warehouse(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEARD_HOME", str(tmp_path))
    with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as con:
        con.execute(
            "CREATE TABLE conversation_wide AS SELECT * FROM (VALUES"
            " ('a', true, 5.0, 10.0, 1, 10, 10.0), ('a', true, 4.0, 20.0, 3, 10, 30.0),"
            " ('a', false, NULL, 60.0, 0, 0, NULL),"
            " ('b', NULL, NULL, NULL, 2, 5, 40.0))"
            " v(team, was_resolved, csat, reply_seconds, validation_count, agent_turn_count, validation_per_100_turns)"
        )


def by_group(metric: str, **where: str) -> dict:
    rows = estimate([m for m in METRICS if m["metric"] == metric], **where).to_dicts()
    return {row["group"]: row for row in rows}


@pytest.mark.usefixtures("warehouse")
class TestEstimate:
    def test_a_share_is_of_those_that_are_known_and_says_how_many_these_are(self) -> None:
        found = by_group("was_resolved", where="true", by="team")
        assert (found["a"]["value"], found["a"]["n"], found["a"]["all_count"]) == (pytest.approx(2 / 3), 3, 3)
        assert (found["b"]["value"], found["b"]["n"], found["b"]["all_count"]) == (None, 0, 1)

    def test_a_mean_of_one_value_has_no_interval(self) -> None:
        found = by_group("csat", where="reply_seconds = 10")[None]
        assert (found["value"], found["low"], found["high"]) == (5.0, None, None)

    def test_a_median_is_the_middle_one(self) -> None:
        assert by_group("reply_seconds", where="true")[None]["value"] == 20.0

    def test_a_median_has_the_interval_of_its_ranks_in_every_group(self, tmp_path: Path) -> None:
        with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as con:
            con.execute("DELETE FROM conversation_wide")
            con.execute("INSERT INTO conversation_wide (team, reply_seconds) SELECT 'a', range FROM range(99, 0, -1)")
            con.execute("INSERT INTO conversation_wide (team, reply_seconds) SELECT 'b', range FROM range(1, 6)")
        found = by_group("reply_seconds", where="true", by="team")
        # Of 1 to 99 the ranks floor(49.5 - 0.98 * √99) and ceil(50.5 + 0.98 * √99); five values are too few for any.
        assert (found["a"]["value"], found["a"]["low"], found["a"]["high"]) == (50.0, 39.0, 61.0)
        assert (found["b"]["value"], found["b"]["low"], found["b"]["high"]) == (3.0, None, None)

    def test_a_ratio_sums_only_where_the_metric_was_measured(self) -> None:
        assert by_group("validation_per_100_turns", where="team = 'a'")[None]["value"] == 20.0  # (1 + 3) of 20
        assert by_group("validation_per_100_turns", where="true")[None]["value"] == 24.0  # (1 + 3 + 2) of 25

    def test_nothing_selected_gives_no_value_and_no_error(self) -> None:
        assert by_group("csat", where="false")[None]["value"] is None


def test_wilsons_interval_is_the_published_one() -> None:
    assert rounded(wilson(81, 263)) == (0.308, 0.2553, 0.3662)  # Newcombe 1998, table I
    assert rounded(wilson(0, 20)) == (0.0, 0.0, 0.1611)
    assert wilson(0, 0) == (None, None, None)


def test_a_mean_with_its_interval_by_hand() -> None:
    assert rounded(mean(4.0, 1.0, 100), 3) == (4.0, 3.804, 4.196)


def test_the_difference_of_two_shares_is_the_published_one() -> None:
    now, before = (dict(zip(("value", "low", "high"), wilson(*of), strict=True)) for of in ((56, 70), (48, 80)))
    assert rounded(difference(now, before)) == (0.2, 0.0524, 0.3339)  # Newcombe 1998, method 10


def test_a_ratio_has_the_interval_that_resampling_conversations_gives() -> None:
    chance = random.Random(3)
    pairs = [(chance.randrange(5), chance.randrange(4, 12)) for _ in range(400)]

    def sums(sample: list) -> dict:
        n = len(sample)
        above, below = (sum(pair[side] for pair in sample) / n for side in (0, 1))
        spread = {
            name: sum((pair[i] - (above, below)[i]) * (pair[j] - (above, below)[j]) for pair in sample) / (n - 1)
            for name, i, j in (("above_variance", 0, 0), ("below_variance", 1, 1), ("covariance", 0, 1))
        }
        return {"n": n, "above": above, "below": below, **spread}

    resampled = []
    for _ in range(1000):
        sample = chance.choices(pairs, k=len(pairs))
        resampled.append(100 * sum(a for a, _ in sample) / sum(b for _, b in sample))
    edges = quantiles(resampled, n=40)
    value, low, high = ratio(sums(pairs), 100)
    assert value == pytest.approx(100 * sum(a for a, _ in pairs) / sum(b for _, b in pairs))
    assert low == pytest.approx(edges[0], abs=0.4)
    assert high == pytest.approx(edges[-1], abs=0.4)


@given(st.integers(0, 500), st.integers(1, 500))
def test_a_shares_interval_holds_it_and_stays_between_0_and_1(yes: int, more: int) -> None:
    share, low, high = wilson(yes, yes + more)
    assert -1e-12 <= low <= share + 1e-12
    assert share - 1e-12 <= high <= 1 + 1e-12


def test_p_of_a_change_is_told_by_its_interval() -> None:
    """An interval that just reaches 0 has p 0.05; twice as far from 0, 3.92 errors, 0.0001; on either side alike."""
    assert p_value((1.0, 0.0, 2.0)) == pytest.approx(0.05, abs=1e-4)
    assert p_value((-1.0, -1.2, -0.5)) == pytest.approx(8.9e-5, abs=1e-5)
    assert p_value((1.0, None, None)) is None
    assert p_value((0.0, 0.0, 0.0)) is None


def test_q_by_hand() -> None:
    """Benjamini and Hochberg: of 0.01, 0.02 and 0.9 the second is the smaller of 0.02 x 3 / 2 and 0.9."""
    assert adjusted([0.9, None, 0.02, 0.01]) == [pytest.approx(q) if q else None for q in (0.9, None, 0.03, 0.03)]
    assert adjusted([]) == []
