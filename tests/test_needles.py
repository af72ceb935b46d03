"""Few patterns are looked for in a text, each alone: it comes to what a search for them all would find."""

import re

import numpy as np
import polars as pl
from hypothesis import assume, given
from hypothesis import strategies as st

from transforms.needles import holding, needles, worth
from transforms.places import places
from transforms.rulebook import Words, together
from transforms.spans import put_together

PATTERNS = ["ab", "ab c", "abc", "b c?a", "(a|bc) (ab|c)", "(ab ?)+", "c{2}", "[ab]c", "(a )?bc", "c(ab|ba)?"]
patterns = st.lists(st.sampled_from(PATTERNS), min_size=1, max_size=4, unique=True)
texts = st.lists(st.sampled_from(["a", "b", "c", "ab", "abc", " ", ", "]), max_size=12).map("".join)


def test_what_a_pattern_cannot_match_without():
    assert needles(r"\bi (?:understand|see) how\b") == [{"i "}, {"understand", "see"}, {" how"}]
    assert needles("(?:maybe)?(?:very )+sorry") == [{"very "}, {"sorry"}]
    assert needles("(?:sorry|[a-z]+)") == []  # the second may be any word
    assert needles("a|b") == []  # single letters are nearly everywhere


@given(patterns, texts)
def test_a_text_in_which_a_pattern_matches_holds_what_it_needs(some, text):

    for part in together(some, Words()).parts:
        wanted = sorted({needle for one_of in part.needles for needle in one_of})
        held = holding(pl.Series([text]), wanted)
        if re.search(part.text, text, re.ASCII):
            assert worth(np.array([True]), part.needles, held).all()


@given(patterns, texts)
def test_where_parts_match_tells_where_the_whole_does(some, text):
    whole = together(some, Words())
    found = [(number, places(part, [text])[0]) for number, part in enumerate(whole.parts)]
    told = put_together(found)
    assume(told is not None)
    assert told == places(whole, [text])[0] == places(whole.only(range(len(some))), [text])[0]


def test_a_match_that_goes_on_beyond_the_one_that_counts_is_not_told():
    assert put_together([(0, [(0, 2)]), (1, [(0, 4)])]) is None
    assert put_together([(0, [(0, 4)]), (1, [(1, 3), (5, 6)])]) == [(0, 4), (5, 6)]
