"""Every example of a rule file is a test: what it must find, and what it must leave alone."""

import re
from functools import cache

import polars as pl
import pytest

from transforms.context import CONDITIONS
from transforms.markers import find, is_unfinished
from transforms.rulebook import RULES, Marker

Example = str | list[str]
CASES = [
    (code, name, kind, example)
    for code, language in RULES.items()
    for name, marker in language.markers.items()
    for kind in ("examples", "counter_examples")
    for example in marker.facts[kind]
]


def lines(example: Example, marker: Marker) -> list[list[str]]:
    """Speaker and text of each line; a bare line is said by whoever the marker belongs to."""
    if isinstance(example, str):
        return [[marker.speaker, example]]
    return [line.split(": ", 1) for line in example]


@cache
def found() -> pl.DataFrame:
    """The markers of all examples, each a conversation of its own, whose id is its place among the cases."""
    turns = [
        {"conversation_id": str(case), "turn_index": turn, "speaker": speaker, "text": text, "language": code}
        for case, (code, name, _, example) in enumerate(CASES)
        for turn, (speaker, text) in enumerate(lines(example, RULES[code].markers[name]))
    ]
    return find(pl.DataFrame(turns).with_columns(kind=pl.lit("message")))


@pytest.mark.parametrize("case", range(len(CASES)), ids=[f"{code}-{name}-{text}" for code, name, _, text in CASES])
def test_example(case: int) -> None:
    code, name, kind, example = CASES[case]
    marker = RULES[code].markers[name]
    said = lines(example, marker)
    judged = max(turn for turn, (speaker, _) in enumerate(said) if speaker == marker.speaker)
    last = found().filter(conversation_id=str(case), turn_index=judged)
    assert (name in last["marker"].to_list()) == (kind == "examples")
    for start, end, words in last.select("start_char", "end_char", "words").rows():
        assert said[judged][1][start:end] == words != ""


@pytest.mark.parametrize("code", RULES)
def test_every_marker_says_what_it_means(code: str) -> None:
    for name, marker in RULES[code].markers.items():
        assert marker.facts["means"], name
        assert marker.facts["not"], name
        assert marker.speaker in ("agent", "customer"), name
        assert len(marker.facts["examples"]) >= 1, name
        assert len(marker.facts["counter_examples"]) >= 1, name
        assert all(rule.where is None or rule.where in CONDITIONS for rule in marker.rules), name


@pytest.mark.parametrize("code", [code for code in RULES if "unfinished" in RULES[code].facts])
def test_unfinished(code: str) -> None:
    facts = RULES[code].facts["unfinished"]
    assert [text for text in facts["examples"] if not is_unfinished(text, code)] == []
    assert [text for text in facts["counter_examples"] if is_unfinished(text, code)] == []


@pytest.mark.parametrize("code", RULES)
def test_patterns_use_only_what_both_engines_read_alike(code: str) -> None:
    for name, marker in RULES[code].markers.items():
        for rule in [*marker.rules]:
            assert not re.search(r"\(\?[=!<]|\\[sSWD]|[àâçéèêëîïôöùûüœ]", rule.pattern.text), name
