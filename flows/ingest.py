"""From the sources that were named to the lake."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from flows import lake
from flows.home import customer_key
from flows.lake import Batch, Reading
from flows.private import Privacy
from flows.settings import Settings
from transforms.readers import READERS, Reader, Source, discover, read
from transforms.readers.mapped import mapped_readers

Say = Callable[[str], None]

ROWS_IN_A_PART = 200_000  # what is read in one go before it goes to the lake
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


def ingest(
    home: Path, sources: Sequence[str], format_: str | None, settings: Settings, now: datetime, say: Say
) -> Ingested:
    """Reads what is new among the sources into the lake. Raises SourceError where a source is missing or empty."""
    readers = mapped_readers(settings["map"]) | READERS
    found, skipped = discover(sources, format_, readers)
    privacy = Privacy.from_settings(settings["privacy"])
    key, known = customer_key(home), {batch.batch_id: batch for batch in lake.batches(home)}
    batches: list[Batch] = []
    waiting: list[Reading] = []
    for number, (one, batch) in enumerate(_read(found, settings, readers, privacy, known, now), start=1):
        batches.append(batch)
        if len(found) <= FEW_SOURCES or batch.rejected or batch.notices:
            say(f"[{number}/{len(found)}] {_line(batch, is_new=one is not None)}")
        waiting += [one] if one else []
        if sum(reading.row_count for reading in waiting) >= ROWS_IN_A_PART or (number == len(found) and waiting):
            lake.write(home, waiting, key, privacy)
            waiting = []
    for line in _by_format(batches) if len(found) > FEW_SOURCES else []:
        say(line)
    return Ingested(batches, sum(batch.batch_id not in known for batch in batches), skipped)


def _by_format(batches: Sequence[Batch]) -> Iterator[str]:
    """What was read of each format."""
    for name in sorted({batch.format for batch in batches}):
        mine = [batch for batch in batches if batch.format == name]
        given, rejected = (sum(getattr(batch, part) for batch in mine) for part in ("given_count", "rejected_count"))
        yield f"{name}: {len(mine):,} sources, {given:,} records, {rejected:,} rejected"


def _read(
    found: Sequence[Source],
    settings: Settings,
    readers: Mapping[str, Reader],
    privacy: Privacy,
    known: dict[str, Batch],
    now: datetime,
) -> Iterator[tuple[Reading | None, Batch]]:
    """Each source's batch, with the reading where it is new; the same bytes named twice are read once."""
    roles = {str(name): str(role) for name, role in settings["roles"].items()}
    seen = dict(known)
    for source in found:
        content = lake.content_of(source)
        batch_id = lake.batch_id_of(content, _way(source.format, readers), roles, privacy.redactor)
        if batch_id in seen:
            yield None, seen[batch_id]
            continue
        one = lake.reading(source, batch_id, content, read(source, roles, readers), now, privacy)
        seen[batch_id] = one.batch
        yield one, one.batch


def _way(format_: str | None, readers: Mapping[str, Reader]) -> str | None:
    """What says how a source is read: the format's name, and of a mapping all of it."""
    return format_ and format_ + readers[format_].way


def _line(batch: Batch, is_new: bool) -> str:
    counts = f"{batch.given_count:,} records" + (f", {batch.rejected_count:,} rejected" if batch.rejected_count else "")
    known = "" if is_new else ", read before"
    notices = "".join(f"\n    {notice}" for notice in batch.notices)
    return f"{batch.name}: {batch.format}, {counts}{known}{notices}"
