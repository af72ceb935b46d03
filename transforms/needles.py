"""Which patterns a text is worth searching with: those of which it holds the words that they cannot match without.

One pass finds all such words of a language in all texts; each pattern is then looked for in few of them.
"""

import re
import re._parser as parser  # type: ignore[import-not-found]
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import numpy as np
import polars as pl

Needles = list[frozenset[str]]
Rows = dict[str, np.ndarray]  # by needle, the places of the texts that hold it
FIRST_SIGN = "\ue000"  # the first code point that stands for no letter


def needles(pattern: str, of_class: Callable[[str], Needles] = lambda _: []) -> Needles:
    """Sets of strings: wherever the pattern matches, the text holds one of each set. Single letters tell too little.

    A word class may stand in the pattern as a sign from FIRST_SIGN on; `of_class` says what it needs.
    """
    return [some for some in required(pattern, of_class) if min(map(len, some)) > 1]


def required(pattern: str, of_class: Callable[[str], Needles]) -> Needles:
    """The same with what single letters tell."""
    return list(_required(parser.parse(pattern, re.ASCII), of_class))


def _required(items: Iterable[tuple[Any, Any]], of_class: Callable[[str], Needles]) -> Iterator[frozenset[str]]:
    letters = ""
    for kind, what in items:
        is_sign = kind is parser.LITERAL and chr(what) >= FIRST_SIGN
        if kind is parser.LITERAL and not is_sign:
            letters += chr(what)
            continue
        if letters and kind is not parser.AT:
            yield frozenset([letters])
            letters = ""
        if is_sign:
            yield from of_class(chr(what))
        elif kind is parser.SUBPATTERN:
            yield from _required(what[-1], of_class)
        elif kind is parser.MAX_REPEAT and what[0]:
            yield from _required(what[2], of_class)
        elif kind is parser.BRANCH:
            yield from _one_of([list(_required(branch, of_class)) for branch in what[1]])
        elif kind is parser.IN:  # what is one letter or sign each
            yield from _one_of([list(_required([one], of_class)) for one in what])
    if letters:
        yield frozenset([letters])


def _one_of(branches: list[Needles]) -> Iterator[frozenset[str]]:
    """Of each branch the set that tells most, together; nothing where one branch has none."""
    if all(branches):
        yield frozenset().union(*(max(some, key=lambda one: (min(map(len, one)), -len(one))) for some in branches))


def holding(texts: pl.Series, wanted: Sequence[str]) -> Rows:
    """By needle, the places of the texts that hold it."""
    some = pl.Series(wanted, dtype=pl.String).implode()
    held = texts.str.extract_many(some, overlapping=True).alias("needle").to_frame().with_row_index("place")
    by_needle = held.explode("needle").drop_nulls().group_by("needle").agg("place")
    return {needle: places.to_numpy() for needle, places in zip(*by_needle.get_columns(), strict=True)}


def worth(some: np.ndarray, pattern: Needles, rows: Rows) -> np.ndarray:
    """Of the texts marked in `some`, those that hold what the pattern needs, marked likewise."""
    for one_of in pattern:
        held = np.zeros(len(some), dtype=bool)
        for needle in one_of:
            if needle in rows:
                held[rows[needle]] = True
        some = some & held
    return some
