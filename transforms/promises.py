"""The promises that agents make: what, in which words, to whom, and by when.

The time may stand in the promise or right around it in its sentence; what stands behind its verb counts before what
stands ahead of it, since a marker's words may reach back into the sentence before.
"""

import re
from datetime import datetime
from typing import Any

import polars as pl

from transforms.calendar import Calendar
from transforms.due import assumed_due_at, due_at, names_a_day
from transforms.fold import fold
from transforms.promise_words import Words, words_of

BEFORE, AFTER = 60, 80  # how many characters around the promise may hold its time, within the sentence
LEAST = 10  # characters of a promise: where its words span two sentences, the last one tells
STEM = 4  # words that share so many first letters are taken for one word

SENTENCE_END = re.compile(r"[!?;\n]|(?<!\b[ap]\.m)\.(?=\s|$)")
WORD = re.compile(r"[a-z0-9]{4,}")

KEY = ("conversation_id", "turn_index", "start_char")


def promises(turns: pl.DataFrame, markers: pl.DataFrame, transcripts: pl.DataFrame, calendar: Calendar) -> pl.DataFrame:
    """The promises with what, words, made_at and due_at, and of their turn position, language, channel and text."""
    facts = ["conversation_id", "turn_index", "position", "speaker_id", "text", "language", "channel", "said_at"]
    people = transcripts.select("conversation_id", "customer_id", "agent_id")
    found = (
        markers.filter(pl.col("marker") == "commitment")
        .join(turns.filter(pl.col("speaker") == "agent").select(facts), on=["conversation_id", "turn_index"])
        .join(people, on="conversation_id")
        .with_columns(agent_id=pl.coalesce("speaker_id", "agent_id"), made_at="said_at")
        .sort(KEY)
        .unique(KEY, keep="first", maintain_order=True)
        .with_columns(next_start=pl.col("start_char").shift(-1).over("conversation_id", "turn_index"))
    )
    read = [_read(row, calendar) for row in found.select(*READ_FROM).to_dicts()]
    return found.with_columns(pl.DataFrame(read, schema=READ_TO, orient="row"))


READ_FROM = ("text", "start_char", "end_char", "next_start", "language", "made_at")
READ_TO: dict[str, pl.DataType] = {
    "what": pl.String(),
    "due_at": pl.Datetime("us"),
    "due_is_assumed": pl.Boolean(),
    "stems": pl.List(pl.String()),
}


def _read(promise: dict[str, Any], calendar: Calendar) -> tuple[str, datetime | None, bool | None, list[str]]:
    """What was promised, until when, whether that is assumed, and the words by which a later turn may take it up."""
    words = words_of(promise["language"])
    before, after = _around(
        fold([promise["text"]])[0], promise["start_char"], promise["end_char"], promise["next_start"]
    )
    found = _means(after, words) if words else None
    what, start = found or ("other", 0)
    stems = sorted(stems_of(after, words))
    if promise["made_at"] is None:
        return what, None, None, stems
    # "Demain je vous appelle" may name its time before the promise, "... mardi je reviens vers vous demain" does not.
    told = after[start:] if words and names_a_day(after[start:], words.when) else after
    due = _due(before, told, promise["made_at"], calendar, words)
    return what, due or assumed_due_at(promise["made_at"], calendar), due is None, stems


def _means(text: str, words: Words) -> tuple[str, int] | None:
    """By what means it will be kept, and where the words for it begin."""
    found = ((what, pattern.search(text)) for what, pattern in words.what.items())
    return next(((what, match.start()) for what, match in found if match), None)


def _due(before: str, after: str, made_at: datetime, calendar: Calendar, words: Words | None) -> datetime | None:
    if not words:
        return None
    return due_at(after, made_at, calendar, words.when) or due_at(before, made_at, calendar, words.when)


def _around(text: str, start: int, end: int, next_start: int | None) -> tuple[str, str]:
    """The sentence before the promise, and from the promise to the sentence's or the next promise's beginning."""
    ends = [match.end() for match in SENTENCE_END.finditer(text, start, max(end - LEAST, start))]
    start = ends[-1] if ends else start
    stop = SENTENCE_END.search(text, max(end - 1, start))
    to = min(
        stop.start() if stop else len(text), end + AFTER, next_start if next_start and next_start > end else end + AFTER
    )
    begins = [match.end() for match in SENTENCE_END.finditer(text, 0, start)]
    return text[max([start - BEFORE, 0, *begins]) : start], text[start : max(to, end)]


def stems_of(text: str, words: Words | None) -> set[str]:
    common = words.common if words else frozenset()
    return {word[:STEM] for word in WORD.findall(text) if word not in common}
