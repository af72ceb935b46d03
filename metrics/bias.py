"""The first-order bias of a maximum of likelihood, which many agents with few conversations each would blow up.

With an intercept per agent and twenty rows each, log-odds come out some 5 to 10 % too far from 0. For yes/no this is
the correction of Firth (1993) in one step, for ratings that of Kosmidis (2014, cumulative link models), of which the
first is the case of two levels. A number has no such bias.
"""

import numpy as np

from metrics.effects import Fit, Sample, moved, predict
from metrics.likelihoods import Array, share

ENOUGH_ROWS = 200  # rows a parameter, from which on the bias is under one percent and not worth the time


def corrected(sample: Sample, found: Fit) -> Fit:
    """The fit within agents less its first-order bias.

    Errors stay as they are: those at the corrected effects come out too short (in the simulation 91 % of intervals
    covered effects on rare outcomes, instead of 93 to 97 %).
    """
    if not found.has_converged or len(sample.outcome) > ENOUGH_ROWS * (len(found.pull) + sample.columns.shape[1]):
        return found
    added = _added(sample, found)
    step = np.linalg.solve(found.curve, (added[:, 1:] - found.pull * added[:, :1]).sum(axis=0))
    state = moved(found.state, step, added[:, 0] / found.own - found.pull @ step)
    return found._replace(state=state, predictor=predict(sample, state, within=True))


def _added(sample: Sample, found: Fit) -> Array:
    """What the correction adds to each agent's score: intercept, columns, cuts."""
    by_row, by_cut = _adjustment(sample, found, np.repeat(found.pull, sample.sizes, axis=0))
    if sample.weights is not None:
        by_row, by_cut = by_row * sample.weights, by_cut * sample.weights[:, None]
    parts = np.hstack([sample.columns * by_row[:, None], by_cut])
    added: Array = np.add.reduceat(parts, sample.starts, axis=0)
    return added


def _adjustment(sample: Sample, found: Fit, pull: Array) -> tuple[Array, Array]:
    """What Kosmidis adds to the score, by the predictor and by each free cut, for each row."""
    edges = np.concatenate([[0.0], found.state.cuts])
    below = share(edges[None, :] - found.predictor[:, None])
    slope = below * (1 - below)
    shift = 0.5 * slope * (1 - 2 * below) * _variances(sample, found, pull)
    none = np.zeros((len(below), 1))
    chances = np.diff(np.hstack([none, below, none + 1]), axis=1).clip(1e-12)
    change = np.diff(np.hstack([none, shift, none]), axis=1) / chances
    by_edge = slope * (change[:, :-1] - change[:, 1:])
    return -by_edge.sum(axis=1), by_edge[:, 1:]


def _variances(sample: Sample, found: Fit, pull: Array) -> Array:
    """The variance of each edge less the predictor, for each row."""
    inverse = np.linalg.inv(found.curve)
    away = pull - np.hstack([sample.columns[:, 1:], np.zeros((len(pull), len(found.state.cuts)))])
    base = np.einsum("ij,ij->i", away @ inverse, away) + 1 / np.repeat(found.own, sample.sizes)
    width = len(found.state.effects)
    cross, square = away @ inverse[:, width:], np.diag(inverse)[width:]
    return np.column_stack([base, base[:, None] + 2 * cross + square[None, :]])
