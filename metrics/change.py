"""What a move in an outcome goes with: its slopes, by which the move between any two periods falls into parts.

One linear model over all conversations (case mix and behaviours, an intercept per agent) says how each fact goes with
the outcome. Between two periods a part is how much its facts moved times their slopes; what is left is unexplained. The
parts add up to the move, whichever periods are compared.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import polars as pl

from metrics.case_mix import DISTRESS, KINDS, LENGTH, TURNS, case_mix, standardised
from metrics.likelihoods import Array
from metrics.results import RESULTS

FEWEST_ROWS = 30
CLEAR_Q = 0.05
MOST_BEHAVIOURS, ALIKE = 10, 0.7
RIDGE = 1e-8  # keeps columns that say the same from an endless search; changes nothing told
NOTHING_NAMED = "(none)"

SLOPES = {
    "outcome": pl.String(),
    "part": pl.String(),
    "name": pl.String(),
    "value": pl.String(),
    "slope": pl.Float64(),
    "slope_error": pl.Float64(),
    "fill": pl.Float64(),
}
Told = tuple[str, str, str, float, float, float | None]  # part, name, value, slope, slope_error, fill


def outcome_slopes(wide: pl.DataFrame, before: pl.DataFrame, behaviours: Mapping[str, Sequence[str]]) -> pl.DataFrame:
    """A row an outcome and a fact: how far the outcome moves with it, and the standard error of that.

    `wide` gives outcomes and case mix, `before` the indicators up to the outcome; `behaviours` names for each outcome
    those in question (see `clear_behaviours`). Values of channel, topic, language and agent (NOTHING_NAMED where null)
    have slopes beside the mean over all; numbers a slope per unit, turn_count per unit of its logarithm. A missing
    number counts as the mean, `fill`. The spread of what nothing here explains stands as the error of `unexplained`.
    Times to resolution have no slopes: a few long ones would decide their mean.
    """
    parts = [pl.DataFrame(schema=SLOPES)]
    for result in RESULTS:
        if result.name in wide.columns and result.kind != "log time":
            names = behaviours.get(result.name, [])
            known = before.select("conversation_id", *(pl.col(name).alias(f"behaviour:{name}") for name in names))
            rows = wide.filter(pl.col(result.name).is_not_null()).join(known, on="conversation_id", how="left")
            told = _told(rows.sort("conversation_id"), result.name, names) if rows.height >= FEWEST_ROWS else []
            named = [(result.name, *row) for row in told]
            parts.append(pl.DataFrame(named, schema=SLOPES, orient="row"))
    return pl.concat(parts).sort("outcome", "part", "name", "value")


def clear_behaviours(association: pl.DataFrame, before: pl.DataFrame) -> dict[str, list[str]]:
    """For each outcome the indicators that hold in `association` (q to 0.05), the clearest first, ten at most.

    One that says nearly the same as a clearer one (a correlation over 0.7) is left out.
    """
    clear = association.filter(pl.col("q") <= CLEAR_Q).sort("q", "p", "indicator")
    picked: dict[str, list[str]] = {}
    for outcome, indicator in clear.select("outcome", "indicator").rows():
        kept = picked.setdefault(outcome, [])
        if len(kept) < MOST_BEHAVIOURS and not any(_alike(before, indicator, other) for other in kept):
            kept.append(indicator)
    return picked


def _alike(rows: pl.DataFrame, one: str, other: str) -> bool:
    found = rows.select(pl.corr(pl.col(one).cast(pl.Float64), pl.col(other).cast(pl.Float64))).item()
    return found is not None and abs(found) > ALIKE


class Model(NamedTuple):
    """A linear model within agents."""

    slopes: Array
    uncertain: Array  # covariance of the slopes, whatever the errors' spread
    agents: np.ndarray  # each row's agent, from 0
    own: Array  # each agent's intercept
    own_variance: Array
    spread: float  # the standard deviation of what is left


def _told(rows: pl.DataFrame, outcome: str, behaviours: Sequence[str]) -> list[Told]:
    """The model's slopes, fact by fact."""
    mix = case_mix(rows.select(name for name in KINDS if name in rows.columns and name != "team"))
    numbers = [_number(rows, name) for name in (DISTRESS, LENGTH, *(f"behaviour:{name}" for name in behaviours))]
    known = [number for number in numbers if number.deviation]
    columns = np.column_stack([mix.matrix, *(standardised(number.values) for number in known)])
    agents = rows["agent_id"].cast(pl.String).fill_null(NOTHING_NAMED)
    model = _model(columns, rows[outcome].cast(pl.Float64).to_numpy(), _codes(agents))
    words = _of_words(rows, mix.matrix, mix.facts, model)
    left = ("unexplained", "the period itself", "", 0.0, model.spread, None)
    return [*words, *_of_numbers(known, len(mix.facts), model), *_own(agents, model), left]


class Number(NamedTuple):
    """A fact in numbers, with what stands in for a missing one."""

    name: str
    values: Array
    fill: float
    deviation: float


def _number(rows: pl.DataFrame, name: str) -> Number:
    turns = pl.sum_horizontal(pl.col(part).fill_null(0) for part in TURNS if part in rows.columns)
    fact = turns.clip(lower_bound=1).log() if name == LENGTH else pl.col(name) if name in rows.columns else pl.lit(0.0)
    values = rows.select(fact.cast(pl.Float64).alias(name)).to_series()
    fill: float = pl.select(pl.lit(values).mean().fill_null(0)).item()
    filled = values.fill_null(fill).to_numpy()
    return Number(name, filled, fill, float(filled.std()))


def _codes(names: pl.Series) -> np.ndarray:
    codes: np.ndarray = names.rank("dense").to_numpy().astype(np.int64) - 1
    return codes


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
    return Model(slopes, inverse @ pulls.T @ pulls @ inverse, agents, own, np.mean(left**2) / sizes, float(left.std()))


def _of_words(rows: pl.DataFrame, matrix: Array, facts: Sequence[str], model: Model) -> list[Told]:
    """Each value's slope beside the mean over all, for channel, topic and language."""
    told: list[Told] = []
    for fact in dict.fromkeys(facts):
        mine = np.array([owner == fact for owner in facts])
        values = rows[fact].cast(pl.String).fill_null(NOTHING_NAMED)
        firsts = np.unique(_codes(values), return_index=True)[1]
        apart = matrix[firsts][:, mine] - matrix[:, mine].mean(axis=0)
        slopes = apart @ model.slopes[: len(facts)][mine]
        uncertain = model.uncertain[: len(facts), : len(facts)][np.ix_(mine, mine)]
        errors = np.sqrt(np.einsum("ij,jk,ik->i", apart, uncertain, apart).clip(0))
        rows_of = zip(values.gather(firsts), slopes, errors, strict=True)
        told += [("case mix", fact, value, float(slope), float(error), None) for value, slope, error in rows_of]
    return told


def _of_numbers(numbers: Sequence[Number], first: int, model: Model) -> list[Told]:
    """The slope of each number per its own unit."""
    told: list[Told] = []
    for place, number in enumerate(numbers, first):
        slope, error = model.slopes[place], np.sqrt(model.uncertain[place, place])
        part = "behaviour" if number.name.startswith("behaviour:") else "case mix"
        scaled = (float(slope / number.deviation), float(error / number.deviation), number.fill)
        told.append((part, number.name.removeprefix("behaviour:"), "", *scaled))
    return told


def _own(agents: pl.Series, model: Model) -> list[Told]:
    """Each agent's intercept beside the mean over all conversations."""
    names = agents.unique().sort()
    own = model.own - model.own[model.agents].mean()
    return [
        ("agents", "agent_id", name, float(slope), float(error), None)
        for name, slope, error in zip(names, own, np.sqrt(model.own_variance), strict=True)
    ]
