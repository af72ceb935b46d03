"""Plain turns, corpora, and files in archives."""

import gzip
import io
import json
import zipfile
from datetime import datetime
from pathlib import Path

from tests.reading import balanced, give, refusals, rows
from transforms.readers import discover, read

TALK = "conversation_id,turn_index,speaker,text\na,0,agent,Hi\n"


def test_abcd(tmp_path: Path) -> None:
    found = give(
        tmp_path,
        "x.json",
        json.dumps([{"convo_id": 3, "original": [["agent", "Hi!"], ["action", "Looked up"], ["customer", "Hi"]]}]),
    )
    assert rows(found, "conversation_id", "turn_index", "speaker", "kind", "text") == [
        ("3", 0, "agent", "message", "Hi!"),
        ("3", 1, "system", "event", "Looked up"),
        ("3", 2, "customer", "message", "Hi"),
    ]
    assert found.given_count == 3


def test_turns_as_objects(tmp_path: Path) -> None:
    turns = [{"role": "assistant", "content": "Hi"}, {"role": "user", "content": "Hello"}]
    found = give(
        tmp_path,
        "x.jsonl",
        json.dumps({"id": "a", "messages": turns}) + "\n" + json.dumps({"id": "b", "messages": turns}) + "\n",
    )
    assert rows(found, "conversation_id", "speaker") == [
        ("a", "bot"),
        ("a", "customer"),
        ("b", "bot"),
        ("b", "customer"),
    ]


def test_plain_text(tmp_path: Path) -> None:
    text = (
        "[09:00 AM] Ann: Hello\n[09:01 AM] Kim: Hi\nthere\n[09:02 AM] Ann: How: can I help?\n[09:03 AM] Kim: My bill\n"
    )
    found = give(tmp_path, "chat-4.txt", text, Ann="agent", Kim="customer")
    assert rows(found, "conversation_id", "speaker", "text") == [
        ("chat-4", "agent", "Hello"),
        ("chat-4", "customer", "Hi\nthere"),
        ("chat-4", "agent", "How: can I help?"),
        ("chat-4", "customer", "My bill"),
    ]


def test_convokit(tmp_path: Path) -> None:
    first = {
        "id": "1",
        "conversation_id": "1",
        "speaker": "kim",
        "text": "Hi",
        "timestamp": 1_767_268_800,
        "reply-to": None,
        "meta": {},
    }
    second = {**first, "id": "2", "speaker": "ann", "text": "Hello", "timestamp": 1_767_268_860, "reply-to": "1"}
    found = give(tmp_path, "utterances.jsonl", json.dumps(second) + "\n" + json.dumps(first) + "\n", ann="agent")
    assert rows(found, "conversation_id", "speaker", "text", "sent_at") == [
        ("1", "unknown", "Hi", datetime(2026, 1, 1, 12)),
        ("1", "agent", "Hello", datetime(2026, 1, 1, 12, 1)),
    ]


def test_gzip(tmp_path: Path) -> None:
    found = give(tmp_path, "t.csv.gz", gzip.compress(TALK.encode()))
    assert (found.format, found.given_count, found.accepted_count) == ("common", 1, 1)
    broken = give(tmp_path, "t.csv.gz", gzip.compress(TALK.encode())[:-6])
    assert refusals(broken) == [
        "whole file: the gzip file cannot be unpacked (EOFError); expected a whole one. Compress it again."
    ]


def zipped(**files: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return buffer.getvalue()


def test_zip(tmp_path: Path) -> None:
    vtt = "WEBVTT\n\n00:01.000 --> 00:02.000\nHello\n"
    (tmp_path / "x.zip").write_bytes(
        zipped(a__t_dot_csv=TALK, c_dot_vtt=vtt, README="no", **{"..__..__up_dot_csv": TALK})
    )
    sources, skipped = discover([str(tmp_path)])
    assert [(one.name, one.format) for one in sources] == [
        ("x.zip/c.vtt", "webvtt"),
        ("x.zip/up.csv", "common"),
        ("x.zip/a/t.csv", "common"),
    ]
    assert skipped == 1
    for source in sources:
        balanced(read(source, {}))


def test_a_zip_that_is_broken(tmp_path: Path) -> None:
    found = give(tmp_path, "x.zip", zipped(a_dot_csv=TALK)[:-10])
    assert refusals(found) == [
        "whole file: it is a zip file that cannot be unpacked safely; expected a plain one. "
        "Unpack it yourself and give its files."
    ]
