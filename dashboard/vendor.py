"""The sources' own figures, which they measure by rules of their own, beside Heard's."""

from collections.abc import Mapping

import polars as pl

from dashboard import say
from dashboard.estimates import Row, mean
from dashboard.filters import Chosen
from dashboard.warehouse import query

PREFIX = "vendor_"
CLOSE = 0.05  # figures that differ by less than this part of ours agree


def figures(metrics: Mapping[str, Row]) -> list[Row]:
    """The metrics for which a source may have a figure of its own."""
    columns = query("SELECT column_name FROM (DESCRIBE conversation_wide)")["column_name"].to_list()
    return [metrics[column.removeprefix(PREFIX)] for column in columns if column.startswith(PREFIX)]


def of_one(row: Row, metrics: Mapping[str, Row]) -> pl.DataFrame:
    """Each figure of the source's own in a conversation, with ours and why they may differ; empty where it has none."""
    told = []
    for metric in figures(metrics):
        name, unit = metric["metric"], metric["unit"]
        theirs, ours = row[PREFIX + name], row[name]
        if theirs is None:
            continue
        more = None if ours is None else float(ours) - theirs
        told.append(
            {
                "Figure": say.name(name),
                "The source's own": say.value(theirs, unit),
                "Heard's": say.single(ours, unit),
                "Difference": say.NONE if more is None else say.change(more, unit),
                "How Heard counts": metric["definition"],
            }
        )
    return pl.DataFrame(told, infer_schema_length=None)


def by_source(chosen: Chosen, metrics: Mapping[str, Row]) -> pl.DataFrame:
    """For each source and figure of its own: n with both, both means, the mean difference with its interval, agreement.

    Empty where no source of the selection has any.
    """
    known = {metric["metric"]: metric for metric in figures(metrics)}
    if not known:
        return pl.DataFrame()
    parts = "\nUNION ALL ".join(
        f"""SELECT source, '{name}' AS metric, count(*) AS n, avg({PREFIX}{name}) AS theirs, avg("{name}") AS ours,
        avg("{name}" - {PREFIX}{name}) AS more, stddev_samp("{name}" - {PREFIX}{name}) AS deviation,
        avg((abs("{name}" - {PREFIX}{name}) <= {CLOSE} * abs("{name}"))::INT) AS agreeing
        FROM conversation_wide WHERE {chosen.where} AND "{name}" IS NOT NULL AND {PREFIX}{name} IS NOT NULL
        GROUP BY source"""
        for name in known
    )
    rows = query(f"{parts} ORDER BY source, metric", **chosen.parameters).to_dicts()
    return pl.DataFrame([_in_words(row, known[row["metric"]]["unit"]) for row in rows], infer_schema_length=None)


def _in_words(row: Row, unit: str) -> Row:
    more, low, high = mean(row["more"], row["deviation"], row["n"])
    shown = [say.change(end, unit) for end in (more, low, high) if end is not None]
    return {
        "Source": row["source"],
        "Figure": say.name(row["metric"]),
        "n": row["n"],
        "Its own, mean": say.value(row["theirs"], unit),
        "Heard's, mean": say.value(row["ours"], unit),
        "Difference (95 %)": f"{shown[0]} ({shown[1]} to {shown[2]})" if len(shown) == 3 else shown[0],
        "Within 5 %": say.value(row["agreeing"], "share 0..1"),
    }
