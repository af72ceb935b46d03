"""E-values against the figures of the paper, and what they say of a table."""

import numpy as np
import polars as pl
import pytest

from benchmarks.world import indicators, world
from metrics.association import associate
from metrics.e_values import e_value, e_values


@pytest.mark.parametrize(("risk_ratio", "expected"), [(3.9, 7.26), (1 / 3.9, 7.26), (1.8, 3.0), (1.0, 1.0)])
def test_the_papers_own_example(risk_ratio, expected):
    """VanderWeele and Ding: a risk ratio of 3.9 has an E-value of 7.26, 1.8 (its interval's end) one of 3.0."""
    assert e_value(risk_ratio) == pytest.approx(expected, abs=0.01)


def pair(effect: float, low: float, high: float, outcome: str) -> pl.DataFrame:
    row = {"indicator": "x", "outcome": outcome, "effect": effect, "effect_low": low, "effect_high": high}
    return pl.DataFrame([{**row, "standard_unit": 2.0}])


def test_log_odds_become_a_risk_ratio_by_hand():
    """Half are resolved; 0.2 log-odds a unit, 2 units a standard deviation: e^0.4 / (0.5 + 0.5 e^0.4) = 1.197."""
    wide = pl.DataFrame({"was_resolved": [True, False]})
    row = e_values(pair(0.2, 0.1, 0.3, "was_resolved"), wide).row(0, named=True)
    assert row["e_value"] == pytest.approx(1.197 + (1.197 * 0.197) ** 0.5, abs=1e-3)
    assert row["e_value_limit"] < row["e_value"]
    assert "by a factor of 1.7 each" in row["e_sentence"]


def test_an_interval_with_zero_leaves_nothing_to_explain():
    row = e_values(pair(0.2, -0.1, 0.5, "nps"), pl.DataFrame({"nps": [1.0, 9.0]})).row(0, named=True)
    assert row["e_value_limit"] == 1
    assert "nothing is left to explain away" in row["e_sentence"]


def test_lower_is_as_strong_as_higher():
    wide = pl.DataFrame({"csat": [1.0, 5.0]})
    up, down = e_values(pair(0.3, 0.1, 0.5, "csat"), wide), e_values(pair(-0.3, -0.5, -0.1, "csat"), wide)
    assert up["e_value"][0] == pytest.approx(down["e_value"][0])
    assert up["e_value_limit"][0] == pytest.approx(down["e_value_limit"][0])


def test_every_estimated_pair_has_one():
    wide = world(np.random.default_rng(1), indicator_count=2)
    table = associate(wide, wide, indicators(2))
    assert e_values(table, wide).height == table.filter(pl.col("effect").is_not_null()).height
    assert e_values(table.clear(), wide).is_empty()
