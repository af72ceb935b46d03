"""A team's own scorecard: points for metrics, in sections, as [scorecard] of heard.toml asks for them.

Nothing in it is hidden: each item names its metric, its weight and the values that earn all points and none; the
weights add up to 100; what does not apply to a conversation counts neither for nor against it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

KEYS = {"weight", "full", "none"}
WHOLE = 100
POINTS, APPLICABLE = "score_points", "score_applicable_weight"
TOTALS = {
    POINTS: "Points of the scorecard's items that apply; null where none does",
    APPLICABLE: "The weight of these: the most points there were to earn",
}


class ScorecardError(Exception):
    """One line: where, what was found, what was expected, what to do."""


@dataclass(frozen=True)
class Item:
    """A metric on the scorecard. Numbers earn in proportion between `none` and `full`; words earn all where listed."""

    section: str
    metric: str
    weight: float
    full: float | tuple[str, ...] = 1.0
    none: float = 0.0

    @property
    def column(self) -> str:
        """Its column of conversation_wide."""
        return f"{self.metric}_points"

    @property
    def rule(self) -> str:
        """How it earns its points, in words."""
        if isinstance(self.full, tuple):
            return f"all where {' or '.join(self.full)}"
        way = "up" if self.full > self.none else "down"
        return f"all from {self.full:g} {way}, none at {self.none:g}, between in proportion"

    def points(self) -> pl.Expr:
        """The points earned, 0 to its weight; null where the metric is."""
        value = pl.col(self.metric)
        if isinstance(self.full, tuple):
            earned = value.is_in(self.full).cast(pl.Float64)
        else:
            earned = ((value.cast(pl.Float64) - self.none) / (self.full - self.none)).clip(0, 1)
        return (self.weight * earned).alias(self.column)


def from_settings(section: Mapping[str, Any], metrics: Collection[str]) -> list[Item]:
    """The items that [scorecard] of heard.toml lists, section by section. Raises ScorecardError."""
    items = [
        _item(name, metric, facts, metrics)
        for name, listed in section.items()
        for metric, facts in _mapping(listed, f"[scorecard] {name}", "a section with a line a metric").items()
    ]
    names = [item.metric for item in items]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise _error("", f"{twice[0]} stands twice", "each metric once", "Remove one")
    total = sum(item.weight for item in items)
    if items and abs(total - WHOLE) > 1e-9:
        raise _error("", f"the weights add up to {total:g}", f"{WHOLE}", "Mend them")
    return items


def scored(wide: pl.DataFrame, items: Sequence[Item]) -> pl.DataFrame:
    """The conversations with the points of each item as `<metric>_points`, and the columns of TOTALS."""
    with_points = wide.with_columns(item.points() for item in items)
    applies = [pl.col(item.column).is_not_null() for item in items]
    weight = pl.sum_horizontal(
        pl.lit(0.0), *(pl.when(one).then(item.weight).otherwise(0) for one, item in zip(applies, items, strict=True))
    )
    points = pl.sum_horizontal(pl.lit(0.0), *(pl.col(item.column) for item in items))
    return with_points.with_columns(
        pl.when(pl.any_horizontal(pl.lit(False), *applies)).then(points).alias(POINTS), weight.alias(APPLICABLE)
    )


def table(items: Sequence[Item]) -> pl.DataFrame:
    """A row an item (place, section, metric, weight, rule), in the order of the scorecard."""
    rows = [(place, item.section, item.metric, item.weight, item.rule) for place, item in enumerate(items, start=1)]
    kinds = {"place": pl.Int64, "section": pl.String, "metric": pl.String, "weight": pl.Float64, "rule": pl.String}
    return pl.DataFrame(rows, schema=kinds, orient="row")


def meanings(items: Sequence[Item]) -> dict[str, str]:
    """What each column of a scorecard means."""
    return {
        item.column: f"Scorecard, {item.section}: points for {item.metric}, of {item.weight:g}; {item.rule}"
        for item in items
    } | TOTALS


def _item(section: str, metric: str, facts: object, metrics: Collection[str]) -> Item:
    place = f" {section}.{metric}"
    if metric not in metrics:
        raise _error(f" {section}", f"'{metric}' is no metric", "one of `heard metrics`", "Mend or remove it")
    given = _mapping(facts, f"[scorecard]{place}", "{ weight = …, full = …, none = … }")
    for key in given:
        if key not in KEYS:
            raise _error(place, f"'{key}'", ", ".join(sorted(KEYS)), "Rename or remove it")
    full, none = given.get("full", 1), given.get("none", 0)
    if isinstance(full, str | list):
        words = (full,) if isinstance(full, str) else tuple(str(word) for word in full)
        return Item(section, metric, _number(place, "weight", given.get("weight")), words)
    limits = [_number(place, "full", full), _number(place, "none", none)]
    if limits[0] == limits[1]:
        raise _error(place, f"full and none are both {limits[0]:g}", "two different values", "Mend one")
    weight = _number(place, "weight", given.get("weight"))
    if weight <= 0:
        raise _error(place, f"the weight {weight:g}", "more than 0", "Mend or remove it")
    return Item(section, metric, weight, *limits)


def _mapping(value: object, place: str, expected: str) -> Mapping[str, Any]:
    if isinstance(value, dict):
        return value
    raise ScorecardError(f"heard.toml: {place} is '{value}'; expected {expected}. Mend it.")


def _number(place: str, name: str, value: object) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    raise _error(place, f"{name} is '{value}'" if value is not None else f"no {name}", "a number", "Mend it")


def _error(place: str, found: str, expected: str, cure: str) -> ScorecardError:
    return ScorecardError(f"heard.toml: [scorecard]{place}: {found}; expected {expected}. {cure}.")
