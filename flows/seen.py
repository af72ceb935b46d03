"""Which objects of a storage were read already, so that a run fetches only what is new or changed.

What is remembered lies in lake/remote.json; without it every object is fetched once more, and nothing lands twice.
"""

import json
import tempfile
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath

from flows.home import write_whole
from flows.lake import Batch
from flows.remote import Bucket, Object
from transforms.readers import READERS, Source, SourceError
from transforms.readers.redacted_twins import FORMATS as TWINNED
from transforms.readers.redacted_twins import analysis_name
from transforms.readers.sources import Found, is_passed_over

TOGETHER = tuple(name for name, reader in READERS.items() if reader.comes_in_pieces)


@dataclass(frozen=True)
class Seen:
    """How an object was read: what it was then, in which way, and the batches that it became."""

    stamp: str
    way: str
    format: str
    batch_ids: list[str]


class Objects:
    """The objects that a run is to look at; those that are as they were are not fetched."""

    def __init__(self, home: Path, way: str, known: Collection[str], folder: Path, say: Callable[[str], None]) -> None:
        self.path, self.way, self.known, self.folder, self.say = home / "lake" / "remote.json", way, known, folder, say
        self.seen = _load(self.path)
        self.fetched: dict[str, str] = {}  # by address the stamp
        self.unchanged: dict[str, Seen] = {}

    def fetch(self, named: str) -> list[Found]:
        """What is new or changed of what the address names, as files, with those that belong to it.

        Raises SourceError where it cannot be had.
        """
        bucket = Bucket(named)
        objects = bucket.objects()
        if len(objects) == 1 and objects[0].size == 0 and objects[0].address == named:
            raise SourceError(f"{named}: the object is empty; expected conversations. Export it again.")
        passed_over = [one for one in objects if is_passed_over(one.name)]
        left = [one for one in objects if not is_passed_over(one.name)]
        same = {one.address: self.seen[one.address] for one in left if self._is_as_it_was(one)}
        changed = [one for one in left if one.address not in same]
        changed += [one for one in left if one.address in same and _belongs(one, same[one.address], changed)]
        self.fetched |= {one.address: one.stamp for one in changed}
        self.unchanged |= {address: one for address, one in same.items() if address not in self.fetched}
        self.say(f"{named}: {len(left):,} objects, {len(changed):,} of them new or changed")
        nowhere = self.folder / "nowhere"
        folder = Path(tempfile.mkdtemp(dir=self.folder))
        return [
            *bucket.fetch(changed, folder),
            *(Found(one.name, nowhere, one.address) for one in passed_over),
        ]

    def _is_as_it_was(self, one: Object) -> bool:
        seen = self.seen.get(one.address)
        is_same = seen is not None and (seen.stamp, seen.way) == (one.stamp, self.way)
        return is_same and set(seen.batch_ids) <= set(self.known) if seen else False

    @property
    def batch_ids(self) -> list[str]:
        """The batches of the objects that were not fetched."""
        return list(dict.fromkeys(batch_id for one in self.unchanged.values() for batch_id in one.batch_ids))

    @property
    def passed_over(self) -> int:
        """How many of these were passed over when they were fetched."""
        return sum(not one.batch_ids for one in self.unchanged.values())

    def remember(self, read: Sequence[tuple[Source, Batch]]) -> None:
        """Keeps what became of the objects that were fetched."""
        if not self.fetched:
            return
        became: dict[str, list[Batch]] = {address: [] for address in self.fetched}
        for source, batch in read:
            for location in [] if source.problem else source.location.split("\n"):
                for address in _above(location):
                    became.get(address, []).append(batch)
        for address in {source.location for source, _ in read if source.problem}:
            del became[address]
        new = {address: self._seen(address, batches) for address, batches in became.items()}
        content = {address: asdict(one) for address, one in (self.seen | new).items()}
        write_whole(self.path, json.dumps(content, ensure_ascii=False).encode())

    def _seen(self, address: str, batches: Sequence[Batch]) -> Seen:
        format_ = batches[0].format if batches else ""
        return Seen(self.fetched[address], self.way, format_, [one.batch_id for one in batches])


def _above(location: str) -> Iterator[str]:
    """The location, and those in which it may lie: the archive of a file."""
    yield location
    for parent in PurePosixPath(location.partition("://")[2]).parents:
        yield f"{location.partition('://')[0]}://{parent}"


def _belongs(one: Object, seen: Seen, changed: Sequence[Object]) -> bool:
    """Whether an object that is as it was makes sense only beside one that is not."""
    if seen.format in TOGETHER:
        return any(one.folder == other.folder for other in changed)
    name = analysis_name(one.name)
    return seen.format in TWINNED and any(name == analysis_name(other.name) for other in changed)


def _load(path: Path) -> dict[str, Seen]:
    try:
        return {address: Seen(**one) for address, one in json.loads(path.read_text(encoding="utf-8")).items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


@contextmanager
def objects(home: Path, way: str, known: Mapping[str, Batch], say: Callable[[str], None]) -> Iterator[Objects]:
    """What is needed to read objects; whatever was fetched is gone when it ends."""
    with tempfile.TemporaryDirectory(prefix="heard-") as folder:
        yield Objects(home, way, known.keys(), Path(folder), say)
