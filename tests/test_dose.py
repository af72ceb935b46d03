"""Bands of an indicator, and the outcome in each, by hand."""

import itertools

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.world import indicators, world
from metrics.dose import SCHEMA, bands, dose_response


def frame(behaviour: list[float | None], **outcomes: list[object]) -> pl.DataFrame:
    ids = [f"c{i}" for i in range(len(behaviour))]
    return pl.DataFrame({"conversation_id": ids, "behaviour_0": pl.Series(behaviour, dtype=pl.Float64), **outcomes})


def test_few_values_have_a_band_each():
    assert bands(pl.Series([0.0, 2.0, 0.0, None, 5.0])).to_list() == [0, 1, 0, None, 2]


def test_many_zeros_are_a_band_of_their_own():
    values = pl.Series([0.0] * 5 + [float(i) for i in range(1, 11)])
    assert bands(values).to_list() == [0] * 5 + [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]


def test_shares_come_with_wilsons_interval():
    """3 of 4 resolved: Wilson's interval is 0.3006 to 0.9544 (worked by hand with z = 1.96)."""
    wide = frame([1.0] * 4 + [0.0] * 2, was_resolved=[True, True, True, False, True, None])
    rows = dose_response(wide, wide, indicators(1)).rows(named=True)
    assert [(r["bin"], r["low"], r["high"], r["n"], r["mean"]) for r in rows] == [(0, 0, 0, 1, 1), (1, 1, 1, 4, 0.75)]
    assert (rows[1]["mean_low"], rows[1]["mean_high"]) == pytest.approx((0.3006, 0.9544), abs=1e-4)


def test_ratings_come_with_the_interval_of_a_mean():
    """Ratings 3, 4, 5: mean 4, standard deviation 1, t(2) = 4.303, so 4 ± 4.303 / √3. One alone has no interval."""
    wide = frame([1.0, 1.0, 1.0, 2.0], csat=[3.0, 4.0, 5.0, 2.0])
    first, second = dose_response(wide, wide, indicators(1)).rows(named=True)
    assert (first["mean"], first["mean_low"], first["mean_high"]) == pytest.approx((4, 4 - 2.484, 4 + 2.484), abs=1e-3)
    assert (second["n"], second["mean"], second["mean_low"]) == (1, 2.0, None)


def test_times_are_told_by_their_geometric_mean():
    wide = frame([1.0, 1.0], resolution_seconds=[100.0, 10_000.0])
    assert dose_response(wide, wide, indicators(1))["mean"][0] == pytest.approx(1000)


def test_bands_sum_to_the_pairs_n_and_nothing_gives_an_empty_table():
    wide = world(np.random.default_rng(1), indicator_count=12)
    table = dose_response(wide, wide, indicators(12))
    pairs = table.group_by("indicator", "outcome").agg(pl.col("n").sum())
    for indicator, outcome, n in pairs.iter_rows():
        assert n == wide.select(indicator, outcome).drop_nulls().height
    assert dose_response(wide.clear(), wide.clear(), indicators(2)).is_empty()
    assert dict(table.schema) == dict(dose_response(wide, wide, []).schema) == SCHEMA


@given(st.lists(st.none() | st.floats(-1e6, 1e6), min_size=1, max_size=60))
def test_higher_values_never_have_a_lower_band(values: list[float | None]):
    found = bands(pl.Series(values, dtype=pl.Float64)).to_list()
    known = sorted((v, b) for v, b in zip(values, found, strict=True) if v is not None)
    assert all(one[1] <= other[1] for one, other in itertools.pairwise(known))
    assert all(one[1] == other[1] for one, other in itertools.pairwise(known) if one[0] == other[0])
    assert [b is None for b in found] == [v is None for v in values]
