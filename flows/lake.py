"""The lake: what was ingested, batch by batch, and never changed again.

A batch is one source read in one way. Batches read in one go share a part, and small parts are merged later
(flows.compact). A part's Parquet files come first and its manifest last, so it is there whole or not at all. What was
refused lies in rejected/ as it came, readable by the owner alone.
"""

import base64
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl

from flows.home import put_in_place, write_whole
from flows.private import Privacy, made_safe
from transforms import schema
from transforms.language import detect
from transforms.readers import Rejected, Source, Transcript
from transforms.readers.reading import file_name

READING_VERSION = "3"  # a new one reads every source again
ROWS_IN_A_GROUP = 50_000  # few enough that one conversation costs little to read
Frames = dict[str, pl.DataFrame]


@dataclass(frozen=True)
class Batch:
    batch_id: str
    name: str  # as the person who ran it named it
    location: str  # where it lay: a file read again from there takes the place of what it refused before
    content: str  # hash of its bytes: the same bytes read in another way take the place of the first reading
    format: str
    arrived_at: str
    given_count: int
    rejected: list[dict[str, Any]]
    notices: list[str]
    conversation_count: int = 0
    turn_count: int = 0  # as the source has them
    outcome_count: int = 0
    read_as: str = ""  # the name of its first file, as readers were given it
    refused_at: str = ""  # when what it refused first came, where that was before
    redactor: str = "1"  # which redactor went over it last

    @property
    def rejected_count(self) -> int:
        return sum(record["record_count"] for record in self.rejected)


def content_of(source: Source) -> str:
    """Hash of the bytes of a source's files."""
    digest = hashlib.sha256()
    if source.problem:
        return hashlib.sha256(f"{source.location}\0{source.problem}".encode()).hexdigest()
    for path in sorted(source.paths):
        digest.update(path.name.encode() + b"\0")
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()


def batch_id_of(content: str, format_: str | None, roles: Mapping[str, str], redactor: str) -> str:
    """The batch's id: it changes with the bytes and with whatever changes how they are read."""
    way = json.dumps([content, format_, sorted(roles.items()), READING_VERSION, redactor])
    return hashlib.sha256(way.encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Reading:
    """A source as it was read, on its way into the lake."""

    source: Source
    batch: Batch
    read: Transcript

    @property
    def row_count(self) -> int:
        return self.read.segment.height + self.read.feedback.height + self.read.evaluation.height


def reading(source: Source, batch_id: str, content: str, read: Transcript, now: datetime, privacy: Privacy) -> Reading:
    """A source that was read, with what is to be remembered of it."""
    batch = Batch(
        batch_id=batch_id,
        name=source.shown,
        location=source.location,
        content=content,
        format=read.format,
        arrived_at=now.isoformat(),
        given_count=read.given_count,
        rejected=[_record(source, rejected) for rejected in read.rejected],
        notices=list(read.notices),
        conversation_count=read.transcript.height,
        turn_count=read.segment.height,
        outcome_count=read.feedback.height,
        read_as=file_name(source, min(source.paths)),
        redactor=privacy.redactor,
    )
    return Reading(source, batch, read)


def write(home: Path, readings: Sequence[Reading], key: bytes, privacy: Privacy) -> None:
    """Adds a part to the lake: what was read, redacted, with customers' ids hashed."""
    ids = sorted(one.batch.batch_id for one in readings)
    part = hashlib.sha256("".join(ids).encode()).hexdigest()[:16]
    for one in readings:
        _keep_rejected(home, one)
    write_part(home, part, _safe(readings, key, privacy), [one.batch for one in readings])


def write_part(home: Path, part: str, tables: Frames, held: Sequence[Batch]) -> None:
    """Writes a part's tables, and last the manifest that names its batches: from then on it is there."""
    for name, frame in tables.items():
        if not frame.is_empty():
            write_parquet(frame.sort("conversation_id", maintain_order=True), home / "lake" / name / f"{part}.parquet")
    manifest = json.dumps([asdict(batch) for batch in held], ensure_ascii=False)
    write_whole(home / "lake" / "batch" / f"{part}.json", manifest.encode())


def _safe(readings: Sequence[Reading], key: bytes, privacy: Privacy) -> Frames:
    people = pl.concat(one.read.person.with_columns(batch_id=pl.lit(one.batch.batch_id)) for one in readings)
    safe = made_safe({name: _gathered(readings, name) for name in schema.LAKE}, people, key, privacy)
    return safe | {"transcript": _with_language(safe["transcript"], safe["segment"])}


def _gathered(readings: Sequence[Reading], name: str) -> pl.DataFrame:
    table = schema.LAKE[name]
    return pl.concat(
        table.shape(getattr(one.read, name)).with_columns(batch_id=pl.lit(one.batch.batch_id)) for one in readings
    )


def _with_language(transcript: pl.DataFrame, segment: pl.DataFrame) -> pl.DataFrame:
    """Detects by batch, so that a conversation's language does not depend on what else was read with it."""
    of_batch = pl.concat_str("batch_id", "conversation_id", separator="/").alias("conversation_id")
    detected = detect(transcript.with_columns(of_batch), segment.with_columns(of_batch))
    return transcript.with_columns(detected["language"])


def _record(source: Source, rejected: Rejected) -> dict[str, Any]:
    return {
        "file": source.shown,
        "place": rejected.place,
        "reason": rejected.reason,
        "cure": rejected.cure,
        "record_count": rejected.record_count,
    }


def _keep_rejected(home: Path, one: Reading) -> None:
    """One line of JSON for each refusal: where, why, and what came (as text, or base64 where it is none)."""
    refused = one.read.rejected
    if not refused:
        return
    lines = [json.dumps(_kept_line(one.source, each), ensure_ascii=False) for each in refused]
    stem = "".join(c if c.isalnum() or c in "._-" else "_" for c in Path(one.source.name).name)[:80]
    path = home / "rejected" / f"{stem}.{one.batch.batch_id}.jsonl"
    write_whole(path, ("\n".join(lines) + "\n").encode(), mode=0o600)


def _kept_line(source: Source, one: Rejected) -> dict[str, Any]:
    return {**_record(source, one), "conversation_id": one.conversation_id, "is_part": one.is_part, **_raw(one.raw)}


def _raw(raw: bytes | None) -> dict[str, str]:
    if raw is None:
        return {}
    try:
        return {"raw": raw.decode("utf-8")}
    except UnicodeDecodeError:
        return {"raw_base64": base64.b64encode(raw).decode()}


def write_parquet(frame: pl.DataFrame, path: Path) -> None:
    """Writes a file of the lake so that a reader sees all of it or nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    frame.write_parquet(part, compression="zstd", row_group_size=ROWS_IN_A_GROUP)
    put_in_place(part, path)


def manifests(home: Path) -> dict[str, list[Batch]]:
    """What each part of the lake holds, by the part's name."""
    found = {}
    for path in sorted((home / "lake" / "batch").glob("*.json")):
        with suppress(FileNotFoundError):  # its part was merged into another since
            found[path.stem] = [Batch(**batch) for batch in json.loads(path.read_text())]
    return found


def places(parts: Mapping[str, list[Batch]]) -> dict[str, str]:
    """The one part from which each batch is read: of its latest reading, the part that holds most, a merged one."""
    found = [(batch.arrived_at, len(parts[part]), part, batch.batch_id) for part in parts for batch in parts[part]]
    return {batch_id: part for _, _, part, batch_id in sorted(found)}


def batches(home: Path) -> list[Batch]:
    """The batches that count, in order of arrival: of several readings of the same bytes, the latest."""
    found = [batch for held in manifests(home).values() for batch in held]
    found.sort(key=lambda batch: (batch.arrived_at, batch.batch_id))
    latest = {batch.content: batch for batch in found}
    return sorted(latest.values(), key=lambda batch: (batch.arrived_at, batch.batch_id))


def refusing(known: Sequence[Batch]) -> list[Batch]:
    """Of the batches that count those with refusals that stand: the latest reading of each place."""
    latest = {batch.location: batch for batch in known}
    return [batch for batch in latest.values() if batch.rejected]


def kept(home: Path, batch: Batch) -> list[dict[str, Any]]:
    """What was refused of a batch, as it was kept: see _keep_rejected."""
    found = [path.read_bytes() for path in (home / "rejected").glob(f"*.{batch.batch_id}.jsonl")]
    return [json.loads(line) for content in found for line in content.split(b"\n") if line]


def rejected_records(known: list[Batch]) -> pl.DataFrame:
    """What was refused (schema.REJECTED_RECORD), by the latest reading of each place."""
    rows = [record for batch in refusing(known) for record in batch.rejected]
    return schema.REJECTED_RECORD.shape(pl.DataFrame(rows, schema=schema.REJECTED_RECORD.dtypes)).sort("file", "place")


def table(home: Path, name: str, known: Sequence[Batch]) -> pl.LazyFrame:
    """A table of the lake with the batches named: its columns, batch_id and arrived_at. Reads what it is asked for."""
    arrived = pl.LazyFrame(
        {
            "batch_id": [batch.batch_id for batch in known],
            "arrived_at": [datetime.fromisoformat(batch.arrived_at) for batch in known],
        },
        schema={"batch_id": pl.String, "arrived_at": schema.TIME},
    )
    parts = pl.concat([empty_part(name), *_parts(home, name, known)], how="diagonal")
    return parts.join(arrived, on="batch_id")


def empty_part(name: str) -> pl.LazyFrame:
    """A part of a table without rows."""
    return schema.LAKE[name].empty().with_columns(batch_id=pl.lit(None, pl.String)).lazy()


def _parts(home: Path, name: str, known: Sequence[Batch]) -> Iterator[pl.LazyFrame]:
    """The parts that hold the batches, each with those alone."""
    place = places(manifests(home))
    wanted: dict[str, list[str]] = {}
    for batch in known:
        wanted.setdefault(place[batch.batch_id], []).append(batch.batch_id)
    for part, ids in sorted(wanted.items()):
        path = home / "lake" / name / f"{part}.parquet"
        if path.exists():
            yield pl.scan_parquet(path).filter(pl.col("batch_id").is_in(ids))


def save_run(home: Path, run: Mapping[str, Any], checks: pl.DataFrame) -> None:
    """Keeps a run and its checks."""
    if not checks.is_empty():
        write_parquet(checks, home / "lake" / "check" / f"{run['run_id']}.parquet")
    write_whole(home / "lake" / "run" / f"{run['run_id']}.json", json.dumps(run, default=str).encode())


def runs(home: Path) -> pl.DataFrame:
    """The runs so far (schema.RUN), oldest first."""
    found = [json.loads(path.read_text()) for path in (home / "lake" / "run").glob("*.json")]
    for run in found:
        for name in ("started_at", "as_of", "ended_at"):
            run[name] = datetime.fromisoformat(run[name]) if run[name] else None
    return pl.DataFrame(found, schema=schema.RUN.dtypes).sort("started_at", "run_id")


def checks(home: Path, of_runs: Iterable[str]) -> pl.DataFrame:
    """The checks of some runs (schema.QUALITY_CHECK)."""
    files = (home / "lake" / "check" / f"{run_id}.parquet" for run_id in of_runs)
    return pl.concat([schema.QUALITY_CHECK.empty(), *(pl.read_parquet(file) for file in files if file.exists())])
