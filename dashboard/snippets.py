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


_SAID = "SELECT conversation_id, turn_index, speaker, text FROM turn WHERE {those}"
_BEGINNING = f"""{_SAID} AND kind = 'message'
QUALIFY row_number() OVER (PARTITION BY conversation_id ORDER BY speaker <> 'customer', turn_index) = 1"""


def snippets(ids: Sequence[str], find: Find) -> dict[str, Snippet]:
    """The snippet of each conversation, with the words looked for marked."""
    words = fold(find.words)
    sql = (f"{_SAID} ORDER BY conversation_id, turn_index" if words else _BEGINNING).format(those=one_of(ids))
    found: dict[str, Snippet] = {}
    for conversation_id, turn_index, speaker, text in query(sql, **numbered(ids)).rows():
        if conversation_id not in found and words in fold(text):
            found[conversation_id] = Snippet(turn_index, _snippet(speaker, text, find.words))
    return found


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
