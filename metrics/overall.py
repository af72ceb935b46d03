"""A metric over many conversations, with its 95 % interval and the n it stands on.

Conversations are the unit of chance: a mean is one over them, a ratio of sums is linearised over them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt
from typing import Any

import numpy as np
import polars as pl

from metrics.likelihoods import Array

Z = 1.959963984540054  # the normal distribution's 97.5 % point
Metric = Mapping[str, Any]  # a row of the table `metric`


@dataclass(frozen=True)
class Overall:
    """A value, its 95 % interval, the n it stands on, and of how many conversations."""

    value: float | None
    low: float | None
    high: float | None
    n: int
    of: int

    @property
    def coverage(self) -> float:
        return self.n / self.of if self.of else 0.0


@dataclass(frozen=True)
class Sample:
    """A value over conversations, and what it is the mean of: a number each; of a ratio its linear form."""

    value: float | None
    values: Array

    @property
    def interval(self) -> tuple[float | None, float | None]:
        """The value's 95 % interval as a mean; none where fewer than two conversations tell how they vary."""
        if self.value is None or len(self.values) < 2:
            return None, None
        half = Z * sqrt(float(self.values.var(ddof=1)) / len(self.values))
        return self.value - half, self.value + half


def wilson(share: float | Array, n: float | Array) -> tuple[Array, Array]:
    """Wilson's 95 % interval of a share, or of each of several."""
    below = 1 + Z**2 / n
    middle = (share + Z**2 / (2 * n)) / below
    reach = Z / below * (share * (1 - share) / n + Z**2 / (4 * n**2)) ** 0.5
    return np.maximum(middle - reach, 0.0), np.minimum(middle + reach, 1.0)


def overall(frame: pl.DataFrame, metric: Metric) -> Overall:
    """The metric over these conversations."""
    found = sample_of(frame, metric)
    n, of = len(found.values), frame.height
    if not n or found.value is None:
        return Overall(None, None, None, n, of)
    if metric["unit"] == "yes/no":
        low, high = wilson(found.value, n)
        return Overall(found.value, float(low), float(high), n, of)
    if metric["aggregate"] == "median":
        return Overall(found.value, None, None, n, of)
    return Overall(found.value, *found.interval, n, of)


def sample_of(frame: pl.DataFrame, metric: Metric) -> Sample:
    """The metric's value over these conversations, with what each of them gives."""
    name = metric["metric"]
    is_number = name in frame.columns and frame.schema[name] != pl.String
    known = frame.filter(pl.col(name).is_not_null()) if is_number else frame.clear()
    if known.is_empty():
        return Sample(None, np.array([]))
    if metric["aggregate"] == "ratio":
        return ratio_of_sums(known[metric["numerator"]], known[metric["denominator"]], float(metric["scale"] or 1))
    values = known[name].cast(pl.Float64).to_numpy()
    return Sample(float(np.median(values) if metric["aggregate"] == "median" else values.mean()), values)


def ratio_of_sums(numerators: pl.Series, denominators: pl.Series, scale: float) -> Sample:
    """The ratio of two sums over conversations, times scale; without a value where the denominators add up to 0."""
    above, below = (part.cast(pl.Float64).to_numpy() for part in (numerators, denominators))
    if not below.sum():
        return Sample(None, above)
    ratio = above.sum() / below.sum()
    return Sample(float(scale * ratio), scale * (ratio + (above - ratio * below) / below.mean()))
