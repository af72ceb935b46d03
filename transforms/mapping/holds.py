"""What a column holds, whatever it is called."""

from collections.abc import Callable

from transforms.mapping.look import Column
from transforms.mapping.names import labels_in, name_score
from transforms.mapping.times import is_epoch, is_time
from transforms.mapping.words import meant
from transforms.readers.outcomes import GOOD_BAD, UNANSWERED
from transforms.schema import CHANNELS, KINDS

STEPS = "words for ratings"
GOOD_OR_BAD = (*GOOD_BAD, *UNANSWERED)

Holds = Callable[[Column], str | None]  # what shows that a column holds something, in words; None where it does not


def is_said(one: Column) -> str | None:
    """What shows that its cells are what people say."""
    if one.is_number or is_time(one) or one.given.len() < 0.5 * one.cells.len():
        return None
    if one.word_count >= 2.5 or (name_score("text", one) >= 0.6 and one.distinct > 1):
        return f"{one.word_count:.3g} words in a cell, {one.distinct:,} different"
    return None


def is_transcript(one: Column) -> bool:
    """Whether most cells hold several turns, each after a name and a colon."""
    cells = one.given.head(50).to_list()
    return bool(cells) and one.word_count > 5 and sum(len(labels_in(cell)) > 1 for cell in cells) >= 0.6 * len(cells)


def is_key(one: Column) -> str | None:
    """What shows that its cells are short and each another."""
    return "another value in each row" if is_unique(one) and one.word_count < 2 and not is_time(one) else None


def is_unique(one: Column) -> bool:
    """Whether nearly all rows have a value, each another."""
    return one.given.len() == one.cells.len() and one.distinct >= 0.98 * one.cells.len()


def is_person(one: Column) -> str | None:
    """What shows that its cells name people."""
    return f"{one.distinct:,} people" if one.word_count <= 4 and one.distinct > 1 and not is_time(one) else None


def is_steps(one: Column) -> str | None:
    """What shows that its cells are words for ratings."""
    return STEPS if one.distinct > 1 and all(meant("satisfaction", word) for word in one.counts) else None


def _is_rating(one: Column) -> str | None:
    numbers = one.given.str.contains(r"^\d+([.,]\d+)?\s*(/\s*\d+|%)?$")
    if numbers.all() and not is_epoch(one):
        return "ratings"
    words = any(meant("satisfaction", word) or word.casefold() in GOOD_OR_BAD for word in one.counts)
    return STEPS if words and one.distinct <= 12 else None


def _is_moment(one: Column) -> str | None:
    return "its cells are times" if is_time(one) or is_epoch(one) else None


def _is_answer(one: Column) -> str | None:
    return f"{one.distinct} values" if one.distinct <= 6 and not is_time(one) else None


def _is_status(one: Column) -> str | None:
    known = sum(count for word, count in one.counts.items() if meant("statuses", word))
    return "words for where a case stands" if known >= 0.5 * one.given.len() else None


def _is_short(one: Column) -> str | None:
    return f"{one.distinct:,} values" if one.word_count <= 8 and not is_time(one) else None


def _is_channel(one: Column) -> str | None:
    known = all(meant("channels", word) or word.casefold() in CHANNELS for word in one.counts)
    return "channels" if known else None


def _is_language(one: Column) -> str | None:
    return "language tags" if one.given.str.contains(r"^[A-Za-z]{2,3}([-_]\w+)*$").all() else None


def _is_kind(one: Column) -> str | None:
    flags = meant("notes", one.bare) is not None and all(meant("answers", word) for word in one.counts)
    return "kinds of messages" if flags or all(word.casefold() in KINDS for word in one.counts) else None


OUTCOMES: dict[str, Holds] = {
    "resolved": _is_answer,
    "reopened": _is_answer,
    "csat": _is_rating,
    "nps": _is_rating,
    "ces": _is_rating,
    "resolved_at": _is_moment,
    "answered_at": _is_moment,
    "escalated_at": _is_moment,
    "transferred_at": _is_moment,
}
REST: dict[str, Holds] = {
    "status": _is_status,
    "started_at": _is_moment,
    "updated_at": _is_moment,
    "agent_id": _is_short,
    "customer_id": _is_short,
    "team": _is_short,
    "queue": _is_short,
    "topic": _is_short,
    "channel": _is_channel,
    "language": _is_language,
    "kind": _is_kind,
}
