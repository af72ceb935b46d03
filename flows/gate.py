"""The gate: Great Expectations over what comes in and over what would be published.

Key columns go to Great Expectations as they are; rules over rows and across tables are counted in Polars, and their
counts judged beside them. Neither results nor Data Docs hold a value of any row: only counts.
"""

import json
import logging
import os
import shutil
import warnings
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl

from flows import suite_incoming, suite_published
from flows.checks import CRITICAL, Across, Counted, Key, Rule, Tables, count, found
from flows.data_docs import SITE, tidy, write_index
from flows.home import write_whole
from transforms.redact import KINDS
from transforms.schema import QUALITY_CHECK

RULES = "rules"  # the asset that holds the rules' counts
COUNTS_ONLY = {"result_format": "BASIC", "partial_unexpected_count": 0}
Row = dict[str, Any]


class Gate:
    """A suite of checks over what is looked at in one or several parts.

    Give the parts to `look`, then ask for what was `judged`: rows of schema.QUALITY_CHECK less run_id. Results and Data
    Docs are written under `out`. `more` gives the rules that depend on a part's columns.
    """

    def __init__(
        self,
        suite: str,
        keys: Sequence[Key],
        rules: Sequence[Rule | Across],
        out: Path,
        more: Callable[[Tables], Sequence[Rule]] = lambda _: (),
    ) -> None:
        self.suite, self.keys, self.rules, self.folder, self.more = suite, keys, rules, out / suite, more
        self.counted: dict[str, Counted] = {}
        self.rows: dict[str, Row] = {}
        self._made: Any = None

    def look(self, tables: Tables) -> bool:
        """Checks a part; gives whether nothing critical failed so far."""
        for table in dict.fromkeys(key.table for key in self.keys if key.table in tables):
            self._look_at_keys(table, tables[table])
        self.add(count((*self.rules, *self.more(tables)), tables))
        failed = [one.rule.severity for one in self.counted.values() if one.failed > one.allowed]
        failed += [row["severity"] for row in self.rows.values() if not row["is_passed"]]
        return CRITICAL not in failed

    def add(self, counted: Sequence[Counted]) -> None:
        """Adds counts to those of the parts before."""
        for one in counted:
            name = _title(one.rule)
            before = self.counted.get(name, Counted(one.rule, 0, 0))
            self.counted[name] = replace(one, checked=before.checked + one.checked, failed=before.failed + one.failed)

    def judged(self) -> pl.DataFrame:
        """What Great Expectations says of all parts together."""
        counted = list(self.counted.values())
        frame = pl.DataFrame({name: [one.failed] for name, one in self.counted.items()})
        results = _validate(self._context, RULES, frame, [_of_rule(*place) for place in enumerate(counted)])
        rows = [*self.rows.values()]
        for one, result in zip(counted, results, strict=True):
            rows.append(_row(self.suite, one.rule, bool(result.success), one.checked, one.failed))
        self._context.build_data_docs(site_names=[SITE])
        tidy(self.folder)
        write_whole(self.folder / "results.json", json.dumps(rows, default=str, indent=1).encode())
        write_index(self.folder, self.suite, rows)
        return pl.DataFrame(rows, schema={k: v for k, v in QUALITY_CHECK.dtypes.items() if k != "run_id"})

    @property
    def _context(self) -> Any:
        """What Great Expectations works with, made when it is first asked: that takes seconds."""
        if self._made is None:
            shutil.rmtree(self.folder, ignore_errors=True)
            self._made = _context(self.folder)
        return self._made

    def _look_at_keys(self, table: str, frame: pl.DataFrame) -> None:
        mine = [key for key in self.keys if key.table == table]
        results = _validate(
            self._context, table, _key_columns(frame, mine), [_of_key(*place) for place in enumerate(mine)]
        )
        for key, result in zip(mine, results, strict=True):
            failed = int(result.result.get("unexpected_count", frame.height))
            before = self.rows.get(_title(key), {"is_passed": True, "checked_count": 0, "failed_count": 0})
            self.rows[_title(key)] = _row(
                self.suite,
                key,
                before["is_passed"] and bool(result.success),
                before["checked_count"] + frame.height,
                before["failed_count"] + failed,
            )


def incoming(out: Path, kinds: Collection[str] = KINDS) -> Gate:
    """The checks of what comes in; `kinds` are those that the redactor was to hide."""
    return Gate("incoming", suite_incoming.KEYS, (*suite_incoming.RULES, suite_incoming.hidden(kinds)), out)


def published(out: Path) -> Gate:
    """The checks of the tables that would be published."""
    return Gate("published", suite_published.KEYS, suite_published.RULES, out, suite_published.value_rules)


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
    known = {asset.name for asset in context.data_sources.get("heard").assets}
    name = name if name not in known else f"{name}, part {len(known)}"
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


def _title(rule: Key | Rule | Across) -> str:
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
