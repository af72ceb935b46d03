"""The catalogue is whole: every id of the specification, each with all a reader needs."""

from pathlib import Path

import pytest

from flows.meanings import metric_table
from metrics.catalogue import CATALOGUE

IDS = (Path(__file__).parent / "metric_ids.txt").read_text().split()


def test_every_id_of_the_specification_is_there_and_no_other():
    assert sorted(metric_table()["metric"]) == sorted(IDS)


@pytest.mark.parametrize("name", CATALOGUE.metrics)
def test_a_metric_has_all_that_a_reader_needs(name):
    metric = CATALOGUE.metrics[name]
    assert len(metric.definition) > 15
    assert metric.unit
    assert metric.source
    assert (metric.numerator is None) == (metric.denominator is None)
