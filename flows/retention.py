"""How long what was said is kept: [retention] text_days. After that the words go, and what was measured stays.

A conversation's measures cannot be made again without its words. So before they go, its rows in the tables of the
warehouse are kept in lake/measured, and from then on stand in place of what would be made of the rest; what became of
it (outcome, quality forms) goes on being told by what comes in.
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl

from flows import lake
from flows.building import WIDE_ROWS, Building, by_conversation
from flows.held import CONVERSATION
from flows.lake import Batch
from flows.settings import Settings
from metrics.catalogue import CATALOGUE
from transforms import schema

Frames = dict[str, pl.DataFrame]
WIDE = tuple(WIDE_ROWS)
TOLD = ("outcome", "evaluation")  # which rest on no words
WORDS: Mapping[str, Mapping[str, str | None]] = {  # what holds words, and what stands there without them
    "turn": {"text": ""},
    "marker": {"words": None},
    "commitment": {"words": ""},
    "conversation": {"text_folded": None},
}


def oldest(settings: Settings, as_of: datetime) -> datetime | None:
    """The moment before which a conversation has to have ended for its words to go; None where they are kept."""
    days = settings["retention"].get("text_days")
    return None if days is None else as_of - timedelta(days=days)


class Measured:
    """The rows of the conversations whose words are gone, as they were measured before."""

    def __init__(self, home: Path) -> None:
        self.folder = home / "lake" / "measured"
        self.ids = self._read("conversation").select(pl.col(CONVERSATION).unique()).collect()[CONVERSATION]

    def _read(self, table: str) -> pl.LazyFrame:
        """A table's rows, of the runs that came to the end of writing them."""
        whole = [path.stem for path in sorted((self.folder / "conversation").glob("*.parquet"))]
        files = [path for stem in whole if (path := self.folder / table / f"{stem}.parquet").exists()]
        frames = [pl.scan_parquet(path) for path in files]
        return pl.concat(frames, how="diagonal_relaxed") if frames else pl.LazyFrame(schema={CONVERSATION: pl.String})

    def instead(self, tables: Frames) -> Frames:
        """The tables with these rows in place of those that were made without the words."""
        mine = tables["conversation"].filter(pl.col(CONVERSATION).is_in(self.ids.implode()))[CONVERSATION]
        if mine.is_empty():
            return tables
        return {name: frame if name in TOLD else self._of(name, frame, mine) for name, frame in tables.items()}

    def _of(self, name: str, made: pl.DataFrame, mine: pl.Series) -> pl.DataFrame:
        is_mine = pl.col(CONVERSATION).is_in(mine.implode())
        kept = _typed(self._read(name).filter(is_mine).collect(), made)
        if name in WIDE:
            kept = kept.update(made.select(CONVERSATION, *_told_by_others(made)), on=CONVERSATION, include_nulls=True)
        return pl.concat([made.filter(~is_mine), kept])

    def keep(self, run_id: str, tables: Frames) -> None:
        """Keeps these rows; the conversations themselves last, so that they count once all is there."""
        own = {name: frame for name, frame in tables.items() if name not in TOLD}
        ids = "\n".join(sorted(own["conversation"][CONVERSATION])) if own else ""
        part = f"{run_id}-{hashlib.sha256(ids.encode()).hexdigest()[:8]}"  # a rebuild has the id of the last run
        for name, frame in sorted(own.items(), key=lambda one: one[0] == "conversation"):
            lake.write_parquet(frame, self.folder / name / f"{part}.parquet")


def _typed(kept: pl.DataFrame, made: pl.DataFrame) -> pl.DataFrame:
    """The rows with the columns that are made today; what was not measured then is null."""
    return kept.select(
        pl.col(name).cast(kind) if name in kept.columns else pl.lit(None, kind).alias(name)
        for name, kind in made.schema.items()
    )


def _told_by_others(wide: pl.DataFrame) -> list[str]:
    """The outcomes among the columns that no words bear on."""
    outcomes = [name for name in schema.OUTCOME.columns if name not in schema.CONVERSATION.columns]
    outcomes += [name for name, one in CATALOGUE.metrics.items() if one.kind == "outcome"]
    worded = {name for name, one in CATALOGUE.metrics.items() if "text" in one.needs}
    columns = [column for name in outcomes if name not in worded for column in (name, f"{name}_why_null")]
    return [column for column in dict.fromkeys(columns) if column in wide.columns]


def take_words(base: Building, before: datetime, now: datetime) -> Frames:
    """Takes the words of conversations that ended before a moment out of the tables; gives the rows that stay."""
    sql = (
        "SELECT conversation_id FROM conversation "
        "WHERE text_removed_at IS NULL AND coalesce(ended_at, started_at, ingested_at) < ?"
    )
    old = base.frame(sql, [before])[CONVERSATION]
    if old.is_empty():
        return {}
    names = [name for name in (*by_conversation(), *WIDE) if base.has(name)]
    with base.given("old", old.to_frame()):
        found = {name: base.frame(f"SELECT * FROM {name} SEMI JOIN old USING (conversation_id)") for name in names}
    tables = {name: frame.with_columns(**_without(name)) for name, frame in found.items()}
    for name in ("conversation", *WIDE):
        tables[name] = tables[name].with_columns(text_removed_at=pl.lit(now, schema.TIME))
    base.replace(old, tables)
    return tables


def _without(table: str) -> dict[str, pl.Expr]:
    return {name: pl.lit(value, pl.String) for name, value in WORDS.get(table, {}).items()}


def take_from_lake(home: Path, ids: pl.Series) -> None:
    """Takes the words of these conversations out of every part of the lake, whichever reading it holds."""
    is_old = pl.col(CONVERSATION).is_in(ids.implode())
    for path in sorted((home / "lake" / "segment").glob("*.parquet")):
        if pl.scan_parquet(path).filter(is_old, pl.col("text") != "").select(pl.len()).collect().item():
            segment = pl.read_parquet(path)
            without = pl.when(is_old).then(pl.lit("")).otherwise("text").alias("text")
            lake.write_parquet(segment.with_columns(without), path)


def take_refused(home: Path, known: Sequence[Batch], before: datetime) -> int:
    """Takes away what was refused before a moment; where, why and how to cure it stay in the lake. How many files."""
    arrived = {batch.batch_id: datetime.fromisoformat(batch.refused_at or batch.arrived_at) for batch in known}
    old = [path for path in _refused(home) if _since(path, arrived) < before]
    for path in old:
        path.unlink()
    return len(old)


def _refused(home: Path) -> list[Path]:
    return sorted(path for path in (home / "rejected").glob("*") if path.is_file())


def _since(path: Path, arrived: Mapping[str, datetime]) -> datetime:
    """When it came: as its batch did, else as its file was written."""
    batch_id = path.name.removesuffix(".jsonl").rpartition(".")[2]
    return arrived.get(batch_id) or datetime.fromtimestamp(path.stat().st_mtime, UTC).replace(tzinfo=None)
