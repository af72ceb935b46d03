"""The published warehouse: built beside the old one, checked, then put in its place in one step."""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb
import polars as pl

from flows.home import replace
from transforms import schema

STORAGE_VERSION = "v1.4.0"  # the oldest client that can open it

TYPES = {
    pl.String: "VARCHAR",
    pl.Int64: "BIGINT",
    pl.Float64: "DOUBLE",
    pl.Boolean: "BOOLEAN",
    pl.Date: "DATE",
    pl.Datetime: "TIMESTAMP",
}


EXPECTED = 'Expected a read-only SELECT over the warehouse: `heard query "show tables"` lists its tables.'


class QueryError(Exception):
    """One line: what is wrong with a query."""


def publish(
    path: Path, tables: Mapping[str, pl.DataFrame], wide: Mapping[str, pl.DataFrame], meanings: Mapping[str, str]
) -> None:
    """Writes the warehouse whole and puts it in its place; readers of the old one are not disturbed.

    `tables` are those of schema.WAREHOUSE; `wide` the tables with a column a metric, whose meanings are in `meanings`.
    """
    part = path.with_name(f".{path.name}.building")
    part.unlink(missing_ok=True)
    with duckdb.connect() as con:
        con.execute(f"ATTACH '{_quoted(str(part))}' AS built (STORAGE_VERSION '{STORAGE_VERSION}')")
        con.execute("USE built")
        for name, table in schema.WAREHOUSE.items():
            _write(con, name, table, tables[name])
        for name, frame in wide.items():
            _write(con, name, _wide_table(name, frame, meanings), frame)
        for name, sql in views(tables["metric"], tables["scorecard_item"], wide).items():
            con.execute(f"CREATE VIEW {name} AS {sql}")
            _comment_view(con, name, sql)
        con.execute("CHECKPOINT built")
        con.execute("USE memory")
        con.execute("DETACH built")
    with part.open("rb+") as file:
        os.fsync(file.fileno())
    replace(part, path)


def _write(con: duckdb.DuckDBPyConnection, name: str, table: schema.Table, frame: pl.DataFrame) -> None:
    columns = ", ".join(
        f'"{column}" {TYPES[type(kind.type)]}{" NOT NULL" if kind.required else ""}'
        for column, kind in table.columns.items()
    )
    con.execute(f"CREATE TABLE {name} ({columns})")
    con.register("given", table.shape(frame).to_arrow())
    con.execute(f"INSERT INTO {name} SELECT * FROM given")
    con.unregister("given")
    con.execute(f"COMMENT ON TABLE {name} IS '{_quoted(f'A row is {table.row}')}'")
    for column, kind in table.columns.items():
        con.execute(f"COMMENT ON COLUMN {name}.\"{column}\" IS '{_quoted(kind.meaning)}'")


def _wide_table(name: str, frame: pl.DataFrame, meanings: Mapping[str, str]) -> schema.Table:
    columns = {
        column: schema.Column(_stored(kind), meanings[column], column == "conversation_id")
        for column, kind in frame.schema.items()
    }
    rows = {
        "conversation_wide": "a conversation with every metric and outcome as a column",
        "conversation_wide_before": "a conversation with its indicators counted before the outcome only",
    }
    return schema.Table(rows[name], ("conversation_id",), columns)


def _stored(kind: pl.DataType) -> pl.DataType:
    """Counts are stored as 64-bit integers, whatever width they were counted in."""
    return pl.Int64() if kind.is_integer() else kind


def views(metric: pl.DataFrame, items: pl.DataFrame, wide: Mapping[str, pl.DataFrame]) -> dict[str, str]:
    """The views: the long form of each wide table and of the scorecard. Name -> SQL."""
    long = {
        "conversation_metric": ("conversation_wide", "What is each metric of a conversation? One row a metric."),
        "conversation_metric_before": (
            "conversation_wide_before",
            "What is each indicator of a conversation before its outcome? One row an indicator.",
        ),
    }
    found = {
        name: f"-- {question}\n"
        + "\nUNION ALL\n".join(
            _long(table, row, wide[table]) for row in metric.to_dicts() if _is_numeric(wide[table], row["metric"])
        )
        for name, (table, question) in long.items()
    }
    scores = [_score(item) for item in items.to_dicts()] or [f"{_SCORE} LIMIT 0"]
    question = "-- How many points does a conversation earn, item by item? None where it does not apply.\n"
    return found | {"conversation_score": question + "\nUNION ALL\n".join(scores)}


_SCORE = (
    "SELECT conversation_id, '' AS section, '' AS metric, 0.0::DOUBLE AS weight, '' AS value, 0.0::DOUBLE AS points, "
    "'' AS why_null FROM conversation_wide"
)


def _score(item: Mapping[str, object]) -> str:
    name = item["metric"]
    return (
        f"SELECT conversation_id, '{_quoted(str(item['section']))}' AS section, '{name}' AS metric, "
        f"CAST({item['weight']} AS DOUBLE) AS weight, CAST({name} AS VARCHAR) AS value, {name}_points AS points, "
        f"{name}_why_null AS why_null FROM conversation_wide"
    )


def _is_numeric(wide: pl.DataFrame, metric: str) -> bool:
    return metric in wide.columns and wide.schema[metric] != pl.String


def _long(table: str, metric: Mapping[str, str | None], wide: pl.DataFrame) -> str:
    name = metric["metric"]
    parts = [
        f"CAST({metric[part]} AS DOUBLE)" if metric[part] in wide.columns else "CAST(NULL AS DOUBLE)"
        for part in ("numerator", "denominator")
    ]
    counted = [f"CASE WHEN {name} IS NOT NULL THEN {part} END" for part in parts]
    return (
        f"SELECT conversation_id, '{name}' AS metric, CAST({name} AS DOUBLE) AS value, "
        f"{counted[0]} AS numerator, {counted[1]} AS denominator, {name}_why_null AS why_null FROM {table}"
    )


def _comment_view(con: duckdb.DuckDBPyConnection, name: str, sql: str) -> None:
    question = " ".join(line[2:].strip() for line in sql.splitlines() if line.startswith("--"))
    con.execute(f"COMMENT ON VIEW {name} IS '{_quoted(question)}'")


@contextmanager
def reading(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A read-only connection to the published warehouse, without access to files or the network from SQL."""
    with duckdb.connect(str(path), read_only=True) as con:
        con.execute("SET TimeZone = 'UTC'")
        con.execute("SET enable_external_access = false")
        con.execute("SET lock_configuration = true")
        yield con


def query(path: Path, sql: str, parameters: Sequence[object] = ()) -> pl.DataFrame:
    """What one statement gives. Raises QueryError, in one line, where DuckDB refuses it."""
    with reading(path) as con:
        try:
            return con.execute(sql, parameters).pl()
        except duckdb.Error as error:
            first, _, rest = str(error).partition("\n")
            hint = next(
                (line.strip() for line in rest.splitlines() if line.startswith(("Candidate", "Did you mean"))), ""
            )
            raise QueryError(f"{first} {hint}".strip().rstrip(".") + f". {EXPECTED}") from None


def _quoted(text: str) -> str:
    return text.replace("'", "''")
