"""Case mix as columns: levels, rare ones together, the unknown, the length."""

import numpy as np
import polars as pl
import pytest

from metrics.case_mix import case_mix


def test_a_column_for_each_level_but_the_most_frequent():
    rows = pl.DataFrame({"channel": ["chat"] * 40 + ["voice"] * 30 + ["email"] * 20})
    mix = case_mix(rows)
    assert mix.facts == ("channel", "channel")
    assert mix.matrix.sum(axis=0).tolist() == [30, 20]


def test_rare_levels_and_the_unknown_share_a_column():
    rows = pl.DataFrame({"topic": ["billing"] * 40 + ["refund", "parcel", None]})
    assert case_mix(rows).matrix.sum(axis=0).tolist() == [3]


def test_length_is_the_logarithm_of_the_turns():
    """1, 10 and 100 turns are equally far apart; the unit is a standard deviation."""
    told = case_mix(pl.DataFrame({"turn_count": [1, 10, 100]}))
    parts = case_mix(pl.DataFrame({"agent_turn_count": [1, 4, 60], "customer_turn_count": [0, 6, 40]}))
    assert told.facts == parts.facts == ("turn_count",)
    assert told.matrix[:, 0] == pytest.approx([-np.sqrt(1.5), 0, np.sqrt(1.5)])
    assert parts.matrix == pytest.approx(told.matrix)


def test_unknown_distress_is_the_mean_and_says_so():
    mix = case_mix(pl.DataFrame({"early_distress_share": [0.0, 1.0, None]}))
    assert mix.matrix[2].tolist() == [0, 1]


def test_nothing_known_gives_no_columns():
    assert case_mix(pl.DataFrame({"agent_id": ["a", "b"]})).matrix.shape == (2, 0)
