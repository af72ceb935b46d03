"""What the redactor finds of data/privacy, and what else it promises."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from benchmarks.privacy import LANGUAGES, PAGE, cases, page, redacted, rows
from flows.private import Privacy, made_safe
from flows.settings import SettingsError, load
from tests.talk import talk, value
from transforms.readers.record import label
from transforms.redact import KINDS, redact, redact_text
from transforms.redaction.known import names_in
from transforms.redaction.spoken import readings
from transforms.schema import LAKE


@pytest.fixture(scope="module")
def figures() -> list[dict[str, Any]]:
    return list(rows())


def test_the_set_is_large_and_hard() -> None:
    every = [one for language in LANGUAGES for one in cases(language)]
    assert len(every) >= 500
    assert sum(not one.private for one in every) / len(every) >= 0.4
    assert {kind for one in every for _, _, kind in one.private} == set(KINDS)


def test_recall_and_precision_keep_their_floors(figures: list[dict[str, Any]]) -> None:
    floors = {row["kind"]: 0.97 if row["kind"] == "all" else 0.9 for row in figures}
    low = [row for row in figures if min(row["recall"], row["precision"]) < floors[row["kind"]]]
    assert low == []


def test_the_page_is_fresh() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run `make docs`"


def test_what_is_stored_holds_nothing_more_to_hide() -> None:
    for language in LANGUAGES:
        stored = redacted(cases(language))
        assert redact(pl.Series(stored)).to_list() == stored


@pytest.mark.parametrize(
    ("told", "names"),
    [
        ("Ana Ruiz", ["Ana", "Ruiz"]),
        ("Ana", ["Ana"]),
        ("Hervé Le Gall", ["Hervé", "Gall"]),
        ("jean.dupont@example.com", ["jean", "dupont"]),
        ("J. Smith", ["Smith"]),
        ("ana", []),
        ("agent-7", []),
        ("Support Team", []),
        ("SPEAKER_00", []),
        ("info@example.com", []),
        ("no-reply@example.com", []),
        ("Visiteur", []),
        (None, []),
    ],
)
def test_names_that_metadata_tell(told: str | None, names: list[str]) -> None:
    assert names_in(told) == names


def test_numbers_said_aloud_may_be_read_in_several_ways() -> None:
    assert "78" in readings(["soixante", "dix", "huit"])
    assert readings(["double", "oh", "seven"]) == {"007"}
    assert readings(["blue"]) == set()


def test_only_the_kinds_that_were_asked_for() -> None:
    text = "I am at jo@example.com or 07700 900123"
    assert redact_text(text, ["phone"]) == "I am at jo@example.com or [PHONE]"
    assert redact_text(text, []) == text


def test_what_answers_a_question() -> None:
    assert redact_text("14 May 1991", before="What is your date of birth?") == "[BIRTH DATE]"
    assert redact_text("14 May 1991", before="When did you order?") == "14 May 1991"


def test_an_agent_who_gives_a_name_is_still_seen_to() -> None:
    said = redact_text("You can ask for Priya Nair directly.")
    assert said == "You can ask for [NAME] directly."
    assert value("has_contact_details", talk(f"agent {said}"))
    assert not value("has_contact_details", talk("agent Good morning, what is your name?"))


def test_settings() -> None:
    assert Privacy.from_settings({}) == Privacy(KINDS)
    assert Privacy.from_settings({"redact": False}).kinds == ()
    assert Privacy.from_settings({"kinds": ["phone", "email"]}).kinds == ("email", "phone")
    assert Privacy(()).redactor == "none"
    assert Privacy(KINDS[:-1]).redactor == f"{Privacy().redactor} without {KINDS[-1]}"
    with pytest.raises(SettingsError, match=r"\[privacy\] kinds has 'mail'; expected any of secret, email, ip"):
        Privacy.from_settings({"kinds": ["mail"]})
    with pytest.raises(SettingsError, match=r"\[privacy\] redact is 'no'; expected true or false"):
        Privacy.from_settings({"redact": "no"})


def test_roles_are_roles(tmp_path: Path) -> None:
    (tmp_path / "heard.toml").write_text('[roles]\n"Second line" = "supervisor"\n"Ana Ruiz" = "agnet"\n')
    line = (
        r"\[roles\] 'Ana Ruiz' is 'agnet'; expected agent, customer, supervisor, bot, system or unknown\. Correct it\."
    )
    with pytest.raises(SettingsError, match=line):
        load(tmp_path)


@pytest.mark.parametrize(
    ("label_", "shown"),
    [
        ("SPEAKER_00", "'SPEAKER_00'"),
        ("operator", "'operator'"),
        ("Ana Ruiz", "a name (A. R.)"),
        ("lucie", "a name (l.)"),
        ("kim@shop.example", "a name (k. s. e.)"),
        ("my card is 4111 1111", "a text of 20 characters"),
    ],
)
def test_a_message_quotes_labels_and_nobodys_name(label_: str, shown: str) -> None:
    assert label(label_) == shown


def _talk() -> Iterator[tuple[str, pl.DataFrame]]:
    """What a reader gave of one conversation, as the lake takes it."""
    head = {"conversation_id": ["c"], "agent_id": ["Tom Hale"], "customer_id": ["ana.ruiz@example.com"]}
    yield "transcript", pl.DataFrame(head | {"topic": ["Call Ana back on 07700 900123"]})
    said = {
        "speaker": ["customer", "agent", "customer"],
        "speaker_id": ["Ana Ruiz", "Tom Hale", "Ana Ruiz"],
        "text": ["hello, ana ruiz here", "Tom speaking. Your date of birth?", "02/10/1958"],
    }
    yield "segment", pl.DataFrame({"conversation_id": ["c"] * 3, "position": [0, 1, 2], **said})
    form = {"source": ["s"], "evaluation_id": ["e"], "question_id": ["q"], "answer": ["Yes"]}
    yield "evaluation", pl.DataFrame({"conversation_id": ["c"], "notes": ["Call Ana back on 07700 900123"], **form})


NOBODY = pl.DataFrame(schema={"batch_id": pl.String, "conversation_id": pl.String, "person": pl.String})


def said(*texts: str, people: pl.DataFrame = NOBODY) -> list[str]:
    """What of these turns of one conversation is stored."""
    segment = pl.DataFrame({"conversation_id": "c", "position": range(len(texts)), "text": texts})
    frames = {name: LAKE[name].shape(segment if name == "segment" else LAKE[name].empty()) for name in LAKE}
    frames = {name: frame.with_columns(batch_id=pl.lit("b", pl.String)) for name, frame in frames.items()}
    return made_safe(frames, people, b"key", Privacy())["segment"]["text"].to_list()


def test_a_name_that_is_told_once_is_marked_wherever_it_stands() -> None:
    assert said(
        "Thank you, Lucie.", "Hello, my name is Lucie Moreau.", "Is Lucie there?", "madame Moreau, lucie ?"
    ) == [
        "Thank you, [NAME].",
        "Hello, my name is [NAME].",
        "Is [NAME] there?",
        "madame [NAME], [NAME] ?",
    ]
    assert said("my name is lucie", "ok lucie let me see")[1] == "ok [NAME] let me see"


def test_a_word_that_is_also_somebodys_name_stays_a_word() -> None:
    told = said("My name is Rose Best.", "The best rose you have.", "All the best", "Thanks, Rose")
    assert told == ["My name is [NAME].", "The best rose you have.", "All the best", "Thanks, [NAME]"]


def test_an_address_that_holds_a_known_name_is_marked_whole() -> None:
    people = pl.DataFrame({"batch_id": ["b"], "conversation_id": ["c"], "person": ["Zofia Wrona"]})
    told = said("Write to zofia.wrona@shop.example or zofia@shop.example, Zofia.", people=people)
    assert told == ["Write to [EMAIL] or [EMAIL], [NAME]."]


def test_who_takes_part_is_known_by_name_though_ids_are_numbers() -> None:
    people = pl.DataFrame(
        {"batch_id": ["b"] * 2, "conversation_id": ["c", "d"], "person": ["Zofia Wrona", "Bela Kiss"]}
    )
    assert said("wrona here, is Bela in?", people=people) == ["[NAME] here, is Bela in?"]


def test_nothing_private_reaches_the_lake() -> None:
    frames = {name: LAKE[name].shape(frame).with_columns(batch_id=pl.lit("b")) for name, frame in _talk()}
    safe = made_safe(frames, NOBODY, b"key", Privacy())
    assert safe["evaluation"].select("answer", "notes").row(0) == ("Yes", "Call [NAME] back on [PHONE]")
    assert safe["segment"]["text"].to_list() == [
        "hello, [NAME] here",
        "[NAME] speaking. Your date of birth?",
        "[BIRTH DATE]",
    ]
    assert safe["transcript"].row(0, named=True)["topic"] == "Call [NAME] back on [PHONE]"
    assert safe["transcript"]["agent_id"].to_list() == ["Tom Hale"]
    stored = str(safe["transcript"].rows() + safe["segment"].rows())
    assert "ana" not in stored.lower()
