"""The outcomes to which behaviour is related, each with its model and its words.

Left out: `is_one_touch`, which counts the very replies that indicators count; `full_resolution_seconds`, nearly
the same as the first; `ces`, whose scale differs by source and is kept raw. Times to resolution are long-tailed, so
their logarithm is modelled; a rating between whole points, from another scale, counts as the nearest.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl

from metrics.likelihoods import Array, Likelihood, linear, logistic, ordinal, share

Kind = Literal["yes/no", "rating", "number", "log time"]


@dataclass(frozen=True)
class Result:
    name: str
    kind: Kind
    words: str  # after "+1.2 points of", "+0.1 points of" or "+8 %"
    effect_unit: str = "log-odds"

    @property
    def likelihood(self) -> Likelihood:
        """The model's slopes."""
        return {"yes/no": logistic, "rating": ordinal}.get(self.kind, linear)

    @property
    def likelihood_is_linear(self) -> bool:
        """Whether the outcome is a number."""
        return self.likelihood is linear

    def values(self, column: pl.Series) -> Array:
        """The outcome as the model takes it, NaN where there is none."""
        values = column.cast(pl.Float64)
        if self.kind == "rating":
            values = (values + 0.5).floor()
        if self.kind == "log time":
            values = values.clip(lower_bound=1).log()
        return values.fill_null(float("nan")).to_numpy()


RESULTS = (
    Result("was_resolved", "yes/no", "resolved conversations"),
    Result("was_first_contact_resolved", "yes/no", "conversations resolved at first contact"),
    Result("was_reopened", "yes/no", "reopened conversations"),
    Result("was_escalated", "yes/no", "escalated conversations"),
    Result("was_transferred", "yes/no", "transferred conversations"),
    Result("is_csat_positive", "yes/no", "positive ratings"),
    Result("csat", "rating", "the satisfaction rating (1 to 5)"),
    Result("nps", "number", "the likelihood to recommend (0 to 10)", "points, 0..10"),
    Result("resolution_seconds", "log time", "time to resolution", "log seconds"),
)

SURVEYED = ("is_csat_positive", "csat", "nps")


def coded(result: Result, values: Array) -> tuple[Array, Array]:
    """The outcome for its model (ratings as 0, 1, 2 ... of those that occur), and the levels that occur."""
    if result.kind != "rating":
        return values, np.empty(0)
    levels, codes = np.unique(values, return_inverse=True)
    return codes.astype(np.float64), levels


def mean_change(result: Result, predictor: Array, cuts: Array, levels: Array, move: float) -> float:
    """How the mean outcome changes when every predictor moves: points of 100, rating points, the unit, or percent."""
    if result.kind == "yes/no":
        return 100 * float(np.mean(share(predictor + move) - share(predictor)))
    if result.kind == "rating":
        edges = np.concatenate([[0.0], cuts])[None, :]
        rises = share(predictor[:, None] + move - edges) - share(predictor[:, None] - edges)
        return float(np.mean(rises @ np.diff(levels)))
    return 100 * float(np.expm1(min(move, 50.0))) if result.kind == "log time" else move
