"""The next warehouse, built beside the published one and put in its place in one step.

It begins empty or as a copy of what is published. Rows of the tables by conversation are replaced, conversation by
conversation; the other tables are put in whole.
"""

import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType

import duckdb
import polars as pl

from flows.home import put_in_place
from flows.meanings import meanings
from flows.suite_published import Sizes
from flows.tables import BEFORE, WIDE, Frames
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
WIDE_ROWS = {
    WIDE: "a conversation with every metric and outcome as a column",
    BEFORE: "a conversation with its indicators counted before the outcome only",
}


class Building:
    """A warehouse that nobody reads yet."""

    def __init__(self, con: duckdb.DuckDBPyConnection, points: Mapping[str, str]) -> None:
        self.con, self.points = con, points

    def frame(self, sql: str, parameters: Sequence[object] = ()) -> pl.DataFrame:
        """What one statement gives."""
        return self.con.execute(sql, parameters).pl()

    def replace(self, ids: pl.Series, tables: Frames) -> None:
        """Puts the rows of some conversations in the place of those that they had."""
        with self.given("given_id", pl.DataFrame({"conversation_id": ids})):
            for name in (*by_conversation(), *WIDE_ROWS):
                if self.has(name):
                    self.con.execute(f"DELETE FROM {name} WHERE conversation_id IN (FROM given_id)")
        for name, frame in tables.items():
            self.add(name, frame)

    def put(self, tables: Mapping[str, pl.DataFrame]) -> None:
        """Puts whole tables in the place of those of before."""
        for name, frame in tables.items():
            if self.has(name):
                self.con.execute(f"DELETE FROM {name}")
            self.add(name, frame)

    def make_views(self) -> None:
        """Makes the views: the long form of each wide table and of the scorecard."""
        wide = {name: self.frame(f"FROM {name} LIMIT 0") for name in WIDE_ROWS}
        for name, sql in views(self.frame("FROM metric"), self.frame("FROM scorecard_item"), wide).items():
            self.con.execute(f"CREATE OR REPLACE VIEW {name} AS {sql}")
            question = " ".join(line[2:].strip() for line in sql.splitlines() if line.startswith("--"))
            self.con.execute(f"COMMENT ON VIEW {name} IS '{_quoted(question)}'")

    def sizes(self) -> Sizes:
        """How much there is."""
        return sizes(self.frame)

    def repeated(self) -> dict[str, tuple[int, int]]:
        """Of each table its rows, and how many of them share their key with an earlier one."""
        keys = {name: table.key for name, table in schema.WAREHOUSE.items()}
        keys |= dict.fromkeys(WIDE_ROWS, ("conversation_id",))
        return {name: self._repeated(name, key) for name, key in keys.items() if self.has(name)}

    def _repeated(self, name: str, columns: Sequence[str]) -> tuple[int, int]:
        key = ", ".join(f'"{column}"' for column in columns)
        sql = f"SELECT count(*), count(*) - count(DISTINCT hash({key})) FROM {name}"
        rows, repeated = self.frame(sql).row(0)
        if repeated:  # or two keys of one hash
            repeated -= self.frame(f"SELECT {repeated} - (count(*) - count(DISTINCT ({key}))) FROM {name}").item()
        return rows, repeated

    def has(self, name: str) -> bool:
        """Whether a table is there."""
        names = "SELECT table_name FROM duckdb_tables() WHERE database_name = 'built'"
        return (name,) in self.con.execute(names).fetchall()

    def add(self, name: str, frame: pl.DataFrame) -> None:
        """Adds rows to a table, which is made where it is missing."""
        table = schema.WAREHOUSE.get(name) or _wide_table(name, frame, self.points)
        if not self.has(name):
            self._create(name, table)
        with self.given("given", table.shape(frame)):
            self.con.execute(f"INSERT INTO {name} BY NAME SELECT * FROM given")

    def _create(self, name: str, table: schema.Table) -> None:
        columns = ", ".join(
            f'"{column}" {TYPES[type(kind.type)]}{" NOT NULL" if kind.required else ""}'
            for column, kind in table.columns.items()
        )
        self.con.execute(f"CREATE TABLE {name} ({columns})")
        self.con.execute(f"COMMENT ON TABLE {name} IS '{_quoted(f'A row is {table.row}')}'")
        for column, kind in table.columns.items():
            self.con.execute(f"COMMENT ON COLUMN {name}.\"{column}\" IS '{_quoted(kind.meaning)}'")

    @contextmanager
    def given(self, name: str, frame: pl.DataFrame) -> Iterator[None]:
        """A frame to name in statements."""
        self.con.register(name, frame.to_arrow())
        yield
        self.con.unregister(name)


@contextmanager
def building(
    path: Path, from_published: bool = False, points: Mapping[str, str] = MappingProxyType({})
) -> Iterator[Building]:
    """A warehouse to build, empty or a copy of the published one; takes its place if all goes well.

    Readers of the old one are not disturbed; where an error ends the building, the old one stays. `points` says what
    the scorecard's columns mean.
    """
    part = path.with_name(f".{path.name}.building")
    wal = part.with_name(f"{part.name}.wal")
    for left in (part, wal):
        left.unlink(missing_ok=True)
    if from_published:
        shutil.copyfile(path, part)
    try:
        with duckdb.connect() as con:
            con.execute(f"ATTACH '{_quoted(str(part))}' AS built (STORAGE_VERSION '{STORAGE_VERSION}')")
            con.execute("USE built")
            yield Building(con, points)
            con.execute("CHECKPOINT built")
            con.execute("USE memory")
            con.execute("DETACH built")
        put_in_place(part, path)
    finally:
        for left in (part, wal):
            left.unlink(missing_ok=True)


def sizes(ask: Callable[[str], pl.DataFrame]) -> Sizes:
    """How much there is in a warehouse, by what it answers."""
    rows = {table: ask(f"SELECT count(*) FROM {table}").item() for table in ("conversation", "turn", "outcome")}
    columns = ask(f"FROM {WIDE} LIMIT 0").columns
    names = [name for name in ask("FROM metric")["metric"] if name in columns]
    there = ask(f"SELECT {' + '.join(f'count({name})' for name in names)} FROM {WIDE}").item()
    return Sizes(rows, 10_000 * there / max(rows["conversation"] * len(names), 1))


def by_conversation() -> tuple[str, ...]:
    """The tables of schema.WAREHOUSE whose rows belong each to one conversation."""
    return tuple(name for name, table in schema.WAREHOUSE.items() if table.is_by_conversation)


def _wide_table(name: str, frame: pl.DataFrame, points: Mapping[str, str]) -> schema.Table:
    told = meanings([frame], dict(points))
    columns = {
        column: schema.Column(_stored(kind), told[column], column == "conversation_id")
        for column, kind in frame.schema.items()
    }
    return schema.Table(WIDE_ROWS[name], ("conversation_id",), columns)


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


def _quoted(text: str) -> str:
    return text.replace("'", "''")
