"""What a check is: a key column's expectation, a rule over rows, or a rule across tables. Counts only, never values."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import polars as pl

Tables = Mapping[str, pl.DataFrame]
Severity = Literal["critical", "warning"]
CRITICAL: Severity = "critical"
WARNING: Severity = "warning"


@dataclass(frozen=True)
class Key:
    """What a key column must be, by the name of a Great Expectations expectation."""

    table: str
    column: str
    check: str
    expectation: str
    expected: Mapping[str, object] = field(default_factory=dict)
    severity: Severity = CRITICAL


@dataclass(frozen=True)
class Rule:
    """An expression that is true for a row that fails; null is no failure.

    At most `allowed_share` of the rows may fail; under `least` rows too little is known to say so.
    """

    table: str
    check: str
    fails: pl.Expr
    severity: Severity = CRITICAL
    allowed_share: float = 0.0
    least: int = 0


@dataclass(frozen=True)
class Across:
    """A count of (checked, failed) that needs more than one row, or more than one table."""

    table: str
    check: str
    count: Callable[[Tables], tuple[int, int]]
    needs: tuple[str, ...] = ()
    severity: Severity = CRITICAL
    allowed_share: float = 0.0
    least: int = 0


@dataclass(frozen=True)
class Counted:
    """What a rule came to."""

    rule: Rule | Across
    checked: int
    failed: int

    @property
    def allowed(self) -> int:
        """How many may fail."""
        return self.checked if self.checked < self.rule.least else int(self.rule.allowed_share * self.checked)


def count(rules: Sequence[Rule | Across], tables: Tables) -> list[Counted]:
    """Each rule's counts, in the order of `rules`; a rule whose tables or columns are not given is left out."""
    by_row = _count_rows([rule for rule in rules if isinstance(rule, Rule)], tables)
    across = {
        id(rule): Counted(rule, *rule.count(tables))
        for rule in rules
        if isinstance(rule, Across) and {rule.table, *rule.needs} <= tables.keys()
    }
    counted = by_row | across
    return [counted[id(rule)] for rule in rules if id(rule) in counted]


def _count_rows(rules: list[Rule], tables: Tables) -> dict[int, Counted]:
    counted: dict[int, Counted] = {}
    for table, frame in tables.items():
        mine = [rule for rule in rules if rule.table == table and _columns(rule) <= set(frame.columns)]
        failed = frame.lazy().select(rule.fails.sum().alias(str(i)) for i, rule in enumerate(mine)).collect()
        counted |= {id(rule): Counted(rule, frame.height, failed[str(i)].item() or 0) for i, rule in enumerate(mine)}
    return counted


def _columns(rule: Rule) -> set[str]:
    return set(rule.fails.meta.root_names())


def found(checked: int, failed: int) -> str:
    """The counts in words."""
    if not checked:
        return "no rows"
    return f"{failed:,} of {checked:,} failed" if failed else f"all {checked:,} held"


# Counts that several suites need.


def duplicates(table: str, key: tuple[str, ...]) -> Callable[[Tables], tuple[int, int]]:
    """Rows of `table` that share a key with an earlier row."""

    def counted(tables: Tables) -> tuple[int, int]:
        frame = tables[table].lazy().select(key)
        return tables[table].height, tables[table].height - frame.unique().select(pl.len()).collect().item()

    return counted


def orphans(table: str, parent: str, key: tuple[str, ...]) -> Callable[[Tables], tuple[int, int]]:
    """Rows of `table` without a row of `parent` under the same key."""

    def counted(tables: Tables) -> tuple[int, int]:
        child = tables[table].lazy().select(key).drop_nulls()
        lost = child.join(tables[parent].lazy().select(key), on=key, how="anti")
        return tables[table].height, lost.select(pl.len()).collect().item()

    return counted
