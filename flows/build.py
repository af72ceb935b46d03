"""The whole story: sources into the lake, the lake into tables, checked, into the warehouse."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import polars as pl

from flows import gate, lake, published, retention, suite_published, validity, warehouse
from flows.again import redact_again
from flows.building import Building, building, sizes
from flows.compact import compact
from flows.held import Held
from flows.home import HomeError, make_home, only_writer
from flows.ingest import Ingested, ingest, ingest_again
from flows.meanings import metric_table
from flows.measuring import Measuring
from flows.printing import aligned
from flows.private import Privacy
from flows.progress import Say
from flows.settings import Settings, load
from flows.tables import Frames, Rules, read_rules
from metrics import scorecard
from transforms import schema

RETRY = "--retry-rejected"  # stands for the sources where there are none


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
            *aligned(given.by_format),
            *(f"warning: {warning}" for warning in self.warnings),
            f"published {home / 'warehouse.duckdb'}: {counts}{warned}{look}",
        ]


def run(
    sources: Sequence[str],
    home: Path,
    format_: str | None = None,
    as_of: datetime | None = None,
    say: Say = print,
    is_retry: bool = False,
) -> Summary:
    """Ingests the sources, measures what is new or touched by it, checks, and publishes.

    With `is_retry` it ingests in place of sources what was refused before and is good now.

    Raises SourceError, SettingsError, HomeError or GateError, each one line, where it could not be done; the warehouse
    of before then stays.
    """
    started = _now()
    settings = load(make_home(home))
    with only_writer(home):
        compact(home, started)
        redact_again(home, Privacy.from_settings(settings["privacy"]), say)
        if is_retry:
            ingested = ingest_again(home, settings, started, say)
        else:
            ingested = ingest(home, sources, format_, settings, started, say)
        record = _run_record(started, as_of or started, ingested, [RETRY] if is_retry else sources)
        done, warnings = _build(home, settings, record, say)
    return Summary(done, ingested, warnings)


def rebuild(home: Path, say: Say = print) -> list[str]:
    """Makes the warehouse again from the lake alone, as of the last run; gives the warnings."""
    runs = lake.runs(home)
    if runs.is_empty():
        raise HomeError(f"{home}: nothing was ingested yet; expected a lake. Run `heard run SOURCE --home {home}`.")
    settings = load(make_home(home))
    with only_writer(home):
        published.forget(home)
        return _build(home, settings, runs.row(-1, named=True), say)[1]


def _build(home: Path, settings: Settings, record: dict[str, Any], say: Say) -> tuple[dict[str, Any], list[str]]:
    """Measures what is touched, checks and publishes; gives the run as it ended, and the warnings."""
    known, path, rules = lake.batches(home), home / "warehouse.duckdb", read_rules(settings)
    kinds = Privacy.from_settings(settings["privacy"]).kinds
    incoming, outgoing = gate.incoming(home / "quality", kinds), gate.published(home / "quality")
    oldest, kept = retention.oldest(settings, record["as_of"]), retention.Measured(home)
    last = published.last(home, settings, record["as_of"])

    def came_in(frames: Frames) -> None:
        if not incoming.look(frames):
            _stop_if_critical(home, record, incoming.judged())

    with building(path, last is not None, scorecard.meanings(rules.scorecard)) as base:
        work = Measuring(base, Held(home, known), rules, record["as_of"], _now(), came_in, outgoing.look, kept)
        work.measure(last, say)
        wordless = retention.take_words(base, oldest, _now()) if oldest else {}
        if last and last.stands_on(known) and not (work.measured or wordless):  # what was found then holds
            checks = base.frame("SELECT * EXCLUDE run_id FROM quality_check WHERE run_id = ?", [last.run_id])
        else:
            tables = {"rejected_record": lake.rejected_records(known)} | ({} if last else _definitions(rules))
            tables |= work.whole_tables() if work.has_changed else {}
            base.put(tables)
            base.make_views()
            outgoing.look(tables)
            outgoing.add(suite_published.over_the_whole(_sizes(path), base.sizes(), base.repeated()))
            checks = pl.concat([incoming.judged(), outgoing.judged()])
            _stop_if_critical(home, record, checks)
        done = record | {"measured_conversation_count": len(work.measured), "ended_at": _now()}
        _add_run(home, base, done, checks)
        kept.keep(done["run_id"], wordless)
        published.forget(home)
    if oldest:
        _take_from_home(home, known, oldest, say)
    published.remember(home, done["run_id"], done["as_of"], known, settings)
    return done, _failed(checks)


def _take_from_home(home: Path, known: list[lake.Batch], oldest: datetime, say: Say) -> None:
    """Takes out of the home what is older than [retention] allows."""
    ids = retention.Measured(home).ids
    retention.take_from_lake(home, ids)
    count = retention.take_refused(home, known, oldest)
    say(f"[retention] the words of {len(ids):,} conversations are removed, and of {count:,} files in rejected/")


def _sizes(path: Path) -> suite_published.Sizes | None:
    """How much there is in the published warehouse, with which the next one is compared."""
    try:
        return sizes(partial(warehouse.query, path)) if path.exists() else None
    except (warehouse.QueryError, OSError):
        return None  # of another version of the tables: there is nothing to compare with


def _definitions(rules: Rules) -> Frames:
    """The tables that tell by what is measured: they change with it alone."""
    return {
        "metric": metric_table(rules.limits),
        "validity": validity.table(),
        "scorecard_item": schema.SCORECARD_ITEM.shape(scorecard.table(rules.scorecard)),
        "schema_version": pl.DataFrame({"version": [schema.VERSION]}),
    }


def _add_run(home: Path, base: Building, record: dict[str, Any], checks: pl.DataFrame) -> None:
    """Keeps the run in the lake, and puts it, and those of before that published nothing, into the warehouse."""
    lake.save_run(home, record, _checks_of(record, checks))
    runs = lake.runs(home)
    known = base.frame("SELECT run_id FROM run")["run_id"].to_list() if base.has("run") else []
    base.put({"run": runs})
    base.add("quality_check", lake.checks(home, [run_id for run_id in runs["run_id"] if run_id not in known]))


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
