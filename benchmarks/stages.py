"""Where a run's CPU seconds go, stage by stage, and how much memory it takes.

    python -m benchmarks.stages SOURCE --home HOME

One run in one process, as `heard run` is; whatever else the machine does, CPU seconds stay what they are. A stage's
seconds are its own, without those of stages within it.
"""

import argparse
import importlib
import resource
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from time import process_time
from typing import Any

STAGES = {
    "look for what is new": [("flows.ingest", "discover"), ("flows.lake", "content_of")],
    "read": [("flows.ingest", "read")],
    "redact": [("flows.lake", "made_safe")],
    "tell the language": [("flows.lake", "detect")],
    "write the lake": [("flows.lake", "write_part"), ("flows.build", "compact")],
    "find what is touched": [("flows.measuring", "find_touched"), ("flows.measuring", "outdated")],
    "take from the lake": [("flows.held", "standing"), ("flows.held.Held", "__init__")],
    "turns": [("flows.tables", "build_turns"), ("flows.tables", "with_context"), ("flows.tables", "add_hours")],
    "markers": [("flows.tables", "find"), ("flows.tables", "add_markers"), ("flows.tables", "_markers")],
    "promises, escalations, contacts": [("flows.tables", "_followed")],
    "metrics": [("flows.tables", "_measured"), ("flows.tables", "agent_parts"), ("flows.tables", "moments")],
    "checks": [("flows.gate.Gate", name) for name in ("look", "judged")] + [("flows.building.Building", "repeated")],
    "write the warehouse": [("flows.building.Building", name) for name in ("replace", "put", "add", "make_views")],
    "behaviour and outcome": [("flows.measuring", "make_whole_tables")],
    "publish": [("flows.building", "put_in_place"), ("flows.building", "sizes")],
}


class Clock:
    """CPU seconds by stage."""

    def __init__(self) -> None:
        self.seconds: Counter[str] = Counter()
        self.open = ["start and the rest"]
        self.since = 0.0

    @contextmanager
    def of(self, stage: str) -> Iterator[None]:
        self._count()
        self.open.append(stage)
        yield
        self._count()
        self.open.pop()

    def _count(self) -> None:
        now = process_time()
        self.seconds[self.open[-1]] += now - self.since
        self.since = now

    def watch(self, place: str, name: str, stage: str) -> None:
        """Counts the seconds of a function, or method, for a stage."""
        owner = _owner(place)
        done: Callable[..., Any] = getattr(owner, name)

        def timed(*given: Any, **named: Any) -> Any:
            with self.of(stage):
                return done(*given, **named)

        setattr(owner, name, timed)


def _owner(place: str) -> Any:
    module, _, kind = place.rpartition(".") if place.rpartition(".")[2][0].isupper() else (place, "", "")
    return getattr(importlib.import_module(module), kind) if kind else importlib.import_module(place)


def main() -> None:
    """Runs, and prints the table."""
    given = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    given.add_argument("sources", nargs="+")
    given.add_argument("--home", type=Path, required=True)
    given.add_argument("--as-of", type=datetime.fromisoformat, default=datetime(2026, 1, 2, 2))
    asked = given.parse_args()
    clock = Clock()
    from flows.build import run

    for stage, places in STAGES.items():
        for place, name in places:
            clock.watch(place, name, stage)
    with clock.of("start and the rest"):
        run(asked.sources, asked.home, as_of=asked.as_of)
    whole = sum(clock.seconds.values())
    for stage, seconds in clock.seconds.most_common():
        print(f"{stage:<32} {seconds:>8.1f} CPU s {seconds / whole:>6.1%}")
    print(f"{'all':<32} {whole:>8.1f} CPU s; peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.1f} GB")


if __name__ == "__main__":
    main()
