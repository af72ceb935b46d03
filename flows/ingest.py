"""From the sources that were named to the lake."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import chain
from pathlib import Path
from typing import Any

from flows import lake
from flows.home import customer_key
from flows.lake import Batch, Reading
from flows.progress import Say, steps
from flows.retry import Kept, again
from flows.seen import objects
from flows.settings import Settings
from flows.way import Way
from transforms.readers import Source, discover, read

ROWS_IN_A_PART = 200_000  # what is read in one go before it goes to the lake
Read = tuple[Reading | None, Batch]  # what was read where it is new, and the batch that it is
FEW_SOURCES = 10  # of more, only those with something to tell get a line of their own


@dataclass(frozen=True)
class Ingested:
    batches: list[Batch]  # of the sources that were named, new or known
    new_count: int
    skipped_count: int  # hidden files and READMEs

    @property
    def given_count(self) -> int:
        return sum(batch.given_count for batch in self.batches)

    @property
    def rejected_count(self) -> int:
        return sum(batch.rejected_count for batch in self.batches)

    @property
    def accepted_count(self) -> int:
        return self.given_count - self.rejected_count

    @property
    def by_format(self) -> list[dict[str, Any]]:
        """What came of each format: files, conversations, turns and outcomes as the files have them, and rejected."""
        return [
            {"format": name, **_sums([batch for batch in self.batches if batch.format == name])}
            for name in sorted({batch.format for batch in self.batches})
        ]


def _sums(batches: Sequence[Batch]) -> dict[str, int]:
    return {
        "files": sum(batch.location.count("\n") + 1 for batch in batches),
        "conversations": sum(batch.conversation_count for batch in batches),
        "turns": sum(batch.turn_count for batch in batches),
        "outcomes": sum(batch.outcome_count for batch in batches),
        "rejected": sum(batch.rejected_count for batch in batches),
    }


def ingest(
    home: Path, sources: Sequence[str], format_: str | None, settings: Settings, now: datetime, say: Say
) -> Ingested:
    """Reads what is new among the sources into the lake. Raises SourceError where a source is missing or empty."""
    way = Way.of(settings)
    known = {batch.batch_id: batch for batch in lake.batches(home)}
    with objects(home, way.name(format_), known, say) as stored:
        found, skipped = discover(sources, format_, way.readers, stored.fetch)
        sizes = [0 if one.problem else sum(path.stat().st_size for path in one.paths) for one in found]
        batches = _into_lake(home, _read(found, way, known, now), sizes, way, say)
        stored.remember(list(zip(found, batches, strict=True)))
    batches += [known[batch_id] for batch_id in stored.batch_ids]
    return _told(batches, known, skipped + stored.passed_over)


def ingest_again(home: Path, settings: Settings, now: datetime, say: Say) -> Ingested:
    """Reads into the lake what was refused before and is good now; the rest stays refused."""
    way = Way.of(settings)
    known = {batch.batch_id: batch for batch in lake.batches(home)}
    found = again(home, list(known.values()), way)
    read = chain(_read_kept(found.kept, way, now), _read(found.sources, way, known, now + timedelta(microseconds=1)))
    sizes = [1] * (len(found.kept) + len(found.sources))
    return _told([*_into_lake(home, read, sizes, way, say), *found.left], known, 0)


def _told(batches: list[Batch], known: Mapping[str, Batch], skipped: int) -> Ingested:
    return Ingested(batches, sum(batch.batch_id not in known for batch in batches), skipped)


def _into_lake(home: Path, read: Iterable[Read], sizes: Sequence[int], way: Way, say: Say) -> list[Batch]:
    """Each source's batch, what is new of them in the lake; the sizes are those of the sources."""
    key, count = customer_key(home), len(sizes)
    batches: list[Batch] = []
    waiting: list[Reading] = []
    with steps(say, "reading", sum(sizes), "files") as step:
        for number, (one, batch) in enumerate(read, start=1):
            batches.append(batch)
            if count <= FEW_SOURCES or batch.rejected or batch.notices:
                say(f"[{number}/{count}] {_line(batch, is_new=one is not None)}")
            waiting += [one] if one else []
            step(sizes[number - 1], one.row_count if one else 0)
            if sum(reading.row_count for reading in waiting) >= ROWS_IN_A_PART or (number == count and waiting):
                lake.write(home, waiting, key, way.privacy)
                waiting = []
                if number < count:
                    say(f"[{number}/{count}] {sum(one.turn_count for one in batches):,} turns read")
    return batches


def _read(found: Sequence[Source], way: Way, known: Mapping[str, Batch], now: datetime) -> Iterator[Read]:
    """Each source's batch, with the reading where it is new; the same bytes named twice are read once."""
    seen = dict(known)
    for source in found:
        content = lake.content_of(source)
        batch_id = way.batch_id(content, source.format)
        if batch_id in seen:
            yield None, seen[batch_id]
            continue
        one = lake.reading(source, batch_id, content, read(source, way.roles, way.readers), now, way.privacy)
        seen[batch_id] = one.batch
        yield one, one.batch


def _read_kept(kept: Sequence[Kept], way: Way, now: datetime) -> Iterator[Read]:
    """What was kept and lands now, as batches of their own."""
    for one in kept:
        batch_id = way.batch_id(one.content, one.read.format)
        reading = lake.reading(one.source, batch_id, one.content, one.read, now, way.privacy)
        batch = replace(reading.batch, refused_at=one.refused_at)
        yield replace(reading, batch=batch), batch


def _line(batch: Batch, is_new: bool) -> str:
    counts = f"{batch.given_count:,} records" + (f", {batch.rejected_count:,} rejected" if batch.rejected_count else "")
    known = "" if is_new else ", read before"
    notices = "".join(f"\n    {notice}" for notice in batch.notices)
    return f"{batch.name}: {batch.format}, {counts}{known}{notices}"
