"""A few words of each conversation in a list: where the words looked for were said, else how the customer began."""

import polars as pl

from dashboard import say
from dashboard.find import Find, fold
from dashboard.warehouse import query

LENGTH = 220


def snippets(rows: pl.DataFrame, find: Find) -> dict[str, str]:
    """The snippet of each conversation as HTML, with the words looked for marked."""
    # Where words are looked for, the turn that has them is known: `found` says it.
    at = "turn_index = any($turns)" if find.words else "kind = 'message'"
    order = "turn_index" if find.words else "speaker <> 'customer', turn_index"
    sql = (
        f"SELECT conversation_id, speaker, text FROM turn WHERE conversation_id = any($ids) AND {at}"
        f" {'AND contains(text_folded, $words)' if find.words else ''}"
        f" QUALIFY row_number() OVER (PARTITION BY conversation_id ORDER BY {order}) = 1"
    )
    given = {"words": fold(find.words), "turns": rows["turn_index"].to_list()} if find.words else {}
    found = query(sql, ids=rows["conversation_id"].to_list(), **given).rows()
    return {conversation_id: _snippet(speaker, text, find.words) for conversation_id, speaker, text in found}


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
