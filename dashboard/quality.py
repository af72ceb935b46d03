"""What the runs took in and refused, their checks, and the coverage of each metric."""

from collections.abc import Sequence

import polars as pl

from dashboard.filters import Chosen
from dashboard.warehouse import query


def runs() -> pl.DataFrame:
    """The latest runs, newest first."""
    return query("FROM run ORDER BY started_at DESC LIMIT 200")


def runs_in_words(rows: pl.DataFrame) -> pl.DataFrame:
    """The runs for people."""
    return rows.select(
        pl.col("started_at").alias("Began (UTC)"),
        (pl.col("ended_at") - pl.col("started_at")).dt.total_seconds().alias("Seconds"),
        pl.col("given_count").alias("Given"),
        pl.col("accepted_count").alias("Accepted"),
        pl.col("rejected_count").alias("Rejected"),
        pl.col("measured_conversation_count").alias("Conversations measured"),
        pl.col("inputs").alias("Sources"),
        pl.col("versions").alias("Versions"),
    )


def rejected() -> pl.DataFrame:
    """What could not be read, with place, reason and cure."""
    return query(
        'SELECT file AS "File", place AS "Place", reason AS "Found and expected", cure AS "What to do",'
        ' record_count AS "Records" FROM rejected_record ORDER BY record_count DESC, file, place LIMIT 5000'
    )


def rejected_by_cause() -> pl.DataFrame:
    """What could not be read, a row a file and cause, the most records first."""
    return query(
        """SELECT file AS "File", CASE WHEN count(*) = 1 THEN min(place)
            ELSE arg_min(place, try_cast(regexp_extract(place, '[0-9]+') AS BIGINT)) || ' and others' END AS "Place",
        reason AS "Found and expected", cure AS "What to do", sum(record_count)::BIGINT AS "Records"
        FROM rejected_record GROUP BY file, reason, cure ORDER BY "Records" DESC, file, reason LIMIT 100"""
    )


def checks(run_id: str) -> pl.DataFrame:
    """The checks of a run, failed ones first."""
    return query(
        """SELECT CASE WHEN is_passed THEN 'yes' ELSE 'no' END AS "Held", severity AS "Severity", suite AS "Suite",
        "table" AS "Table", "check" AS "Check", found AS "Found", failed_count AS "Rows that failed",
        checked_count AS "Rows looked at" FROM quality_check WHERE run_id = $run
        ORDER BY is_passed, severity, suite, "table", "check" """,
        run=run_id,
    )


def coverage(metrics: Sequence[str], chosen: Chosen) -> pl.DataFrame:
    """In how many conversations each metric was measured, and in how many not for each reason: metric, reason, n."""
    counted = ", ".join(f'histogram(coalesce("{name}_why_null", \'measured\')) AS "{name}"' for name in metrics)
    found = query(f"SELECT {counted} FROM conversation_wide WHERE {chosen.where}", **chosen.parameters).row(
        0, named=True
    )
    rows = [(name, reason, n) for name in metrics for reason, n in (found[name] or {}).items()]
    return pl.DataFrame(rows, schema={"metric": pl.String, "reason": pl.String, "n": pl.Int64}, orient="row")
