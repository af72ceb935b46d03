"""WebVTT, as Teams, Zoom and others write it."""

from datetime import datetime
from pathlib import Path

import pytest

from tests.reading import FIXTURES, give, read_all, refusals, rows


def test_teams_with_unpadded_times(tmp_path: Path) -> None:
    found = give(tmp_path, "c.vtt", "WEBVTT\n\n0:0:0.0 --> 0:0:5.320\n<v User Name>This is a transcript test.</v>\n")
    assert rows(found, "conversation_id", "speaker", "speaker_id", "text", "start_ms", "end_ms") == [
        ("c", "unknown", "User Name", "This is a transcript test.", 0, 5320)
    ]
    assert found.notices == [
        "no role is known for 'User Name': they count as unknown. Map them under [roles] in heard.toml; "
        '"*" = "customer" there maps everybody else'
    ]


def test_zoom_with_recurring_prefixes() -> None:
    found = read_all(FIXTURES / "webvtt" / "zoom.vtt", **{"John Smith": "customer", "lisa chen": "agent"})
    assert found.given_count == 11
    assert rows(found, "speaker", "start_ms", "end_ms")[:2] == [("customer", 1000, 5500), ("agent", 6200, 10800)]
    assert found.segment["text"][10] == "Bye!"
    assert found.transcript.select("channel", "agent_id").row(0) == ("voice", "Lisa Chen")
    assert found.notices == []


def test_a_colon_in_the_text_is_no_speaker(tmp_path: Path) -> None:
    cues = ["Ann: Hello", "Note: it is late", "Ann: It is 10: 30", "Bob: Yes"]
    text = "WEBVTT\n\n" + "\n\n".join(f"00:0{n}.000 --> 00:0{n}.900\n{cue}" for n, cue in enumerate(cues, 1))
    found = give(tmp_path, "c.vtt", text, Bob="customer")
    assert rows(found, "speaker", "speaker_id", "text") == [
        ("unknown", "Ann", "Hello"),
        ("unknown", None, "Note: it is late"),
        ("unknown", "Ann", "It is 10: 30"),
        ("customer", "Bob", "Yes"),
    ]


GENERIC = """\ufeffWEBVTT - a title\r
Kind: captions\r
Language: fr\r
\r
STYLE\r
::cue { color: red }\r
\r
NOTE not said --\r
by anyone\r
\r
REGION\r
id:bill\r
\r
intro\r
00:01.000 --> 01:00:02.000 align:start position:10%\r
<v.loud Agent>L&apos;eau &amp; <00:00:01.500><c.x>le <i>vin</i></c>\r
un &lt; deux</v>\r
\r
2\r
00:03,000 --> 00:04.5\r
<v Client>Oui</v> <v Agent>Non</v>\r
"""


def test_generic(tmp_path: Path) -> None:
    found = give(tmp_path, "c.d.vtt", GENERIC, Client="customer")
    assert rows(found, "conversation_id", "speaker", "text", "start_ms", "end_ms") == [
        ("c.d", "agent", "L'eau & le vin un < deux", 1000, 3_602_000),
        ("c.d", "customer", "Oui", 3000, None),
        ("c.d", "agent", "Non", 3000, None),
    ]
    assert found.given_count == 2
    assert found.transcript["language"].to_list() == ["fr"]


def test_times_before_zero_move_to_the_start(tmp_path: Path) -> None:
    found = give(tmp_path, "c.vtt", "WEBVTT\n\n-0:0:5.0 --> 0:0:1.0\n<v A>x</v>\n\n0:0:2.0 --> 0:0:3.0\n<v A>y</v>\n")
    assert rows(found, "start_ms", "end_ms") == [(0, 6000), (7000, 8000)]


def test_zooms_file_name_tells_when_it_began(tmp_path: Path) -> None:
    found = give(tmp_path, "GMT20240215-090030_Recording.vtt", "WEBVTT\n\n00:01.000 --> 00:02.000\nHello\n")
    assert found.transcript["started_at"].to_list() == [datetime(2024, 2, 15, 9, 0, 30)]


@pytest.mark.parametrize(
    ("cue", "refusal"),
    [
        ("00:02.000 --> 00:01.000\nx", "line 6: it ends at 1 s; expected an end after its start, 2 s"),
        (
            "00:61.000 --> 00:62.000\nx",
            "line 6: a time has more than 59 minutes or seconds; expected times such as 00:00:01.000 --> 00:00:05.500",
        ),
        ("soon --> later\nx", "line 6: the times cannot be read; expected times such as 00:00:01.000 --> 00:00:05.500"),
        ("nothing here", "line 6: there are no times; expected times such as 00:00:01.000 --> 00:00:05.500"),
    ],
)
def test_one_broken_cue_refuses_the_call(tmp_path: Path, cue: str, refusal: str) -> None:
    found = give(tmp_path, "c.vtt", f"WEBVTT\n\n00:01.000 --> 00:02.000\n<v A>x\n\n{cue}\n")
    assert refusals(found) == [f"{refusal}. Correct it and run again."]
    assert (found.given_count, found.accepted_count) == (2, 0)


def test_no_cue_at_all(tmp_path: Path) -> None:
    found = give(tmp_path, "c.vtt", "WEBVTT\n")
    assert refusals(found) == [
        "conversation c: nobody says anything in it; expected at least one turn. Correct it and run again."
    ]
