"""Do the readers hold, whatever they are given? A coverage-guided fuzzer over every one of them.

    pip install -e '.[fuzz]'                                # Linux
    python -m benchmarks.fuzz --minutes 10 [SEEDS…]         # default seeds: data/sample and tests/fixtures

The first byte of an input names the reader, the rest is the file. Of each: no exception, accepted and rejected are what
was given, in bounded time and memory. What breaks this is kept in `findings` in the folder of --out, once for each
place where it broke, and the fuzzer goes on; the corpus there is where the next one begins.
"""

import argparse
import json
import random
import sys
import time
import traceback
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import atheris

with atheris.instrument_imports(include=["transforms"]):
    from transforms.readers import READERS, File, conform, recognise
    from transforms.readers.unknown import what_it_is

NAMES = list(READERS)
SLOW_SECONDS = 10
LONGEST = 65_536  # bytes of an input
ROOT = Path(__file__).parent.parent
SEEDS = (ROOT / "data" / "sample", ROOT / "tests" / "fixtures")
NASTY: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1, 0.5, -1e-9, 1e308, float("nan"), float("inf"), 2**31, 2**63, 2**64, -(2**63) - 1),
    *(10**400, 1e17, 253402300800, "", " ", "0", "-1", "NaN", "9" * 400, "1e999", "\x00", "\ud800", "=1+1", "../../x"),
    *("2026-01-31T09:30:00Z", "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "<b>x</b>", "&#55296;"),
    *("<v A>x</v>", "00:00:01.000", "AGENT", "agent", "customer", [], {}, [[]], [None], [{}], {"": None}),
)
counts = {"executions": 0, "findings": 0}


def look(data: bytes, findings: Path) -> None:
    """Reads one input; writes what is wrong with it, if anything is."""
    counts["executions"] += 1
    begun = time.process_time()  # of the reader alone, however busy the machine is
    try:
        wrong = _balance(data)
    except BaseException as error:  # a panic in a library is no Exception
        if isinstance(error, KeyboardInterrupt | SystemExit):
            raise
        frames = [frame for frame in traceback.extract_tb(error.__traceback__) if "transforms" in frame.filename]
        place = f"{Path(frames[-1].filename).stem}-{frames[-1].lineno}" if frames else "elsewhere"
        wrong = f"{type(error).__name__}-{place}", traceback.format_exc()
    seconds = time.process_time() - begun
    if wrong is None and seconds > SLOW_SECONDS:
        wrong = f"slow-{_name(data)}", f"{seconds:.0f} s for {len(data):,} bytes"
    if wrong is not None:
        _keep(findings, *wrong, data)


def _name(data: bytes) -> str:
    return NAMES[data[0] % len(NAMES)] if data[0] < 128 else "unknown"


def _balance(data: bytes) -> tuple[str, str] | None:
    file = File("x", data[1:])
    if data[0] >= 128:
        what_it_is(file)
        return None
    roles = {"Ana": "agent", "SPEAKER_00": "customer"}
    read = conform(READERS[_name(data)].read([file], roles), roles)
    if read.accepted_count >= 0 and all(one.record_count >= 0 for one in read.rejected):
        return None
    return f"unbalanced-{read.format}", f"given {read.given_count}, rejected {read.rejected_count}"


def _keep(findings: Path, title: str, told: str, data: bytes) -> None:
    path = findings / title
    if not path.exists():
        counts["findings"] += 1
        path.write_bytes(data)
        path.with_name(f"{title}.txt").write_text(told)
        print(f"FOUND {title}", flush=True)


def mutate(data: bytes, longest: int, seed: int) -> bytes:
    """Another input: of JSON mostly one value or key changed, of all else bytes."""
    chance = random.Random(seed)
    if len(data) > 2 and chance.random() < 0.8:
        try:
            value = json.loads(data[1:])
        except (ValueError, RecursionError):
            return bytes(atheris.Mutate(data, longest))
        for _ in range(chance.choice((1, 1, 2, 4))):
            value = _changed(value, chance)
        changed = data[:1] + json.dumps(value).encode("utf-8", "surrogatepass")
        return changed if len(changed) <= longest else data
    return bytes(atheris.Mutate(data, longest))


def _changed(value: Any, chance: random.Random) -> Any:
    """The value with one thing in it taken out, put twice, put elsewhere or made nasty."""
    places = list(_places(value))
    if not places:
        return deepcopy(chance.choice(NASTY))
    inside, key = chance.choice(places)
    way = chance.randrange(6)
    if way == 0:
        del inside[key]
    elif way == 1:
        other, at = chance.choice(places)
        inside[key] = json.loads(json.dumps(other[at])) if at in range(len(other)) or at in other else None
    elif way == 2 and isinstance(inside, list):
        inside.insert(key, json.loads(json.dumps(inside[key])))
    elif way == 3 and isinstance(inside, dict):
        inside[chance.choice([*inside, "id", "", key + "x"])] = inside.pop(key)
    else:
        inside[key] = deepcopy(chance.choice(NASTY))
    return value


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    keys = value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in keys:
        yield value, key
        yield from _places(value[key])


def plant(seeds: list[Path], corpus: Path) -> int:
    """The seeds as inputs, each for the reader that knows it; how many there are."""
    corpus.mkdir(parents=True, exist_ok=True)
    files = [path for seed in seeds for path in sorted(seed.rglob("*")) if path.is_file()]
    for path in files:
        name = recognise(path)
        number = NAMES.index(name) if name else 128
        (corpus / f"seed-{path.parent.name}-{path.name}").write_bytes(bytes([number]) + path.read_bytes()[:LONGEST])
    return len(files)


def main() -> None:
    """Fuzzes for some minutes and says what came of it."""
    given = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    given.add_argument("seeds", nargs="*", type=Path, default=SEEDS)
    given.add_argument("--minutes", type=float, default=10)
    given.add_argument("--out", type=Path, default=Path("heard-fuzz"))
    options = given.parse_args()
    findings = options.out / "findings"
    findings.mkdir(parents=True, exist_ok=True)
    print(f"{plant(list(options.seeds), options.out / 'corpus')} seeds", flush=True)
    limits = [
        f"-max_total_time={int(options.minutes * 60)}",
        f"-max_len={LONGEST}",
        "-rss_limit_mb=3000",
        "-timeout=60",
    ]
    command = [
        sys.argv[0],
        *limits,
        "-print_final_stats=1",
        f"-artifact_prefix={findings}/",
        str(options.out / "corpus"),
    ]
    atheris.Setup(command, lambda data: look(data, findings) if data else None, custom_mutator=mutate)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
