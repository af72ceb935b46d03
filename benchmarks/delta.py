"""What a run costs by what is new: everything, a thousand conversations among all, late answers, nothing.

    python -m benchmarks.delta [--conversations 100000] [--new 1000] [--folder DIR]

Each run is a process of its own, as `heard run` is. Ratios compare within one go on one machine.
"""

import argparse
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

import polars as pl

from benchmarks import big_home

AS_OF = "2026-01-02T02:00:00Z"


def main() -> None:
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--conversations", type=int, default=100_000)
    given.add_argument("--new", type=int, default=1_000)
    given.add_argument("--folder", type=Path)
    asked = given.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        measure(asked.folder or Path(folder), asked.conversations, asked.new)


def measure(folder: Path, count: int, new: int) -> None:
    """Writes the exports, runs over each in turn, and prints what each run took."""
    began = perf_counter()
    big_home.write(folder / "all", count)
    turns = pl.scan_parquet(folder / "all" / "turns-*.parquet").select(pl.len()).collect().item()
    print(f"{count:,} conversations, {turns:,} turns, written in {perf_counter() - began:.0f} s", flush=True)
    more = big_home.conversations(new, first=count)
    more.write_parquet(folder / "new.parquet")
    late = pl.read_parquet(folder / "all" / "turns-000000000.parquet").head(new * 10)
    big_home.outcomes(late, share=1, seed=7).write_csv(folder / "late.csv")
    whole = run(folder, "everything", folder / "all", 1)
    for name, source in (("nothing new", "all"), (f"{new:,} new", "new.parquet"), ("late answers", "late.csv")):
        run(folder, name, folder / source, whole)


def run(folder: Path, name: str, source: Path, whole: float) -> float:
    """Runs `heard run` over a source; prints seconds, memory and the part of the first run; gives the seconds."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = perf_counter()
    command = [sys.executable, "-m", "flows.cli", "run", str(source), "--home", str(folder / "home"), "--as-of", AS_OF]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    seconds, after = perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    measured = next((line for line in done.stdout.splitlines() if line.startswith("measuring")), done.stderr[-300:])
    worked = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    part = f"{seconds / whole:.1%} of everything" if whole > 1 else ""
    peak = f"at most {after.ru_maxrss / 1e6:.1f} GB so far"
    print(f"{name}: {seconds:.0f} s ({worked:.0f} s of processors), {peak}, {measured}. {part}", flush=True)
    return seconds


if __name__ == "__main__":
    main()
