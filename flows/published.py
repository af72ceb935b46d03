"""What the published warehouse stands on: so that the next run knows what is new since.

Kept beside the warehouse, written after it and taken away before: where it is missing, or speaks of another run than
the warehouse's own, everything is measured again.
"""

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.metadata import requires, version
from pathlib import Path

from flows import warehouse
from flows.home import write_whole
from flows.lake import Batch, manifests
from flows.settings import Settings

NAME = ".published.json"
ROOMS = ("flows", "transforms", "metrics")  # whose code and rules make the figures
ELSEWHERE = ("sources", "email", "dashboard")  # settings on which no figure stands


@dataclass(frozen=True)
class Published:
    """The run that published it, the moment as of which it was judged, and the batches that it knew."""

    run_id: str
    as_of: datetime
    batches: list[Batch]

    def stands_on(self, known: Sequence[Batch]) -> bool:
        """Whether these are the very batches that it knew."""
        return {(one.batch_id, one.arrived_at) for one in self.batches} == {
            (one.batch_id, one.arrived_at) for one in known
        }


def last(home: Path, settings: Settings, as_of: datetime) -> Published | None:
    """What the warehouse stands on; None where it is of no use for a run as of a moment.

    That is so where it is not known, where it was measured by other standards, or is of a later moment, or where the
    lake no longer holds what it knew.
    """
    try:
        told = json.loads((home / NAME).read_text())
        runs = warehouse.query(
            home / "warehouse.duckdb", "SELECT run_id FROM run ORDER BY started_at DESC, run_id DESC"
        )
        found = Published(told["run_id"], datetime.fromisoformat(told["as_of"]), _batches(home, told["batches"]))
        is_current = (told["run_id"], told["standards"]) == (runs["run_id"][0], standards(settings))
    except (OSError, ValueError, LookupError, warehouse.QueryError):
        return None
    return found if is_current and found.as_of <= as_of else None


def _batches(home: Path, told: list[list[str]]) -> list[Batch]:
    """The batches of these ids and times of arrival. Raises KeyError where the lake does not hold one."""
    held = {(batch.batch_id, batch.arrived_at): batch for part in manifests(home).values() for batch in part}
    return [held[batch_id, arrived_at] for batch_id, arrived_at in told]


def forget(home: Path) -> None:
    """Lets the next run measure everything again."""
    (home / NAME).unlink(missing_ok=True)


def remember(home: Path, run_id: str, as_of: datetime, known: Sequence[Batch], settings: Settings) -> None:
    """Keeps what the warehouse stands on now."""
    told = {
        "run_id": run_id,
        "as_of": as_of.isoformat(),
        "standards": standards(settings),
        "batches": sorted((batch.batch_id, batch.arrived_at) for batch in known),
    }
    write_whole(home / NAME, json.dumps(told).encode())


def standards(settings: Settings) -> str:
    """A hash of all by which is measured: code, rules, libraries, settings."""
    sections = {name: section for name, section in settings.sections.items() if name not in ELSEWHERE}
    told = json.dumps(sections, sort_keys=True, default=str)
    return hashlib.sha256(f"{_code()}\n{told}".encode()).hexdigest()


@cache
def _code() -> str:
    root = Path(__file__).parent.parent
    files = sorted(path for room in ROOMS for path in (root / room).rglob("*.*") if path.suffix != ".pyc")
    digest = hashlib.sha256()
    for path in files:
        digest.update(f"{path.relative_to(root)}\0".encode() + path.read_bytes())
    for package in sorted({_name(line) for line in requires("heard") or [] if "extra ==" not in line}):
        digest.update(f"{package}={version(package)}".encode())
    return digest.hexdigest()


def _name(requirement: str) -> str:
    return re.split(r"[^\w.-]", requirement, maxsplit=1)[0]
