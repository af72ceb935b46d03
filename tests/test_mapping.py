"""`heard map` over files as teams have them: what is found, how sure that is, and what it refuses to guess."""

import csv
import io
import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.reading import balanced, refusals
from transforms.mapping.finding import Said
from transforms.mapping.propose import Proposal, propose
from transforms.readers import READERS, Transcript, conform, discover, read
from transforms.readers.column_map import MappingError, column_map
from transforms.readers.mapped import mapped_reader
from transforms.readers.mapped_conversations import thread_of
from transforms.readers.moments import moment
from transforms.readers.transcript import File

NOTHING = Said()
ZONED = Said(time_zone="Europe/Paris")
SAYINGS = (
    "Hello, my parcel has not come and I am worried",
    "Let me see where it is for you, one moment please",
    "It was due on Monday, can you tell me more",
    "It left the depot this morning and comes today",
    "Thank you, that is all I wanted to know",
    "You are welcome, is there anything else for you",
)


def table(rows: Sequence[Sequence[object]], delimiter: str = ",") -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue()


def proposed(content: str | bytes, said: Said = NOTHING, name: str = "export.csv") -> tuple[Proposal, Transcript]:
    """What is proposed for a file, and what it reads by that; the reader knows the file again."""
    file = File(name, content if isinstance(content, bytes) else content.encode())
    found = propose(file, said, {})
    reader = mapped_reader("export", found.mapping)
    read = reader.read([file], {})
    checked = conform(read, {})
    balanced(checked)
    return found, checked


def asked(found: Proposal) -> list[str]:
    """The fields, or the beginnings, of what is left to ask."""
    return [one.field or one.what.split(":")[0] for one in found.questions]


def why(found: Proposal, what: str) -> str:
    (one,) = [one for one in (*found.columns, *found.values) if one.what == what]
    return f"{one.found} ({one.sure}): {one.because}"


def call(unit: float, names: Sequence[str] = ("call", "who", "start", "length", "words")) -> str:
    """Two calls at 2.5 words a second, half a second between turns, in this many units a second."""
    rows: list[Sequence[object]] = [names]
    for number in range(2):
        clock = 0.0
        for turn, text in enumerate(SAYINGS):
            length = len(text.split()) / 2.5
            rows.append(
                [f"c{number}", ("Customer", "Agent")[turn % 2], round(clock * unit, 3), round(length * unit, 3), text]
            )
            clock += length + 0.5
    return table(rows)


def test_turns_as_pairs_of_speaker_and_text():
    content = json.dumps(
        [
            {
                "lines_said": [["agent", "Hello there"], ["customer", SAYINGS[n]], ["action", "Account pulled up"]],
            }
            for n in range(2)
        ]
    )
    found, read = proposed(content, name="x.json")
    assert found.mapping.columns == {"text": "lines_said[][1]", "speaker": "lines_said[][0]"}
    assert asked(found) == []
    assert read.segment.select("speaker", "kind").rows()[:3] == [
        ("agent", "message"),
        ("customer", "message"),
        ("system", "event"),
    ]
    assert read.transcript["conversation_id"].n_unique() == 2


def test_support_on_a_social_network_is_threaded_by_what_answers_what():
    names = "tweet_id,author_id,inbound,created_at,text,response_tweet_id,in_response_to_tweet_id"
    rows: list[Sequence[object]] = [names.split(",")]
    for turn, text in enumerate(SAYINGS[:4]):
        who, inbound = ("115712", True) if turn % 2 == 0 else ("sprintcare", False)
        rows.append(
            [10 + turn, who, inbound, f"Tue Oct 31 22:1{turn}:47 +0000 2017", text, "", f"{9 + turn}.0" if turn else ""]
        )
    found, read = proposed(table(rows))
    assert asked(found) == []
    assert found.mapping.roles == {"True": "customer", "False": "agent"}
    assert read.transcript.select("conversation_id", "agent_id", "customer_id").rows() == [
        ("10", "sprintcare", "115712")
    ]
    assert read.segment["sent_at"][3] == datetime(2017, 10, 31, 22, 13, 47)


FRENCH = [["conversation", "locuteur", "texte", "horodatage"]] + [
    [f"A{n}", ("Client", "Conseillère")[t % 2], text, f"{12 + n}/01/2026 09:0{t}"]
    for n in range(2)
    for t, text in enumerate(("Où est mon colis ?\nIl devait être là", "Je regarde où il est", "Merci à vous"))
]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_french_headers_semicolons_and_any_encoding(encoding: str):
    content = table(FRENCH, ";").encode(encoding)
    found, _ = proposed(content)
    assert asked(found) == ["time_zone"]
    found, read = proposed(content, ZONED)
    assert asked(found) == []
    assert "first number goes up to 13" in why(found, "dates")
    assert read.segment.row(0)[0] == "A0"
    assert read.segment.select("speaker", "text", "sent_at").row(0) == (
        "customer",
        "Où est mon colis ?\nIl devait être là",
        datetime(2026, 1, 12, 8, 0),
    )


def test_dates_whose_order_nothing_tells_are_asked_for():
    rows = [[cell.replace("12/01", "03/04").replace("13/01", "05/06") for cell in row] for row in FRENCH]
    assert asked(proposed(table(rows, ";"), ZONED)[0]) == ["date_order"]
    _, read = proposed(table(rows, ";"), Said(time_zone="UTC", date_order="month"))
    assert read.segment["sent_at"][0] == datetime(2026, 3, 4, 9, 0)


@pytest.mark.parametrize(("unit", "name"), [(1, "seconds"), (1000, "milliseconds"), (1e6, "microseconds")])
def test_the_unit_of_durations_is_told_by_the_pace_of_speech(unit: float, name: str):
    found, read = proposed(call(unit))
    assert asked(found) == []
    assert f"{name} (high): words between start and end: 2.5 a second if {name}" in why(
        found, "unit of start_s, duration"
    )
    assert read.segment.select("start_ms", "end_ms").rows()[:2] == [(0, 4000), (4500, 8900)]


def test_a_name_against_the_pace_is_asked_about():
    found, _ = proposed(call(1, ("call", "who", "start_ms", "duration_ms", "text")))
    assert asked(found) == ["time_unit"]
    assert "the name says milliseconds, but" in found.questions[0].what
    assert asked(proposed(call(1, ("call", "who", "start_ms", "duration_ms", "text")), Said(time_unit="s"))[0]) == []


def test_too_few_turns_to_tell_a_unit_are_asked_about():
    rows = [
        ["call", "who", "start", "text"],
        ["a", "Agent", 0, "Hello there you"],
        ["a", "Customer", 3000, "Hello to you"],
    ]
    assert asked(proposed(table(rows))[0]) == ["time_unit"]


def test_a_file_of_the_same_shape_in_another_unit_is_refused():
    mapping = proposed(call(1000))[0].mapping
    other = mapped_reader("calls", mapping).read([File("seconds.csv", call(1).encode())], {})
    assert other.transcript.is_empty()
    assert "people would say 2.5e+03 words a second" in other.rejected[0].reason
    assert "heard map FILE" in other.rejected[0].cure


@pytest.mark.parametrize(("unit", "name"), [(1, "seconds"), (1000, "milliseconds")])
def test_times_since_1970_and_outcomes_inside_nested_json(unit: int, name: str):
    chats = [
        {
            "chatId": f"k{n}",
            "agentName": "Ana",
            "csat": (1, 4, 7)[n],
            "isResolved": n > 0,
            "dialog": {
                "messages": [
                    {"from": ("visitor", "agent")[t % 2], "body": text, "ts": (1_767_254_400 + 60 * t) * unit}
                    for t, text in enumerate(SAYINGS)
                ]
            },
        }
        for n in range(3)
    ]
    shapes = {
        "list": json.dumps(chats),
        "lines": "\n".join(map(json.dumps, chats)),
        "wrapped": json.dumps({"conversations": chats, "page": 1}),
        "keyed": json.dumps({one["chatId"]: one for one in chats}),
    }
    for content in shapes.values():
        found, read = proposed(content, name="x.json")
        assert asked(found) == []
        assert why(found, "unit of sent_at").startswith(f"{name} (high)")
        assert read.transcript.sort("conversation_id").select("conversation_id", "agent_id").rows()[0] == ("k0", "Ana")
        assert read.segment["sent_at"][1] == datetime(2026, 1, 1, 8, 1)
        kept = read.feedback.sort("conversation_id").select("resolved", "csat", "csat_scale").rows()
        assert kept == [(False, 1.0, "1-7"), (True, 4.0, "1-7"), (True, 7.0, "1-7")]


BLOB = " ".join(f"{('Customer', 'Agent')[turn % 2]}: {text}." for turn, text in enumerate(SAYINGS))


def test_a_transcript_in_one_cell_with_ids_turned_into_floats():
    rows = [["Case Number", "Transcript", "Resolved", "Rating"]]
    rows += [[f"{1000 + n}.0", BLOB, ("oui", "non")[n % 2], f"{n}"] for n in range(11)]
    found, read = proposed(table(rows))
    assert asked(found) == []
    assert read.segment.height == 66
    assert read.segment.select("conversation_id", "speaker", "text").row(1) == ("1000", "agent", f"{SAYINGS[1]}.")
    assert read.feedback.select("resolved", "csat", "csat_scale").rows()[:2] == [
        (True, 0.0, "0-10"),
        (False, 1.0, "0-10"),
    ]


def test_names_are_nobodys_role_until_somebody_says_so():
    cells = ["\n".join(f"{('Tom Hale', 'Anna')[t % 2]}: {text}" for t, text in enumerate(SAYINGS))] * 3
    content = table([["id", "chat"], *([str(n), cell] for n, cell in enumerate(cells))])
    found, read = proposed(content)
    assert asked(found) == ["roles"]
    assert set(found.questions[0].words) == {"Tom Hale", "Anna"}
    assert read.segment.is_empty()
    _, read = proposed(content, Said(roles={"anna": "agent", "*": "customer"}))
    assert read.segment["speaker"].to_list()[:2] == ["customer", "agent"]


def test_outcomes_with_a_scale_of_their_own():
    rows = [["Ticket ID", "Satisfaction Score", "Problème résolu", "Closed At"]]
    rows += [[n, 1 + n % 7, ("oui", "non")[n % 2], f"03/{n + 1:02}/2026 10:22"] for n in range(14)]
    found, read = proposed(table(rows), ZONED)
    assert asked(found) == []
    assert why(found, "dates").startswith("month first")
    assert read.feedback.select("conversation_id", "resolved", "csat", "csat_scale", "resolved_at").row(6) == (
        "6",
        True,
        7.0,
        "1-7",
        datetime(2026, 3, 7, 9, 22),
    )


def test_a_scale_of_which_no_end_was_seen_is_asked_for():
    rows = [["ticket id", "rating"], *([n, 2 + n % 3] for n in range(9))]
    assert asked(proposed(table(rows))[0]) == ["csat_scale"]
    assert proposed(table(rows), Said(csat_scale="1-6"))[0].mapping.csat_scale == "1-6"


def test_answers_in_words_nobody_knows_are_asked_for():
    rows = [["ticket id", "resolved"], ["1", "clos"], ["2", "oui"]]
    found, _ = proposed(table(rows))
    assert [one.how for one in found.questions] == ['--value "resolved:clos=yes" (or no)']
    _, read = proposed(table(rows), Said(values={"resolved": {"clos": "yes"}}))
    assert read.feedback["resolved"].to_list() == [True, True]


def test_a_private_note_is_told_by_its_flag():
    rows = [["ticket", "author role", "body", "public", "created"]]
    rows += [
        ["7", ("end-user", "agent")[t % 2], text, str(t != 1).upper(), f"2026-01-02 09:0{t}:00"]
        for t, text in enumerate(SAYINGS)
    ]
    _, read = proposed(table(rows), ZONED)
    assert read.segment["kind"].to_list()[:3] == ["message", "note", "message"]


def test_parquet_is_looked_at_as_well():
    rows = list(csv.DictReader(io.StringIO(call(1000))))
    frame = pl.DataFrame(rows).with_columns(pl.col("start", "length").cast(pl.Float64))
    content = io.BytesIO()
    frame.write_parquet(content)
    found, read = proposed(content.getvalue(), name="x.parquet")
    assert asked(found) == []
    assert read.segment["end_ms"][0] == 4000


def test_what_is_broken_is_refused_with_its_place_and_kept_as_it_came():
    chats = [{"id": n, "talk": [["agent", "Hello there"], ["customer", SAYINGS[n]]]} for n in range(3)]
    mapping = proposed(json.dumps(chats), name="x.json")[0].mapping
    chats[1]["talk"] = []
    lines = "\n".join(json.dumps(chat) for chat in chats) + '\n{"id": 9, "talk"\n'
    (source, reader) = File("x.jsonl", lines.encode()), mapped_reader("talks", mapping)
    found = conform(reader.read([source], {}), {})
    balanced(found)
    assert found.transcript["conversation_id"].to_list() == ["0", "2"]
    assert [one.place for one in found.rejected] == ["object 2, turn 1", "object 4, turn 1"]
    assert b'{"id": 1, "talk": []}\n' in [one.raw for one in found.rejected]


def test_a_mapping_comes_before_the_readers_and_knows_its_shape_again(tmp_path: Path):
    mapping = column_map("calls", proposed(call(1000))[0].mapping.as_toml())
    (tmp_path / "one.csv").write_text(call(1000))
    (tmp_path / "two.csv").write_text("conversation_id,turn_index,speaker,text\na,0,agent,Hello\n")
    readers = {"calls": mapped_reader("calls", mapping)} | READERS
    sources, _ = discover([str(tmp_path)], None, readers)
    assert {one.name: one.format for one in sources} == {"one.csv": "calls", "two.csv": "common"}
    found = read(sources[0], {}, readers)
    assert refusals(found) == []
    assert set(found.transcript["format"]) == {"calls"}


@pytest.mark.parametrize(
    ("section", "line"),
    [
        ({"columns": {"txt": "a"}}, "[map.x] columns has 'txt'; expected"),
        ({"colums": {}}, "[map.x] has 'colums'; expected"),
        ({"columns": {"text": "a"}, "roles": {"A": "boss"}}, "[map.x] roles has 'boss'; expected"),
        ({"columns": {"text": "a"}, "time_zone": "Paris"}, "[map.x] time_zone is 'Paris'; expected an IANA zone"),
        ({"columns": ["a"]}, "[map.x] columns is wrong; expected a table of texts"),
        (3, "[map.x] is a value; expected a section"),
    ],
)
def test_a_mapping_that_says_what_nobody_knows(section: object, line: str):
    with pytest.raises(MappingError) as error:
        column_map("x", section)
    assert str(error.value).startswith(line)


@given(st.lists(st.integers(0, 20), min_size=1, max_size=20))
def test_every_message_of_a_thread_has_the_same_first_one(above: list[int]):
    ids = [str(number) for number in range(len(above))]
    threads = thread_of(ids, [str(one) if one != number else None for number, one in enumerate(above)])
    for number, one in enumerate(above):
        if one < len(above):
            assert threads[number] == threads[one]


@pytest.mark.parametrize(
    ("text", "order", "expected"),
    [
        ("31/10/2026 22:10", "day", datetime(2026, 10, 31, 21, 10)),
        ("10/31/26 10:10:05 PM", "month", datetime(2026, 10, 31, 21, 10, 5)),
        ("31/10/2026 22:10", "month", None),
        ("31/10/2026 22:10", None, None),
        ("12 janv. 2026 09:30", None, datetime(2026, 1, 12, 8, 30)),
        ("Jan 31, 2026 9:30 AM", None, datetime(2026, 1, 31, 8, 30)),
        ("Tue, 31 Oct 2017 22:10:47 +0200", None, datetime(2017, 10, 31, 20, 10, 47)),
        ("2026-07-02 03:04:05", None, datetime(2026, 7, 2, 1, 4, 5)),
        ("2026-07-02T03:04:05Z", None, datetime(2026, 7, 2, 3, 4, 5)),
        ("31 oct. 2026 22:10 CET", None, None),
        ("22:10", None, None),
        ("31/10/2026", "day", None),
    ],
)
def test_times_as_exports_write_them(text: str, order: str | None, expected: datetime | None):
    assert moment(text, "Europe/Paris", order) == expected
