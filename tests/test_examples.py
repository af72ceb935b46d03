"""Every metric's own worked example and null case, as docs/metrics.md prints them."""

import pytest

from metrics.catalogue import CATALOGUE
from tests.talk import measured, talk

WITH_EXAMPLE = [name for name, metric in CATALOGUE.metrics.items() if metric.example]
WITH_NULL = [name for name, metric in CATALOGUE.metrics.items() if metric.null_example]


@pytest.mark.parametrize("name", WITH_EXAMPLE)
def test_worked_example(name: str) -> None:
    metric = CATALOGUE.metrics[name]
    expected = metric.example_value
    expected = pytest.approx(expected) if isinstance(expected, float) else expected
    assert measured(talk(metric.example))[name] == expected


@pytest.mark.parametrize("name", WITH_NULL)
def test_null_case(name: str) -> None:
    metric = CATALOGUE.metrics[name]
    row = measured(talk(metric.null_example))
    assert (row[name], row[f"{name}_why_null"]) == (None, metric.why_null)
