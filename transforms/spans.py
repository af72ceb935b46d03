"""Where in one turn a marker's rules fire."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from transforms.context import CONDITIONS, SENTENCE_END, Talk
from transforms.rulebook import Language, Marker

EDGES = ' \n,;:|"(-.'
REACH = 60  # letters between a promise and its time, at most


@dataclass(frozen=True)
class Span:
    """Where a rule fired."""

    start: int
    end: int
    rule: str = ""

    def overlaps(self, others: Iterable["Span"]) -> bool:
        """Whether it shares a letter with one of the others."""
        return any(self.start < other.end and other.start < self.end for other in others)


def search(marker: Marker, language: Language, talk: Talk, row: int) -> list[Span]:
    """Where the marker's rules fire, less what its `unless` takes back."""
    text = talk.folded[row]
    taken_back = list(_matches(marker.unless, text)) if marker.unless else []
    found: list[Span] = []
    for rule in marker.rules:
        heard = talk.text[row] if rule.is_cased else text
        spans = [replace(span, rule=rule.name) for span in _matches(rule.regex, heard) if not span.overlaps(taken_back)]
        if marker.takes_in:
            spans = taking_in(language.words[marker.takes_in], text, spans)
        found += [span for span in spans if holds(rule.where, talk, row, span)]
    return apart(found)


def holds(where: str | None, talk: Talk, row: int, span: Span) -> bool:
    """Whether the turns around allow it."""
    return where is None or CONDITIONS[where](talk, row, span.start, span.end)


def apart(spans: Iterable[Span]) -> list[Span]:
    """The spans in order, of which no two overlap: the one that starts first stays, or else the longest."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.start, -span.end)):
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
    return kept


def taking_in(words: re.Pattern[str], text: str, spans: list[Span]) -> list[Span]:
    """The spans, each with such words (a promise with its time) just before it, or after it in its clause."""
    starts = sorted(span.start for span in spans)
    longer = []
    for span in spans:
        over = SENTENCE_END.search(text, span.end)
        clause_end = min([over.start() if over else len(text), *(start for start in starts if start >= span.end)])
        end = span.end
        for found in words.finditer(text, span.end, clause_end):
            end = found.end() if found.start() <= end + REACH else end
        before = [
            found.start()
            for found in words.finditer(text, max(0, span.start - REACH), span.start)
            if not text[found.end() : span.start].strip(EDGES)
        ]
        longer.append(Span(min([span.start, *before]), end, span.rule))
    return longer


def _matches(regex: re.Pattern[str], text: str) -> Iterator[Span]:
    for match in regex.finditer(text):
        words = match[0]
        start = match.end() - len(words.lstrip(EDGES))
        end = match.start() + len(words.rstrip(EDGES))
        if start < end:
            yield Span(start, end)
