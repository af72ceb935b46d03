"""Log-odds without their first-order bias: beside Firth's own likelihood, and where the correction leads astray."""

import numpy as np
from scipy.optimize import minimize

from metrics.likelihoods import Array, share
from metrics.pairs import Pair, adjusted, within_agents
from metrics.results import RESULTS

RESOLVED = next(result for result in RESULTS if result.name == "was_resolved")


def made(seed: int, rows: int, agents: int, facts: int, share_yes: float, effect: float) -> Pair:
    """An outcome that depends on the behaviour and the first fact; the behaviour is long-tailed, like a time."""
    rng = np.random.default_rng(seed)
    agent = np.sort(rng.integers(0, agents, rows))
    mix = (rng.random((rows, facts)) < 0.2).astype(float)
    behaviour = np.exp(rng.normal(0.3 * mix[:, 0], 1.8, rows))
    standard = (behaviour - behaviour.mean()) / behaviour.std()
    yes = rng.random(rows) < share(np.log(share_yes / (1 - share_yes)) + mix[:, 0] + effect * standard)
    return within_agents(Pair(RESOLVED, behaviour, yes.astype(float), agent, mix))


def firth(pair: Pair) -> float:
    """The effect by Firth (1993): the likelihood with half the logarithm of the information's determinant."""
    standard = (pair.behaviour - pair.behaviour.mean()) / pair.behaviour.std()
    own = (pair.agents[:, None] == np.unique(pair.agents)[None, :]).astype(float)
    columns = np.column_stack([standard, pair.mix, own])

    def lost(effects: Array) -> float:
        expected = share(columns @ effects)
        information = (columns * (expected * (1 - expected))[:, None]).T @ columns
        likelihood = np.sum(pair.outcome * np.log(expected) + (1 - pair.outcome) * np.log1p(-expected))
        return float(-likelihood - 0.5 * np.linalg.slogdet(information)[1])

    return float(minimize(lost, np.zeros(columns.shape[1]), method="BFGS").x[0])


def test_one_step_comes_close_to_firths_own_maximum():
    pair = made(1, rows=600, agents=20, facts=3, share_yes=0.3, effect=0.5)
    found = adjusted(pair)
    assert found is not None
    assert abs(found.effect * pair.spread - firth(pair)) < 0.05 * found.error * pair.spread


def test_where_the_correction_leads_astray_there_is_no_estimate():
    """Twenty outcomes, thirty facts and agents, one behaviour with a long tail: a step of the correction flies off."""
    found = [adjusted(made(seed, rows=200, agents=12, facts=20, share_yes=0.1, effect=0.0)) for seed in range(200)]
    told = [abs(one.effect / one.error) for one in found if one]
    assert None in found
    assert len(told) > 150
    assert max(told) < 4
