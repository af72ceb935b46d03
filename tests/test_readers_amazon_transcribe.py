"""Amazon Transcribe Call Analytics."""

import json
from pathlib import Path
from typing import Any

from tests.reading import FIXTURES, give, read_all, refusals, rows

REAL = FIXTURES / "amazon_transcribe" / "example-call.json"


def job(**changes: Any) -> str:
    return json.dumps({**json.loads(REAL.read_text()), **changes})


def test_a_real_call() -> None:
    found = read_all(REAL)
    assert found.format == "amazon_transcribe"
    assert rows(found, "speaker", "start_ms", "end_ms")[:3] == [
        ("agent", 40, 5050),
        ("customer", 6310, 10450),
        ("agent", 7940, 11380),
    ]
    assert found.segment["text"][2] == "Yeah. Mhm."
    assert found.segment["text"][5] == "Alright [PII]"
    assert found.segment["words"][2].to_list() == [
        {"start_ms": 7940, "end_ms": 8150},
        {"start_ms": 10740, "end_ms": 11380},
    ]
    call = found.transcript.row(0, named=True)
    assert (call["conversation_id"], call["channel"], call["language"], call["duration_ms"]) == (
        "example-call.wav",
        "voice",
        "en-US",
        182_890,
    )
    assert call["vendor_interruption_count"] == 2
    assert call["vendor_agent_talk_share"] == 104_349 / 168_139
    assert call["vendor_agent_words_per_minute"] == 193
    assert call["vendor_non_talk_share"] == 0


def test_without_a_job_name_the_file_names_the_call(tmp_path: Path) -> None:
    found = give(tmp_path, "call-17.json", job(JobName=None, ConversationCharacteristics=None))
    assert found.transcript.select("conversation_id", "vendor_interruption_count").rows() == [("call-17", None)]


def test_a_job_that_failed(tmp_path: Path) -> None:
    found = give(tmp_path, "c.json", job(JobStatus="FAILED"))
    assert refusals(found) == ["JobStatus: JobStatus is 'FAILED'; expected COMPLETED. Export it once the job is done."]
    assert found.given_count == 6


def test_one_broken_segment_refuses_the_call(tmp_path: Path) -> None:
    segments = json.loads(REAL.read_text())["Transcript"]
    segments[3]["EndOffsetMillis"] = 10
    found = give(tmp_path, "c.json", job(Transcript=segments))
    assert refusals(found) == [
        "segment 4: it ends at 0.01 s; expected an end after its start, 11.04 s. Correct it and run again."
    ]
    segments[3]["EndOffsetMillis"] = "soon"
    found = give(tmp_path, "c.json", job(Transcript=segments))
    assert refusals(found) == [
        "segment 4: EndOffsetMillis is a text of 4 characters; expected a number. Correct it and run again."
    ]
    assert (found.given_count, found.accepted_count) == (6, 0)


def test_a_truncated_file(tmp_path: Path) -> None:
    found = give(tmp_path, "c.json", job()[:3000])
    assert len(found.rejected) == 1
    assert found.rejected[0].reason.startswith("found no JSON there (")
    assert found.rejected[0].place == "line 1, column 2983" or found.rejected[0].place.startswith("line 1, column")
    assert found.given_count == 1


def test_unknown_roles_are_named(tmp_path: Path) -> None:
    segments = json.loads(REAL.read_text())["Transcript"]
    segments[0]["ParticipantRole"] = "SPK_9"
    found = give(tmp_path, "c.json", job(Transcript=segments))
    assert found.segment["speaker"][0] == "unknown"
    assert found.notices == [
        "no role is known for 'SPK_9': they count as unknown. Map them under [roles] in heard.toml; "
        '"*" = "customer" there maps everybody else'
    ]
