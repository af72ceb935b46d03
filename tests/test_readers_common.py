"""The input that everyone can produce."""

import io
import json
from datetime import datetime
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.reading import balanced, give, refusals, rows
from transforms.readers import File, read_files

CSV = """conversation_id,turn_index,speaker,text,sent_at,agent_id,customer_id
7,0,customer,Where is my parcel?,2026-03-01T10:00:00+01:00,ann,c9
7,1,agent,"Let me look,
it is on its way",2026-03-01T10:03:00+01:00,ann,c9
8,0,customer,"She said ""no"".",2026-03-02T09:00:00Z,bob,c4
"""


def jsonl(*objects: dict[str, object]) -> str:
    return "\n".join(json.dumps(one) for one in objects) + "\n"


def line(conversation_id: str = "a", turn_index: int = 0, **more: object) -> dict[str, object]:
    given = {"conversation_id": conversation_id, "turn_index": turn_index, "speaker": "agent", "text": "Hello"}
    return {**given, **more}


def test_csv_with_quotes_newlines_and_zones(tmp_path: Path) -> None:
    found = give(tmp_path, "talk.csv", CSV)
    assert found.format == "common"
    assert rows(found, "conversation_id", "position", "turn_index", "speaker", "speaker_id", "text", "sent_at") == [
        ("7", 0, 0, "customer", "c9", "Where is my parcel?", datetime(2026, 3, 1, 9, 0)),
        ("7", 1, 1, "agent", "ann", "Let me look,\nit is on its way", datetime(2026, 3, 1, 9, 3)),
        ("8", 0, 0, "customer", "c4", 'She said "no".', datetime(2026, 3, 2, 9, 0)),
    ]
    assert found.transcript.select("conversation_id", "channel", "source", "agent_id", "customer_id").rows() == [
        ("7", "chat", "common", "ann", "c9"),
        ("8", "chat", "common", "bob", "c4"),
    ]
    assert (found.given_count, found.rejected, found.notices) == (3, [], [])


@pytest.mark.parametrize("change", ["bom", "crlf", "cr", "semicolons", "tabs", "utf-16", "capitals"])
def test_the_same_in_other_dress(tmp_path: Path, change: str) -> None:
    plain = "conversation_id,turn_index,speaker,text\n7,0,agent,Désolé\n7,1,customer,Merci\n"
    dress = {
        "bom": ("\ufeff" + plain).encode(),
        "cr": plain.replace("\n", "\r").encode(),
        "crlf": plain.replace("\n", "\r\n").encode(),
        "semicolons": plain.replace(",", ";").encode(),
        "tabs": plain.replace(",", "\t").encode(),
        "utf-16": plain.encode("utf-16"),
        "capitals": plain.replace("speaker", " Speaker").replace("agent", "AGENT").encode(),
    }
    found = give(tmp_path, "talk.csv", dress[change])
    assert rows(found, "conversation_id", "turn_index", "speaker", "text") == [
        ("7", 0, "agent", "Désolé"),
        ("7", 1, "customer", "Merci"),
    ]


def test_jsonl_keeps_ids_as_they_are_written(tmp_path: Path) -> None:
    found = give(
        tmp_path,
        "t.jsonl",
        '{"conversation_id": 12345678901234567890, "turn_index": 0, "speaker": "bot", "text": "1.50", "team": 1.50}\n',
    )
    assert rows(found, "conversation_id", "speaker", "text") == [("12345678901234567890", "bot", "1.50")]
    assert found.transcript["team"].to_list() == ["1.50"]


def test_parquet(tmp_path: Path) -> None:
    frame = pl.DataFrame(
        {
            "conversation_id": [1.0, 1.0],
            "speaker": ["agent", "customer"],
            "text": ["Hi", "Hello"],
            "start_s": [0.0, 1.25],
            "end_s": [1.0, 2.0],
            "started_at": pl.Series([datetime(2026, 1, 1, 8)] * 2, dtype=pl.Datetime("ms", "Europe/Paris")),
        }
    )
    buffer = io.BytesIO()
    frame.write_parquet(buffer)
    found = give(tmp_path, "t.parquet", buffer.getvalue())
    assert rows(found, "conversation_id", "speaker", "start_ms", "end_ms") == [
        ("1", "agent", 0, 1000),
        ("1", "customer", 1250, 2000),
    ]
    assert found.transcript.select("channel", "started_at").row(0) == ("voice", datetime(2026, 1, 1, 8))
    assert found.notices == []


def test_truncated_parquet(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    pl.DataFrame({"conversation_id": ["a"], "speaker": ["agent"], "text": ["Hi"]}).write_parquet(buffer)
    found = give(tmp_path, "t.parquet", buffer.getvalue()[:-20])
    assert refusals(found) == [
        "whole file: the Parquet file cannot be read (ArrowInvalid); expected a whole Parquet file. Export it again."
    ]


def test_parquet_with_lists(tmp_path: Path) -> None:
    frame = pl.DataFrame(
        {"conversation_id": ["a"], "speaker": ["bot"], "text": ["Hi"], "turn_index": [0], "tags": [["x"]]}
    )
    buffer = io.BytesIO()
    frame.write_parquet(buffer)
    found = give(tmp_path, "t.parquet", buffer.getvalue())
    assert (found.accepted_count, found.notices) == (1, ["columns left out: tags"])
    buffer = io.BytesIO()
    frame.with_columns(text=pl.col("tags")).write_parquet(buffer)
    assert refusals(give(tmp_path, "t.parquet", buffer.getvalue())) == [
        "whole file: column text holds lists or objects; expected single values. Correct it and run again."
    ]


def test_unknown_speaker_refuses_its_conversation_whole(tmp_path: Path) -> None:
    given_rows = [line("a", 0), line("b", 0), line("b", 1, speaker="operator"), line("b", 2)]
    found = give(tmp_path, "sample.jsonl", jsonl(*given_rows))
    assert refusals(found) == [
        "line 3: speaker is 'operator'; expected agent, customer, supervisor, bot or system. "
        'Map it under [roles] in heard.toml. "*" = "customer" there maps everybody else.'
    ]
    assert found.rejected[0].record_count == 3
    assert found.rejected[0].raw == jsonl(*given_rows[1:]).encode()
    assert found.segment["conversation_id"].to_list() == ["a"]
    mapped = give(tmp_path, "sample.jsonl", jsonl(*given_rows), operator="agent")
    assert mapped.rejected == []
    assert mapped.segment["speaker"].to_list() == ["agent"] * 4


def test_what_was_said_is_never_in_an_error(tmp_path: Path) -> None:
    found = give(tmp_path, "t.jsonl", jsonl(line(speaker="I want to speak to someone who can help me")))
    assert refusals(found) == [
        "line 1: speaker is a text of 42 characters; expected agent, customer, supervisor, bot or system. "
        'Map it under [roles] in heard.toml. "*" = "customer" there maps everybody else.'
    ]


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"start_s": -1}, "start_s is '-1'; expected seconds from the start of the conversation"),
        ({"start_s": "NaN"}, "start_s is 'NaN'; expected seconds from the start of the conversation"),
        ({"start_s": 1768467600}, "start_s is '1768467600'; expected seconds from the start of the conversation"),
        ({"start_s": 4, "end_s": 3}, "it ends at 3 s; expected an end after its start, 4 s"),
        ({"turn_index": 1.5}, "turn_index is '1.5'; expected a whole number from 0"),
        (
            {"sent_at": "yesterday"},
            "sent_at is a text of 9 characters; expected an ISO 8601 time with its zone, such as 2026-01-31T09:30:00Z",
        ),
        ({"channel": "fax"}, "channel is 'fax'; expected voice, chat, email, ticket or social"),
        ({"kind": "memo"}, "kind is 'memo'; expected message, note or event"),
        ({"text": None}, "there is no text; expected what was said"),
        ({"text": ["Hi"]}, "text is a list; expected a single value"),
        ({"turn_index": None}, "there is neither turn_index nor a time; expected turn_index, start_s or sent_at"),
    ],
)
def test_a_wrong_cell(tmp_path: Path, wrong: dict[str, object], reason: str) -> None:
    found = give(tmp_path, "t.jsonl", jsonl(line("a"), line("b", **wrong)))
    assert [(one.place, one.reason) for one in found.rejected] == [("line 2", reason)]
    assert found.segment["conversation_id"].to_list() == ["a"]


def test_exact_duplicates_land_once_and_count(tmp_path: Path) -> None:
    found = give(tmp_path, "t.jsonl", jsonl(line(), line(), line(turn_index=1)))
    assert (found.given_count, found.accepted_count, len(found.segment)) == (3, 3, 2)


def test_another_text_for_the_same_turn_refuses_the_conversation(tmp_path: Path) -> None:
    found = give(tmp_path, "t.jsonl", jsonl(line(), line(text="Bye"), line("b")))
    assert refusals(found) == [
        "line 1: turn_index 0 comes twice with different content; expected once. Correct it and run again."
    ]
    assert (found.rejected_count, found.accepted_count) == (2, 1)


def test_same_words_at_another_time_are_no_duplicate(tmp_path: Path) -> None:
    first, second = (
        line(turn_index=None, sent_at="2026-01-01T10:00:00Z"),
        line(turn_index=None, sent_at="2026-01-01T10:01:00Z"),
    )
    assert len(give(tmp_path, "t.jsonl", jsonl(first, second)).segment) == 2


def test_a_broken_line_refuses_its_conversation(tmp_path: Path) -> None:
    text = jsonl(line("a")) + '{"conversation_id": "b", "spea\n' + jsonl(line("b"), line("c"))
    found = give(tmp_path, "t.jsonl", text)
    assert refusals(found) == [
        "line 2: found no JSON there (Unterminated string starting at); expected valid JSON. Export it again."
    ]
    assert found.rejected[0].record_count == 2
    assert found.segment["conversation_id"].to_list() == ["a", "c"]


def test_a_broken_line_that_does_not_tell_refuses_those_beside_it(tmp_path: Path) -> None:
    found = give(tmp_path, "t.jsonl", jsonl(line("a"), line("b")) + "{broken\n" + jsonl(line("c"), line("d")))
    assert [(one.place, one.record_count) for one in found.rejected] == [("line 3", 2), ("line 4", 1)]
    assert found.segment["conversation_id"].to_list() == ["a", "d"]


def test_csv_row_with_too_few_cells(tmp_path: Path) -> None:
    text = "conversation_id,turn_index,speaker,text\na,0,agent,Hi\nb,0,agent\nb,1,agent,Hi\n"
    found = give(tmp_path, "t.csv", text)
    assert refusals(found) == ["line 3: it has 3 cells; expected 4, as in the header. Export it again."]
    assert found.rejected[0].raw == b"conversation_id,turn_index,speaker,text\nb,0,agent\nb,1,agent,Hi\n"
    assert found.segment["conversation_id"].to_list() == ["a"]


def test_a_quote_that_never_closes_refuses_the_file(tmp_path: Path) -> None:
    found = give(
        tmp_path, "t.csv", 'conversation_id,turn_index,speaker,text\na,0,agent,Hi\nb,0,agent,"Hi\nc,0,agent,Hi\n'
    )
    assert refusals(found) == [
        "line 3: a quoted cell begins in this row and never ends; expected a closing quote. "
        "Export it again, with quotes inside cells doubled."
    ]
    assert (found.given_count, found.accepted_count) == (1, 0)


def test_rows_without_a_conversation(tmp_path: Path) -> None:
    found = give(tmp_path, "t.csv", "conversation_id,turn_index,speaker,text\n,0,agent,Hi\na,0,agent,Hi\n,1,agent,Hi\n")
    assert refusals(found) == [
        "line 2 and 1 more: there is no conversation_id; expected a text. Correct it and run again."
    ]
    assert (found.rejected_count, found.accepted_count) == (2, 1)


def test_a_missing_column(tmp_path: Path) -> None:
    found = give(tmp_path, "t.csv", "conversation_id,text\na,Hi\n")
    assert refusals(found) == [
        "line 1: there is no column speaker; expected conversation_id, speaker, text. Name your columns so."
    ]


def test_wrong_encoding(tmp_path: Path) -> None:
    found = give(tmp_path, "t.csv", "conversation_id,turn_index,speaker,text\na,0,agent,Désolé\n".encode("latin-1"))
    assert refusals(found) == [
        "line 2: byte 0xe9 is not UTF-8; expected a text in UTF-8. Save it as UTF-8 and run again."
    ]


def test_notices_name_what_is_left_out_and_times_without_zone(tmp_path: Path) -> None:
    found = give(
        tmp_path, "t.jsonl", jsonl(line(mood="good", sent_at="2026-01-01 10:00:00"), line(turn_index=1, sent_at=""))
    )
    assert found.notices == ["columns left out: mood", "sent_at names no zone in 1 rows: taken as UTC"]
    assert rows(found, "sent_at") == [(datetime(2026, 1, 1, 10),), (None,)]


def test_several_agents_have_no_one_in_charge(tmp_path: Path) -> None:
    found = give(tmp_path, "t.jsonl", jsonl(line(agent_id="ann"), line(turn_index=1, agent_id="bob")))
    assert found.transcript["agent_id"].to_list() == [None]
    assert found.segment["speaker_id"].to_list() == ["ann", "bob"]


def test_nul_and_lone_surrogates_do_no_harm(tmp_path: Path) -> None:
    found = give(
        tmp_path,
        "t.jsonl",
        '{"conversation_id": "a", "turn_index": 0, "speaker": "agent", "text": "a\\u0000b\\ud800"}\n',
    )
    assert rows(found, "text") == [("ab?",)]


cells = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8), st.just("agent"), st.lists(st.none())
)
names = st.sampled_from(
    ["conversation_id", "speaker", "text", "turn_index", "start_s", "end_s", "sent_at", "kind", "x"]
)


@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.dictionaries(names, cells), min_size=1, max_size=8))
def test_any_rows_balance(objects: list[dict[str, object]]) -> None:
    balanced(read_files("common", [File("t.jsonl", jsonl(*objects).encode())], {}))


@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(alphabet='ab,"\n\r;é\x00', max_size=60))
def test_any_csv_balances(body: str) -> None:
    balanced(read_files("common", [File("t.csv", f"conversation_id,turn_index,speaker,text\n{body}".encode())], {}))
