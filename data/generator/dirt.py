"""What real exports have: rows twice, rows that are wrong, one export after another. The README lists it all."""

from typing import Any

from data.generator.write_common import Row

SPEAKERS = {"agent": "Agent", "customer": "Client"}


def again(rows: list[Row], every: int) -> list[Row]:
    """The rows, each so-and-so-many-th twice, as an export that was run over its own edge."""
    return [row for index, row in enumerate(rows) for row in ([row, dict(row)] if index % every == 5 else [row])]


def renamed(rows: list[Row]) -> list[Row]:
    """The rows with the speakers' names as that telephone system writes them."""
    return [row | {"speaker": SPEAKERS.get(row["speaker"], row["speaker"])} for row in rows]


def with_extra(rows: list[Row], name: str, values: tuple[Any, ...]) -> list[Row]:
    """The rows with a column that nobody asked for."""
    return [row | {name: values[index % len(values)]} for index, row in enumerate(rows)]


def copied(rows: list[Row], conversation_id: str) -> list[Row]:
    """A conversation's rows under another id."""
    return [row | {"conversation_id": conversation_id} for row in rows]


def by_operator(rows: list[Row]) -> list[Row]:
    """A conversation in which somebody of an unknown role speaks."""
    return [row | ({"speaker": "operator"} if index == 2 else {}) for index, row in enumerate(rows)]


def ended_before(rows: list[Row]) -> list[Row]:
    """A conversation in which a segment ends before it starts."""
    return [row | ({"end_s": round(row["start_s"] - 1.5, 2)} if index == 3 else {}) for index, row in enumerate(rows)]


def numbered_twice(rows: list[Row]) -> list[Row]:
    """A conversation with one number for two messages."""
    return [row | ({"turn_index": 1} if index == 2 else {}) for index, row in enumerate(rows)]


def without_zone(rows: list[Row]) -> list[Row]:
    """The rows with naive times."""
    return [row | {"sent_at": row["sent_at"].removesuffix("Z")} for row in rows]


def without(rows: list[Row], *names: str) -> list[Row]:
    """The rows with some cells empty."""
    return [row | dict.fromkeys(names) for row in rows]
