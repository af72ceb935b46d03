"""Sources in object storage: read as files are, fetched only where they are new, and whatever is wrong one line."""

import os
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto.server import ThreadedMotoServer

from flows import lake
from flows.cli import main
from flows.ingest import Ingested, ingest
from flows.settings import Settings
from transforms.readers import SourceError

SECRET = "a-secret-that-nobody-may-see"
HEAD = "conversation_id,turn_index,speaker,text\n"
GOOD = f"{HEAD}a,0,agent,Hello\na,1,customer,Hello to you\n"
SAMPLE = Path(__file__).parent.parent / "data" / "sample"


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The address of something on this machine that speaks as S3 does."""
    storage = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    storage.start()
    host, port = storage.get_host_and_port()
    yield f"http://{host}:{port}"
    storage.stop()


@pytest.fixture
def bucket(server: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Any]:
    """A bucket named calls, empty; the environment as somebody's who may read it."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    given = {"ACCESS_KEY_ID": "key", "SECRET_ACCESS_KEY": SECRET, "DEFAULT_REGION": "us-east-1", "ENDPOINT_URL": server}
    for name, value in given.items():
        monkeypatch.setenv(f"AWS_{name}", value)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "scratch"))
    (tmp_path / "scratch").mkdir()
    made = boto3.resource("s3").create_bucket(Bucket="calls")
    yield made
    made.objects.all().delete()
    made.delete()


def put(bucket: Any, key: str, content: str | bytes, **options: str) -> None:
    bucket.put_object(Key=key, Body=content if isinstance(content, bytes) else content.encode(), **options)


def read(home: Path, *sources: str, roles: dict[str, str] | None = None, at: int = 1) -> tuple[Ingested, list[str]]:
    """What came of the sources, and what was said."""
    said: list[str] = []
    settings = Settings({"roles": roles or {}})
    return ingest(home, sources, None, settings, datetime(2026, 11, 1, 0, at), said.append), said


def fetched(said: list[str]) -> str:
    return said[0].partition(", ")[2]


@pytest.mark.parametrize("named", ["in", "in/", "in/*.csv", "in/?.csv", "in/a.csv"])
def test_a_file_a_folder_and_a_glob(bucket, tmp_path, named):
    put(bucket, "in/a.csv", GOOD)
    put(bucket, "in/README.md", "notes")
    put(bucket, "elsewhere/b.csv", GOOD)
    found, _ = read(tmp_path / "home", f"s3://calls/{named}")
    assert [(one.name, one.given_count) for one in found.batches] == [("s3://calls/in/a.csv", 2)]
    assert found.skipped_count == (1 if named in ("in", "in/") else 0)


def test_objects_land_as_the_same_files_do(bucket, tmp_path):
    for path in sorted((SAMPLE / "zendesk").iterdir()):
        put(bucket, f"in/zendesk/{path.name}", path.read_bytes())
    there, _ = read(tmp_path / "there", "s3://calls/in")
    here, _ = read(tmp_path / "here", str(SAMPLE / "zendesk"))
    assert [one.batch_id for one in there.batches] == [one.batch_id for one in here.batches]
    assert lake.table(tmp_path / "there", "segment", there.batches).collect().height > 1_000


def test_a_run_again_fetches_only_what_is_new_or_changed(bucket, tmp_path):
    put(bucket, "in/a.csv", GOOD)
    put(bucket, "in/b.csv", f"{HEAD}b,0,boss,Hello\n")
    first, said = read(tmp_path, "s3://calls/in")
    assert fetched(said) == "2 of them new or changed"
    again, said = read(tmp_path, "s3://calls/in", at=2)
    assert fetched(said) == "0 of them new or changed"
    assert (again.given_count, again.rejected_count, again.new_count) == (first.given_count, 1, 0)
    (refused,) = lake.rejected_records(lake.batches(tmp_path)).to_dicts()
    assert (refused["file"], refused["place"]) == ("s3://calls/in/b.csv", "line 2")

    put(bucket, "in/b.csv", f"{HEAD}b,0,agent,Hello\n")
    mended, said = read(tmp_path, "s3://calls/in", at=3)
    assert fetched(said) == "1 of them new or changed"
    assert (mended.accepted_count, mended.rejected_count) == (3, 0)
    assert lake.rejected_records(lake.batches(tmp_path)).is_empty()


def test_what_is_read_in_another_way_is_fetched_again(bucket, tmp_path):
    put(bucket, "b.csv", f"{HEAD}b,0,boss,Hello\n")
    read(tmp_path, "s3://calls/b.csv")
    found, said = read(tmp_path, "s3://calls/b.csv", roles={"boss": "supervisor"}, at=2)
    assert fetched(said) == "1 of them new or changed"
    assert (found.accepted_count, found.rejected_count) == (1, 0)


def test_without_what_is_remembered_nothing_lands_twice(bucket, tmp_path):
    put(bucket, "a.csv", GOOD)
    read(tmp_path, "s3://calls/a.csv")
    (tmp_path / "lake" / "remote.json").write_text("{broken")
    found, said = read(tmp_path, "s3://calls/a.csv", at=2)
    assert (fetched(said), found.new_count) == ("1 of them new or changed", 0)


def test_pieces_of_one_export_come_together_where_one_of_them_changed(bucket, tmp_path):
    for path in sorted((SAMPLE / "zendesk").iterdir()):
        put(bucket, f"in/{path.name}", path.read_bytes())
    put(bucket, "in/a.csv", GOOD)
    read(tmp_path, "s3://calls/in")
    before = len(list((SAMPLE / "zendesk").glob("[!.R]*")))
    changed = next(path for path in (SAMPLE / "zendesk").iterdir() if "comment" in path.name)
    put(bucket, f"in/{changed.name}", changed.read_bytes() + b"\n")
    found, said = read(tmp_path, "s3://calls/in", at=2)
    assert fetched(said) == f"{before} of them new or changed"
    assert {one.format for one in found.batches} == {"zendesk", "common"}


def test_an_archive_is_known_again(bucket, tmp_path):
    import io
    import zipfile

    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("x/a.csv", GOOD)
        archive.writestr("x/b.csv", f"{HEAD}b,0,boss,Hello\n")
    put(bucket, "in/all.zip", content.getvalue())
    read(tmp_path, "s3://calls/in")
    found, said = read(tmp_path, "s3://calls/in", at=2)
    assert (fetched(said), found.given_count, found.rejected_count) == ("0 of them new or changed", 3, 1)
    assert lake.rejected_records(lake.batches(tmp_path))["file"].to_list() == ["s3://calls/in/all.zip/x/b.csv"]


def test_an_object_that_cannot_be_had_is_refused_alone_and_tried_again(bucket, tmp_path):
    put(bucket, "in/a.csv", GOOD)
    put(bucket, "in/frozen.csv", f"{HEAD}b,0,agent,Hello\n", StorageClass="GLACIER")
    found, _ = read(tmp_path, "s3://calls/in")
    assert (found.accepted_count, found.rejected_count) == (2, 1)
    (refused,) = lake.rejected_records(lake.batches(tmp_path)).to_dicts()
    assert refused["file"] == "s3://calls/in/frozen.csv"
    assert refused["reason"] == "the credentials may not read it; expected some that may"
    put(bucket, "in/frozen.csv", f"{HEAD}b,0,agent,Hello\n")
    found, _ = read(tmp_path, "s3://calls/in", at=2)
    assert (found.accepted_count, found.rejected_count) == (3, 0)
    assert lake.rejected_records(lake.batches(tmp_path)).is_empty()


@pytest.mark.parametrize("key", ["in/../../x.csv", "in/..", "in/" + "é" * 250 + ".csv", "in/a b#?&%.csv", "in//a.csv"])
def test_keys_that_no_file_could_have(bucket, tmp_path, key):
    put(bucket, key, GOOD)
    found, _ = read(tmp_path / "home", "s3://calls/in")
    assert found.accepted_count == (0 if ".." in key else 2)  # hidden, as every name that begins with a dot
    assert sorted(path.name for path in tmp_path.iterdir()) == ["home", "scratch"]


def test_nothing_fetched_stays_and_no_secret_is_kept_or_said(bucket, tmp_path):
    put(bucket, "in/a.csv", GOOD)
    _, said = read(tmp_path / "home", "s3://calls/in")
    assert list((tmp_path / "scratch").iterdir()) == []
    kept = b"".join(path.read_bytes() for path in (tmp_path / "home").rglob("*") if path.is_file())
    assert SECRET.encode() not in kept + "".join(said).encode()


@pytest.mark.parametrize(
    ("named", "environment", "line"),
    [
        ("s3://nope/a.csv", {}, "there is no such bucket, folder or object"),
        ("s3://calls/none.csv", {}, "there is no such bucket, folder or object"),
        ("s3://calls/none*", {}, "there is no such bucket, folder or object"),
        ("s3://calls/empty.csv", {}, "the object is empty"),
        ("s3://", {}, "it names no bucket"),
        (f"s3://key:{SECRET}@calls/a.csv", {}, "more than a bucket and a path"),
        ("gs://calls/a.csv", {}, "Google Cloud Storage needs gcsfs, which is not installed"),
        ("az://calls/a.csv", {}, "Azure Blob Storage needs adlfs, which is not installed"),
        ("ftp://calls/a.csv", {}, "no such storage is known; expected s3://, gs:// or az://"),
        ("s3://calls/a.csv", {"AWS_ACCESS_KEY_ID": ""}, "no credentials are in the environment"),
        ("s3://calls/a.csv", {"AWS_SECRET_ACCESS_KEY": ""}, "no credentials are in the environment"),
        ("s3://calls/a.csv", {"AWS_ENDPOINT_URL": "http://127.0.0.1:1"}, "the storage does not answer"),
    ],
)
def test_what_cannot_be_read_is_one_line(bucket, tmp_path, monkeypatch, capsys, caplog, named, environment, line):
    put(bucket, "empty.csv", "")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SourceError) as error:
        read(tmp_path, named)
    assert line in str(error.value)
    assert len(str(error.value).splitlines()) == 1
    told = capsys.readouterr()
    assert SECRET not in f"{error.value} {told.out} {told.err} {caplog.text}"


def test_a_mapping_is_proposed_for_an_object_too(bucket, tmp_path, capsys):
    put(bucket, "in/x.csv", "chat;who;words\n" + "".join(f"c;{n % 2};Hello to number {n}\n" for n in range(6)))
    assert main(["map", "s3://calls/in/x.csv", "--home", str(tmp_path)]) == 1
    assert "s3://calls/in/x.csv: CSV with semicolons" in capsys.readouterr().out
