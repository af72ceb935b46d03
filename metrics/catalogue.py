"""What a metric is, and the catalogue of them all.

A metric is a function that returns an expression; its name is the metric's id, its docstring the definition, its module
(or package) the family. An expression over turns sees one conversation's turns in order. An expression over the row
sees the conversation's columns and the metrics that stand before it in the catalogue.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from textwrap import dedent
from typing import Any, Literal

import polars as pl

Stage = Literal["turns", "row"]

TEXT_CHANNELS = ("chat", "email", "ticket", "social")
VOICE = ("voice",)

# What a source must have, each a column of the row that says whether this conversation has it.
NEEDS = {
    "agent": "has_agent",
    "customer": "has_customer",
    "ends": "has_ends",
    "spoken_ends": "has_spoken_ends",
    "overlap": "shows_overlap",
    "times": "has_times",
    "sent_at": "has_sent_at",
    "customer_id": "has_customer_id",
    "text": "has_rules",
    "status": "has_status",
    "sentence_ends": "knows_sentence_ends",
}


@dataclass(frozen=True)
class Metric:
    name: str
    family: str
    definition: str
    expression: Callable[[], pl.Expr]
    stage: Stage
    unit: str
    source: str
    kind: Literal["indicator", "outcome"] = "indicator"
    direction: Literal["higher", "lower"] | None = None
    needs: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    numerator: str | None = None
    denominator: str | None = None
    scale: float = 1
    markers: tuple[str, ...] = ()
    thresholds: tuple[str, ...] = ()
    tied_to: tuple[str, ...] = ()
    open_when: str | None = None
    unsaid: str = "nothing_to_measure"  # why it is null where nothing else explains it
    aggregate: Literal["mean", "median", "ratio"] = "mean"
    example: str = ""
    example_value: float | str | bool | None = None
    null_example: str = ""
    why_null: str = ""

    @property
    def worked_example(self) -> str:
        """The conversation worked by hand, with its value."""
        return f"{dedent(self.example).strip()}\n→ {self.example_value}"

    @property
    def null_case(self) -> str:
        """A conversation that gives no value, with the reason."""
        return f"{dedent(self.null_example).strip()}\n→ null ({self.why_null})"


@dataclass
class Catalogue:
    metrics: dict[str, Metric] = field(default_factory=dict)
    bases: dict[str, Callable[[], pl.Expr]] = field(default_factory=dict)

    def add(self, metric: Metric) -> None:
        if metric.name in self.metrics:
            raise ValueError(f"metric {metric.name} is defined twice")
        self.metrics[metric.name] = metric


CATALOGUE = Catalogue()

Definition = Callable[[], pl.Expr]


def base(definition: Definition) -> Definition:
    """A column of conversation_wide that metrics stand on, without being one itself: an expression over turns."""
    CATALOGUE.bases[definition.__name__] = definition
    return definition


def metric(*, over: Stage = "turns", **facts: Any) -> Callable[[Definition], Definition]:
    """Adds the function to the catalogue: name, definition and family come from it, the rest from `facts`."""

    def add(definition: Definition) -> Definition:
        CATALOGUE.add(
            Metric(
                name=definition.__name__,
                family=definition.__module__.split(".")[1],
                definition=" ".join((definition.__doc__ or "").split()),
                expression=definition,
                stage=over,
                **facts,
            )
        )
        return definition

    return add


def ratio(
    numerator: str, denominator: str, *, scale: float = 1, **facts: Any
) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """A metric that is scale * numerator / denominator, each a column of the row; null where the denominator is 0."""

    def add(definition: Callable[[], None]) -> Callable[[], None]:
        def divided() -> pl.Expr:
            below = pl.col(denominator)
            return pl.when(below > 0).then(scale * pl.col(numerator) / below)

        divided.__name__, divided.__doc__ = definition.__name__, definition.__doc__
        divided.__module__ = definition.__module__
        metric(over="row", numerator=numerator, denominator=denominator, scale=scale, aggregate="ratio", **facts)(
            divided
        )
        return definition

    return add
