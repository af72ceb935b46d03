"""The three models of an outcome: how likely each row is, as slopes in its linear predictor.

An outcome is a number (linear model), yes or no (logistic model), or a rating (ordinal model: proportional odds, with
the lowest cut point held at 0, since the intercept is free).
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


class Slopes(NamedTuple):
    """Per row: first derivative of the log-likelihood in the predictor, and the second with its sign turned.

    For the ordinal model also in its free cut points: `cut_first`, `cut_cross` (predictor and cut), `cut_second` (each
    cut), `cut_beside` (a cut and the next), second derivatives with their sign turned.
    """

    first: Array
    second: Array
    cut_first: Array
    cut_cross: Array
    cut_second: Array
    cut_beside: Array


Likelihood = Callable[[Array, Array, Array], Slopes]


def share(log_odds: Array) -> Array:
    """The share 0..1 that belongs to log-odds."""
    halved: Array = np.tanh(0.5 * log_odds)
    return 0.5 * (1 + halved)


def linear(outcome: Array, predictor: Array, _cuts: Array) -> Slopes:
    """Slopes of the linear model with unit variance."""
    return _without_cuts(outcome - predictor, np.ones_like(predictor))


def logistic(outcome: Array, predictor: Array, _cuts: Array) -> Slopes:
    """Slopes of the logistic model; the outcome is 0 or 1."""
    expected = share(predictor)
    return _without_cuts(outcome - expected, expected * (1 - expected))


def ordinal(outcome: Array, predictor: Array, cuts: Array) -> Slopes:
    """Slopes of the proportional-odds model; the outcome is 0, 1, 2 and so on, each of which occurs."""
    level = outcome.astype(np.int64)
    edges = np.concatenate([[-np.inf, 0.0], cuts, [np.inf]])
    below, above = share(edges[level] - predictor), share(edges[level + 1] - predictor)
    slope_below, slope_above = below * (1 - below), above * (1 - above)
    chance = np.maximum(above - below, 1e-300)
    free = np.arange(len(cuts))[None, :]
    ends = (level[:, None] == free + 1).astype(np.float64)  # the free cut is this row's upper edge
    begins = (level[:, None] == free + 2).astype(np.float64)  # the free cut is this row's lower edge
    gain, loss = slope_above / chance, slope_below / chance
    return Slopes(
        first=above + below - 1,
        second=slope_above + slope_below,
        cut_first=ends * gain[:, None] - begins * loss[:, None],
        cut_cross=-(ends * slope_above[:, None] + begins * slope_below[:, None]),
        cut_second=ends * (gain**2 - gain * (1 - 2 * above))[:, None]
        + begins * (loss**2 + loss * (1 - 2 * below))[:, None],
        cut_beside=-(begins[:, :-1] * (gain * loss)[:, None]),
    )


def _without_cuts(first: Array, second: Array) -> Slopes:
    none = np.empty((len(first), 0))
    return Slopes(first, second, none, none, none, none)
