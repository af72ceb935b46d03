"""The lake's small parts merged month by month, so that many small deliveries are read as quickly as few large ones.

A merged part is there from the moment its manifest is written: from then on its batches are read from it, and the parts
that it was made of are left over. What is left over, and what a run that was killed left half done, is taken away the
next time. So nothing is lost or doubled wherever it stops.
"""

import hashlib
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

import polars as pl

from flows import lake
from flows.lake import Batch
from transforms import schema

FEW = 8  # small parts that a month may have
LARGE = 1_000_000  # segments from which a part is left as it is
TABLES = (*schema.LAKE, "batch")


def compact(home: Path, now: datetime, few: int = FEW) -> None:
    """Merges the small parts of each month that has more than a few, and of each month that is over."""
    sweep(home)
    parts = lake.manifests(home)
    months: dict[str, list[str]] = {}
    for part in sorted(parts, key=lambda part: (parts[part][0].arrived_at, part)):
        months.setdefault(parts[part][0].arrived_at[:7], []).append(part)
    for month, names in months.items():
        small = [part for part in names if _rows(home, part) < LARGE]
        if len(small) > (few if month == f"{now:%Y-%m}" else 1):
            for group in _groups(home, small):
                _merge(home, month, [batch for part in group for batch in parts[part]])
    sweep(home)


def sweep(home: Path) -> None:
    """Takes away what no batch is read from: parts that were merged, and files that were never finished."""
    parts = lake.manifests(home)
    used = set(lake.places(parts).values())
    for table in reversed(TABLES):  # the manifest first: a part without one is none
        for path in (home / "lake" / table).iterdir() if (home / "lake" / table).exists() else ():
            if path.name.startswith(".") or path.stem not in used:
                path.unlink()


def _merge(home: Path, month: str, batches: Sequence[Batch]) -> None:
    ids = sorted(batch.batch_id for batch in batches)
    part = f"{month}-{hashlib.sha256(''.join(ids).encode()).hexdigest()[:16]}"
    tables = {name: lake.table(home, name, batches).drop("arrived_at").collect() for name in schema.LAKE}
    lake.write_part(home, part, tables, batches)


def _groups(home: Path, parts: Sequence[str]) -> Iterator[list[str]]:
    """The parts, in order, in groups that are merged to one: several, and no larger than need be."""
    group: list[str] = []
    size = 0
    for part in parts:
        group.append(part)
        size += _rows(home, part)
        if size >= LARGE:
            yield group
            group, size = [], 0
    if len(group) > 1:
        yield group


def _rows(home: Path, part: str) -> int:
    """How many segments a part has."""
    path = home / "lake" / "segment" / f"{part}.parquet"
    return pl.scan_parquet(path).select(pl.len()).collect().item() if path.exists() else 0
