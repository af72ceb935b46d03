"""A few words of each conversation in a list: where the words looked for were said, else how the customer began."""

from collections.abc import Sequence
from typing import NamedTuple

from dashboard import say
from dashboard.find import Find, fold, numbered, one_of
from dashboard.warehouse import query

LENGTH = 220


class Snippet(NamedTuple):
    """A few words of a conversation as HTML, and the turn they are from."""

    turn_index: int
    html: str


# `conversation.text_folded` has a line a turn, so that the lines before the words tell which turn has them.
_WHERE_SAID = """
WITH said AS (
    SELECT conversation_id, left(text_folded, strpos(text_folded, $words)) AS before,
           len(before) - len(replace(before, chr(10), '')) AS line
    FROM conversation WHERE {those}),
numbered AS (
    SELECT conversation_id, turn_index, speaker, text,
           row_number() OVER (PARTITION BY conversation_id ORDER BY turn_index) - 1 AS line
    FROM turn WHERE {those})
SELECT conversation_id, turn_index, speaker, text FROM numbered JOIN said USING (conversation_id, line)"""
_BEGINNING = """
SELECT conversation_id, turn_index, speaker, text FROM turn WHERE {those} AND kind = 'message'
QUALIFY row_number() OVER (PARTITION BY conversation_id ORDER BY speaker <> 'customer', turn_index) = 1"""


def snippets(ids: Sequence[str], find: Find) -> dict[str, Snippet]:
    """The snippet of each conversation, with the words looked for marked."""
    words = {"words": fold(find.words)} if find.words else {}
    sql = (_WHERE_SAID if words else _BEGINNING).format(those=one_of(ids))
    return {
        conversation_id: Snippet(turn_index, _snippet(speaker, text, find.words))
        for conversation_id, turn_index, speaker, text in query(sql, **numbered(ids), **words).rows()
    }


def _snippet(speaker: str, text: str, words: str) -> str:
    return f'<p class="said" dir="auto"><b>{say.html(speaker)}</b> {marked(text, words)}</p>'


def marked(text: str, words: str) -> str:
    """About two lines of the text around the words, which are marked; everything escaped."""
    at = fold(text).find(fold(words)) if words else -1
    start = max(0, at - LENGTH // 2) if at >= 0 else 0
    end = min(len(text), start + LENGTH)
    lead, tail = ("…" if start else ""), ("…" if end < len(text) else "")
    if at < 0:
        return say.html(text[start:end] + tail)
    over = at + len(words)
    hit = f"<mark>{say.html(text[at:over])}</mark>"
    return lead + say.html(text[start:at]) + hit + say.html(text[over : max(end, over)] + tail)
