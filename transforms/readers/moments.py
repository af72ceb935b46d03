"""Points in time however an export writes them; the order of day and month and the zone are said, never guessed."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from dateutil import parser

from transforms.readers.times import ZONE, parse_time

_TWO = (datetime(2001, 3, 5, 2), datetime(2002, 4, 6, 4))  # what a text leaves out differs between these
_DATE = r"\s*(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4}|\d{2})"
_NUMBERS = re.compile(rf"{_DATE},?[ T]+(\d{{1,2}})[:h](\d\d)(?::(\d\d)([.,]\d{{1,6}})?)?\s*([AaPp]\.?[Mm]\.?)?\s*")
_ZONE = re.compile(rf"{ZONE}|\b(GMT|UTC|Z)\b|[+-]\d{{4}}\b(?=\s+\d{{4}}\b|$)", re.IGNORECASE)


class _Names(parser.parserinfo):
    """Months and days by their English and French names."""

    MONTHS: Sequence[Any] = [
        ("jan", "january", "janv", "janvier"),
        ("feb", "february", "févr", "fevr", "février", "fevrier", "fév"),
        ("mar", "march", "mars"),
        ("apr", "april", "avr", "avril"),
        ("may", "mai"),
        ("jun", "june", "juin"),
        ("jul", "july", "juil", "juillet"),
        ("aug", "august", "août", "aout"),
        ("sep", "sept", "september", "septembre"),
        ("oct", "october", "octobre"),
        ("nov", "november", "novembre"),
        ("dec", "december", "déc", "décembre", "decembre"),
    ]
    WEEKDAYS: Sequence[Any] = [
        ("mon", "monday", "lun", "lundi"),
        ("tue", "tuesday", "mardi"),
        ("wed", "wednesday", "mer", "mercredi"),
        ("thu", "thursday", "jeu", "jeudi"),
        ("fri", "friday", "ven", "vendredi"),
        ("sat", "saturday", "sam", "samedi"),
        ("sun", "sunday", "dim", "dimanche"),
    ]
    JUMP: Sequence[str] = [*parser.parserinfo.JUMP, "à", "le"]


def moment(text: str, zone: str | None, date_order: str | None = None) -> datetime | None:
    """The moment in UTC, local times taken as of that zone; None where it is no full time or its order is not said."""
    found = parse_time(text) if _is_iso(text) else _other(text, date_order)
    if found is None:
        return None
    if found.tzinfo is None and not (_is_iso(text) and names_zone(text)):
        found = found.replace(tzinfo=ZoneInfo(zone or "UTC"))
    try:
        return found.astimezone(UTC).replace(tzinfo=None) if found.tzinfo else found
    except OverflowError:
        return None


def names_zone(text: str) -> bool:
    """Whether a time says its zone."""
    return bool(_ZONE.search(text.strip()[10:]))


def numbers_of(text: str) -> tuple[int, int] | None:
    """The first two numbers of a date such as 03/04/2026, whose order is not known."""
    found = re.match(_DATE, text)
    return (int(found[1]), int(found[2])) if found else None


def _is_iso(text: str) -> bool:
    return bool(re.match(r"\s*\d{4}-\d\d-\d\d[T ]\d\d:\d\d", text))


def _other(text: str, date_order: str | None) -> datetime | None:
    """A time in another notation than ISO 8601, with nothing left out but the seconds."""
    if numbers_of(text):
        return _numbers(_NUMBERS.fullmatch(text), date_order)
    if len(text) > 60 or ":" not in text:
        return None
    try:
        one, other = (_READER.parse(text, default=default, tzinfos=_no_zone) for default in _TWO)
    except (ValueError, OverflowError, TypeError):
        return None
    return one if one == other else None


def _numbers(found: re.Match[str] | None, date_order: str | None) -> datetime | None:
    """The time of which only the order of day and month has to be known."""
    if found is None or date_order is None:
        return None
    day, month = (int(found[1]), int(found[2])) if date_order == "day" else (int(found[2]), int(found[1]))
    year = int(found[3]) + (2000 if len(found[3]) == 2 else 0)
    hour = int(found[4]) % 12 + (12 if found[8][0] in "Pp" else 0) if found[8] else int(found[4])
    fraction = round(float(f"0{found[7].replace(',', '.')}") * 1e6) if found[7] else 0
    try:
        return datetime(year, month, day, hour, int(found[5]), int(found[6] or 0), min(fraction, 999_999))
    except ValueError:
        return None


def _no_zone(name: str | None, offset: int | None) -> Any:
    """A zone by an abbreviation that several share is none."""
    if offset is None and name is not None:
        raise ValueError(name)
    return offset


_READER = parser.parser(_Names())
