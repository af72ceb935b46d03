"""p-values for many effects on few agents: each clustered error is judged by all the others.

With 12 agents a clustered error is a guess on 11 degrees of freedom. Among hundreds of pairs some are far too small by
chance, and would name a driver; and all pay for that doubt in power. How much larger than the plain error clustered
ones are, is alike across pairs: the errors are drawn towards that (Smyth 2004, the moderated t of limma), never below
the clustered error itself, and the degrees of freedom that all pairs lend are added.
"""

import numpy as np

from metrics.likelihoods import Array

FEWEST_PAIRS = 20  # below, the pairs say too little of one another
MOST_FREEDOM = 1e6


def moderated_p(effects: Array, errors: Array, plain_errors: Array, agents: Array, rows: Array) -> Array:
    """The two-sided p-value of each effect, given its error clustered by agent and its error without clusters."""
    from scipy.stats import t

    own = agents - 1.0
    ratios = (errors / plain_errors) ** 2
    usual, lent = _usual(ratios, own) if len(effects) >= FEWEST_PAIRS else (1.0, 0.0)
    drawn = np.maximum((lent * usual + own * ratios) / (lent + own), ratios) if lent else np.maximum(ratios, 1.0)
    freedom = np.minimum(lent + own, np.maximum(rows - agents, 1.0))
    p: Array = 2 * t.sf(np.abs(effects) / (plain_errors * np.sqrt(drawn)), freedom)
    return p


def _usual(ratios: Array, own: Array) -> tuple[float, float]:
    """The usual ratio of the variances, and the degrees of freedom with which it is known for one pair."""
    from scipy.optimize import brentq
    from scipy.special import digamma, polygamma

    logs = np.log(ratios) - digamma(own / 2) + np.log(own / 2)
    excess = float(np.var(logs, ddof=1) - np.mean(polygamma(1, own / 2)))
    if excess <= polygamma(1, MOST_FREEDOM / 2):
        return float(np.exp(logs.mean())), MOST_FREEDOM
    lent = 2 * float(brentq(lambda half: polygamma(1, half) - excess, 1e-3, MOST_FREEDOM / 2))
    return float(np.exp(logs.mean() + digamma(lent / 2) - np.log(lent / 2))), lent
