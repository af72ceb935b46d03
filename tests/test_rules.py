"""Every example of a rule file is a test: what it must find, and what it must leave alone."""

import re

import pytest

from transforms.context import CONDITIONS
from transforms.examples import CASES, evidence, found
from transforms.markers import is_unfinished
from transforms.rulebook import RULES


@pytest.mark.parametrize(
    "place", range(len(CASES)), ids=[f"{case.language}-{case.marker}-{case.text}" for case in CASES]
)
def test_example(place: int) -> None:
    case = CASES[place]
    last = found().filter(conversation_id=str(place), turn_index=case.judged)
    assert (case.marker in last["marker"].to_list()) is not case.is_counter
    for start, end, words in last.select("start_char", "end_char", "words").rows():
        assert case.text[start:end] == words != ""


def test_every_marker_of_a_text_shows_its_words_in_both_languages() -> None:
    shown = evidence()
    assert {name for name in RULES["en"].markers if set(shown.get(name, {})) < {"en", "fr"}} == set()


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
