"""The effect of one column on an outcome, with an interval that holds when there are few agents.

Newton's method on the likelihoods of `metrics.likelihoods`, an intercept per agent solved away agent by agent. Errors
are clustered by agent: the jackknife over agents in its linear form (CV3L of MacKinnon, Nielsen and Webb 2023), with
the t distribution on one degree of freedom fewer than there are agents. For the linear model this is CV3 exactly.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from metrics.likelihoods import Array, Likelihood, Slopes

ENOUGH = 1e-10  # a step that would gain less log-likelihood than this ends the search
LONGEST_STEP = 4.0  # in standard deviations of a column, or log-odds
LEAST, LEAST_SPREAD = 1e-12, 1e-6
STEPS = 60
PRIOR = 0.01  # precision of the weak prior on case mix: keeps a level that decides the outcome finite, moves no other


@dataclass(frozen=True)
class Sample:
    """Rows sorted by agent. Columns: ones, the column in question, then case mix; all near unit scale."""

    outcome: Array
    columns: Array
    starts: np.ndarray  # the first row of each agent
    weights: Array | None = None

    @property
    def sizes(self) -> np.ndarray:
        """Rows of each agent."""
        return np.diff(np.append(self.starts, len(self.outcome)))


class Start(NamedTuple):
    """Where a search begins, or ended: an intercept per agent (or one), the columns' effects, the free cut points."""

    intercepts: Array
    effects: Array
    cuts: Array


class Fit(NamedTuple):
    """What a search found: the state, the first column's standard error, each row's predictor, and whether it ended.

    `plain_error` is the error as if conversations of one agent were no more alike than others. `curve` is the
    information on columns and cuts with the agents' intercepts solved away; `own` that on each intercept, and `pull`
    how far it follows the columns and cuts.
    """

    state: Start
    error: float
    plain_error: float
    predictor: Array
    has_converged: bool
    curve: Array
    own: Array
    pull: Array

    @property
    def varying(self) -> np.ndarray:
        """Which columns differ among the rows, whether within or between agents."""
        width = len(self.state.effects)
        between = self.pull[:, :width] - self.own @ self.pull[:, :width] / self.own.sum()
        varying: np.ndarray = np.diag(self.curve)[:width] - PRIOR + self.own @ between**2 > LEAST_SPREAD
        return varying


def fit(sample: Sample, likelihood: Likelihood, start: Start, *, within: bool, free: int = 1) -> Fit:
    """The maximum of the likelihood, with an intercept per agent (`within`) or one for all.

    The first `free` columns stand without a prior.
    """
    state = start
    width, cut_count = len(start.effects), len(start.cuts)
    penalty = np.concatenate([np.zeros(free), np.full(width - free, PRIOR), np.zeros(cut_count)])
    if not within:
        penalty = np.concatenate([[0.0], penalty])
    for _ in range(STEPS):
        predictor = predict(sample, state, within=within)
        scores, curves = _sums(sample, likelihood(sample.outcome, predictor, state.cuts))
        own = curves[:, 0, 0].clip(LEAST)
        pull = curves[:, 0, 1:] / own[:, None]
        inner_scores, inner_curves = _profiled(scores, curves, pull) if within else (scores, curves)
        at = _inner(state, within=within)
        curve = inner_curves.sum(axis=0) + np.diag(penalty)
        score = inner_scores.sum(axis=0) - penalty * at
        step = _solve(curve, score)
        gain = float(score @ step)
        step *= min(1.0, LONGEST_STEP / max(float(np.abs(step).max(initial=0)), 1e-12))
        state = moved(state, step, scores[:, 0] / own - pull @ step if within else None)
        if not np.isfinite(gain):
            break
        if gain < ENOUGH:
            which = 0 if within else 1
            error = _jackknife_error(inner_scores, inner_curves, curve, which)
            return Fit(state, error, _plain_error(curve, which), predictor, True, curve, own, pull)
    return Fit(state, float("nan"), float("nan"), predictor, False, curve, own, pull)


def predict(sample: Sample, state: Start, *, within: bool) -> Array:
    """Each row's predictor."""
    base = np.repeat(state.intercepts, sample.sizes) if within else state.intercepts[0]
    result: Array = sample.columns[:, 1:] @ state.effects + base
    return result


def _sums(sample: Sample, slopes: Slopes) -> tuple[Array, Array]:
    """Per agent: the score (intercept, columns, cuts), and minus the Hessian in the same order."""
    slopes = _weighted(slopes, sample.weights)
    width, cuts = sample.columns.shape[1], slopes.cut_first.shape[1]
    scores = np.zeros((len(sample.starts), width + cuts))
    curves = np.zeros((len(sample.starts), width + cuts, width + cuts))
    for agent, (begin, size) in enumerate(zip(sample.starts, sample.sizes, strict=True)):
        rows = slice(begin, begin + size)
        x = sample.columns[rows]
        scores[agent, :width] = slopes.first[rows] @ x
        curves[agent, :width, :width] = (x * slopes.second[rows, None]).T @ x
        if cuts:
            curves[agent, :width, width:] = x.T @ slopes.cut_cross[rows]
    if cuts:
        scores[:, width:] = np.add.reduceat(slopes.cut_first, sample.starts)
        curves[:, width:, :width] = curves[:, :width, width:].transpose(0, 2, 1)
        free = np.arange(width, width + cuts)
        curves[:, free, free] = np.add.reduceat(slopes.cut_second, sample.starts)
        beside = np.add.reduceat(slopes.cut_beside, sample.starts)
        curves[:, free[:-1], free[1:]] = curves[:, free[1:], free[:-1]] = beside
    return scores, curves


def _weighted(slopes: Slopes, weights: Array | None) -> Slopes:
    if weights is None:
        return slopes
    return Slopes(*(part * (weights if part.ndim == 1 else weights[:, None]) for part in slopes))


def _profiled(scores: Array, curves: Array, pull: Array) -> tuple[Array, Array]:
    """Each agent's score and curve with its own intercept solved away."""
    return scores[:, 1:] - pull * scores[:, :1], curves[:, 1:, 1:] - pull[:, :, None] * curves[:, None, 0, 1:]


def _inner(state: Start, *, within: bool) -> Array:
    parts = [state.effects, state.cuts] if within else [state.intercepts, state.effects, state.cuts]
    return np.concatenate(parts)


def moved(state: Start, step: Array, rise: Array | None) -> Start:
    """The state after a step; `rise` is that of the agents' intercepts, which otherwise come first in the step."""
    if rise is None:
        rise, step = step[:1], step[1:]
    width = len(state.effects)
    intercepts = state.intercepts + np.clip(rise, -LONGEST_STEP, LONGEST_STEP)
    return Start(intercepts, state.effects + step[:width], _risen(state.cuts, step[width:]))


def _risen(cuts: Array, step: Array) -> Array:
    """The cuts moved by the step, shortened where they would no longer rise."""
    while len(cuts) and np.any(np.diff(np.concatenate([[0.0], cuts + step])) <= 0):
        step = step / 2
    return cuts + step


def _solve(curve: Array, score: Array) -> Array:
    try:
        return np.asarray(np.linalg.solve(curve, score), dtype=np.float64)
    except np.linalg.LinAlgError:
        return np.full_like(score, np.nan)


def _jackknife_error(scores: Array, curves: Array, curve: Array, which: int) -> float:
    """The standard error by leaving out each agent in turn, one Newton step each."""
    count = len(scores)
    if count < 2:
        return float("nan")
    try:
        moved = np.linalg.solve(curve[None] - curves, scores[:, :, None])[:, which, 0]
    except np.linalg.LinAlgError:
        return float("nan")
    return float(np.sqrt((count - 1) / count * np.sum(moved**2)))


def _plain_error(curve: Array, which: int) -> float:
    """The standard error from the information alone."""
    try:
        return float(np.sqrt(np.linalg.inv(curve)[which, which]))
    except np.linalg.LinAlgError:
        return float("nan")
