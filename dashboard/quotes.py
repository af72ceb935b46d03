"""What was said in a turn, short enough to read in a list: the sentence around some words, with these marked."""

import re
from collections.abc import Sequence

from dashboard import say
from dashboard.estimates import Row
from dashboard.find import numbered, one_of
from dashboard.warehouse import query

SENTENCE_END = re.compile(r"[.!?…]+\s+|\n+")
AROUND = 200  # letters before and after the words
LONGEST = 300

Turn = tuple[str, int]


def texts(rows: Sequence[Row]) -> dict[Turn, str]:
    """The texts of every turn of these conversations, by conversation and turn."""
    those = ids(rows)
    sql = f"SELECT conversation_id, turn_index, coalesce(text, '') AS text FROM turn WHERE {one_of(those)}"
    return {(name, turn): text for name, turn, text in query(sql, **numbered(those)).rows()} if those else {}


def ids(rows: Sequence[Row]) -> list[str]:
    """The conversations of the rows."""
    return sorted({row["conversation_id"] for row in rows})


def marked(text: str, words: str | None) -> str:
    """The text around the words as HTML, with the words marked; everything escaped."""
    before, found, after = text.partition(words) if words else (text, "", "")
    return f"{say.html(before[-AROUND:])}{f'<mark>{say.html(found)}</mark>' if found else ''}{say.html(after[:AROUND])}"


def sentence(text: str, words: str) -> str:
    """The sentences of a turn that hold the words; the words alone where it does not hold them."""
    start = text.find(words)
    if start < 0:
        return words
    begin = max((mark.end() for mark in SENTENCE_END.finditer(text, 0, start)), default=0)
    end = SENTENCE_END.search(text, start + len(words) - 1)
    return text[begin : end.end() if end else None].strip()


def short(text: str) -> str:
    """The text, cut to length."""
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
