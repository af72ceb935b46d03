"""The examples of the rule files with the words found in them: how each marker looks in each language."""

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import polars as pl

from transforms.markers import find
from transforms.rulebook import RULES, Marker


class Case(NamedTuple):
    """An example or counter-example of a rule file: a conversation whose last line by `speaker` is judged."""

    language: str
    marker: str
    is_counter: bool
    lines: list[tuple[str, str]]  # speaker, text
    judged: int

    @property
    def text(self) -> str:
        """What is judged."""
        return self.lines[self.judged][1]


def _told(marker: Marker, kind: str) -> Iterator[list[tuple[str, str]]]:
    """The lines of each case; a bare line is said by whoever the marker belongs to."""
    for example in marker.facts[kind]:
        lines = [f"{marker.speaker}: {example}"] if isinstance(example, str) else example
        yield [(speaker, text) for speaker, _, text in (line.partition(": ") for line in lines)]


def _last(lines: list[tuple[str, str]], speaker: str) -> int:
    return max(place for place, line in enumerate(lines) if line[0] == speaker)


CASES = [
    Case(code, name, kind == "counter_examples", lines, _last(lines, marker.speaker))
    for code, language in RULES.items()
    for name, marker in language.markers.items()
    for kind in ("examples", "counter_examples")
    for lines in _told(marker, kind)
]


@cache
def found() -> pl.DataFrame:
    """The markers of all cases (schema.MARKER); the conversation of each is its place among them."""
    turns = [
        {"conversation_id": str(place), "turn_index": turn, "speaker": speaker, "text": text, "language": case.language}
        for place, case in enumerate(CASES)
        for turn, (speaker, text) in enumerate(case.lines)
    ]
    return find(pl.DataFrame(turns).with_columns(kind=pl.lit("message")))


@cache
def evidence() -> dict[str, dict[str, tuple[str, str]]]:
    """By marker and language, the first example whose words are a part of it: the text, and these words."""
    shown: dict[str, dict[str, tuple[str, str]]] = {}
    firsts = found().unique(["conversation_id", "turn_index", "marker"], keep="first", maintain_order=True)
    words = {
        (row[0], row[1], row[2]): row[3]
        for row in firsts.select("conversation_id", "turn_index", "marker", "words").rows()
    }
    for place, case in enumerate(CASES):
        said = words.get((str(place), case.judged, case.marker))
        if not case.is_counter and said and case.language not in shown.get(case.marker, {}):
            shown.setdefault(case.marker, {})[case.language] = (case.text, said)
    return shown
