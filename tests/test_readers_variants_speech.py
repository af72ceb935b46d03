"""What vendors of speech also write, and other samples lack: options left out, other exporters, several parts."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.reading import give, read_all, refusals, rows
from transforms.readers import Transcript, discover, read

SPOKEN = ("speaker_id", "text", "start_ms", "end_ms")


def given(folder: Path, *values: Any, **roles: str) -> Transcript:
    """What is read of one source, of a JSON file for each value."""
    for number, value in enumerate(values):
        (folder / f"call-{number}.json").write_text(json.dumps(value))
    return read_all(folder, **roles)


def word(text: str, start: float, end: float, **more: Any) -> dict[str, Any]:
    return {"word": text, "start": start, "end": end, **more}


def test_whisper_cpp(tmp_path: Path) -> None:
    def said(text: str, start: int, end: int, **more: str) -> dict[str, Any]:
        return {"timestamps": {}, "offsets": {"from": start, "to": end}, "text": f" {text}", **more}

    call = {"result": {"language": "fr"}, "transcription": [said("Oui.", 0, 900, speaker="0"), said("Non.", 900, 1500)]}
    found = given(tmp_path, call)
    assert rows(found, *SPOKEN) == [("speaker 0", "Oui.", 0, 900), (None, "Non.", 900, 1500)]
    assert found.transcript["language"].to_list() == ["fr"]


SEGMENT = {"id": 1, "seek": 0, "start": 0.0, "end": 0.9, "text": " Hello.", "avg_logprob": -0.2, "no_speech_prob": 0.0}
SEGMENT |= {"words": [word(" Hello.", 0.1, 0.6, probability=0.9)]}


@pytest.mark.parametrize(
    "call",
    [
        [SEGMENT],  # faster-whisper's segments alone
        {"segments": [SEGMENT], "info": {"language": "en", "duration": 2.5}},
        {"task": "transcribe", "language": "english", "duration": 2.5, "text": "Hello.", "segments": [SEGMENT]},
        {"status": "completed", "result": {"segments": [SEGMENT], "language": "en"}, "metadata": {}},
    ],
)
def test_whisper_in_its_wrappings(tmp_path: Path, call: Any) -> None:
    assert rows(given(tmp_path, call), *SPOKEN) == [(None, "Hello.", 0, 900)]


@pytest.mark.parametrize(
    "call",
    [
        {"task": "transcribe", "duration": 2, "text": "Hi you", "words": [word("Hi", 0, 0.2), word("you", 0.2, 0.5)]},
        {"word_segments": [word("Hi", 0, 0.2, score=1), word("you", 0.2, 0.5, score=1)]},
    ],
)
def test_whisper_with_words_alone(tmp_path: Path, call: Any) -> None:
    assert rows(given(tmp_path, call), *SPOKEN) == [(None, "Hi you", 0, 500)]


def test_speakers_beside_chunks_are_kept(tmp_path: Path) -> None:
    chunk = {"timestamp": [0.0, 2.5], "text": " Hello"}
    call = {"speakers": [{**chunk, "speaker": "SPEAKER_01"}], "chunks": [chunk], "text": "Hello"}
    assert rows(given(tmp_path, call), *SPOKEN) == [("SPEAKER_01", "Hello", 0, 2500)]


def test_assemblyai_by_sentiment_alone(tmp_path: Path) -> None:
    said = {"text": "Hello.", "start": 100, "end": 900, "sentiment": "NEUTRAL", "confidence": 0.9, "speaker": "A"}
    call = {"status": "completed", "audio_url": "x", "text": "Hello.", "words": None, "utterances": None}
    found = given(tmp_path, {**call, "sentiment_analysis_results": [said]})
    assert rows(found, *SPOKEN) == [("speaker A", "Hello.", 100, 900)]


def test_deepgram_utterances_by_channel(tmp_path: Path) -> None:
    said = {"start": 0.1, "end": 0.9, "speaker": 0, "words": [word("Hi", 0.1, 0.5, speaker=0)], "transcript": "Hi"}
    call = {"metadata": {"channels": 2}, "results": {"utterances": [{**said, "channel": 0}, {**said, "channel": 1}]}}
    call["results"]["channels"] = [{"alternatives": []}, {"alternatives": []}]
    assert rows(given(tmp_path, call), "speaker_id", "text") == [("channel 0", "Hi"), ("channel 1", "Hi")]


def item(text: str, start: float, end: float, **more: Any) -> dict[str, Any]:
    alternatives = [{"confidence": "1.0", "content": text}]
    return {
        "type": "pronunciation",
        "alternatives": alternatives,
        "start_time": str(start),
        "end_time": str(end),
        **more,
    }


POINT = {"type": "punctuation", "alternatives": [{"confidence": "0.0", "content": "."}]}
ITEMS = [item("Hello", 0.1, 0.5), POINT, item("Hi", 1.5, 1.9), POINT]


def job(**results: Any) -> dict[str, Any]:
    texts = [{"transcript": "Hello. Hi."}]
    return {"jobName": "j1", "status": "COMPLETED", "results": {"transcripts": texts, "items": ITEMS, **results}}


def test_amazon_transcribe_by_channel(tmp_path: Path) -> None:
    channels = [{"channel_label": "ch_0", "items": ITEMS[:2]}, {"channel_label": "ch_1", "items": ITEMS[2:]}]
    found = given(tmp_path, job(channel_labels={"channels": channels}), ch_0="agent", ch_1="customer")
    assert rows(found, "speaker", *SPOKEN[1:]) == [("agent", "Hello.", 100, 500), ("customer", "Hi.", 1500, 1900)]


@pytest.mark.parametrize(
    "results",
    [
        {"items": [{**ITEMS[0], "speaker_label": "spk_0"}, POINT, {**ITEMS[2], "speaker_label": "spk_1"}, POINT]},
        {
            "speaker_labels": {
                "segments": [
                    {"start_time": "0.0", "end_time": "1.0", "speaker_label": "spk_0", "items": []},
                    {"start_time": "1.4", "end_time": "2.0", "speaker_label": "spk_1", "items": []},
                ]
            }
        },
    ],
)
def test_amazon_transcribe_by_speaker(tmp_path: Path, results: dict[str, Any]) -> None:
    found = given(tmp_path, job(**results))
    assert rows(found, *SPOKEN) == [("spk_0", "Hello.", 100, 500), ("spk_1", "Hi.", 1500, 1900)]


def test_an_amazon_job_that_failed(tmp_path: Path) -> None:
    assert refusals(given(tmp_path, {**job(), "status": "FAILED"})) == [
        "status: status is 'FAILED'; expected 'COMPLETED'. Export it once the job is done."
    ]


BEGAN = 1_700_000_000_000
NOON = datetime(2023, 11, 14, 22, 13, 20)


def phrase(text: str, at: int, purpose: str) -> dict[str, Any]:
    lasts = {"milliseconds": 500}
    return {"text": text, "startTimeMs": BEGAN + at, "duration": lasts, "participantPurpose": purpose}


def communication(id_: str, user: str, phrases: list[Any], start: int, end: int, **more: Any) -> dict[str, Any]:
    agent = {"participantPurpose": "agent", "userId": user, "startTimeMs": BEGAN + start, "endTimeMs": BEGAN + end}
    call = {"conversationId": "g1", "communicationId": id_, "mediaType": "call", "conversationStartTime": BEGAN}
    return {**call, "participants": [agent], "transcripts": [{"phrases": phrases}], **more}


def test_genesys_communications_of_a_conversation_are_one(tmp_path: Path) -> None:
    first = communication("c1", "u1", [phrase("Hello", 0, "internal"), phrase("Hi", 900, "external")], 0, 5000)
    other = communication("c2", "u2", [phrase("Bob here", 6000, "internal")], 5000, 9000)
    found = given(tmp_path, first, other)
    assert rows(found, "conversation_id", "speaker", "speaker_id", "start_ms") == [
        ("g1", "agent", "u1", 0),
        ("g1", "customer", None, 900),
        ("g1", "agent", "u2", 6000),
    ]
    assert found.transcript["agent_id"].to_list() == [None]
    assert found.feedback["transferred_at"].to_list() == [datetime(2023, 11, 14, 22, 13, 25)]
    assert found.given_count == 2


def test_a_broken_genesys_communication_refuses_its_conversation_with_all_of_them(tmp_path: Path) -> None:
    good = communication("c1", "u1", [phrase("Hello", 0, "internal")], 0, 5000)
    broken = communication("c2", "u2", [phrase("Bob here", 6000, "internal") | {"text": ["?"]}], 5000, 9000)
    found = given(tmp_path, [good, broken, {**good, "conversationId": "g2"}])
    assert found.transcript["conversation_id"].to_list() == ["g2"]
    (refused,) = found.rejected
    assert (refused.conversation_id, refused.record_count) == ("g1", 2)
    assert json.loads(refused.raw or b"") == [good, broken]


def test_genesys_conversations_of_a_folder_stay_apart(tmp_path: Path) -> None:
    for number in (1, 2):
        one = communication("c1", "u1", [phrase("Hello", 0, "internal")], 0, 5000, conversationId=f"g{number}")
        (tmp_path / f"{number}.json").write_text(json.dumps(one))
    assert [source.name for source in discover([str(tmp_path)])[0]] == ["1.json", "2.json"]


def test_genesys_messages_and_no_start(tmp_path: Path) -> None:
    said = [phrase("Hello", 0, "bot"), phrase("Hi", 900, "external"), phrase("Me", 2000, "agent")]
    found = given(
        tmp_path, communication("c1", "u1", said, 1500, 9000, mediaType="message", conversationStartTime=None)
    )
    assert rows(found, "speaker", "speaker_id", "end_ms") == [
        ("bot", None, None),
        ("customer", None, None),
        ("agent", "u1", None),
    ]
    assert found.segment["sent_at"][0] == NOON
    assert found.transcript.select("channel", "started_at").row(0) == ("chat", NOON)


GT = "GT" + "a" * 32


def page(number: int, *sentences: dict[str, Any]) -> dict[str, Any]:
    address = f"https://intelligence.twilio.com/v2/Transcripts/{GT}/Sentences?PageSize=1&Page={number}"
    return {"sentences": list(sentences), "meta": {"page": number, "url": address, "key": "sentences"}}


def sentence(index: int, channel: int, start: str, end: str, text: str) -> dict[str, Any]:
    times = {"start_time": start, "end_time": end}
    return {"media_channel": channel, "sentence_index": index, **times, "transcript": text, "sid": f"GX{index}"}


def test_twilio_pages_of_a_transcript_are_one(tmp_path: Path) -> None:
    found = given(tmp_path, page(0, sentence(0, 1, "0.0", "1.5", "Hello")), page(1, sentence(1, 2, "1.6", "2.0", "Hi")))
    assert rows(found, "conversation_id", "speaker_id", "text") == [(GT, "channel 1", "Hello"), (GT, "channel 2", "Hi")]


def test_twilio_transcripts_that_are_not_done_or_were_written(tmp_path: Path) -> None:
    people = [{"channel_participant": 1, "role": "Agent", "user_id": "w1"}]
    resource = {"sid": GT, "status": "completed", "channel": {"type": "chat", "participants": people}}
    sentences = page(0, sentence(0, 1, "0", "1", "Hello"))
    found = given(tmp_path, {"transcript": resource, **sentences})
    assert found.transcript["channel"].to_list() == ["chat"]
    assert rows(found, "speaker") == [("agent",)]
    assert refusals(given(tmp_path, {"transcript": {**resource, "status": "in-progress"}, **sentences})) == [
        "transcript: status is 'in-progress'; expected 'completed'. Fetch it again once it is completed."
    ]


def test_contact_lens_chat_with_attachment_and_transfer(tmp_path: Path) -> None:
    def said(at: int, kind: str, **more: Any) -> dict[str, Any]:
        return {"Id": str(at), "Type": kind, "AbsoluteTime": f"2026-01-01T10:00:0{at}Z", **more}

    customer = {"ParticipantId": "c", "ParticipantRole": "CUSTOMER"}
    moved = "application/vnd.amazonaws.connect.event.transfer.succeeded"
    chat = {
        "ContactId": "k1",
        "Transcript": [
            said(0, "MESSAGE", Content="Hi", ContentType="text/plain", **customer),
            said(1, "ATTACHMENT", Attachments=[{"AttachmentName": "kim.pdf"}], **customer),
            said(2, "EVENT", ContentType=moved),
        ],
    }
    found = given(tmp_path, chat)
    assert rows(found, "conversation_id", "speaker", "kind", "text") == [
        ("k1", "customer", "message", "Hi"),
        ("k1", "customer", "event", "attachment"),
        ("k1", "system", "event", "transfer.succeeded"),
    ]
    assert found.feedback["transferred_at"].to_list() == [datetime(2026, 1, 1, 10, 0, 2)]


def test_a_redacted_twin_is_read_only_where_it_is_alone(tmp_path: Path) -> None:
    said = {"ParticipantId": "AGENT", "Content": "Hi", "BeginOffsetMillis": 0, "EndOffsetMillis": 9}
    call = {"Channel": "VOICE", "Transcript": [said], "CustomerMetadata": {"ContactId": "k1"}}
    twin = {**call, "ContentMetadata": {"Output": "Redacted"}}
    (tmp_path / "k1_analysis_redacted_2026.json").write_text(json.dumps(twin))
    assert discover([str(tmp_path)])[1] == 0
    (tmp_path / "k1_analysis_2026.json").write_text(json.dumps(call))
    sources, skipped = discover([str(tmp_path)])
    assert ([one.name for one in sources], skipped) == (["k1_analysis_2026.json"], 1)


def test_google_export_by_words_and_by_text(tmp_path: Path) -> None:
    row = {"conversationName": "projects/p/conversations/7", "startTimestampUtc": "1767268800", "durationNanos": "2e9"}
    spoken = {"word": "Hi", "startOffsetNanos": "1000000000", "endOffsetNanos": "1300000000", "speakerTag": "2"}
    others = [{**row, "words": [spoken]}, {**row, "conversationName": "8", "transcript": "Agent: Hello\nCustomer: Hi"}]
    text = "\n".join(map(json.dumps, others))
    found = give(tmp_path, "export.jsonl", text, **{"speaker 2": "customer"})
    assert rows(found, "conversation_id", "speaker", "text", "start_ms", "end_ms") == [
        ("7", "customer", "Hi", 1000, 1300),
        ("8", "agent", "Hello", None, None),
        ("8", "customer", "Hi", None, None),
    ]
    assert found.transcript.select("duration_ms", "started_at").row(0) == (2000, datetime(2026, 1, 1, 12))


@pytest.mark.parametrize(
    "cues",
    [
        "WEBVTT\n\n00:00.000 --> 00:01.000\n[SPEAKER_00]: Hello\n\n00:01.500 --> 00:02.000\n[SPEAKER_01]: Hi\n",
        "1\n00:00:00,0 --> 00:00:01,0\n<b>SPEAKER_00:</b> Hello\n\n7\n0:00:01.5 --> 0:00:02,000\nSPEAKER_01: Hi\n",
        "0:00:00.000,0:00:01.000\nSPEAKER_00: Hello\n\n0:00:01.500,0:00:02.000\nSPEAKER_01: Hi\n",
        "[00:00.000 --> 00:01.000]  SPEAKER_00: Hello\n[00:01.500 --> 00:02.000]  SPEAKER_01: Hi\n",
        "\ufeffWEBVTT\r\nKind: captions\r\n\r\nSTYLE\r\n::cue {}\r\n\r\nNOTE x --> y\r\n\r\nid\r\n"
        "00:00.000 --> 00:01.000 align:start\r\n<v SPEAKER_00>Hello\r\n\r\n"
        "00:01.500 --> 00:02.000\r\n<v SPEAKER_01>Hi\r\n",
    ],
)
def test_subtitles_of_many_programs(tmp_path: Path, cues: str) -> None:
    found = give(tmp_path, "x.txt", cues)
    assert rows(found, *SPOKEN) == [("SPEAKER_00", "Hello", 0, 1000), ("SPEAKER_01", "Hi", 1500, 2000)]


def test_where_every_cue_names_somebody_all_are_names(tmp_path: Path) -> None:
    cues = "WEBVTT\n\n00:00.000 --> 00:01.000\nann: hello\n\n00:01.500 --> 00:02.000\nkim: hi\n"
    assert rows(give(tmp_path, "x.vtt", cues), "speaker_id", "text") == [("ann", "hello"), ("kim", "hi")]
    note = cues + "\n00:02.000 --> 00:03.000\nit is: late\n"
    assert rows(give(tmp_path, "x.vtt", note), "text")[2] == ("late",)
    unnamed = cues + "\n00:02.000 --> 00:03.000\nno name\n"
    assert rows(give(tmp_path, "x.vtt", unnamed), "speaker_id", "text")[0] == (None, "ann: hello")


def test_lines_of_speakers_in_brackets(tmp_path: Path) -> None:
    found = give(
        tmp_path, "x.txt", "[SPEAKER_00]: Hello.\n[SPEAKER_01]: Hi.\n[SPEAKER_00]: Fine?\n", SPEAKER_00="agent"
    )
    assert rows(found, "speaker", "text") == [("agent", "Hello."), ("unknown", "Hi."), ("agent", "Fine?")]


def test_parts_of_one_call_beside_another_call(tmp_path: Path) -> None:
    calls = [communication(f"c{n}", "u1", [phrase("Hello", n, "internal")], 0, 9000) for n in range(2)]
    alone = communication("c9", "u1", [phrase("Hello", 0, "internal")], 0, 9000, conversationId="g2")
    for number, value in enumerate([*calls, alone]):
        (tmp_path / f"{number}.json").write_text(json.dumps(value))
    found = [read(source, {}) for source in discover([str(tmp_path)])[0]]
    assert [(one.transcript["conversation_id"].to_list(), one.given_count) for one in found] == [
        (["g1"], 2),
        (["g2"], 1),
    ]
