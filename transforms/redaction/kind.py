"""A kind of thing that must not be stored: how it is suspected, and how it is marked."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from transforms.redaction.words import WORDS

Mark = Callable[[str], str]


@dataclass(frozen=True)
class Kind:
    """`hint` matches wherever there is one (in the Rust engine, so that few texts are looked at); `mark` marks them.

    Where the turn before matches `asks`, `answer` marks what answers it.
    """

    name: str
    hint: str
    mark: Mark
    asks: str | None = None
    answer: Mark | None = None


_BETWEEN = "number|num[eé]ro|num|id|code|no|nr|ref|card|is|was|est|le|la|c'est|of|de|the|it's|my|mon|ma"
_SOMETHING_ELSE = re.compile(
    rf"(?:\b(?:{'|'.join(WORDS['numbered'])})|[#№])\W*(?:(?:n°|\b(?:{_BETWEEN})\b)\W*){{0,4}}$", re.IGNORECASE
)


def is_of_something_else(text: str, start: int) -> bool:
    """Whether the words before a number say that it is an order's, a parcel's or the like."""
    return _SOMETHING_ELSE.search(text[max(0, start - 60) : start]) is not None
