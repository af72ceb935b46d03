"""A small sample of every format: wherever it was exported from, it reads as the same talk."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.reading import FIXTURES, balanced
from transforms.readers import READERS, Transcript, discover, read

SAMPLES = FIXTURES / "formats"
BEGAN = datetime(2026, 3, 2, 9)
TALK = [
    ("agent", "Good morning, this is Ann. How can I help?"),
    ("customer", "My parcel is three days late."),
    ("agent", "I am sorry. I will call the depot today."),
    ("customer", "Thank you."),
]
STARTS, ENDS = [0, 2800, 5000, 8200], [2500, 4600, 8000, 9000]
SENT = [BEGAN + timedelta(seconds=seconds) for seconds in (0, 20, 60, 80)]
AGENTS = ("Ann", "Ann Lee", "speaker 0", "speaker A", "SPEAKER_00", "spk_0")
ROLES = {**dict.fromkeys(AGENTS, "agent"), "*": "customer"}

SPOKEN = ["amazon_transcribe", "assemblyai", "common", "contact_lens", "deepgram", "genesys", "google_insights_api"]
SPOKEN += ["amazon_transcribe_words", "google_insights_table", "srt", "twilio", "vcon", "webvtt", "whisper"]
WRITTEN = ["chatwoot", "convokit", "front", "google_insights", "intercom", "livechat", "salesforce_chat", "zendesk"]
WRITTEN += ["zendesk_chat", "zendesk_tables"]
UNTIMED = ["json_turns", "plain_text"]  # the second has starts by the second


def sample(name: str) -> Transcript:
    sources, skipped = discover([str(SAMPLES / name)])
    assert (len(sources), skipped) == (1, 0)
    found = read(sources[0], ROLES)
    balanced(found)
    assert found.rejected == []
    return found


@pytest.mark.parametrize("name", SPOKEN + WRITTEN + UNTIMED)
def test_a_sample_reads_as_the_talk(name: str) -> None:
    said = sample(name).segment.filter(kind="message")
    assert said.select("speaker", "text").rows() == TALK
    if name in SPOKEN:
        assert said["start_ms"].to_list() == STARTS
        assert all(abs(a - b) <= 20 for a, b in zip(said["end_ms"], ENDS, strict=True))
    if name in WRITTEN:
        assert [at.replace(microsecond=0) for at in said["sent_at"]] == SENT
        assert said["end_ms"].null_count() == 4


@pytest.mark.parametrize(
    "name",
    ["amazon_transcribe", "amazon_transcribe_words", "assemblyai", "deepgram", "google_insights_api", "whisper"],
)
def test_words_have_times(name: str) -> None:
    assert [len(words) for words in sample(name).segment["words"]] == [9, 6, 9, 2]


@pytest.mark.parametrize(
    ("name", "outcome"),
    [
        ("chatwoot", {"csat": 5.0, "csat_scale": "1-5"}),
        ("freshdesk", {"csat": 7.0, "csat_scale": "1-7", "resolved": True, "reopened": False}),
        ("front", {"resolved": True}),
        ("google_insights_api", {"csat": 5.0, "csat_scale": "1-5", "status": "solved"}),
        ("google_insights_table", {"status": "solved"}),
        ("intercom", {"csat": 5.0, "resolved": True, "reopened": False, "answered_at": BEGAN + timedelta(hours=1)}),
        ("livechat", {"csat": 1.0, "csat_scale": "good/bad"}),
        ("outcomes", {"csat": 5.0, "resolved": True}),
        ("salesforce_chat", {"status": "Completed"}),
        ("zendesk", {"csat": 1.0, "csat_scale": "good/bad", "resolved": True}),
        ("zendesk_chat", {"csat": 1.0, "answered_at": BEGAN + timedelta(seconds=90)}),
        (
            "zendesk_tables",
            {
                "csat": 1.0,
                "resolved_at": BEGAN + timedelta(seconds=60),
                "reopened": False,
                "transferred_at": BEGAN + timedelta(seconds=30),
            },
        ),
    ],
)
def test_a_sample_gives_its_outcome(name: str, outcome: dict[str, object]) -> None:
    (found,) = sample(name).feedback.to_dicts()
    assert {key: found[key] for key in outcome} == outcome


def test_hold_is_an_event_of_the_call() -> None:
    events = sample("vcon").segment.filter(kind="event")
    assert events.select("text", "start_ms").rows() == [("hold", 5000), ("unhold", 7000)]


def test_every_format_has_a_sample() -> None:
    formats = {source.format for folder in SAMPLES.iterdir() for source in discover([str(folder)])[0]}
    assert formats == set(READERS)


def test_evaluations_are_labels() -> None:
    found = sample("contact_lens_evaluation").evaluation
    columns = ("conversation_id", "evaluation_id", "form", "section", "question_id", "question", "answer", "notes")
    assert found.select(columns).rows() == [
        (
            "contact-1",
            "ev-1",
            "Care",
            "Listening / Feeling",
            "q1",
            "Was the feeling acknowledged?",
            "Yes",
            "said sorry",
        ),
        ("contact-1", "ev-1", "Care", "Listening", "q2", "How calm, 1 to 10?", None, None),
        ("contact-1", "ev-1", "Care", "Listening", "s1", None, None, None),
        ("contact-1", "ev-1", "Care", "Listening / Feeling", "s2", None, None, "warm"),
    ]
    assert found["score_share"].to_list() == [1.0, None, 0.75, 1.0]
    assert found["is_not_applicable"].to_list() == [False, True, None, None]
    assert set(found["form_score_share"]) == {0.75} and set(found["is_automatic"]) == {False}


def test_flex_insights_name_the_conversation_of_a_segment() -> None:
    found = sample("flex_insights")
    columns = ("conversation_id", "question", "answer", "evaluator_id", "evaluated_at")
    assert found.evaluation.select(columns).rows() == [
        ("call-1", "Was the feeling acknowledged?", "Yes", "lea@shop.example", datetime(2026, 3, 3, 10))
    ]
    assert found.feedback.select("conversation_id", "transferred_at").rows() == [("call-1", datetime(2026, 3, 2, 9, 5))]


def test_samples_are_small() -> None:
    assert max(path.stat().st_size for path in SAMPLES.rglob("*") if path.is_file()) < 12_000


def test_notices_are_told() -> None:
    assert sample("twilio").notices == [
        "operator results are predictions from the words: they are not taken as outcomes"
    ]


def test_namesakes(tmp_path: Path) -> None:
    """Two files of one name in two folders are two conversations."""
    for folder in ("monday", "tuesday"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "call.vtt").write_text(f"WEBVTT\n\n00:01.000 --> 00:02.000\n<v Ann>{folder}</v>\n")
    ids = [read(source, {}).transcript["conversation_id"].item() for source in discover([str(tmp_path)])[0]]
    assert ids == ["monday/call", "tuesday/call"]


def test_folders_of_namesakes() -> None:
    """Every sample at once: pieces find one another in their own folders."""
    sources, _ = discover([str(SAMPLES)])
    assert [refusal for source in sources for refusal in read(source, ROLES).rejected] == []


def test_what_a_format_gives_is_what_it_is_said_to_support() -> None:
    """No column of `heard formats` says no where a sample shows yes."""
    given = {
        "roles": lambda found: found.segment["speaker"].is_in(["agent", "customer"]).any(),
        "ends": lambda found: found.segment["end_ms"].count(),
        "words": lambda found: found.segment["words"].list.len().sum(),
        "csat": lambda found: found.feedback["csat"].count(),
        "resolved": lambda found: found.feedback["resolved"].count(),
        "reopened": lambda found: found.feedback["reopened"].count(),
        "transfer": lambda found: found.feedback["transferred_at"].count(),
        "labels": lambda found: found.evaluation.height,
    }
    for source in discover([str(SAMPLES)])[0]:
        found, supports = read(source, ROLES), READERS[str(source.format)].supports
        denied = [name for name, is_given in given.items() if getattr(supports, name) == "no" and is_given(found)]
        assert denied == [], source.name
