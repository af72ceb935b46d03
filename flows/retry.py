"""What was refused and kept, tried again after a cure: what is good now lands, what is not stays refused as it was.

A file that is still there and reads otherwise than before (it was mended, or a mapping or a role was added) is read
anew; of one that is gone, or holds other content, what was kept of it is.
"""

import base64
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import polars as pl

from flows import lake
from flows.lake import Batch
from flows.way import Way
from transforms.readers import File, Rejected, Source, Transcript, read_files
from transforms.readers.content import Head
from transforms.readers.recognise import known_as, recognise

TABLES = ("transcript", "segment", "feedback", "evaluation", "person")


@dataclass(frozen=True)
class Kept:
    """What was kept of a batch and lands now: as which source, with a hash that stands for it, and what it reads."""

    source: Source
    content: str
    read: Transcript
    refused_at: str  # when it first came


@dataclass(frozen=True)
class Again:
    """What is to be tried again: sources to be read anew, and what was kept of others; and what stays as it is."""

    sources: list[Source] = field(default_factory=list)
    kept: list[Kept] = field(default_factory=list)
    left: list[Batch] = field(default_factory=list)  # with what was refused alone


def again(home: Path, known: Sequence[Batch], way: Way) -> Again:
    """Whatever of these batches was refused and may be good now."""
    found = Again()
    for batch in lake.refusing(known):
        source = _there(batch, way)
        is_same = source is not None and lake.content_of(source) == batch.content
        reads_otherwise = source is not None and way.batch_id(lake.content_of(source), source.format) != batch.batch_id
        kept = None if is_same else _kept(home, batch, way)
        if kept:
            found.kept.append(kept)
        if source and reads_otherwise:
            found.sources.append(source)
        elif not kept:
            found.left.append(replace(batch, given_count=batch.rejected_count, notices=[]))
    return found


def _there(batch: Batch, way: Way) -> Source | None:
    """The batch's source as it was named, where all of its files are still on this machine."""
    paths = [Path(line) for line in batch.location.split("\n")]
    if not all(path.is_absolute() and path.is_file() for path in paths):
        return None
    format_ = recognise(paths[0], way.readers) if len(paths) == 1 else batch.format
    return Source(batch.name, paths, format_, "/" in batch.read_as, batch.location)


def _kept(home: Path, batch: Batch, way: Way) -> Kept | None:
    """What now lands of what was kept, beside what stays refused; None where nothing lands."""
    tried = [(line, _read(line, batch, way)) for line in lake.kept(home, batch)]
    good = [found for _, found in tried if found and found.accepted_count]
    if not good:
        return None
    left = [one for line, found in tried for one in _left(line, found)]
    (format_, _), *_ = Counter(found.format for found in good).most_common()
    read = replace(
        good[0],
        format=format_,
        rejected=left,
        given_count=sum(found.accepted_count for found in good) + sum(one.record_count for one in left),
        notices=list(dict.fromkeys(notice for found in good for notice in found.notices)),
        **{name: pl.concat([getattr(found, name) for found in good]) for name in TABLES},
    )
    is_namesake = "/" in batch.read_as
    name = batch.read_as if is_namesake else batch.name
    source = Source(name, [Path(batch.read_as)], format_, is_namesake, batch.location)
    content = lake.batch_id_of(f"kept of {batch.batch_id}", batch.content, {}, "")
    return Kept(source, content, read, batch.refused_at or batch.arrived_at)


def _read(line: Mapping[str, Any], batch: Batch, way: Way) -> Transcript | None:
    """What a refusal reads now, in the file in which it came; None where what was kept does not tell enough."""
    raw = _raw(line)
    if raw is None or line["is_part"]:
        return None
    head = Head.of(raw)
    as_before = batch.format if batch.format in way.readers else None
    format_ = known_as(head, way.mapped) or as_before or known_as(head, way.readers)
    return read_files(format_, [File(batch.read_as, raw, _number(line, batch))], way.roles, way.readers)


def _number(line: Mapping[str, Any], batch: Batch) -> int | None:
    """Which of several conversations of its file it is, where it is named after that."""
    whole, _, number = (line["conversation_id"] or "").rpartition("/")
    return int(number) if whole == File(batch.read_as, b"").id and number.isdecimal() else None


def _raw(line: Mapping[str, Any]) -> bytes | None:
    if "raw_base64" in line:
        return base64.b64decode(line["raw_base64"])
    return line["raw"].encode() if "raw" in line else None


def _left(line: Mapping[str, Any], found: Transcript | None) -> Iterator[Rejected]:
    """What stays refused of a refusal, told by the place where it was."""
    if found is None or not found.accepted_count:
        told = (line["place"], line["reason"], line["cure"], line["record_count"])
        yield Rejected(*told, _raw(line), line["conversation_id"], line["is_part"])
        return
    for one in found.rejected:
        yield replace(one, place=f"{line['place']}, {one.place}")
