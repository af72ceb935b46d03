"""A better redactor goes over the lake again: over what is stored, for which no source is needed."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import polars as pl

from flows import lake, published
from flows.private import NOBODY, Privacy, redacted
from transforms import schema


def redact_again(home: Path, privacy: Privacy, say: Callable[[str], None]) -> None:
    """Redacts the parts of the lake over which another redactor went; each batch then names the one that did."""
    if not privacy.kinds:
        return
    parts = lake.manifests(home)
    old = {part: held for part, held in parts.items() if any(one.redactor != privacy.redactor for one in held)}
    if not old:
        return
    count = sum(len(held) for held in old.values())
    say(f"what is stored of {count:,} sources is redacted again, by version {privacy.redactor}")
    published.forget(home)
    for part, held in old.items():
        tables = redacted({name: _read(home, part, name) for name in schema.LAKE}, NOBODY, privacy)
        lake.write_part(home, part, tables, [replace(one, redactor=privacy.redactor) for one in held])


def _read(home: Path, part: str, table: str) -> pl.DataFrame:
    path = home / "lake" / table / f"{part}.parquet"
    return pl.read_parquet(path) if path.exists() else lake.empty_part(table).collect()
