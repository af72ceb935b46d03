"""Whole folders of what is broken or meant to break, through a run: what is good lands, and nothing is lost."""

import gzip
import io
import json
import os
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flows import lake
from flows.build import run
from flows.home import make_home
from flows.ingest import Ingested, ingest
from flows.settings import Settings
from flows.warehouse import query
from tests.reading import FIXTURES
from transforms.readers import archives

NOW = datetime(2026, 11, 20)
SAMPLES = sorted(path for path in (FIXTURES / "formats").rglob("*") if path.is_file())
HEADER = "conversation_id,speaker,text,turn_index,start_s,end_s\n"
GOOD = HEADER + "good,agent,Hello there,0,0,1\ngood,customer,Hi,1,1.5,2\n"


def table(*rows: str) -> bytes:
    return (HEADER + "".join(f"{row}\n" for row in rows)).encode()


def parquet() -> bytes:
    held = io.BytesIO()
    pl.DataFrame({"conversation_id": ["p"], "speaker": ["agent"], "text": ["Hi"], "turn_index": [0]}).write_parquet(
        held
    )
    return held.getvalue()


def zipped(**members: bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return held.getvalue()


CALL = (FIXTURES / "formats" / "deepgram" / "call-1.json").read_bytes()
BOMB = b"0" * 3_000_000  # of the bytes that an archive may hold in these tests
LONG = "word " * 2_000_000  # ten megabytes in a line
BROKEN: dict[str, bytes] = {  # each is refused, as a whole or in part
    "cut.json": CALL[:700],
    "cut.parquet": parquet()[:-20],
    "cut.csv.gz": gzip.compress(GOOD.encode())[:-12],
    "cut.zip": zipped(**{"a.csv": GOOD.encode()})[:-30],
    "bomb.csv.gz": gzip.compress(BOMB),
    "bomb.zip": zipped(**{"a.csv": BOMB}),
    "nested.zip": zipped(**{"inner.zip": zipped(**{"a.csv": BOMB})}),
    "latin.csv": table("l,agent,d\xe9j\xe0,0,0,1").decode().encode("latin-1"),
    "utf16.csv": GOOD.encode("utf-16-le"),
    "nan.csv": table("n,agent,Hi,0,NaN,1"),
    "endless.csv": table("e,agent,Hi,0,inf,1"),
    "negative.csv": table("m,agent,Hi,0,-3,1"),
    "backwards.csv": table("b,agent,Hi,0,5,1"),
    "twice.csv": table("t,agent,Hi,0,0,1", "t,agent,Bye,0,2,3"),
    "roles.csv": table("r,wizard,Hi,0,0,1"),
    "quotes.csv": table('q,agent,"Hi,0,0,1'),
    "deep.json": b"[" * 100_000,
    "deep-objects.json": b'{"a":' * 50_000,
    "long-number.jsonl": b'{"conversation_id": "x", "speaker": "agent", "text": "a", "turn_index": 1'
    + b"0" * 5_000
    + b"}\n",
    "nul.csv": table("z1,agent,a\x00b,0,0,1"),
    "nothing.json": b"",
    "blank.csv": b" \n\n",
    "picture.csv": bytes(range(256)) * 20,
    "unknown.txt": b"just a note to nobody\n",
}
LANDS: dict[str, bytes] = {  # looks bad, and is what somebody said
    "good.csv": GOOD.encode(),
    "formula.csv": table('"f1",agent,"=HYPERLINK(""http://x"",""y"")",0,0,1'),
    "script.csv": table("s1,customer,<script>alert(1)</script>,0,0,1"),
    "path.csv": table("../../../etc/passwd,agent,Hi,0,0,1"),
    "long.jsonl": json.dumps(
        {"conversation_id": "long", "speaker": "agent", "text": "Hi", "turn_index": 0, "x": LONG}
    ).encode(),
}


def taken_in(folder: Path, home: Path) -> tuple[Ingested, list[str]]:
    """What a run takes in of a folder, and what it says."""
    told: list[str] = []
    make_home(home)
    return ingest(home, [str(folder)], None, Settings(), NOW, told.append), told


def in_order(home: Path, found: Ingested) -> None:
    """That nothing is lost, and that every refusal says where, what, and what to do."""
    refused = [record for batch in found.batches for record in batch.rejected]
    assert found.accepted_count >= 0
    assert sum(record["record_count"] for record in refused) == found.rejected_count
    for record in refused:
        assert record["file"] and record["place"] and record["cure"]
        assert "expected" in record["reason"] and "reader failed" not in record["reason"]
    for batch in found.batches:
        kept = list((home / "rejected").glob(f"*.{batch.batch_id}.jsonl"))
        assert len(kept) == bool(batch.rejected)
        assert sum(len(path.read_text().splitlines()) for path in kept) == len(batch.rejected)


def conversations(home: Path) -> set[str]:
    return set(lake.table(home, "transcript", lake.batches(home)).collect()["conversation_id"])


@pytest.fixture
def small_archives(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "LARGEST", 1_000_000)


def fill(folder: Path) -> None:
    """Everything at once, with what a file system has besides: links that lead round, pipes, folders named as files."""
    folder.mkdir()
    for name, data in (BROKEN | LANDS).items():
        (folder / name).write_bytes(data)
    (folder / "calls.json").mkdir()
    (folder / "calls.json" / "call-1.json").write_bytes(CALL)
    (folder / "round").symlink_to(folder, target_is_directory=True)
    (folder / "itself").symlink_to("itself")
    (folder / "nowhere.csv").symlink_to("not-there.csv")
    (folder / "zero.csv").symlink_to("/dev/zero")
    os.mkfifo(folder / "pipe.csv")


@pytest.mark.usefixtures("small_archives")
def test_everything_at_once(tmp_path: Path) -> None:
    folder, home = tmp_path / "in", tmp_path / "home"
    fill(folder)
    told: list[str] = []
    summary = run([str(folder)], home, as_of=NOW, say=told.append)
    found = summary.ingested
    in_order(home, found)
    refused = {record["file"].partition("/")[0] for batch in found.batches for record in batch.rejected}
    assert refused == set(BROKEN)
    ids = {"good", "f1", "s1", "../../../etc/passwd", "long", "call-1"}
    assert conversations(home) == ids
    counts = f"{found.accepted_count:,} of {found.given_count:,} records accepted, {found.rejected_count:,} rejected"
    assert counts in summary.lines(home)[-1]
    assert sum("rejected" in line for line in told) >= len(BROKEN)
    stored = dict(query(home / "warehouse.duckdb", "select conversation_id, text from turn").rows())
    assert stored["s1"] == "<script>alert(1)</script>" and stored["f1"].startswith("=HYPERLINK")
    records = query(home / "warehouse.duckdb", "select sum(record_count) from rejected_record").item()
    assert records == found.rejected_count
    assert sorted(path.name for path in tmp_path.iterdir()) == ["home", "in"]


PLACE = st.integers(0, 10_000_000)
CHANGES: dict[str, Callable[[bytes, int, int], bytes]] = {
    "cut": lambda data, at, _: data[: at % (len(data) + 1)],
    "flipped": lambda data, at, by: data[: at % len(data)] + bytes([by]) + data[at % len(data) + 1 :],
    "repeated": lambda data, at, _: data[: at % len(data)] + data,
    "nul": lambda data, at, _: data[: at % len(data)] + b"\x00" + data[at % len(data) :],
    "gzipped": lambda data, at, _: gzip.compress(data)[: 20 + at % 4_000],
    "recoded": lambda data, _, __: data.decode("utf-8", "replace").encode("utf-16"),
}
SPOILT = st.tuples(st.sampled_from(SAMPLES), st.sampled_from(sorted(CHANGES)), PLACE, st.integers(0, 255))


@settings(max_examples=25, suppress_health_check=list(HealthCheck))
@given(st.lists(SPOILT, min_size=1, max_size=5), st.lists(st.sampled_from(sorted(BROKEN)), max_size=3))
def test_whatever_is_spoilt_the_good_lands(tmp_path_factory, spoilt, broken) -> None:
    folder, home = tmp_path_factory.mktemp("in"), tmp_path_factory.mktemp("home")
    (folder / "good.csv").write_text(GOOD)
    for name in broken:
        if "bomb" not in name and "nested" not in name:
            (folder / name).write_bytes(BROKEN[name])
    for number, (path, how, at, by) in enumerate(spoilt):
        (folder / str(number)).mkdir()
        (folder / str(number) / path.name).write_bytes(CHANGES[how](path.read_bytes(), at, by))
    found, told = taken_in(folder, home)
    in_order(home, found)
    assert "good" in conversations(home)
    assert sum("rejected" in line for line in told) == sum(bool(batch.rejected) for batch in found.batches)
