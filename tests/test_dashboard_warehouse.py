"""The one door: read-only, the newest version at the next query, many viewers at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import pytest

from dashboard.warehouse import NoWarehouseError, home, query

Publish = Callable[[int], None]


@pytest.fixture
def publish(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Publish:
    monkeypatch.setenv("HEARD_HOME", str(tmp_path))

    def replace(number: int) -> None:
        part = tmp_path / ".warehouse.duckdb.building"
        with duckdb.connect(str(part)) as con:
            con.execute(f"CREATE TABLE t AS SELECT {number} AS n, range AS row FROM range(5000)")
            con.execute("CREATE VIEW latest AS SELECT max(n) AS n FROM t")
        part.replace(tmp_path / "warehouse.duckdb")

    return replace


def test_without_a_warehouse_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEARD_HOME", str(tmp_path))
    with pytest.raises(NoWarehouseError, match=r"warehouse\.duckdb"):
        query("SELECT 1")


def test_an_argument_names_the_home_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEARD_HOME", "from-the-environment")
    assert home() == Path("from-the-environment")
    monkeypatch.setattr("sys.argv", ["app.py", "--home", "from-the-argument"])
    assert home() == Path("from-the-argument")


def test_parameters_are_values_never_sql(publish: Publish) -> None:
    publish(1)
    asked = "SELECT count(*) FROM t WHERE n::VARCHAR = any($names)"
    assert query(asked, names=["1", "'; DROP TABLE t; --"]).item() == 5000


def test_each_query_sees_what_is_published_then_while_older_readers_go_on(publish: Publish) -> None:
    seen = []
    for number in range(1, 6):
        publish(number)
        seen.append(query("FROM latest").item())
    assert seen == [1, 2, 3, 4, 5]


def test_twenty_viewers_read_on_while_it_is_republished(publish: Publish) -> None:
    publish(0)

    def view(viewer: int) -> list[int]:
        return [query(f"SELECT min(n) - max(n) + {viewer} - {viewer} AS same FROM t").item() for _ in range(20)]

    with ThreadPoolExecutor(20) as viewers:
        answers = [viewers.submit(view, viewer) for viewer in range(20)]
        for number in range(1, 10):
            publish(number)
        assert {same for answer in answers for same in answer.result()} == {0}
    assert query("FROM latest").item() == 9


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_text('/etc/hostname')",
        "COPY t TO 'out.csv'",
        "ATTACH 'other.duckdb' AS other",
        "INSTALL httpfs",
        "SET enable_external_access = true",
        "CREATE TABLE warehouse.other (n INT)",
        "DELETE FROM t",
    ],
)
def test_sql_cannot_write_nor_reach_files_or_the_network(publish: Publish, sql: str) -> None:
    publish(1)
    with pytest.raises(duckdb.Error):
        query(sql)
    assert query("SELECT count(*) FROM t").item() == 5000
