"""How well the detectors agree with people: the figures of the last `heard validate`, kept beside the rules.

`python -m flows.validity LABELLED.parquet…` measures anew and writes transforms/rules/validity.json and
docs/validity.md. The labelled turns themselves are no part of the project.
"""

import json
import sys
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl

from metrics.catalogue import Metric
from transforms import schema

FIGURES = Path(__file__).parent.parent / "transforms" / "rules" / "validity.json"
PAGE = Path(__file__).parent.parent / "docs" / "validity.md"
COUNTS = ("judged", "positives", "found right", "found wrong", "missed")
HEADS = ("marker", "corpus", "language", *COUNTS, "precision", "recall", "F1", "kappa")
FEWEST = 50  # positives under which a figure says little

Row = dict[str, Any]


@cache
def figures() -> tuple[Row, ...]:
    """The rows of the last validation, as `heard validate --json` prints them."""
    return tuple(json.loads(FIGURES.read_text(encoding="utf-8")))


def of_metric(metric: Metric) -> Row:
    """The columns of the table metric that tell how well its first marker is found; empty where nobody labelled it.

    Of several corpora the one with most positives counts, all languages together; those in which most turns are
    positive were collected for it, and tell little of other talk.
    """
    rows = [row for row in figures() if metric.markers[:1] == (row["marker"],) and row["language"] is None]
    rows = [row for row in rows if 2 * row["positives"] < row["judged"]]
    if not rows or "text" not in metric.needs:
        return {}
    best = max(rows, key=lambda row: row["positives"])
    same = {name: best[name] for name in ("precision", "recall", "f1", "f1_low", "f1_high", "kappa")}
    return same | {"judged_count": best["judged"], "validated_on": f"{best['marker']} in {best['corpus']}"}


def table() -> pl.DataFrame:
    """The table validity (schema.VALIDITY): every marker on every corpus, by language."""
    counted = {"judged_count": "judged", "positive_count": "positives"}
    rows = [row | {name: row[given] for name, given in counted.items()} for row in figures() if row["language"]]
    return schema.VALIDITY.shape(pl.DataFrame(rows, infer_schema_length=None)).sort("marker", "language", "corpus")


def page() -> str:
    """docs/validity.md: every marker on every corpus, and the markers that nobody labelled."""
    from transforms.markers import MARKERS

    rows = sorted(figures(), key=lambda row: (row["marker"], row["corpus"], row["language"] or ""))
    known = {row["marker"] for row in rows}
    lines = [
        "# How well the detectors agree with people",
        "",
        "Made from the last validation by `python -m flows.validity`. The rules were written with these very corpora",
        "in view (their development halves), so the figures are kinder than new data would be. Most are not customer",
        f"service. Under {FEWEST} positives a figure says little. Intervals: bootstrap over conversations, 95 %.",
        "",
        f"| {' | '.join(HEADS)} |",
        "|---" * len(HEADS) + "|",
        *(_line(row) for row in rows if row["language"] is not None),
        "",
        "## Not measured",
        "",
        "No labels were at hand for: " + ", ".join(f"`{name}`" for name in MARKERS if name not in known) + ".",
        "Their examples and counter-examples are tests, which shows what they mean, not how often they err.",
    ]
    return "\n".join(lines) + "\n"


def _line(row: Row) -> str:
    counts = (row[name] for name in ("judged", "positives", "true_positives", "false_positives", "false_negatives"))
    f1 = f"{_told(row['f1'])} ({_told(row['f1_low'])} to {_told(row['f1_high'])})"
    cells = [row["marker"], row["corpus"], row["language"], *(f"{count:,}" for count in counts)]
    return f"| {' | '.join([*cells, _told(row['precision']), _told(row['recall']), f1, _told(row['kappa'])])} |"


def _told(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def main(paths: list[str]) -> None:
    """Measures on the labelled files and writes both."""
    from flows.validate import validate

    rows = validate([Path(path) for path in paths])
    rounded = [{name: round(x, 4) if isinstance(x, float) else x for name, x in row.items()} for row in rows]
    FIGURES.write_text("[\n" + ",\n".join(json.dumps(row) for row in rounded) + "\n]\n", encoding="utf-8")
    figures.cache_clear()
    PAGE.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
