"""A mapping for a file that no reader knows: what is found, how sure, what shows it, and what has to be asked."""

from dataclasses import dataclass

import polars as pl

from transforms.mapping.columns import Finder
from transforms.mapping.finding import HIGH, LOW, Finding, Notes, Question, Said
from transforms.mapping.look import Column, Look, look
from transforms.mapping.roles import say_roles
from transforms.mapping.times import is_epoch, say_dates, say_epoch, say_offsets
from transforms.mapping.values import say_values
from transforms.readers.column_map import OFFSETS, TIMES, ColumnMap
from transforms.readers.convert import FILE
from transforms.readers.flat import KEY
from transforms.readers.transcript import File, Roles


@dataclass(frozen=True)
class Proposal:
    """A mapping with its evidence; it stands when no question is left."""

    mapping: ColumnMap
    look: Look
    columns: list[Finding]
    values: list[Finding]
    questions: list[Question]
    left_out: list[str]


def propose(file: File, said: Said, roles: Roles) -> Proposal:
    """What the file seems to be, with the roles of heard.toml. Raises ReadError where it is no table and no JSON."""
    seen = look(file, said.encoding, said.turns)
    finder, notes = Finder(seen, said.columns), Notes()
    found = finder.find()
    columns = {ours: seen.columns[one.found] for ours, one in found.items() if one.found in seen.columns}
    has_turns = bool(finder.texts) or "text" in found or "transcript" in found
    _ask_columns(found, seen, has_turns, notes)
    meant = say_roles(finder, said, roles, notes) if has_turns else {}
    units, order, zone = _times(columns, finder, said, notes)
    values, scale = say_values(columns, said, notes)
    names = {ours: one.found for ours, one in found.items()}
    mapping = ColumnMap(
        names,
        finder.texts,
        _signature(seen, list(names.values())),
        not seen.has_header,
        meant,
        values,
        units,
        zone,
        order,
        scale,
        said.channel,
        seen.encoding,
    )
    left = [name for name in seen.columns if name not in (*names.values(), *finder.texts)]
    return Proposal(mapping, seen, [*finder.beside, *found.values()], notes.values, notes.questions, left)


def _ask_columns(found: dict[str, Finding], seen: Look, has_turns: bool, notes: Notes) -> None:
    """Asks for the columns without which nothing can be read, and those that are only guessed."""
    for name in [one.found for one in found.values() if one.found not in seen.columns and one.found != FILE]:
        notes.ask(
            f"column {name}: the file has none of that name",
            f"--column with one of {', '.join(list(seen.columns)[:20])}",
        )
    if not has_turns and not set(found) - {"conversation_id"}:
        notes.ask("what was said: no column holds sentences", '--column "text=COLUMN"')
    if "conversation_id" not in found and "reply_to" not in found and not seen.turns and "transcript" not in found:
        one_file = f', or --column "conversation_id={FILE}" where the file is one conversation' if has_turns else ""
        notes.ask(
            "which conversation a row belongs to: no column repeats as an id would",
            f'--column "conversation_id=COLUMN"{one_file}',
        )
    if "reply_to" in found and "message_id" not in found:
        notes.ask("the id of each message", '--column "message_id=COLUMN"')
    if "reply_to" in found and "conversation_id" not in found:
        notes.values.append(
            Finding(
                "conversation_id",
                "the first message of its thread",
                HIGH,
                f"{found['reply_to'].found} says what answers what",
            )
        )
    for ours in ("text", "speaker", "conversation_id"):
        if ours in found and found[ours].sure == LOW:
            notes.ask(
                f"whether {ours} is {found[ours].found} ({found[ours].because})",
                f'--column "{ours}={found[ours].found}"',
            )


def _times(
    columns: dict[str, Column], finder: Finder, said: Said, notes: Notes
) -> tuple[dict[str, str], str | None, str | None]:
    """Units by our column, the order of dates, and the zone."""
    numbers = {ours: one for ours, one in columns.items() if ours in TIMES and is_epoch(one)}
    units = {ours: say_epoch(ours, one, notes) for ours, one in numbers.items()}
    texts = {ours: one for ours, one in columns.items() if ours in TIMES and ours not in numbers}
    order, zone = say_dates(texts, said, notes) if texts else (None, None)
    offsets = {ours: one for ours, one in columns.items() if ours in OFFSETS}
    words = columns["text"].cells.str.count_matches(r"\S+") if "text" in columns else pl.Series([], dtype=pl.UInt32)
    return units | say_offsets(offsets, words, finder.groups(), said, notes), order, zone


def _signature(seen: Look, mapped: list[str]) -> list[str]:
    """The names by which a file of the same shape is known: all columns; of JSON what is mapped and always there."""
    if seen.header:
        return seen.header
    always = [name for name in mapped if name in seen.columns and not seen.columns[name].cells.has_nulls()]
    inside = [seen.turns.removesuffix("[]")] if seen.turns else []
    return list(dict.fromkeys([*inside, *(name for name in always if "][" not in name and name != KEY)]))
