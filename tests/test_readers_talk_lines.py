"""Plain text in the shapes that people and programs write."""

from datetime import datetime
from pathlib import Path

import pytest

from tests.reading import give, refusals, rows

Row = tuple[str | None, str, int | None]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Ann: Hello\nKim: Hi\nthere\nAnn: How: can I help?\n",
            [("Ann", "Hello", None), ("Kim", "Hi\nthere", None), ("Ann", "How: can I help?", None)],
        ),
        ("Agent: Hi\nCustomer: Hello\n", [(None, "Hi", None), (None, "Hello", None)]),
        (
            "[09:00 AM] Ann: Hello\n[09:01 AM] Kim: Hi\n[09:02 AM] Ann: Bye\n",
            [("Ann", "Hello", None), ("Kim", "Hi", None), ("Ann", "Bye", None)],
        ),
        (
            "09:00:12 - Ann: Hello\n09:00:15 - Kim: Hi\n09:01:00 - Ann: Bye\n",
            [("Ann", "Hello", 0), ("Kim", "Hi", 3000), ("Ann", "Bye", 48_000)],
        ),
        (
            "(00:01:02) Ann:\nHello there\n(00:01:10) Kim:\nAt 10:30\n",
            [("Ann", "Hello there", 62_000), ("Kim", "At 10:30", 70_000)],
        ),
        (
            "Ann Lee  0:00\nHello\n\nKim Hale  0:12\nAt 10:30\nwe met\n\nAnn Lee  1:02:03\nOk\n",
            [("Ann Lee", "Hello", 0), ("Kim Hale", "At 10:30\nwe met", 12_000), ("Ann Lee", "Ok", 3_723_000)],
        ),
        (
            "Speaker 1 [00:00:01]: Hello\nSpeaker 2 [00:00:03]: Hi\n",
            [("Speaker 1", "Hello", 1000), ("Speaker 2", "Hi", 3000)],
        ),
        (
            "0:0:0.0 --> 0:0:5.32\nAna Ruiz\nHello\n\n0:0:6.1 --> 0:0:7.2\nTom Hale\nYes\n",
            [("Ana Ruiz", "Hello", 0), ("Tom Hale", "Yes", 6100)],
        ),
        ("Conseiller : Bonjour\nClient : Bonjour\n", [("Conseiller", "Bonjour", None), ("Client", "Bonjour", None)]),
        (
            "AGENT: Hi\nCUSTOMER: Hello\nNote: it is late\n",
            [(None, "Hi", None), (None, "Hello\nNote: it is late", None)],
        ),
    ],
)
def test_shapes(tmp_path: Path, text: str, expected: list[Row]) -> None:
    found = give(tmp_path, "call.txt", text)
    assert found.format == "plain_text"
    assert rows(found, "speaker_id", "text", "start_ms") == expected


def test_dates_are_moments(tmp_path: Path) -> None:
    found = give(tmp_path, "c.txt", "[2026-01-05 09:00:12] Agent: Hi\n[2026-01-05T09:00:20Z] Customer: Hello\n")
    assert rows(found, "sent_at") == [(datetime(2026, 1, 5, 9, 0, 12),), (datetime(2026, 1, 5, 9, 0, 20),)]
    assert found.transcript["channel"].to_list() == ["chat"]


def test_what_stands_above_the_first_name_is_kept_apart(tmp_path: Path) -> None:
    found = give(tmp_path, "c.txt", "Billing call\n\nAnn: Hello\nKim: Hi\nAnn: Bye\nKim: Bye\n")
    assert rows(found, "speaker", "kind", "text")[0] == ("system", "event", "Billing call")


@pytest.mark.parametrize(
    "text", ["12:00:01 INFO: started\n12:00:02 INFO: stopped\n", "host: x\nport: 3\n", "Dear diary, hello\n"]
)
def test_what_is_no_talk(tmp_path: Path, text: str) -> None:
    (refusal,) = refusals(give(tmp_path, "c.txt", text))
    assert refusal.startswith("whole file: found a text; expected a format that Heard knows")
