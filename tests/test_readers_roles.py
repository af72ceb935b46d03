"""Who is who under [roles]: names, patterns, and everybody else."""

from pathlib import Path

import pytest

from tests.reading import give, refusals, rows
from transforms.readers.roles import mapped, role_of

CUES = "WEBVTT\n\n" + "\n\n".join(
    f"00:0{n}.000 --> 00:0{n}.900\n{cue}"
    for n, cue in enumerate(["<v Ann (Shop)>Hello", "<v Kim>Hi", "<v Lea (Shop)>I take over", "<v Tom>Hm", "nobody"], 1)
)


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("Ann", "agent"),
        (" ANN ", "agent"),
        ("Ann (Shop)", "agent"),
        ("Lea (Shop)", "supervisor"),
        ("lea (shop) Paris", "customer"),
        ("Kim", None),
        ("a*n", None),
        ("", None),
        (None, None),
    ],
)
def test_names_come_before_patterns_and_long_patterns_before_short(name: str | None, role: str | None) -> None:
    roles = {"*": "bot", "Ann": "agent", "* (Shop)": "agent", "Lea (Shop)": "supervisor", "lea*paris": "customer"}
    assert mapped(name, roles) == role


def test_a_role_needs_no_map() -> None:
    assert (role_of("Agent", {}), role_of("Agent", {"agent": "customer"}), role_of("Ann", {})) == (
        "agent",
        "customer",
        None,
    )


def test_everybody_else_is_the_customer_where_the_map_says_so(tmp_path: Path) -> None:
    found = give(tmp_path, "c.vtt", CUES, **{"* (Shop)": "agent", "*": "customer"})
    assert rows(found, "speaker", "speaker_id") == [
        ("agent", "Ann (Shop)"),
        ("customer", "Kim"),
        ("agent", "Lea (Shop)"),
        ("customer", "Tom"),
        ("unknown", None),
    ]
    assert found.notices == ["1 turns name no speaker: they count as unknown"]


def test_without_it_nobody_is_guessed(tmp_path: Path) -> None:
    found = give(tmp_path, "c.vtt", CUES, **{"* (Shop)": "agent"})
    assert found.notices == [
        "no role is known for the names K., T.: they count as unknown. Map them under [roles] in heard.toml; "
        '"*" = "customer" there maps everybody else',
        "1 turns name no speaker: they count as unknown",
    ]


def test_it_does_not_change_what_the_source_says(tmp_path: Path) -> None:
    table = "conversation_id,turn_index,speaker,text\na,0,agent,Hi\na,1,system,x\na,2,Kim,Hello\n"
    found = give(tmp_path, "t.csv", table, **{"*": "customer"})
    assert rows(found, "speaker") == [("agent",), ("system",), ("customer",)]
    (refusal,) = refusals(give(tmp_path, "t.csv", table))
    assert refusal == (
        "line 4: speaker is a name (K.); expected agent, customer, supervisor, bot or system. "
        'Map it under [roles] in heard.toml. "*" = "customer" there maps everybody else.'
    )
