"""The metric table, and what the wide tables' columns mean: all from the definitions themselves."""

from collections.abc import Iterator, Mapping, Sequence

import polars as pl

from flows.validity import of_metric
from metrics import families
from metrics.catalogue import CATALOGUE, Metric
from metrics.contacts import CONTACT
from metrics.load import AGENT_METRICS
from metrics.sources import A, said
from metrics.units import COUNT, RATIO, SHARE
from transforms import schema
from transforms.examples import evidence
from transforms.speech import SPEECH
from transforms.thresholds import DEFAULT, Thresholds

assert families.MODULES  # importing them fills the catalogue

FACTS = SPEECH | CONTACT


def metric_table(limits: Thresholds = DEFAULT) -> pl.DataFrame:
    """The table metric, with the thresholds in force, in the catalogue's order."""
    rows = [_row(m, limits) for m in CATALOGUE.metrics.values()] + [_agent_row(name) for name in AGENT_METRICS]
    return schema.METRIC.shape(pl.DataFrame(rows, infer_schema_length=None))


def _agent_row(name: str) -> Mapping[str, object]:
    """A metric of an agent, not of a conversation: in agent_day, or in agent_metric."""
    unit = SHARE if name.endswith("_share") else COUNT if name.endswith("_count") else RATIO
    return {
        "metric": name,
        "kind": "indicator",
        "family": "load" if name != "consistency" else "follow_through",
        "definition": AGENT_METRICS[name].definition,
        "unit": unit,
        "source": said(A),
        "needs": "agent",
        "aggregate": "agent",
        "example": AGENT_METRICS[name].example,
        "null_example": AGENT_METRICS[name].null_example,
    }


def _row(m: Metric, limits: Thresholds) -> Mapping[str, object]:
    listed = {name: ", ".join(getattr(m, name)) or None for name in ("needs", "channels", "markers", "tied_to")}
    return {
        "metric": m.name,
        "kind": m.kind,
        "family": m.family,
        "definition": m.definition,
        "unit": m.unit,
        "direction": m.direction,
        "source": m.source,
        "aggregate": m.aggregate,
        "numerator": m.numerator,
        "denominator": m.denominator,
        "scale": float(m.scale) if m.numerator else None,
        "thresholds": ", ".join(f"{name}={getattr(limits, name):g}" for name in m.thresholds) or None,
        "example": m.worked_example,
        "null_example": m.null_case,
        "evidence": "\n".join(_evidence(m)) or None,
        **listed,
        **of_metric(m),
    }


def _evidence(m: Metric) -> Iterator[str]:
    """How its markers look, a line a marker and language."""
    for marker in m.markers:
        for language, (text, words) in evidence().get(marker, {}).items():
            yield f"{marker}, {language}: “{text}” shows “{words}”"


def stored(
    measured: pl.DataFrame, conversation: pl.DataFrame, outcome: pl.DataFrame, points: Sequence[str]
) -> pl.DataFrame:
    """The wide table as it is kept: the conversation, what metrics stand on, each metric, why it is null, outcomes.

    `points` are the columns of the scorecard.
    """
    metrics = list(CATALOGUE.metrics)
    parts = {part for m in CATALOGUE.metrics.values() for part in (m.numerator, m.denominator) if part}
    own = [name for name in conversation.columns if name not in (*metrics, "text_folded")]
    bases = [name for name in {*CATALOGUE.bases, *parts, *CONTACT} if name not in (*metrics, *own)]
    results = [name for name in outcome.columns if name not in (*metrics, *own, *bases)]
    reasons = [f"{name}_why_null" for name in metrics]
    rest = [name for name in (*sorted(bases), *metrics, *reasons, *points) if name in measured.columns]
    return (
        conversation.select(own)
        .join(measured.select("conversation_id", *rest), on="conversation_id", how="left", maintain_order="left")
        .join(outcome.select("conversation_id", *results), on="conversation_id", how="left", maintain_order="left")
    )


def meanings(wide: Sequence[pl.DataFrame], points: dict[str, str]) -> dict[str, str]:
    """What each column of the wide tables means; `points` says it of the scorecard's."""
    tables = {
        name: column.meaning
        for table in ("conversation", "outcome")
        for name, column in schema.WAREHOUSE[table].columns.items()
    }
    bases = {name: _first_line(expression.__doc__) for name, expression in CATALOGUE.bases.items()}
    metrics = {m.name: f"{m.definition} [{m.unit}]" for m in CATALOGUE.metrics.values()}
    reasons = {
        f"{name}_why_null": f"Why {name} is null: not_applicable, not_measurable, nothing_to_measure or open"
        for name in metrics
    }
    known = FACTS | bases | tables | metrics | reasons | points
    return {name: known[name] for frame in wide for name in frame.columns}


def _first_line(text: str | None) -> str:
    return " ".join((text or "").split())
