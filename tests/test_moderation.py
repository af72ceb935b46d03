"""Moderated p-values: right where nothing holds, not taken in by lucky errors, and never surer than clusters allow."""

import numpy as np
import pytest
from scipy.stats import t

from metrics.moderation import moderated_p

AGENTS, PAIRS = 12, 4000


def made(seed: int, ratio: float = 1.0) -> tuple[np.ndarray, ...]:
    """Effects that are nothing but noise, and clustered errors guessed on 11 degrees of freedom."""
    rng = np.random.default_rng(seed)
    errors = np.sqrt(ratio * rng.chisquare(AGENTS - 1, PAIRS) / (AGENTS - 1))
    return rng.normal(0, np.sqrt(ratio), PAIRS), errors, np.ones(PAIRS), np.full(PAIRS, AGENTS), np.full(PAIRS, 600)


@pytest.mark.parametrize("ratio", [1.0, 2.5])
def test_where_nothing_holds_small_p_are_no_more_than_promised(ratio):
    p = moderated_p(*made(1, ratio))
    assert 0.02 <= np.mean(p < 0.05) <= 0.055
    assert np.mean(p < 0.001) <= 0.002


def test_a_lucky_error_names_nothing():
    """An error a quarter of the usual: t = 6 on 11 degrees of freedom is p = 0.00009; judged by the others, 0.13."""
    effects, errors, *rest = made(2)
    effects[0], errors[0] = 1.5, 0.25
    assert 2 * t.sf(6, AGENTS - 1) < 0.0001
    assert moderated_p(effects, errors, *rest)[0] == pytest.approx(0.13, abs=0.02)


def test_pairs_lend_each_other_certainty():
    """Four usual errors: p = 0.002 on 11 degrees of freedom, 0.00006 where thousands of pairs agree on the error."""
    effects, errors, *rest = made(3)
    effects[0], errors[0] = 4.0, 1.0
    assert moderated_p(effects, errors, *rest)[0] < 0.0002 < 2 * t.sf(4, AGENTS - 1)


def test_a_large_clustered_error_is_believed():
    """Agents in whom the behaviour goes with the outcome differently: the error is not drawn down."""
    effects, errors, *rest = made(4)
    effects[0], errors[0] = 6.0, 3.0
    assert moderated_p(effects, errors, *rest)[0] >= 2 * t.sf(2, 10_000)


def test_few_pairs_say_nothing_of_one_another():
    """Then the t distribution on 11 degrees of freedom, by the larger of both errors."""
    p = moderated_p(np.array([4.0, 4.0]), np.array([1.0, 0.2]), np.ones(2), np.full(2, AGENTS), np.full(2, 600))
    assert p == pytest.approx([2 * t.sf(4, 11)] * 2)
