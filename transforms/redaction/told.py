"""Names that only the talk itself tells: marked once, in "my name is Lucie", they are marked wherever they stand."""

import re
from collections.abc import Iterator

import polars as pl

from transforms.fold import fold
from transforms.redaction.known import PARTICLES
from transforms.redaction.words import is_in

_MARK = re.compile(r"\[[A-Z][A-Z ]+\]")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
SHORTEST = 3  # letters


def told_names(texts: pl.Series, marked: pl.Series, conversations: pl.Series) -> pl.DataFrame:
    """The names that were marked in these texts, word for word: conversation_id and name, folded."""
    more = marked.str.count_matches("[NAME]", literal=True) > texts.str.count_matches("[NAME]", literal=True)
    told = {(conversations[row], name) for row in more.arg_true() for name in _names(texts[row], marked[row])}
    said = _texts({conversation for conversation, _ in told}, texts, conversations)
    rows = sorted((conversation, name) for conversation, name in told if _is_one(name, said[conversation]))
    found = pl.DataFrame(rows, schema={"conversation_id": pl.String, "name": pl.String}, orient="row")
    return found.with_columns(name=pl.Series(fold(found["name"].to_list()), dtype=pl.String)).unique()


def _texts(which: set[str], texts: pl.Series, conversations: pl.Series) -> dict[str, str]:
    """All that is said in these conversations."""
    frame = pl.DataFrame({"conversation_id": conversations, "text": texts}).drop_nulls()
    some = frame.filter(pl.col("conversation_id").is_in(sorted(which)))
    return dict(some.group_by("conversation_id").agg(pl.col("text").str.join("\n")).iter_rows())


def _names(text: str, marked: str) -> Iterator[str]:
    """The words in whose place a name's mark stands."""
    literals, marks = _MARK.split(marked), _MARK.findall(marked)
    at = len(literals[0])
    for mark, after in zip(marks, literals[1:], strict=True):
        end = text.find(after, at) if after else len(text)
        if end < 0:
            return
        if mark == "[NAME]":
            yield from _WORD.findall(text[at:end])
        at = end + len(after)


def _is_one(word: str, said: str) -> bool:
    """Whether the word by itself is a name: a first name, or one that is written with a capital wherever it stands."""
    if len(word) < SHORTEST or word.lower() in PARTICLES or is_in("nobody", word) or is_in("no_name_after", word):
        return False
    is_written = word[0].isupper() and not re.search(rf"\b{re.escape(word.lower())}\b", said)
    return is_in("given_names", word) or is_in("also_words", word) or is_written
