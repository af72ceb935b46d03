"""From the sources that were named to the lake."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from flows import lake
from flows.home import customer_key
from flows.lake import Batch
from flows.settings import Settings
from transforms.readers import Source, discover, read

Say = Callable[[str], None]


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
    found, skipped = discover(sources, format_)
    key = customer_key(home)
    batches, new = [], 0
    for number, source in enumerate(found, start=1):
        batch, is_new = _ingest_one(home, source, settings, key, now)
        new += is_new
        batches.append(batch)
        say(f"[{number}/{len(found)}] {_line(batch, is_new)}")
    return Ingested(batches, new, skipped)


def _ingest_one(home: Path, source: Source, settings: Settings, key: bytes, now: datetime) -> tuple[Batch, bool]:
    roles = {str(name): str(role) for name, role in settings["roles"].items()}
    content = lake.content_of(source)
    batch_id = lake.batch_id_of(content, source.format, roles)
    known = lake.find(home, batch_id)
    if known:
        return known, False
    return lake.write(home, source, batch_id, content, read(source, roles), key, now), True


def _line(batch: Batch, is_new: bool) -> str:
    counts = f"{batch.given_count:,} records" + (f", {batch.rejected_count:,} rejected" if batch.rejected_count else "")
    known = "" if is_new else ", read before"
    notices = "".join(f"\n    {notice}" for notice in batch.notices)
    return f"{batch.name}: {batch.format}, {counts}{known}{notices}"
