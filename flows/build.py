"""The whole story: sources into the lake, the lake into tables, checked, into the warehouse."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import polars as pl

from flows import gate, lake, warehouse
from flows.home import HomeError, make_home, only_writer
from flows.ingest import Ingested, Say, ingest
from flows.settings import Settings, load
from flows.tables import Tables, make_tables
from flows.versions import standing
from transforms import schema

SIZED = ("conversation", "turn", "outcome")


class GateError(Exception):
    """One line: which critical check failed, and what was kept."""


@dataclass(frozen=True)
class Summary:
    """What a run did."""

    run: dict[str, Any]
    ingested: Ingested
    warnings: list[str]

    def lines(self, home: Path) -> list[str]:
        """What to tell a person; the last line says how much was rejected and what was warned of, and where to look."""
        given = self.ingested
        counts = (
            f"{given.accepted_count:,} of {given.given_count:,} records accepted, {given.rejected_count:,} rejected"
        )
        where = [f'`heard query "from rejected_record" --home {home}`'] if given.rejected_count else []
        warned = f", {len(self.warnings)} checks warned" if self.warnings else ""
        where += [f'`heard query "from quality_check where not is_passed" --home {home}`'] if self.warnings else []
        look = f"; see {' and '.join(where)}" if where else ""
        return [
            *(f"warning: {warning}" for warning in self.warnings),
            f"published {home / 'warehouse.duckdb'}: {counts}{warned}{look}",
        ]


def run(
    sources: Sequence[str], home: Path, format_: str | None = None, as_of: datetime | None = None, say: Say = print
) -> Summary:
    """Ingests the sources, measures every conversation, checks, and publishes.

    Raises SourceError, SettingsError, HomeError or GateError, each one line, where it could not be done; the warehouse
    of before then stays.
    """
    started = _now()
    settings = load(make_home(home))
    for section in settings.unread:
        say(f"{home / 'heard.toml'}: [{section}] is not read by this version")
    with only_writer(home):
        ingested = ingest(home, sources, format_, settings, started, say)
        record = _run_record(started, as_of or started, ingested, sources)
        done, warnings = _build(home, settings, record, say)
    return Summary(done, ingested, warnings)


def rebuild(home: Path, say: Say = print) -> list[str]:
    """Makes the warehouse again from the lake alone, as of the last run; gives the warnings."""
    runs = lake.runs(home)
    if runs.is_empty():
        raise HomeError(f"{home}: nothing was ingested yet; expected a lake. Run `heard run SOURCE --home {home}`.")
    settings = load(make_home(home))
    with only_writer(home):
        return _build(home, settings, runs.row(-1, named=True), say)[1]


def _build(home: Path, settings: Settings, record: dict[str, Any], say: Say) -> tuple[dict[str, Any], list[str]]:
    """Makes, checks and publishes the tables; gives the run as it ended, and the warnings."""
    known = lake.batches(home)
    frames = standing(home, known)
    incoming = gate.check_incoming(frames, home / "quality")
    _stop_if_critical(home, record, incoming)
    say(f"measuring {frames['transcript'].height:,} conversations")
    tables = make_tables(frames, settings, record["as_of"], _now())
    tables.plain["rejected_record"] = lake.rejected_records(known)
    published = gate.check_published(tables.plain | tables.wide, home / "quality", _published_before(home))
    checks = pl.concat([incoming, published])
    _stop_if_critical(home, record, checks)
    done = record | {"measured_conversation_count": frames["transcript"].height, "ended_at": _now()}
    _publish(home, tables, done, checks)
    return done, _failed(checks)


def _published_before(home: Path) -> dict[str, pl.DataFrame] | None:
    """What the gate compares with: of the warehouse that is there, the metrics, and of the rest how much there was."""
    path = home / "warehouse.duckdb"
    if not path.exists():
        return None
    try:
        whole = {name: warehouse.query(path, f"from {name}") for name in ("metric", "conversation_wide")}
        sized = {name: warehouse.query(path, f"select conversation_id from {name}") for name in SIZED}
    except (warehouse.QueryError, OSError):
        return None  # of another version of the tables: there is nothing to compare with
    return whole | sized


def _publish(home: Path, tables: Tables, record: dict[str, Any], checks: pl.DataFrame) -> None:
    lake.save_run(home, record, _checks_of(record, checks))
    plain = tables.plain | {
        "run": lake.runs(home),
        "quality_check": lake.checks(home),
        "schema_version": pl.DataFrame({"version": [schema.VERSION]}),
    }
    warehouse.publish(home / "warehouse.duckdb", plain, tables.wide, tables.meanings)


def _stop_if_critical(home: Path, record: dict[str, Any], checks: pl.DataFrame) -> None:
    failed = checks.filter(~pl.col("is_passed"), pl.col("severity") == "critical")
    if failed.is_empty():
        return
    lake.save_run(home, record | {"ended_at": _now()}, _checks_of(record, checks))
    first = failed.row(0, named=True)
    raise GateError(
        f"{first['table']}: {first['check']} failed ({first['found']}); expected every row to hold. "
        f"The warehouse of before was kept; see {home / 'quality'} for every check."
    )


def _checks_of(record: dict[str, Any], checks: pl.DataFrame) -> pl.DataFrame:
    return schema.QUALITY_CHECK.shape(checks.with_columns(run_id=pl.lit(record["run_id"])))


def _failed(checks: pl.DataFrame) -> list[str]:
    failed = checks.filter(~pl.col("is_passed"))
    return [f"{row['table']}: {row['check']} ({row['found']})" for row in failed.to_dicts()]


def _run_record(started: datetime, as_of: datetime, ingested: Ingested, sources: Sequence[str]) -> dict[str, Any]:
    return {
        "run_id": f"{started:%Y%m%dT%H%M%S}-{secrets.token_hex(3)}",
        "started_at": started,
        "as_of": as_of,
        "ended_at": None,
        "given_count": ingested.given_count,
        "accepted_count": ingested.accepted_count,
        "rejected_count": ingested.rejected_count,
        "measured_conversation_count": 0,
        "versions": ", ".join(f"{name}={version(name)}" for name in ("heard", "polars", "duckdb")),
        "inputs": ", ".join(sources),
    }


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)
