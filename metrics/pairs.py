"""An indicator and an outcome on the conversations that have both: raw, and within agents adjusted for case mix."""

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from metrics.bias import corrected
from metrics.effects import Fit, Sample, Start, fit
from metrics.likelihoods import Array
from metrics.results import Result, coded, mean_change

FEWEST_ROWS, FEWEST_UNUSUAL, FEWEST_AGENTS = 30, 20, 5
LARGEST_ERROR = 2.0  # log-odds a standard deviation: no estimate, but a value that decides the outcome
SHOWN_ROWS = 5000  # as many rows tell the mean change in the outcome well enough


@dataclass(frozen=True)
class Pair:
    """The conversations with both, sorted by agent; the unknown agents (-1) first."""

    result: Result
    behaviour: Array
    outcome: Array
    agents: np.ndarray
    mix: Array
    weights: Array | None = None

    def only(self, rows: np.ndarray) -> "Pair":
        """The same on these rows alone."""
        if rows.all():
            return self
        return replace(
            self,
            behaviour=self.behaviour[rows],
            outcome=self.outcome[rows],
            agents=self.agents[rows],
            mix=self.mix[rows],
            weights=None if self.weights is None else self.weights[rows],
        )

    @property
    def starts(self) -> np.ndarray:
        """The first row of each agent."""
        return np.flatnonzero(np.diff(self.agents, prepend=-2))

    @property
    def spread(self) -> float:
        """One standard deviation of the indicator."""
        return float(self.behaviour.std()) if len(self.behaviour) else 0.0


class Estimate(NamedTuple):
    """An effect of one unit of the indicator, its interval, its errors, and what tells its change in the mean."""

    effect: float
    low: float
    high: float
    error: float  # clustered by agent
    plain_error: float  # as if conversations of one agent were no more alike than others
    agents: int
    rows: int
    predictor: Array
    cuts: Array
    levels: Array
    varying: np.ndarray  # which columns of case mix differ among the rows

    def change(self, result: Result, step: float) -> tuple[float, float, float]:
        """The change in the mean outcome that goes with a step of the indicator, and its interval."""
        moves = (self.effect * step, self.low * step, self.high * step)
        first, low, high = (mean_change(result, self.predictor, self.cuts, self.levels, move) for move in moves)
        return first, low, high


def within_agents(pair: Pair) -> Pair:
    """The rows from which something can be learnt within an agent: known agents, outcomes not all at one end."""
    pair = pair.only(pair.agents >= 0)
    if pair.result.likelihood_is_linear or not len(pair.outcome):
        return pair
    lowest, highest = pair.outcome.min(), pair.outcome.max()
    sizes = np.diff(np.append(pair.starts, len(pair.outcome)))
    tops = np.maximum.reduceat(pair.outcome, pair.starts)
    bottoms = np.minimum.reduceat(pair.outcome, pair.starts)
    return pair.only(np.repeat((tops > lowest) & (bottoms < highest), sizes))


def why_too_small(pair: Pair) -> str | None:
    """Why the rows within agents are too few to tell; null where they are enough."""
    if len(pair.outcome) < FEWEST_ROWS:
        return f"fewer than {FEWEST_ROWS} conversations to compare within agents"
    if _unusual(pair.behaviour) < FEWEST_UNUSUAL:
        return f"the indicator differs in fewer than {FEWEST_UNUSUAL} conversations"
    if _unusual(pair.outcome) < FEWEST_UNUSUAL:
        return f"the outcome differs in fewer than {FEWEST_UNUSUAL} conversations"
    if np.count_nonzero(_varies(pair.behaviour, pair.starts) & _varies(pair.outcome, pair.starts)) < FEWEST_AGENTS:
        return f"fewer than {FEWEST_AGENTS} agents in whom both differ"
    return None


def raw(pair: Pair) -> Estimate | None:
    """The effect of the indicator, nothing adjusted for; errors clustered by agent."""
    if pair.spread == 0 or np.ptp(pair.outcome) == 0:
        return None
    bare = replace(pair, mix=np.empty((len(pair.outcome), 0)))
    codes, levels = coded(pair.result, pair.outcome)
    found = fit(_sample(bare, codes), pair.result.likelihood, first_start(pair.result, codes, 1, 1), within=False)
    return _estimate(bare, codes, found, levels)


def adjusted(pair: Pair, start: Start | None = None) -> Estimate | None:
    """The effect within agents, adjusted for case mix; errors clustered by agent. `start` has an intercept an agent.

    Nothing where the correction of its first-order bias, which should only bring it nearer to nought, carries it past
    nought or away from it by more than its error: so few outcomes for so many facts tell nothing.
    """
    codes, levels = coded(pair.result, pair.outcome)
    known = pair.agents[pair.starts]
    if start is None or len(start.cuts) != max(len(levels) - 2, 0):
        start = first_start(pair.result, codes, 1 + pair.mix.shape[1], len(known))
    else:
        start = Start(start.intercepts[known], start.effects, start.cuts)
    sample = _sample(pair, codes)
    found = fit(sample, pair.result.likelihood, start, within=True)
    if pair.result.likelihood_is_linear:
        return _estimate(pair, codes, found, levels)
    unbiased = corrected(sample, found)
    before, after = found.state.effects[0], unbiased.state.effects[0]
    astray = abs(after - np.clip(after, min(before, 0.0), max(before, 0.0)))
    return None if astray > found.plain_error else _estimate(pair, codes, unbiased, levels)


def case_mix_alone(pair: Pair) -> Start | None:
    """Where searches with an indicator may begin: the fit without one, an intercept for each agent's number."""
    if not len(pair.outcome) or np.ptp(pair.outcome) == 0:
        return None
    codes, _ = coded(pair.result, pair.outcome)
    known = pair.agents[pair.starts]
    start = first_start(pair.result, codes, pair.mix.shape[1], len(known))
    sample = Sample(codes, np.column_stack([np.ones(len(codes)), pair.mix]), pair.starts, pair.weights)
    found = fit(sample, pair.result.likelihood, start, within=True, free=0)
    if not found.has_converged:
        return None
    intercepts = np.full(known.max() + 1, found.state.intercepts.mean())
    intercepts[known] = found.state.intercepts
    return Start(intercepts, np.concatenate([[0.0], found.state.effects]), found.state.cuts)


def first_start(result: Result, codes: Array, width: int, intercepts: int) -> Start:
    """A search's beginning with nothing known but how often each outcome occurs."""
    if result.likelihood_is_linear:
        return Start(np.full(intercepts, codes.mean()), np.zeros(width), np.empty(0))
    shares = np.bincount(codes.astype(np.int64)) / len(codes)
    edges = np.cumsum(shares)[:-1]
    log_odds = np.log(edges / (1 - edges))
    return Start(np.full(intercepts, -log_odds[0]), np.zeros(width), log_odds[1:] - log_odds[0])


def _sample(pair: Pair, codes: Array) -> Sample:
    behaviour = (pair.behaviour - pair.behaviour.mean()) / pair.spread
    columns = np.column_stack([np.ones(len(codes)), behaviour, pair.mix])
    return Sample(codes, columns, pair.starts, pair.weights)


def _estimate(pair: Pair, codes: Array, found: Fit, levels: Array) -> Estimate | None:
    from scipy.stats import t

    agents = len(pair.starts)
    effect, error = found.state.effects[0], found.error
    is_decided = not pair.result.likelihood_is_linear and not found.plain_error < LARGEST_ERROR
    if not found.has_converged or not np.isfinite(error) or error <= 0 or agents < 2 or is_decided:
        return None
    reach = float(t.ppf(0.975, agents - 1)) * error
    low, high = (effect - reach) / pair.spread, (effect + reach) / pair.spread
    every = slice(None, None, max(1, len(found.predictor) // SHOWN_ROWS))
    return Estimate(
        effect / pair.spread,
        low,
        high,
        error / pair.spread,
        _plain_error(pair, codes, found) / pair.spread,
        agents,
        len(codes),
        found.predictor[every],
        found.state.cuts,
        levels,
        found.varying[1:],
    )


def _plain_error(pair: Pair, codes: Array, found: Fit) -> float:
    scale = float(np.std(codes - found.predictor)) if pair.result.likelihood_is_linear else 1.0
    return found.plain_error * scale


def _unusual(values: Array) -> int:
    """How many differ from the usual value: the middle one, of the values as they occur."""
    usual = np.partition(values, len(values) // 2)[len(values) // 2]
    return int(np.count_nonzero(values != usual))


def _varies(values: Array, starts: np.ndarray) -> np.ndarray:
    result: np.ndarray = np.maximum.reduceat(values, starts) > np.minimum.reduceat(values, starts)
    return result
