"""The generated pages say what the code says."""

from flows import validity
from flows.docs import DOCS, metrics_page, schema_page


def test_the_page_of_the_tables_is_fresh():
    assert (DOCS / "schema.md").read_text(encoding="utf-8") == schema_page(), "run `make docs`"


def test_the_page_of_the_metrics_is_fresh():
    assert (DOCS / "metrics.md").read_text(encoding="utf-8") == metrics_page(), "run `make docs`"


def test_the_page_of_validity_is_fresh():
    assert (DOCS / "validity.md").read_text(encoding="utf-8") == validity.page(), "run `make docs`"
