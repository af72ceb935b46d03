"""The gate: Great Expectations over what comes in and over what would be published.

Key columns go to Great Expectations as they are; rules over rows and across tables are counted in Polars, and their
counts judged beside them. Neither results nor Data Docs hold a value of any row: only counts.
"""

import json
import logging
import os
import shutil
import warnings
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl

from flows import suite_incoming, suite_published
from flows.checks import Across, Counted, Key, Rule, Tables, count, found
from flows.data_docs import SITE, tidy, write_index
from flows.home import write_whole
from transforms.schema import QUALITY_CHECK

RULES = "rules"  # the asset that holds the rules' counts
COUNTS_ONLY = {"result_format": "BASIC", "partial_unexpected_count": 0}
Row = dict[str, Any]


def check_incoming(frames: Tables, out: Path) -> pl.DataFrame:
    """The checks of what comes in: rows of schema.QUALITY_CHECK less run_id; results and Data Docs under `out`."""
    return _check("incoming", suite_incoming.KEYS, suite_incoming.RULES, frames, out)


def check_published(tables: Tables, out: Path, previous: Tables | None = None) -> pl.DataFrame:
    """The checks of the tables that would be published, as above.

    `previous` are tables of the publication before: `metric`, `conversation_wide`, and of `conversation`, `turn` and
    `outcome` any one column.
    """
    rules = (*suite_published.RULES, *suite_published.value_rules(tables))
    if previous:
        rules += suite_published.fall_rules(suite_published.sizes(previous))
    return _check("published", suite_published.KEYS, rules, tables, out, _missing(tables))


def _missing(tables: Tables) -> list[Counted]:
    """A failed check for each table of the core that is not there."""
    missing = [table for table in suite_published.CORE if table not in tables]
    return [Counted(Across(table, "the table is there", lambda _: (1, 1)), 1, 1) for table in missing]


def _check(
    suite: str,
    keys: Sequence[Key],
    rules: Sequence[Rule | Across],
    tables: Tables,
    out: Path,
    missing: Sequence[Counted] = (),
) -> pl.DataFrame:
    keys = [key for key in keys if key.table in tables]
    counted = [*missing, *count(rules, tables)]
    folder = out / suite
    shutil.rmtree(folder, ignore_errors=True)
    rows = _judge(suite, keys, counted, tables, folder)
    write_whole(folder / "results.json", json.dumps(rows, default=str, indent=1).encode())
    write_index(folder, suite, rows)
    return pl.DataFrame(rows, schema={k: v for k, v in QUALITY_CHECK.dtypes.items() if k != "run_id"})


def _judge(suite: str, keys: Sequence[Key], counted: Sequence[Counted], tables: Tables, folder: Path) -> list[Row]:
    """What Great Expectations says of the key columns and of the rules' counts; its Data Docs in `folder`."""
    context = _context(folder)
    rows = []
    for table in dict.fromkeys(key.table for key in keys):
        mine = [key for key in keys if key.table == table]
        frame = _key_columns(tables[table], mine)
        for key, result in zip(
            mine, _validate(context, table, frame, [_of_key(*p) for p in enumerate(mine)]), strict=True
        ):
            checked, failed = frame.height, int(result.result.get("unexpected_count", frame.height))
            rows.append(_row(suite, key, bool(result.success), checked, failed))
    frame = pl.DataFrame({_title(one.rule): [one.failed] for one in counted})
    for one, result in zip(
        counted, _validate(context, RULES, frame, [_of_rule(*p) for p in enumerate(counted)]), strict=True
    ):
        rows.append(_row(suite, one.rule, bool(result.success), one.checked, one.failed))
    context.build_data_docs(site_names=[SITE])
    tidy(folder)
    return rows


def _context(folder: Path) -> Any:
    """An ephemeral context that writes its Data Docs into `folder` and tells nobody."""
    gx = _great_expectations()
    from great_expectations.data_context.types.base import ProgressBarsConfig

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    for name, site in list(context.list_data_docs_sites().items()):  # its own, in a folder for the moment
        context.delete_data_docs_site(name)
        shutil.rmtree(site["store_backend"]["base_directory"], ignore_errors=True)
    store = {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(folder.resolve())}
    context.add_data_docs_site(
        SITE, {"class_name": "SiteBuilder", "show_how_to_buttons": False, "store_backend": store}
    )
    context.data_sources.add_pandas("heard")
    return context


def _great_expectations() -> Any:
    """The library, imported late: it takes seconds, and tells of what its own dependencies deprecate."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        import great_expectations
    logging.getLogger("great_expectations").setLevel(logging.WARNING)
    return great_expectations


def _validate(context: Any, name: str, frame: pl.DataFrame, expectations: list[Any]) -> list[Any]:
    """The results of the expectations, in their order."""
    gx = _great_expectations()
    batch = context.data_sources.get("heard").add_dataframe_asset(name).add_batch_definition_whole_dataframe("all")
    suite = context.suites.add(gx.ExpectationSuite(name, expectations=expectations))
    definition = context.validation_definitions.add(gx.ValidationDefinition(name=name, data=batch, suite=suite))
    ran = definition.run(batch_parameters={"dataframe": frame.to_pandas()}, result_format=COUNTS_ONLY)
    return sorted(ran.results, key=lambda result: int(result.expectation_config.meta["place"]))


def _key_columns(frame: pl.DataFrame, keys: Sequence[Key]) -> pl.DataFrame:
    names = dict.fromkeys(key.column for key in keys)
    return frame.select(pl.col(name) if name in frame.columns else pl.lit(None).alias(name) for name in names)


def _of_key(place: int, key: Key) -> Any:
    import great_expectations.expectations as gxe

    kind = getattr(gxe, key.expectation)
    return kind(column=key.column, **key.expected, severity=key.severity, meta={"place": place})


def _of_rule(place: int, counted: Counted) -> Any:
    """The number of rows that fail a rule lies within what the rule allows."""
    import great_expectations.expectations as gxe

    rule, allowed = counted.rule, counted.allowed
    return gxe.ExpectColumnMaxToBeBetween(
        column=_title(rule),
        max_value=allowed,
        severity=rule.severity,
        description=f"Rows that fail, of {counted.checked:,}: at most {allowed:,}",
        meta={"place": place},
    )


def _title(rule: Rule | Across) -> str:
    return f"{rule.table}: {rule.check}"


def _row(suite: str, check: Key | Rule | Across, is_passed: bool, checked: int, failed: int) -> Row:
    return {
        "suite": suite,
        "check": check.check,
        "table": check.table,
        "severity": check.severity,
        "is_passed": is_passed,
        "checked_count": checked,
        "failed_count": failed,
        "found": found(checked, failed),
        "checked_at": datetime.now(UTC).replace(tzinfo=None),
    }
