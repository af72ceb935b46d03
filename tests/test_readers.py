"""Finding sources, knowing their formats, and bad input of any kind."""

import json
import os
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.reading import FIXTURES, balanced, give, refusals
from transforms.readers import READERS, File, SourceError, discover, formats, read, read_files
from transforms.schema import FEEDBACK, SEGMENT, TRANSCRIPT

TALK = "conversation_id,turn_index,speaker,text\na,0,agent,Hi\n"


def put(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(TALK)


def test_a_folder_is_searched_and_notes_are_passed_over(tmp_path: Path) -> None:
    put(tmp_path, "b.csv", "a/c.csv", ".hidden", ".git/x.csv", "README", "readme.txt", "SOURCE.md", "heard.toml")
    sources, skipped = discover([str(tmp_path)])
    assert [one.name for one in sources] == ["b.csv", "a/c.csv"]
    assert [one.format for one in sources] == ["common", "common"]
    assert skipped == 6


def test_globs_and_repeats(tmp_path: Path) -> None:
    put(tmp_path, "x/1.csv", "x/2.csv", "x/2.txt")
    sources, skipped = discover([f"{tmp_path}/*/*.csv", str(tmp_path / "x" / "2.csv")])
    assert ([one.name for one in sources], skipped) == (["x/1.csv", "x/2.csv"], 0)


def test_an_empty_folder_has_no_sources(tmp_path: Path) -> None:
    assert discover([str(tmp_path)]) == ([], 0)


def test_a_link_that_leads_back_ends(tmp_path: Path) -> None:
    put(tmp_path, "x/1.csv")
    (tmp_path / "x" / "loop").symlink_to(tmp_path)
    assert [one.name for one in discover([str(tmp_path)])[0]] == ["x/1.csv"]


def test_what_cannot_be_used_at_all(tmp_path: Path) -> None:
    (tmp_path / "empty.csv").touch()
    os.mkfifo(tmp_path / "pipe")
    for named, message in [
        ("none.csv", "there is no such file or folder; expected one. Check the name."),
        ("*.vtt", "nothing matches it; expected at least one file. Check the pattern."),
        ("empty.csv", "the file is empty; expected conversations. Export it again."),
        ("pipe", "it is no regular file; expected a file or folder. Copy it into one."),
    ]:
        with pytest.raises(SourceError) as raised:
            discover([f"{tmp_path}/{named}"])
        assert str(raised.value) == f"{tmp_path}/{named}: {message}"
    with pytest.raises(SourceError, match="format is 'nope'; expected one of amazon_transcribe, "):
        discover([str(tmp_path)], "nope")


def test_an_empty_file_in_a_folder_is_rejected(tmp_path: Path) -> None:
    (tmp_path / "empty.csv").touch()
    (source,), _ = discover([str(tmp_path)])
    assert refusals(read(source, {})) == ["whole file: the file is empty; expected conversations. Export it again."]


def test_format_is_told_by_content_not_by_name(tmp_path: Path) -> None:
    put(tmp_path, "a.vtt")
    (tmp_path / "b.csv").write_text("WEBVTT\n\n00:01.000 --> 00:02.000\nHello\n")
    (tmp_path / "c").write_bytes((FIXTURES / "amazon_transcribe" / "example-call.json").read_bytes())
    formats = {one.name: one.format for one in discover([str(tmp_path)])[0]}
    assert formats == {"a.vtt": "common", "b.csv": "webvtt", "c": "amazon_transcribe"}


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"Dear diary, hello", "whole file: found a text; expected a format that Heard knows. NAME"),
        (b"name,age\nx,1\n", "whole file: found a table with age, name; expected a format that Heard knows. MAP"),
        (b'{"mood": "good"}', "whole file: found JSON with mood; expected a format that Heard knows. MAP"),
        (
            b"Ticket ID,What was said\nx,1\n",
            "whole file: found a table of 2 columns; expected a format that Heard knows. MAP",
        ),
        (
            "identifiant;résumé\n1;Été\n".encode("cp1252"),
            "line 1: byte 0xe9 is not UTF-8; expected a text in UTF-8. "
            "Save it as UTF-8 and run again, or say what it is with `heard map FILE`.",
        ),
        (
            b'{"mood": \n',
            "line 2, column 1: found no JSON there (Expecting value); expected valid JSON. Export it again.",
        ),
        (
            b"\x89PNG\x0d\x0a\xff",
            "line 1: byte 0x89 is not UTF-8; expected a text in UTF-8. Save it as UTF-8 and run again.",
        ),
        (b"[" * 100_000, "line 1: nested too deeply; expected fewer levels. Export it again."),
    ],
)
def test_what_no_reader_knows(tmp_path: Path, content: bytes, refusal: str) -> None:
    found = give(tmp_path, "x", content)
    name_it = "Name its format with --format, or take it away: `heard formats` lists what can be read."
    map_it = (
        "Say how it is to be read with `heard map FILE`, or name its format with --format: `heard formats` lists them."
    )
    assert refusals(found) == [refusal.replace("NAME", name_it).replace("MAP", map_it)]
    assert found.rejected[0].raw == content


def test_every_reader_gives_the_tables_of_the_schema(tmp_path: Path) -> None:
    found = give(tmp_path, "t.csv", TALK)
    assert found.transcript.schema == pl.Schema(TRANSCRIPT.dtypes)
    assert found.segment.schema == pl.Schema(SEGMENT.dtypes)
    assert found.feedback.schema == pl.Schema(FEEDBACK.dtypes)


def test_every_format_is_in_the_table() -> None:
    assert formats()["format"].to_list() == list(READERS)
    assert formats().null_count().sum_horizontal().item() == 0


SEEDS = [
    TALK,
    '{"conversation_id": "a", "turn_index": 0, "speaker": "agent", "text": "Hi"}\n',
    "conversation_id,csat\na,5\n",
    "WEBVTT\n\n00:01.000 --> 00:02.000\n<v A>x</v>\n",
    (FIXTURES / "zendesk" / "ticket.json").read_text(),
    (FIXTURES / "zendesk" / "ticket_audits.json").read_text(),
    json.dumps({"Transcript": [{"ParticipantRole": "AGENT", "BeginOffsetMillis": 0, "EndOffsetMillis": 5}]}),
]


@settings(max_examples=50, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from([*READERS, None]), st.one_of(st.binary(max_size=200), st.text(max_size=100).map(str.encode)))
def test_any_bytes_balance_in_any_reader(name: str | None, data: bytes) -> None:
    balanced(read_files(name, [File("x", data)], {}))


@settings(max_examples=50, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(SEEDS), st.integers(0, 2000), st.binary(max_size=6), st.integers(0, 12))
def test_damaged_files_balance(
    tmp_path_factory: pytest.TempPathFactory, seed: str, at: int, put_in: bytes, cut: int
) -> None:
    data = seed.encode()
    at %= len(data)
    path = tmp_path_factory.mktemp("damaged") / "x"
    path.write_bytes(data[:at] + put_in + data[at + cut :] or b"x")
    (source,), _ = discover([str(path)])
    balanced(read(source, {}))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
NAMES = """
ticket tickets comments users audits events id requester_id author_id ticket_id score created_at status via channel
public Transcript ParticipantRole ParticipantId Items BeginOffsetMillis EndOffsetMillis Content JobName TalkTime Type
ConversationCharacteristics satisfaction_rating results channels alternatives words utterances start end text speaker
segments sentences media_channel transcript sentence_index entries role start_timestamp_usec transcriptSegments name
conversationId transcripts phrases participants startTimeMs duration uuid parties dialog analysis body type vcon meta
conversation_parts source author part_type statistics conversation_rating incoming private ratings conversations
messages message_type content_type thread chat payload event is_inbound recipients original convo_id turns
transcription offsets from to chunks timestamp meta sid url channel channel_participant operator_results vcons
evaluationId metadata contactId questions questionRefId assessments assessment_sid segment_id history visitor nick
conversation_message responder_id ticket_id user_id docs chats users _results last_message posted_at entries rating
"""
KEYS = NAMES.split()
shaped = st.recursive(
    json_values,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=6),
    max_leaves=20,
)


@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(list(READERS)), shaped)
def test_any_json_balances(name: str, value: object) -> None:
    balanced(read_files(name, [File("x.json", json.dumps(value).encode())], {}))
