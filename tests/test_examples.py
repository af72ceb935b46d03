"""Every metric's own worked example and null case, as docs/metrics.md prints them."""

import pytest

from metrics.catalogue import CATALOGUE, Metric
from tests.talk import measured, talk
from transforms.markers import MARKERS

FROM_TIMING = ("interruption", "cut_off")

WITH_EXAMPLE = [name for name, metric in CATALOGUE.metrics.items() if metric.example]
WITH_NULL = [name for name, metric in CATALOGUE.metrics.items() if metric.null_example]


@pytest.mark.parametrize("name", WITH_EXAMPLE)
def test_worked_example(name: str) -> None:
    metric = _with_rules(name)
    expected = metric.example_value
    expected = pytest.approx(expected) if isinstance(expected, float) else expected
    assert measured(talk(metric.example))[name] == expected


@pytest.mark.parametrize("name", WITH_NULL)
def test_null_case(name: str) -> None:
    metric = _with_rules(name)
    row = measured(talk(metric.null_example))
    assert (row[name], row[f"{name}_why_null"]) == (None, metric.why_null)


def _with_rules(name: str) -> Metric:
    metric = CATALOGUE.metrics[name]
    if without := set(metric.markers) - {*MARKERS, *FROM_TIMING}:
        pytest.skip(f"no language has rules for {', '.join(sorted(without))} yet")
    return metric
