"""The published warehouse: whole, described, and replaced under its readers' eyes."""

import subprocess
import sys
from pathlib import Path

import duckdb
import polars as pl
import pytest

from flows import warehouse
from flows.building import building
from transforms import schema


def publish(path: Path, value: float = 1.0, rows: int = 1) -> None:
    tables = {name: table.empty() for name, table in schema.WAREHOUSE.items()}
    tables["schema_version"] = pl.DataFrame({"version": [schema.VERSION]})
    tables["metric"] = schema.METRIC.shape(
        pl.DataFrame(
            {
                "metric": ["validation_per_100_turns", "escalation_class"],
                "kind": "indicator",
                "family": "empathy",
                "definition": "d",
                "unit": "per 100 agent turns",
                "source": "P",
                "aggregate": "ratio",
                "numerator": ["validation_count", None],
                "denominator": ["agent_turn_count", None],
            }
        )
    )
    wide = pl.DataFrame(
        {
            "conversation_id": [f"c{row}" for row in range(rows)],
            "validation_per_100_turns": value,
            "validation_per_100_turns_why_null": None,
            "validation_count": 1,
            "agent_turn_count": 100,
            "escalation_class": "none",
            "escalation_class_why_null": None,
        },
        schema_overrides={"validation_per_100_turns_why_null": pl.String, "escalation_class_why_null": pl.String},
    )
    with building(path) as base:
        base.put(tables | {"conversation_wide": wide, "conversation_wide_before": wide})
        base.make_views()


@pytest.fixture
def published(tmp_path: Path) -> Path:
    publish(tmp_path / "warehouse.duckdb")
    return tmp_path / "warehouse.duckdb"


def test_every_table_column_and_view_has_a_comment(published):
    silent = warehouse.query(
        published,
        "select table_name as name from duckdb_tables() where comment is null "
        "union all select view_name from duckdb_views() where comment is null and not internal "
        "union all select table_name || '.' || column_name from duckdb_columns() "
        "where comment is null and not internal and table_name in (select table_name from duckdb_tables())",
    )
    assert silent["name"].to_list() == []


def test_the_long_view_has_a_row_a_metric_and_leaves_texts_to_the_wide_table(published):
    rows = warehouse.query(published, "from conversation_metric").to_dicts()
    assert rows == [
        {
            "conversation_id": "c0",
            "metric": "validation_per_100_turns",
            "value": 1.0,
            "numerator": 1.0,
            "denominator": 100.0,
            "why_null": None,
        }
    ]


def test_clients_since_1_4_can_open_it(published):
    with duckdb.connect() as con:
        con.execute(f"ATTACH '{published}' AS w (READ_ONLY)")
        tags = con.execute("select tags from duckdb_databases() where database_name = 'w'").fetchone()
    assert "v1.4.0" in tags[0]["storage_version"]


@pytest.mark.parametrize(
    "sql",
    [
        "create table t (a int)",
        "delete from metric",
        "select * from read_csv('/etc/passwd')",
        "copy metric to 'out.csv'",
        "set enable_external_access = true",
        "attach 'other.duckdb'",
        "install httpfs",
    ],
)
def test_a_query_neither_writes_nor_reaches_files_or_the_network(published, sql, tmp_path):
    with pytest.raises(warehouse.QueryError) as refused:
        warehouse.query(published, sql)
    assert "\n" not in str(refused.value)
    assert [path.name for path in tmp_path.iterdir()] == ["warehouse.duckdb"]


READER = """
import sys
from pathlib import Path
from flows import warehouse
from flows.building import building
for _ in sys.stdin:
    sql = "select any_value(validation_count), count(*) from conversation_wide"
    print(warehouse.query(Path(sys.argv[1]), sql).rows())
    sys.stdout.flush()
"""


def test_a_reader_in_another_process_sees_the_old_or_the_new_whole(published):
    command = [sys.executable, "-c", READER, str(published)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as reader:

        def ask() -> str:
            reader.stdin.write("\n")
            reader.stdin.flush()
            return reader.stdout.readline().strip()

        assert ask() == "[(1, 1)]"
        for rows in range(1000, 4000, 1000):
            publish(published, rows=rows)
            assert ask() == f"[(1, {rows})]"
        reader.stdin.close()


def test_a_reader_that_is_at_work_does_not_stop_a_publication(published):
    with warehouse.reading(published) as con:
        publish(published, rows=1000)
        assert con.execute("select count(*) from conversation_wide").fetchone() == (1,)
    assert warehouse.query(published, "select count(*) from conversation_wide").item() == 1000


def test_a_failed_publication_leaves_the_old_one(published):
    before = published.read_bytes()
    with pytest.raises(duckdb.Error), building(published) as base:
        base.make_views()  # of tables that are not there
    assert published.read_bytes() == before
    assert [path.name for path in published.parent.iterdir()] == [published.name]


def test_a_copy_keeps_what_is_not_replaced(published):
    publish(published, rows=3)
    with building(published, from_published=True) as base:
        wide = base.frame("FROM conversation_wide WHERE conversation_id = 'c1'").with_columns(agent_turn_count=7)
        base.replace(pl.Series(["c1", "c2", "new"]), {"conversation_wide": wide})
    rows = warehouse.query(published, "select conversation_id, agent_turn_count from conversation_wide order by 1")
    assert rows.rows() == [("c0", 100), ("c1", 7)]
    assert warehouse.query(published, "from conversation_metric").height == 2


def test_keys_that_come_twice_are_counted_over_the_whole(published):
    with building(published, from_published=True) as base:
        base.add("conversation_wide", base.frame("FROM conversation_wide"))
        assert base.repeated()["conversation_wide"] == (2, 1)
        assert base.repeated()["metric"] == (2, 0)
