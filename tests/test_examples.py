"""Every metric's own worked example and null case, as docs/metrics.md prints them."""

from functools import cache
from typing import Any

import polars as pl
import pytest

from metrics.catalogue import CATALOGUE
from tests.talk import measured, rows, talk

ACROSS = ("follow_through", "escalation", "outcomes")

WITH_EXAMPLE = [name for name, metric in CATALOGUE.metrics.items() if metric.example]
WITH_NULL = [name for name, metric in CATALOGUE.metrics.items() if metric.null_example]


@pytest.mark.parametrize("name", WITH_EXAMPLE)
def test_worked_example(name: str) -> None:
    metric = CATALOGUE.metrics[name]
    expected = metric.example_value
    expected = pytest.approx(expected) if isinstance(expected, float) else expected
    assert _row(name, metric.example)[name] == expected


@pytest.mark.parametrize("name", WITH_NULL)
def test_null_case(name: str) -> None:
    metric = CATALOGUE.metrics[name]
    row = _row(name, metric.null_example)
    assert (row[name], row[f"{name}_why_null"]) == (None, metric.why_null)


def _row(name: str, text: str) -> dict[str, Any]:
    """The conversation measured: by itself where it hangs on the customer's others, otherwise all of them in one go."""
    if CATALOGUE.metrics[name].family in ACROSS:
        return measured(talk(text))
    return _together()[text]


@cache
def _together() -> dict[str, dict[str, Any]]:
    own = [metric for metric in CATALOGUE.metrics.values() if metric.family not in ACROSS]
    texts = sorted({text for metric in own for text in (metric.example, metric.null_example) if text})
    talks = [talk(text, conversation_id=f"{number:03}") for number, text in enumerate(texts)]
    everything = {name: pl.concat([one[name] for one in talks]) for name in talks[0]}
    return dict(zip(texts, rows(everything).sort("conversation_id").to_dicts(), strict=True))


def test_every_metric_has_both() -> None:
    assert set(WITH_EXAMPLE) == set(CATALOGUE.metrics)
    assert set(CATALOGUE.metrics) - set(WITH_NULL) == set()
