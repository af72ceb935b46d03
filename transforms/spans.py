"""Where in one turn a marker's rules fire."""

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from transforms.context import CONDITIONS, SENTENCE_END, Talk
from transforms.places import Place, places
from transforms.rulebook import Language, Marker, Pattern

EDGES = ' \n,;:|"(-.'
CLAUSE_END = re.compile(r"[,;:|.!?\n]")
LETTER = re.compile(r"\w")
WORD = re.compile(r"\w[\w'-]*")
PROMISE = 7  # words of a promise, at least, where its clause has so many
REACH = 60  # letters between a promise and its time, at most


@dataclass(frozen=True, slots=True)
class Span:
    """Where a rule fired."""

    start: int
    end: int
    rule: str = ""

    def overlaps(self, others: Iterable["Span"]) -> bool:
        """Whether it shares a letter with one of the others."""
        return any(self.start < other.end and other.start < self.end for other in others)


Spans = dict[int, list[Span]]  # by row
Places = dict[int, list[Place]]
Parts = dict[int, list[tuple[int, list[Place]]]]  # by row, those of a pattern's parts that match there, and where


@dataclass(frozen=True, slots=True)
class Matching:
    """Of a marker, what matches where: each of its rules, and what takes a match back."""

    rules: list[Parts]
    unless: Parts

    def within(self, rows: Container[int]) -> "Matching":
        """The same in these rows alone."""
        mine = [{row: some for row, some in parts.items() if row in rows} for parts in self.rules]
        return Matching(mine, self.unless)


def search(marker: Marker, language: Language, talk: Talk, matching: Matching) -> Spans:
    """By row, where the marker's rules fire, less what its `unless` takes back."""
    back = _matches(marker.unless, talk.folded, matching.unless) if marker.unless else {}
    found: Spans = defaultdict(list)
    for rule, parts in zip(marker.rules, matching.rules, strict=True):
        for row, places_ in _matches(rule.pattern, talk.text if rule.is_cased else talk.folded, parts).items():
            named = [Span(start, end, rule.name) for start, end in _kept(places_, back.get(row, []))]
            if marker.takes_in:
                named = taking_in(language.words[marker.takes_in].regex, talk.folded[row], named)
            found[row] += [span for span in named if holds(rule.where, talk, row, span)]
    if marker.whole:
        found = {row: WHOLE[marker.whole](talk.folded[row], spans) for row, spans in found.items()}
    return {row: apart(spans) for row, spans in found.items()}


def kinds(name: str, marker: Marker, language: Language, talk: Talk, matching: Matching, asked: Spans) -> Spans:
    """The spans of another marker that are of this kind: its own rules, where it has any, fire in them."""
    fired = search(marker, language, talk, matching.within(asked)) if marker.rules else asked
    return {row: list(_of_kind(name, marker, talk, row, spans, fired.get(row, []))) for row, spans in asked.items()}


def _of_kind(name: str, marker: Marker, talk: Talk, row: int, asked: list[Span], fired: list[Span]) -> Iterator[Span]:
    for span in asked:
        rule = next((one.rule for one in fired if one.overlaps([span])), None)
        if rule is not None and holds(marker.of_where, talk, row, span):
            yield Span(span.start, span.end, rule if marker.rules else name)


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


def questions(text: str, spans: list[Span]) -> list[Span]:
    """Whole questions: each sentence that ends in "?" is one; in others, each span up to the end of its clause."""
    by_sentence: dict[int, list[Span]] = {}
    ends = [end.end() for end in SENTENCE_END.finditer(text)]
    for span in sorted(spans, key=lambda span: (span.start, -span.end)):
        by_sentence.setdefault(bisect_right(ends, span.start), []).append(span)
    asked: list[Span] = []
    for place, (start, end) in enumerate(pairwise([0, *ends, len(text)])):
        if text[start:end].endswith("?"):
            asked += _trimmed(text, start, end, "question") if LETTER.search(text, start, end) else []
        elif place in by_sentence:
            asked += _clauses(text, end, _joined(text, by_sentence[place]))
    return asked


def sentences(text: str, spans: list[Span]) -> list[Span]:
    """The whole sentences that the spans stand in."""
    return list(_grown(text, spans, SENTENCE_END))


def clauses(text: str, spans: list[Span]) -> list[Span]:
    """The spans, each from the start of its clause."""
    return [
        Span(whole.start, span.end, span.rule)
        for span, whole in zip(spans, _grown(text, spans, CLAUSE_END), strict=True)
    ]


def promises(text: str, spans: list[Span]) -> list[Span]:
    """The spans, each with the words after it in its clause until it says who, what and to whom."""
    starts = sorted(span.start for span in spans)
    return [_promise(text, span, next((start for start in starts if start > span.start), len(text))) for span in spans]


WHOLE: dict[str, Callable[[str, list[Span]], list[Span]]] = {
    "question": questions,
    "sentence": sentences,
    "clause": clauses,
    "promise": promises,
}


def _grown(text: str, spans: list[Span], end: re.Pattern[str]) -> Iterator[Span]:
    ends = [found.end() for found in end.finditer(text)]
    edges = [0, *ends, len(text)]
    for span in spans:
        start = edges[bisect_right(ends, span.start)]
        over = edges[bisect_left(ends, span.end) + 1]
        yield next(_trimmed(text, start, over, span.rule), span)


def _promise(text: str, span: Span, following: int) -> Span:
    over = CLAUSE_END.search(text, span.end, following)
    last = over.start() if over else following
    ends = [word.end() for word in WORD.finditer(text, span.start, last)]
    ends = ends if over or last == len(text) else ends[:-1]  # what joins it to the next promise
    end = ends[min(len(ends), PROMISE) - 1] if ends else span.end
    return next(_trimmed(text, span.start, max(span.end, end), span.rule), span)


def _joined(text: str, spans: list[Span]) -> list[Span]:
    joined = spans[:1]
    for span in spans[1:]:
        last = joined[-1]
        if span.start <= last.end or not text[last.end : span.start].strip(EDGES):
            joined[-1] = Span(last.start, max(last.end, span.end), last.rule)
        else:
            joined.append(span)
    return joined


def _clauses(text: str, sentence_end: int, spans: list[Span]) -> Iterator[Span]:
    for span, following in zip(spans, [*(span.start for span in spans[1:]), sentence_end], strict=True):
        over = CLAUSE_END.search(text, span.end, following)
        yield from _trimmed(text, span.start, over.start() if over else following, span.rule)


def taking_in(words: re.Pattern[str], text: str, spans: list[Span]) -> list[Span]:
    """The spans, each with such words (a promise with its time) just before it, or after it in its clause."""
    starts = sorted(span.start for span in spans)
    longer = []
    for span in spans:
        following = next(iter(starts[bisect_left(starts, span.end) :][:1]), len(text))
        over = SENTENCE_END.search(text, span.end, following)
        end = span.end
        for found in words.finditer(text, span.end, over.start() if over else following):
            if found.start() > end + REACH:
                break
            end = found.end()
        before = [
            found.start()
            for found in words.finditer(text, max(0, span.start - REACH), span.start)
            if not text[found.end() : span.start].strip(" ,;:-")
        ]
        longer.append(Span(min([span.start, *before]), end, span.rule))
    return longer


def _kept(found: list[Place], back: list[Place]) -> list[Place]:
    """What is not taken back."""
    return [place for place in found if not any(place[0] < end and start < place[1] for start, end in back)]


def _matches(pattern: Pattern, texts: Sequence[str], rows: Parts) -> Places:
    """By row, where the pattern matches, without the signs at either end, by where its parts do."""
    found = {row: put_together(parts) for row, parts in rows.items()}
    alike: dict[tuple[int, ...], list[int]] = defaultdict(list)
    for row, some in found.items():
        if some is None:
            alike[tuple(number for number, _ in rows[row])].append(row)
    for numbers, same in alike.items():
        found |= zip(same, places(pattern.only(numbers), [texts[row] for row in same]), strict=True)
    return {row: [kept for place in some or () if (kept := _trim(texts[row], *place))] for row, some in found.items()}


def put_together(parts: list[tuple[int, list[Place]]]) -> list[Place] | None:
    """Where one pattern of these parts matches: the first to start counts, of several the first part.

    None where that is not told: a match that does not count goes on beyond the one that does, and its part may match
    again in what is left of it.
    """
    kept: list[Place] = []
    end = 0
    for start, _, over in sorted((start, number, end) for number, some in parts for start, end in some):
        if start >= end:
            kept.append((start, over))
            end = over
        elif over > end:
            return None
    return kept


def _trim(text: str, start: int, end: int) -> Place | None:
    words = text[start:end]
    begins = end - len(words.lstrip(EDGES + "!?"))
    ends = start + len(words.rstrip(EDGES))
    return (begins, ends) if begins < ends else None


def _trimmed(text: str, start: int, end: int, name: str) -> Iterator[Span]:
    if place := _trim(text, start, end):
        yield Span(*place, name)
