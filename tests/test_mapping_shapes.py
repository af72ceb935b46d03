"""`heard map` over files of unusual shapes: no header, texts side by side, JSON in cells, names within a line."""

import io
import json
from pathlib import Path

import polars as pl
import pytest

from tests.reading import balanced
from tests.test_mapping import NOTHING, SAYINGS, asked, proposed, table, why
from transforms.mapping.finding import Said
from transforms.mapping.propose import propose
from transforms.readers import READERS, conform, recognise
from transforms.readers.column_map import column_map
from transforms.readers.content import Head
from transforms.readers.mapped import MappingError, mapped_reader, mapped_readers
from transforms.readers.transcript import File

TURNS = [{"author": ("customer", "agent")[n % 2], "text": text} for n, text in enumerate(SAYINGS[:4])]


def spoken(content: str | bytes, said: Said = NOTHING, name: str = "export.csv") -> list[tuple[str, str, str]]:
    """Conversation, speaker and text of what is read by the proposal, which has nothing left to ask."""
    found, read = proposed(content, said, name)
    assert asked(found) == []
    return read.segment.select("conversation_id", "speaker", "text").rows()


def test_a_name_within_a_line_is_asked_for_and_never_taken_as_the_words_of_the_other():
    line = f"Visitor: {SAYINGS[0]} Sophie: {SAYINGS[1]} Visitor: {SAYINGS[2]} Sophie: {SAYINGS[3]}"
    content = table([["id", "chat"], *([n, line] for n in range(3))])
    found, _ = proposed(content)
    assert [(one.field, one.words) for one in found.questions] == [("roles", ("Sophie",))]
    found, read = proposed(content, Said(roles={"Sophie": "agent"}))
    assert read.segment["speaker"].to_list()[:4] == ["customer", "agent", "customer", "agent"]
    later = content.replace("Sophie", "Marc")  # nobody has said who Marc is
    refused = conform(mapped_reader("x", found.mapping).read([File("x.csv", later.encode())], {}), {}).rejected
    assert "speaker is a name (M.); expected agent, customer" in refused[0].reason


def test_what_stands_before_the_first_name_is_nobodys():
    chat = f"Chat began at 9\nAgent: {SAYINGS[1]}\nCustomer: {SAYINGS[0]}"
    rows = spoken(table([["id", "chat"], *([n, chat] for n in range(3))]), Said(roles={"*": "customer"}))
    assert [speaker for _, speaker, _ in rows[:3]] == ["unknown", "agent", "customer"]


def test_texts_side_by_side_are_told_apart_by_the_names_of_their_columns():
    names = ["call_id", "agent_1", "customer_1", "agent_2", "customer_2", "agent_notes"]
    content = table([names, *([f"c{n}", *SAYINGS[:3], "Bye", "call me later about this"] for n in range(3))])
    rows = spoken(content)
    assert [speaker for _, speaker, _ in rows[:4]] == ["agent", "customer", "agent", "customer"]
    assert [text for *_, text in rows[:4]] == [*SAYINGS[:3], "Bye"]


def test_the_time_of_a_row_of_two_messages_dates_the_conversation_and_neither_message():
    names = ["conv", "time", "customer_message", "agent_reply"]
    content = table([names, *(["e", f"2026-11-03T09:0{n}:00Z", SAYINGS[n], SAYINGS[n + 1]] for n in range(4))])
    _, read = proposed(content)
    assert read.segment["sent_at"].null_count() == 8
    assert str(read.transcript["started_at"][0]) == "2026-11-03 09:00:00"


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_json_with_turns_in_a_cell(form: str):
    if form == "csv":
        content = table(
            [["id", "created", "messages"], *([n, "2026-11-01T10:00:00Z", json.dumps(TURNS)] for n in (1, 2))]
        )
    else:
        file = io.BytesIO()
        pl.DataFrame({"id": ["1", "2"], "messages": [TURNS, TURNS]}).write_parquet(file)
        content = file.getvalue()
    rows = spoken(content)
    assert rows[:2] == [("1", "customer", SAYINGS[0]), ("1", "agent", SAYINGS[1])]
    assert len(rows) == 8


def test_a_row_whose_json_has_a_stranger_is_refused_and_reads_again_as_it_was_kept():
    wrong = json.dumps([*TURNS, {"author": "Zoe", "text": "Hello"}])
    content = table([["id", "messages"], ["1", json.dumps(TURNS)], ["2", json.dumps(TURNS)]])
    mapping = proposed(content)[0].mapping
    reader = mapped_reader("x", mapping)
    broken = table([["id", "messages"], ["1", json.dumps(TURNS)], ["2", wrong]])
    read = conform(reader.read([File("x.csv", broken.encode())], {}), {})
    balanced(read)
    (refused,) = read.rejected
    assert (refused.place, refused.record_count) == ("line 3, turn 5", 5)
    kept = refused.raw or b""
    assert reader.recognise(Head.of(kept))
    again = conform(reader.read([File("x.csv", kept)], {"Zoe": "agent"}), {})
    assert (again.accepted_count, again.rejected_count) == (5, 0)


def test_turns_far_inside_with_their_words_further_inside():
    chats = [
        {
            "meta": {"id": f"x{n}"},
            "dialog": {"lines": [{"who": one["author"], "said": {"text": one["text"]}} for one in TURNS]},
        }
        for n in range(2)
    ]
    rows = spoken(json.dumps({"export": {"date": "2026-11-01", "conversations": chats}}), name="x.json")
    assert (rows[0], len(rows)) == (("x0", "customer", SAYINGS[0]), 8)


HEADLESS = [
    [f"D{n}", f"2026-11-0{n + 1}T09:0{turn}:00Z", ("Client", "Conseiller")[turn % 2], text]
    for n in range(3)
    for turn, text in enumerate(SAYINGS[:4])
]


def test_a_file_without_a_header_is_seen_as_such_and_known_again_by_its_speakers():
    content = table(HEADLESS)
    found, read = proposed(content, Said(columns={"conversation_id": "column 1"}))
    assert asked(found) == []
    assert (read.given_count, read.segment["text"][0]) == (12, SAYINGS[0])
    mapping = column_map("x", found.mapping.as_toml())
    reader = mapped_reader("x", mapping)
    assert reader.recognise(Head.of(content.encode()))
    assert not reader.recognise(Head.of(content.replace("Client", "Ana").encode()))
    assert not reader.recognise(Head.of(table([["a", "b", "c", "d"], *HEADLESS]).encode()))


def test_the_line_in_which_excel_names_the_delimiter():
    content = "sep=;\r\n" + table(
        [["conversation_id", "turn_index", "speaker", "text"], ["a", 0, "agent", "Hello, you"]], ";"
    )
    read = conform(READERS["common"].read([File("x.csv", content.encode())], {}), {})
    assert read.segment.select("speaker", "text").rows() == [("agent", "Hello, you")]


def test_a_clock_that_begins_anew_tells_seconds_and_a_clock_on_the_wall_does_not():
    def calls(start: str) -> str:
        rows = [
            [f"c{n}", ("0", "1")[turn % 2], f"{start}:0{turn}:05", text]
            for n in (1, 2)
            for turn, text in enumerate(SAYINGS[:4])
        ]
        return table([["call_id", "is_agent", "time", "utterance"], *rows])

    assert "start_s" not in proposed(calls("09"))[0].mapping.columns
    found, read = proposed(calls("00"))
    assert "begins at 0 in each conversation" in why(found, "start_s")
    assert read.segment["start_ms"].to_list()[:2] == [5_000, 65_000]


def test_a_survey_in_words_is_a_rating_whatever_its_column_is_called():
    words = ("Very satisfied", "Dissatisfied", "Neutral")
    found, read = proposed(table([["Case Number", "Q7"], *([f"C{n}", word] for n, word in enumerate(words))]))
    assert read.feedback["csat"].to_list() == [5.0, 2.0, 3.0]
    assert why(found, "csat").startswith("q7 (high): ")


def test_conversations_in_cells_are_no_plain_text(tmp_path: Path):
    chat = "[10:00] Customer: Hello\n[10:01] Agent: Good morning, how can I help"
    path = tmp_path / "x.csv"
    path.write_text(table([["id", "opened", "chat"], *([n, "2026-11-01", chat] for n in range(4))]))
    assert recognise(path) is None
    path.write_text(f"{chat}\n" * 3)
    assert recognise(path) == "plain_text"


def test_roles_of_heard_toml_and_of_a_mapping_are_read_in_one_way():
    names = ("Agent Tom", "Agent Eve", "Mrs Doe", "Mr Roe")
    content = table([["call_id", "who", "text"], *([f"c{n // 4}", names[n % 4], SAYINGS[n % 4]] for n in range(8))])
    file = File("x.csv", content.encode())
    by_home = propose(file, Said(), {"agent *": "agent", "*": "customer"})
    by_hand = propose(file, Said(roles={"Agent *": "agent", "*": "customer"}), {})
    assert by_home.questions == by_hand.questions == []
    assert by_home.mapping.roles == {"Agent Tom": "agent", "Agent Eve": "agent"}
    assert by_hand.mapping.roles == {**by_home.mapping.roles, "Agent *": "agent", "*": "customer"}
    later = File("y.csv", content.replace("Tom", "Kim").encode())
    for found, roles in ((by_home, {"agent *": "agent", "*": "customer"}), (by_hand, {})):
        read = conform(mapped_reader("x", found.mapping).read([later], roles), roles)
        assert read.segment["speaker"].to_list() == ["agent", "agent", "customer", "customer"] * 2


def test_a_mapping_does_not_take_the_name_of_a_format():
    with pytest.raises(MappingError, match=r"\[map\.zendesk\] has the name of a format"):
        mapped_readers({"zendesk": {"columns": {"text": "a"}}})
