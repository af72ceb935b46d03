"""A conversation sent several times: which rows stand.

Rows that all come after what is there extend it; anything else replaces it. Versions are taken in the order of
updated_at, last turn's time, number of turns, arrival: so the result does not depend on the order of arrival.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from pathlib import Path

import polars as pl

from flows import lake
from transforms import schema

Place = tuple[int, str, int]  # the version's rank, its batch, the row's position there
Row = tuple[int, int | None, Place]  # a row's hash, its moment and where it is


@dataclass(frozen=True)
class Version:
    conversation_id: str
    batch_id: str
    hashes: list[int]
    positions: list[int]
    moments: list[int] | None  # what orders its rows: times where all have one, otherwise turn_index
    clock: str


def standing(home: Path, known: Sequence[lake.Batch], ids: pl.Series | None = None) -> dict[str, pl.DataFrame]:
    """What stands in the lake, of these conversations or of all: transcript, segment, feedback, evaluation."""
    try:
        frames = _rows(home, known, ids)
    except FileNotFoundError:  # its part was merged into another while it was looked for
        frames = _rows(home, known, ids)
    frames["evaluation"] = latest_evaluations(frames["evaluation"])
    frames["transcript"], frames["segment"] = resolve(frames["transcript"], frames["segment"])
    return frames


def _rows(home: Path, known: Sequence[lake.Batch], ids: pl.Series | None) -> dict[str, pl.DataFrame]:
    chosen = pl.lit(True) if ids is None else pl.col("conversation_id").is_in(ids.implode())
    tables = [lake.table(home, name, known).filter(chosen) for name in schema.LAKE]
    return dict(zip(schema.LAKE, pl.collect_all(tables), strict=True))


def latest_evaluations(sent: pl.DataFrame) -> pl.DataFrame:
    """The answers of each evaluation as last submitted, then as last arrived."""
    order = sent.sort("evaluated_at", "arrived_at", "batch_id", nulls_last=False)
    last = order.unique("evaluation_id", keep="last", maintain_order=True).select("evaluation_id", "batch_id")
    kept = order.join(last, on=["evaluation_id", "batch_id"], maintain_order="left")
    return kept.unique(["evaluation_id", "question_id"], keep="last", maintain_order=True).sort(
        "evaluation_id", "question_id"
    )


def resolve(transcripts: pl.DataFrame, segments: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Transcripts (one row a conversation, with ingested_at) and their segments, of the versions that stand."""
    several = transcripts.group_by("conversation_id").len().filter(pl.col("len") > 1).select("conversation_id")
    single = transcripts.join(several, on="conversation_id", how="anti")
    alone = segments.join(single.select("conversation_id", "batch_id"), on=["conversation_id", "batch_id"])
    chosen = _chosen(transcripts.join(several, on="conversation_id"), segments.join(several, on="conversation_id"))
    merged = segments.join(chosen, on=["conversation_id", "batch_id", "position"]).with_columns(position="place")
    rows = pl.concat([alone, merged.select(alone.columns)]).select(list(schema.SEGMENT.columns))
    heads = pl.concat([single.drop("batch_id"), _heads(transcripts, chosen)], how="diagonal")
    return (
        heads.rename({"arrived_at": "ingested_at"}).sort("conversation_id"),
        rows.sort("conversation_id", "position"),
    )


def _chosen(transcripts: pl.DataFrame, segments: pl.DataFrame) -> pl.DataFrame:
    """conversation_id, batch_id, position of the rows that stand, with their new place and the version's rank."""
    rows: dict[str, list[object]] = {"conversation_id": [], "batch_id": [], "position": [], "place": [], "rank": []}
    for conversation_id, versions in groupby(_versions(transcripts, segments), key=attrgetter("conversation_id")):
        for place, (rank, batch_id, position) in enumerate(_folded(list(versions))):
            for name, value in zip(rows, (conversation_id, batch_id, position, place, rank), strict=True):
                rows[name].append(value)
    kinds = {"conversation_id": pl.String, "batch_id": pl.String, "position": pl.Int64, "place": pl.Int64}
    return pl.DataFrame(rows, schema={**kinds, "rank": pl.Int64})


def _versions(transcripts: pl.DataFrame, segments: pl.DataFrame) -> list[Version]:
    """Every version of the conversations, each conversation's in the order in which they count."""
    content = [name for name in schema.SEGMENT.columns if name not in ("conversation_id", "position")]
    hashed = segments.with_columns(pl.struct(content).hash(seed=0).alias("hash"))
    packed = (
        hashed.sort("conversation_id", "batch_id", "position")
        .group_by("conversation_id", "batch_id", maintain_order=True)
        .agg(
            "hash",
            "position",
            pl.col("sent_at").dt.epoch("ms"),
            "start_ms",
            "turn_index",
            pl.max_horizontal(pl.col("sent_at").dt.epoch("ms").max(), pl.col("start_ms").max()).alias("last"),
            pl.len().alias("rows"),
        )
        .join(
            transcripts.select("conversation_id", "batch_id", "updated_at", "arrived_at"),
            on=["conversation_id", "batch_id"],
        )
        .sort("conversation_id", "updated_at", "last", "rows", "arrived_at", "batch_id", nulls_last=False)
    )
    return [
        Version(r["conversation_id"], r["batch_id"], r["hash"], r["position"], *_clock(r)) for r in packed.to_dicts()
    ]


def _clock(row: dict[str, list[int | None]]) -> tuple[list[int] | None, str]:
    for clock in ("sent_at", "start_ms", "turn_index"):
        moments = [moment for moment in row[clock] if moment is not None]
        if len(moments) == len(row[clock]):
            return moments, clock
    return None, "none"


def _folded(versions: list[Version]) -> list[Place]:
    """Rank of the version, batch and position of each row that stands, in order."""
    kept: list[Row] = []
    clock = ""
    for rank, version in enumerate(versions):
        known = {row_hash for row_hash, _, _ in kept}
        moments: Sequence[int | None] = version.moments or [None for _ in version.hashes]
        rows: list[Row] = [
            (row_hash, moment, (rank, version.batch_id, position))
            for row_hash, position, moment in zip(version.hashes, version.positions, moments, strict=True)
        ]
        new = [row for row in rows if row[0] not in known]
        extends = bool(kept and new) and clock == version.clock and _comes_after(kept, new) and _has_tail(kept, rows)
        kept = kept + new if extends else rows
        clock = version.clock
    return [place for _, _, place in kept]


def _comes_after(kept: list[Row], new: list[Row]) -> bool:
    last = [moment for _, moment, _ in kept if moment is not None]
    first = [moment for _, moment, _ in new if moment is not None]
    return bool(last and first) and min(first) > max(last)


def _has_tail(kept: list[Row], rows: list[Row]) -> bool:
    """Whether what both have is the end of what is there: exports that overlap, not a version with a row taken out."""
    given = {row_hash for row_hash, _, _ in rows}
    shared = [row_hash in given for row_hash, _, _ in kept]
    return True not in shared or all(shared[shared.index(True) :])


def _heads(transcripts: pl.DataFrame, chosen: pl.DataFrame) -> pl.DataFrame:
    """One transcript a conversation: the latest version's, with what only an earlier part of it says."""
    parts = chosen.group_by("conversation_id", "batch_id").agg(pl.col("rank").max())
    ordered = transcripts.join(parts, on=["conversation_id", "batch_id"]).sort("conversation_id", "rank")
    latest = [
        name
        for name in ordered.columns
        if name not in ("conversation_id", "batch_id", "rank", "started_at", "arrived_at")
    ]
    return ordered.group_by("conversation_id", maintain_order=True).agg(
        pl.col("started_at").min(),
        pl.col("arrived_at").max(),
        *(pl.col(name).drop_nulls().last() for name in latest),
    )
