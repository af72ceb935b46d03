"""docs/schema.md, docs/metrics.md and docs/validity.md, made from the tables, the catalogue and the last validation."""

from collections.abc import Iterator
from pathlib import Path

from flows import validity
from flows.building import TYPES
from flows.meanings import metric_table
from transforms import schema
from transforms.examples import evidence
from transforms.rulebook import RULES

DOCS = Path(__file__).parent.parent / "docs"


def schema_page() -> str:
    """The tables of the warehouse and what each column means, in Markdown."""
    parts = ["# The tables", f"Contract version {schema.VERSION}. Made from `transforms/schema/` by `make docs`."]
    for name, table in schema.WAREHOUSE.items():
        rows = [f"| `{column}` | {TYPES[type(kind.type)]} | {kind.meaning} |" for column, kind in table.columns.items()]
        keys = ", ".join(f"`{key}`" for key in table.key)
        parts.append(
            "\n".join(
                [
                    f"## {name}",
                    "",
                    f"A row is {table.row}. Known by {keys}.",
                    "",
                    "| column | type | meaning |",
                    "|---|---|---|",
                    *rows,
                ]
            )
        )
    return "\n\n".join(parts) + "\n"


def metrics_page() -> str:
    """Every metric with its definition, what it needs, where it comes from and a worked example, in Markdown."""
    parts = [
        "# The metrics",
        "Made from `metrics/` by `make docs`. Where its inputs are missing a metric is null, never 0, and "
        "`<metric>_why_null` says why.",
    ]
    table = metric_table().sort("kind", "family", maintain_order=True)
    for (kind, family), metrics in table.group_by("kind", "family", maintain_order=True):
        parts.append(f"## {family.replace('_', ' ').capitalize()} ({kind}s)")
        parts += [_entry(row) for row in metrics.to_dicts()]
    return "\n\n".join([*parts, *_markers()]) + "\n"


def _markers() -> Iterator[str]:
    """What the text markers mean, with what shows them and what does not, in each language."""
    yield "## The markers"
    yield (
        "A marker is one behaviour found in one turn of the agent's or the customer's. What it means stands in the "
        "rule files, `transforms/rules/`, with every pattern; in each example the words that show it are bold."
    )
    for name, marker in RULES["en"].markers.items():
        own = [(code, language.markers[name].facts) for code, language in RULES.items() if name in language.markers]
        shown = [
            f"- {code}: {text.replace(words, f'**{words}**', 1)}" for code, (text, words) in evidence()[name].items()
        ]
        others = [f"- {code}, none: {_judged(facts['counter_examples'][0])}" for code, facts in own]
        meaning = f"The {marker.speaker}'s: {marker.facts['means']}. Not: {marker.facts['not']}."
        yield "\n".join([f"### `{name}` (marker)", "", meaning, "", *shown, *others])


def _judged(example: str | list[str]) -> str:
    """A rule's example on one line."""
    return example if isinstance(example, str) else " / ".join(example)


def _entry(row: dict[str, object]) -> str:
    facts = {
        "unit": row["unit"],
        "usually better": row["direction"],
        "needs": row["needs"],
        "channels": row["channels"],
        "over conversations": row["aggregate"],
        "is": f"{row['scale']:g} × {row['numerator']} ÷ {row['denominator']}" if row["numerator"] else None,
        "evidence": row["markers"],
        "thresholds": row["thresholds"],
        "not tested against": row["tied_to"],
        "agreement with people": _agreement(row),
        "source": row["source"],
    }
    told = [f"- {name}: {value}" for name, value in facts.items() if value]
    example = [f"\n```\n{row[kind]}\n```" for kind in ("example", "null_example") if row[kind]]
    return "\n".join([f"### `{row['metric']}`", "", str(row["definition"]), "", *told, *example])


def _agreement(row: dict[str, object]) -> str | None:
    if row["f1"] is None:
        return "not measured: nobody labelled it" if row["markers"] and "text" in str(row["needs"]) else None
    figures = (f"{name} {row[name]:.2f}" for name in ("precision", "recall", "f1", "kappa") if row[name] is not None)
    return f"{', '.join(figures)} ({row['judged_count']:,} turns; {row['validated_on']})"


def write() -> None:
    """Writes the pages."""
    (DOCS / "schema.md").write_text(schema_page(), encoding="utf-8")
    (DOCS / "validity.md").write_text(validity.page(), encoding="utf-8")
    (DOCS / "metrics.md").write_text(metrics_page(), encoding="utf-8")


if __name__ == "__main__":
    write()
