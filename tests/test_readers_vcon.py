"""vCon in its versions and with transcripts of several vendors."""

import base64
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.reading import give, refusals, rows
from transforms.readers import Transcript

PARTIES = [{"name": "Joe", "role": "agent"}, {"tel": "+331", "meta": {"role": "contact"}}]
RECORDING = {"type": "recording", "start": "2026-02-19T16:00:00Z", "duration": 10, "parties": [[0], [1]]}
WORDS = [
    {"word": "Hello", "start": 0.0, "end": 0.5, "speaker": 0},
    {"word": "Hi", "start": 1.0, "end": 1.2, "speaker": 1},
]
WTF = {
    "transcript": {"text": "Hello Hi", "language": "en", "duration": 2},
    "speakers": {"0": {"label": "Agent"}, "1": {"label": "Customer"}},
    "segments": [
        {"id": 0, "start": 0, "end": 1, "text": "Hello", "speaker": 0},
        {"id": 1, "start": 1, "end": 2, "text": "Hi", "speaker": 1},
    ],
}


def vcon(folder: Path, analysis: Any = None, *dialog: Any, **more: Any) -> Transcript:
    value = {"vcon": "0.0.2", "uuid": "u1", "parties": PARTIES, "dialog": list(dialog), "analysis": analysis or {}}
    return give(folder, "x.json", json.dumps({**value, **more}))


@pytest.mark.parametrize(
    "body",
    [
        [{"speaker": 0, "text": "Hello"}, {"speaker": 1, "text": "Hi"}],
        "Agent: Hello\n\nCustomer: Hi",
        {"transcript": "Agent: Hello\nCustomer: Hi"},
        WTF,
        json.dumps({"utterances": [{"speaker": "agent", "text": "Hello"}, {"speaker": "customer", "text": "Hi"}]}),
    ],
)
def test_transcripts_in_any_shape(tmp_path: Path, body: Any) -> None:
    found = vcon(tmp_path, [{"type": "transcript", "dialog": 0, "body": body}], RECORDING)
    assert rows(found, "speaker", "text") == [("agent", "Hello"), ("customer", "Hi")]


@pytest.mark.parametrize("body", [{"words": WORDS}, {"results": {"channels": [{"alternatives": [{"words": WORDS}]}]}}])
def test_deepgram_within(tmp_path: Path, body: Any) -> None:
    found = vcon(tmp_path, [{"type": "transcript", "dialog": [0], "vendor": "deepgram", "body": body}], RECORDING)
    assert rows(found, "speaker_id", "text", "start_ms", "end_ms") == [
        ("speaker 0", "Hello", 0, 500),
        ("speaker 1", "Hi", 1000, 1200),
    ]


def test_a_text_without_names_is_nobodys(tmp_path: Path) -> None:
    found = vcon(tmp_path, {"type": "transcript", "dialog": 0, "body": "hello how are you"}, RECORDING)
    assert rows(found, "speaker", "text") == [("unknown", "hello how are you")]


def test_each_recording_once_and_by_its_own_start(tmp_path: Path) -> None:
    later = {**RECORDING, "start": "2026-02-19T16:01:00Z"}
    said = {"speaker": 0, "start": 1, "end": 2}
    analysis = [
        {"type": "transcript", "dialog": at, "vendor": vendor, "body": [{**said, "text": vendor}]}
        for at, vendor in ((0, "one"), (0, "two"), (1, "three"))
    ]
    found = vcon(tmp_path, analysis, RECORDING, later)
    assert rows(found, "text", "start_ms") == [("one", 1000), ("three", 61_000)]


def test_bodies_in_base64url_and_transfers(tmp_path: Path) -> None:
    text = {"type": "text", "start": "2026-02-19T16:00:00Z", "parties": 1, "encoding": "base64url"}
    body = base64.urlsafe_b64encode("Où est-il ?".encode()).decode().rstrip("=")
    moved = {"type": "transfer", "start": "2026-02-19T16:05:00Z"}
    missed = {"type": "incomplete", "start": "2026-02-19T16:06:00Z", "disposition": "hung-up"}
    found = vcon(tmp_path, {}, {**text, "body": body}, moved, missed)
    assert rows(found, "speaker", "kind", "text") == [
        ("customer", "message", "Où est-il ?"),
        ("system", "event", "transfer"),
        ("system", "event", "incomplete hung-up"),
    ]
    assert found.feedback["transferred_at"].to_list() == [datetime(2026, 2, 19, 16, 5)]
    assert refusals(vcon(tmp_path, None, {**text, "body": "%%%"})) == [
        "dialog 1: body is no base64url text; expected one. Correct it and run again."
    ]


@pytest.mark.parametrize(
    "sealed",
    [
        '{"payload": "x", "signatures": []}',
        '{"payload": "x", "protected": "y", "signature": "z"}',
        '{"ciphertext": "x", "iv": "y", "tag": "z"}',
        "eyJhbGciOiJSUzI1NiJ9.eyJ1dWlkIjoiMSJ9.c2ln",
    ],
)
def test_sealed(tmp_path: Path, sealed: str) -> None:
    assert refusals(give(tmp_path, "x.json", sealed)) == [
        "whole file: it is signed or encrypted; expected a plain vCon. "
        "Verify or decrypt it first, and give the plain vCon."
    ]
