"""Voice platforms, speech to text and subtitles, by the vendors' schemas."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.reading import give, refusals, rows
from transforms.readers import Transcript


def give_json(folder: Path, value: Any, name: str = "call-1.json", **roles: str) -> Transcript:
    return give(folder, name, json.dumps(value), **roles)


def test_contact_lens_voice_with_roles_by_id(tmp_path: Path) -> None:
    call = {
        "Channel": "VOICE",
        "LanguageCode": "en-US",
        "Participants": [
            {"ParticipantId": "p1", "ParticipantRole": "AGENT"},
            {"ParticipantId": "p2", "ParticipantRole": "CUSTOMER"},
        ],
        "ConversationCharacteristics": {
            "TotalConversationDurationMillis": 10_000,
            "Interruptions": {"TotalCount": 1, "InterruptionsByInterrupter": {"p1": [{"BeginOffsetMillis": 1}]}},
            "NonTalkTime": {"TotalTimeMillis": 2500},
        },
        "Transcript": [
            {"ParticipantId": "p1", "Content": "Hello", "BeginOffsetMillis": 0, "EndOffsetMillis": 900},
            {"ParticipantId": "p2", "Content": "Hi", "BeginOffsetMillis": 800, "EndOffsetMillis": 1500},
        ],
    }  # fmt: skip
    found = give_json(tmp_path, call, "abc_analysis_2026-01-01T00_00_00Z.json")
    assert found.format == "contact_lens"
    assert rows(found, "conversation_id", "speaker", "start_ms", "end_ms") == [
        ("abc", "agent", 0, 900),
        ("abc", "customer", 800, 1500),
    ]
    assert found.transcript.select("vendor_interruption_count", "vendor_non_talk_share").row(0) == (1.0, 0.25)


def test_contact_lens_chat(tmp_path: Path) -> None:
    def said(role: str, kind: str, at: int, **more: str) -> dict[str, str]:
        return {
            "ParticipantId": role,
            "ParticipantRole": role,
            "Type": kind,
            "AbsoluteTime": f"2026-01-01T10:00:0{at}.500Z",
            **more,
        }

    joined = "application/vnd.amazonaws.connect.event.participant.joined"
    chat = {
        "Channel": "CHAT",
        "CustomerMetadata": {"ContactId": "c-7"},
        "Transcript": [
            said("AGENT", "EVENT", 0, ContentType=joined, DisplayName="Jane"),
            said("CUSTOMER", "MESSAGE", 1, Content="Hi", DisplayName="John"),
        ],
    }
    found = give_json(tmp_path, chat)
    assert rows(found, "conversation_id", "speaker", "kind", "text", "sent_at") == [
        ("c-7", "agent", "event", "participant.joined", datetime(2026, 1, 1, 10, 0, 0, 500_000)),
        ("c-7", "customer", "message", "Hi", datetime(2026, 1, 1, 10, 0, 1, 500_000)),
    ]


def test_google_upload_file(tmp_path: Path) -> None:
    entries = [
        {"role": "AGENT", "text": "Hi", "user_id": 2, "start_timestamp_usec": 1_675_230_581_000_000},
        {"role": "END_USER", "text": "Hello", "user_id": "1", "start_timestamp_usec": 1_675_230_596_000_000},
    ]
    found = give_json(tmp_path, {"entries": entries})
    assert rows(found, "speaker", "sent_at", "end_ms") == [
        ("agent", datetime(2023, 2, 1, 5, 49, 41), None),
        ("customer", datetime(2023, 2, 1, 5, 49, 56), None),
    ]
    offsets = give_json(tmp_path, {"entries": [{**entries[0], "start_timestamp_usec": 1_500_000}]})
    assert rows(offsets, "start_ms", "sent_at") == [(1500, None)]
    assert offsets.transcript["channel"].to_list() == ["voice"]


def test_google_api_conversation(tmp_path: Path) -> None:
    words = [
        {"startOffset": "1.200s", "endOffset": "1.5s", "word": "Hi"},
        {"startOffset": "1.5s", "endOffset": "2s", "word": "you"},
    ]
    said = {"text": "Hi you", "words": words, "channelTag": 2, "segmentParticipant": {"role": "HUMAN_AGENT"}}
    call = {
        "name": "projects/p/conversations/77",
        "medium": "PHONE_CALL",
        "duration": "60s",
        "transcript": {"transcriptSegments": [said]},
    }
    found = give_json(tmp_path, call)
    assert rows(found, "conversation_id", "speaker", "start_ms", "end_ms") == [("77", "agent", 1200, 2000)]
    assert found.transcript["duration_ms"].to_list() == [60_000]


def test_genesys_tells_the_agent_from_the_ivr_by_time(tmp_path: Path) -> None:
    start = 1_700_000_000_000

    def phrase(text: str, at: int, purpose: str) -> dict[str, Any]:
        return {
            "text": text,
            "startTimeMs": start + at,
            "duration": {"milliseconds": 500},
            "participantPurpose": purpose,
        }

    call = {
        "conversationId": "g1",
        "mediaType": "call",
        "conversationStartTime": start,
        "participants": [
            {"participantPurpose": "ivr", "startTimeMs": start, "endTimeMs": start + 5000},
            {"participantPurpose": "agent", "userId": "u1", "startTimeMs": start + 5000},
        ],
        "transcripts": [
            {
                "phrases": [
                    phrase("Press 1", 0, "internal"),
                    phrase("One", 900, "external"),
                    phrase("Hello", 6000, "internal"),
                ]
            }
        ],
    }
    found = give_json(tmp_path, call)
    assert rows(found, "speaker", "speaker_id", "start_ms", "end_ms") == [
        ("bot", None, 0, 500),
        ("customer", None, 900, 1400),
        ("agent", "u1", 6000, 6500),
    ]
    assert found.transcript["agent_id"].to_list() == ["u1"]


def test_twilio_times_are_texts_and_roles_are_by_channel(tmp_path: Path) -> None:
    sentences = [
        {"media_channel": 2, "sentence_index": 1, "start_time": "1.5", "end_time": "2.25", "transcript": "Hello"},
        {"media_channel": 1, "sentence_index": 0, "start_time": None, "end_time": None, "transcript": "Hi"},
    ]
    found = give_json(tmp_path, {"sentences": sentences}, **{"channel 2": "agent"})
    assert rows(found, "speaker", "text", "start_ms", "end_ms") == [
        ("unknown", "Hi", None, None),
        ("agent", "Hello", 1500, 2250),
    ]
    assert found.notices == [
        "no role is known for 'channel 1': they count as unknown. Map them under [roles] in heard.toml; "
        '"*" = "customer" there maps everybody else'
    ]


def word(text: str, start: float, end: float, **more: Any) -> dict[str, Any]:
    return {"word": text, "start": start, "end": end, **more}


def test_deepgram_runs_of_speakers(tmp_path: Path) -> None:
    words = [
        word("hi", 0.0, 0.5, punctuated_word="Hi", speaker=0),
        word("you", 0.5, 0.9, speaker=0),
        word("yes", 1.0, 1.25, speaker=1),
    ]
    response = {"metadata": {"duration": 2.5}, "results": {"channels": [{"alternatives": [{"words": words}]}]}}
    found = give_json(tmp_path, response, **{"speaker 0": "agent"})
    assert rows(found, "speaker", "text", "start_ms", "end_ms") == [
        ("agent", "Hi you", 0, 900),
        ("unknown", "yes", 1000, 1250),
    ]
    assert found.transcript["duration_ms"].to_list() == [2500]


def test_deepgram_channels_overlap(tmp_path: Path) -> None:
    channels = [{"alternatives": [{"words": [word("hi", at, at + 1)]}]} for at in (0.0, 0.5)]
    found = give_json(tmp_path, {"results": {"channels": channels}}, **{"channel 0": "agent", "channel 1": "customer"})
    assert rows(found, "speaker", "start_ms", "end_ms") == [("agent", 0, 1000), ("customer", 500, 1500)]


def test_assemblyai(tmp_path: Path) -> None:
    said = {"speaker": "A", "text": "Hi", "start": 170, "end": 718, "words": [{"text": "Hi", "start": 170, "end": 718}]}
    response = {"status": "completed", "audio_duration": 25, "language_code": "en_us", "utterances": [said]}
    found = give_json(tmp_path, response, **{"speaker A": "customer"})
    assert rows(found, "speaker", "start_ms", "end_ms") == [("customer", 170, 718)]
    assert found.transcript.select("language", "duration_ms").row(0) == ("en-us", 25_000)
    queued = give_json(tmp_path, {**response, "status": "queued"})
    assert refusals(queued) == ["status: status is 'queued'; expected 'completed'. Fetch it once it is completed."]


def test_whisperx_words_may_lack_times_and_speakers(tmp_path: Path) -> None:
    words = [word("I", 0.5, 0.6, speaker="SPEAKER_00"), {"word": "2"}, word("Yes", 1.0, 1.2, speaker="SPEAKER_01")]
    said = {"start": 0.5, "end": 1.2, "text": " I 2 Yes", "speaker": "SPEAKER_00", "words": words}
    plain = {"start": 2, "end": 3.5, "text": " Good"}
    found = give_json(
        tmp_path, {"segments": [said, plain], "language": "en"}, SPEAKER_00="agent", SPEAKER_01="customer"
    )
    assert rows(found, "speaker", "text", "start_ms", "end_ms") == [
        ("agent", "I 2", 500, 600),
        ("customer", "Yes", 1000, 1200),
        ("unknown", "Good", 2000, 3500),
    ]
    assert found.notices == ["1 turns name no speaker: they count as unknown"]


def test_srt(tmp_path: Path) -> None:
    cues = "1\n00:00:00,500 --> 00:00:07,000\nAnn: Hello\n\n2\n00:00:07,000 --> 00:00:11,890\nBob: <i>Hi</i>\nthere\n"
    found = give(tmp_path, "x.srt", cues, Ann="agent", Bob="customer")
    assert rows(found, "speaker", "text", "start_ms", "end_ms") == [
        ("agent", "Hello", 500, 7000),
        ("customer", "Hi there", 7000, 11890),
    ]
    broken = give(tmp_path, "x.srt", cues.replace("07,000 -->", "07,000 ->"))
    assert refusals(broken) == [
        "line 5: there are no times; expected times such as 00:00:01.000 --> 00:00:05.500. Correct it and run again."
    ]
    assert broken.given_count == 2


PARTIES = [{"name": "Joe", "role": "agent", "mailto": "joe@shop.example"}, {"tel": "+331", "meta": {"role": "contact"}}]


def test_vcon_dialogs(tmp_path: Path) -> None:
    dialog = [
        {
            "type": "text",
            "start": "2026-02-19T16:20:50-05:00",
            "parties": [1, 0],
            "body": "<p>Hi</p>",
            "mediatype": "text/html",
        },
        {"type": "text", "start": "2026-02-19T16:15:50-05:00", "parties": 0, "originator": 0, "body": "Hello"},
        {"type": "transfer", "start": "2026-02-19T16:30:00-05:00"},
    ]
    found = give_json(tmp_path, {"vcon": "0.0.1", "uuid": "u1", "parties": PARTIES, "dialog": dialog, "analysis": []})
    assert rows(found, "speaker", "kind", "text", "sent_at") == [
        ("agent", "message", "Hello", datetime(2026, 2, 19, 21, 15, 50)),
        ("customer", "message", "Hi", datetime(2026, 2, 19, 21, 20, 50)),
        ("system", "event", "transfer", datetime(2026, 2, 19, 21, 30)),
    ]
    assert found.feedback["transferred_at"].to_list() == [datetime(2026, 2, 19, 21, 30)]


def test_vcon_analysis_in_several_shapes(tmp_path: Path) -> None:
    turns = [
        {"speaker": 0, "message": "Hello", "start": 0, "end": 1.5},
        {"speaker": 1, "message": "Hi", "start": 2, "end": 3},
    ]
    recording = {"type": "recording", "start": "2026-02-19T16:15:50Z", "duration": 10, "parties": [0, 1]}
    for body in (turns, json.dumps(turns), {"segments": turns}):
        analysis = [{"type": "transcript", "dialog": 0, "body": body}]
        found = give_json(tmp_path, {"uuid": "u1", "parties": PARTIES, "dialog": [recording], "analysis": analysis})
        assert rows(found, "speaker", "text", "start_ms", "end_ms") == [
            ("agent", "Hello", 0, 1500),
            ("customer", "Hi", 2000, 3000),
        ]
        assert found.transcript.select("channel", "duration_ms").row(0) == ("voice", 10_000)
    lines = [{"type": "transcript", "body": "Agent: Hello\n\nCustomer: Hi"}]
    found = give_json(tmp_path, {"uuid": "u1", "parties": PARTIES, "dialog": [], "analysis": lines})
    assert rows(found, "speaker", "text") == [("agent", "Hello"), ("customer", "Hi")]


def test_vcon_sealed(tmp_path: Path) -> None:
    found = give_json(tmp_path, {"payload": "x", "signatures": []})
    assert refusals(found) == [
        "whole file: it is signed or encrypted; expected a plain vCon. "
        "Verify or decrypt it first, and give the plain vCon."
    ]
