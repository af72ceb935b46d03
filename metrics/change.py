"""What changed between two periods: which metrics moved, and what a move in the outcome goes with.

The decomposition adds up exactly. One linear model over both periods (case mix, behaviours and the period itself, an
intercept per agent) says how each goes with the outcome; a part is how much its columns moved times that. What is left
is the period's own effect: what none of these explain.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import polars as pl

from metrics.case_mix import NAMES, case_mix, standardised
from metrics.likelihoods import Array

FEWEST_ROWS = 10  # in each period
RIDGE = 1e-8  # keeps columns that say the same from an endless search; changes nothing told

MOVED = {
    "metric": pl.String(),
    "n_before": pl.Int64(),
    "n_now": pl.Int64(),
    "mean_before": pl.Float64(),
    "mean_now": pl.Float64(),
    "change": pl.Float64(),
    "change_low": pl.Float64(),
    "change_high": pl.Float64(),
    "p": pl.Float64(),
    "q": pl.Float64(),
    "has_moved": pl.Boolean(),
}
PARTS = {
    "part": pl.String(),
    "name": pl.String(),
    "change": pl.Float64(),
    "change_low": pl.Float64(),
    "change_high": pl.Float64(),
}


def what_moved(before: pl.DataFrame, now: pl.DataFrame, metrics: Iterable[str]) -> pl.DataFrame:
    """A row a metric: its mean in both periods, the change with its 95 % interval, and whether it is more than chance.

    Welch's test; Benjamini–Hochberg over the metrics (q below 0.05 has moved). A period with fewer than 10 values of a
    metric says nothing of it.
    """
    from scipy.stats import false_discovery_control

    moved = pl.DataFrame([_moved(before[name], now[name]) for name in metrics], schema=MOVED)
    tested = moved["p"].is_not_null().to_numpy()
    q = np.full(moved.height, np.nan)
    q[tested] = false_discovery_control(moved["p"].drop_nulls().to_numpy()) if tested.any() else []
    return moved.with_columns(pl.Series("q", q).fill_nan(None)).with_columns(
        has_moved=(pl.col("q") < 0.05).fill_null(False)
    )


def decompose(before: pl.DataFrame, now: pl.DataFrame, outcome: str, indicators: Sequence[str]) -> pl.DataFrame:
    """The move in the mean outcome, in parts: `case mix`, `agents`, `behaviour`, `unexplained`, and `all`, their sum.

    A row a fact of the case mix, one for who handled the conversations, one an indicator, each with its 95 % interval.
    Conversations with the outcome count; a missing value of an indicator counts as the mean of those that have it.
    Empty where a period has fewer than 10.
    """
    periods = [frame.filter(pl.col(outcome).is_not_null()).sort("conversation_id") for frame in (before, now)]
    if min(period.height for period in periods) < FEWEST_ROWS:
        return pl.DataFrame(schema=PARTS)
    rows = pl.concat(periods, how="diagonal_relaxed")
    is_now = np.arange(rows.height) >= periods[0].height
    columns, owners = _columns(rows, indicators)
    agents = rows["agent_id"].cast(pl.String).fill_null("").rank("dense").to_numpy().astype(np.int64) - 1
    model = _model(np.column_stack([is_now, columns]), rows[outcome].cast(pl.Float64).to_numpy(), agents)
    return pl.DataFrame(_parts(columns, owners, model, is_now), schema=PARTS, orient="row")


def _moved(before: pl.Series, now: pl.Series) -> dict[str, object]:
    from scipy.stats import ttest_ind

    old, new = (period.drop_nulls().cast(pl.Float64).to_numpy() for period in (before, now))
    means = {
        "mean_before": float(old.mean()) if len(old) else None,
        "mean_now": float(new.mean()) if len(new) else None,
    }
    row: dict[str, object] = {"metric": now.name, "n_before": len(old), "n_now": len(new), **means}
    if min(len(old), len(new)) < FEWEST_ROWS or old.std() + new.std() == 0:
        return row
    test = ttest_ind(new, old, equal_var=False)
    low, high = test.confidence_interval()
    change = {"change": float(new.mean() - old.mean()), "change_low": float(low), "change_high": float(high)}
    return {**row, **change, "p": float(test.pvalue)}


def _columns(rows: pl.DataFrame, indicators: Sequence[str]) -> tuple[Array, list[tuple[str, str]]]:
    """The model's columns, and of each which part it belongs to, by name."""
    mix = case_mix(rows.drop("team", strict=False))
    owners = [("case mix", NAMES[fact]) for fact in mix.facts] + [("behaviour", name) for name in indicators]
    return np.column_stack([mix.matrix, *(_filled(rows[name]) for name in indicators)]), owners


def _filled(values: pl.Series) -> Array:
    numbers = values.cast(pl.Float64)
    return standardised(numbers.fill_null(numbers.mean() or 0.0).to_numpy())


class Model(NamedTuple):
    """A linear model within agents; the period's slope is the first."""

    outcome: Array
    slopes: Array
    uncertain: Array  # covariance of the slopes, whatever the errors' spread
    agents: np.ndarray  # each row's agent, from 0
    own: Array  # each agent's intercept
    own_variance: Array


def _model(columns: Array, outcome: Array, agents: np.ndarray) -> Model:
    sizes = np.bincount(agents)
    means = np.column_stack([np.bincount(agents, column) / sizes for column in columns.T])
    outcome_means = np.bincount(agents, outcome) / sizes
    within = columns - means[agents]
    inverse = np.linalg.inv(within.T @ within + RIDGE * len(outcome) * np.eye(columns.shape[1]))
    slopes = inverse @ within.T @ (outcome - outcome_means[agents])
    left = outcome - outcome_means[agents] - within @ slopes
    pulls = within * left[:, None]
    own = outcome_means - means @ slopes
    return Model(outcome, slopes, inverse @ pulls.T @ pulls @ inverse, agents, own, np.mean(left**2) / sizes)


def _parts(
    columns: Array, owners: list[tuple[str, str]], model: Model, is_now: np.ndarray
) -> list[tuple[str, str, float, float, float]]:
    """Each part's change with its interval, then what is unexplained, then all."""
    moves = columns[is_now].mean(axis=0) - columns[~is_now].mean(axis=0)
    told = []
    for part in dict.fromkeys(owners):
        mine = np.array([owner == part for owner in owners])
        slopes = model.slopes[1:][mine]
        uncertain = moves[mine] @ model.uncertain[1:, 1:][np.ix_(mine, mine)] @ moves[mine]
        told.append(_part(*part, float(moves[mine] @ slopes), uncertain + _spread(columns[:, mine] @ slopes, is_now)))
    handled = np.bincount(model.agents[is_now], minlength=len(model.own)) / is_now.sum()
    handled = handled - np.bincount(model.agents[~is_now], minlength=len(model.own)) / (~is_now).sum()
    uncertain = handled**2 @ model.own_variance + _spread(model.own[model.agents], is_now)
    told.append(_part("agents", "who handled them", float(handled @ model.own), uncertain))
    change = float(model.outcome[is_now].mean() - model.outcome[~is_now].mean())
    rest = change - sum(row[2] for row in told)
    told.append(_part("unexplained", "the period itself", rest, model.uncertain[0, 0]))
    return [*told, _part("all", "all", change, _spread(model.outcome, is_now))]


def _part(part: str, name: str, change: float, variance: float) -> tuple[str, str, float, float, float]:
    reach = 1.96 * float(np.sqrt(variance))
    return part, name, change, change - reach, change + reach


def _spread(values: Array, is_now: np.ndarray) -> float:
    """The variance of a difference of the two periods' means."""
    return float(sum(part.var(ddof=1) / len(part) for part in (values[is_now], values[~is_now])))
