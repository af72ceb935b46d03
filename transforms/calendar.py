"""The working calendar: its time zone, its hours, its holidays, and what follows from them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MIDNIGHT = timedelta(hours=24)  # as the end of a day, "24:00"
LONGEST_CLOSURE = 366  # days in a row without work, after which a calendar is said to have no working day

_RANGE = re.compile(r"(\w{3})(?:-(\w{3}))? (\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})")
_EPOCH = datetime(1970, 1, 1)
_MICROSECOND = timedelta(microseconds=1)

Hours = tuple[timedelta, timedelta]


class CalendarError(ValueError):
    """A calendar setting that cannot be read, in one line: where, found, expected, what to do."""


@dataclass(frozen=True)
class Calendar:
    """When work is done: an IANA zone, weekly hours, and holidays as ISO days or country codes ("FR", "DE-BY")."""

    time_zone: str = "UTC"
    hours: str = "Mon-Fri 09:00-18:00"
    holidays: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        try:
            ZoneInfo(self.time_zone)
        except (LookupError, ValueError, OSError):  # no such zone, no name at all, a folder of zones
            raise _refused("time_zone", self.time_zone, "an IANA zone such as Europe/Paris") from None
        _week(self.hours)
        _holidays(self.holidays, 2024)

    @classmethod
    def from_settings(cls, settings: Mapping[str, Any]) -> "Calendar":
        """The calendar of heard.toml's [calendar]; what is not set keeps its default."""
        unknown = sorted(set(settings) - {"time_zone", "hours", "holidays"})
        if unknown:
            raise _refused(unknown[0], str(settings[unknown[0]]), "only time_zone, hours and holidays here")
        holidays = settings.get("holidays", ())
        if not isinstance(holidays, Sequence) or isinstance(holidays, str):
            raise _refused("holidays", str(holidays), 'a list such as ["FR", "2026-12-24"]')
        return cls(
            str(settings.get("time_zone", cls.time_zone)),
            str(settings.get("hours", cls.hours)),
            tuple(str(day) for day in holidays),
        )

    def to_local(self, at: datetime) -> datetime:
        """A UTC moment on the wall clock of the calendar's zone."""
        return at.replace(tzinfo=UTC).astimezone(ZoneInfo(self.time_zone)).replace(tzinfo=None)

    def to_utc(self, wall: datetime) -> datetime:
        """The UTC moment of a time on the wall clock; the first of the two where the clock is set back."""
        return wall.replace(tzinfo=ZoneInfo(self.time_zone), fold=0).astimezone(UTC).replace(tzinfo=None)

    def hours_of(self, day: date) -> tuple[Hours, ...]:
        """The working hours of a day, each from and to, counted from midnight; none on a holiday."""
        return () if day in _holidays(self.holidays, day.year) else _week(self.hours)[day.weekday()]

    def is_working_day(self, day: date) -> bool:
        """Whether any work is done that day."""
        return bool(self.hours_of(day))

    def end_of_day(self, day: date) -> datetime:
        """Midnight at the end of the day, on the wall clock."""
        return datetime.combine(day, time()) + MIDNIGHT

    def end_of_working_day(self, day: date) -> datetime:
        """The end of the day's working hours on the wall clock; of a day without any, midnight at its end."""
        hours = self.hours_of(day)
        return datetime.combine(day, time()) + (hours[-1][1] if hours else MIDNIGHT)

    def add_working_days(self, day: date, count: int) -> date:
        """The count-th working day after the day, which itself does not count."""
        idle = 0
        while count > 0:
            day += timedelta(days=1)
            idle = 0 if self.is_working_day(day) else idle + 1
            count -= self.is_working_day(day)
            if idle > LONGEST_CLOSURE:
                raise _refused("holidays", "a year without a working day", "fewer holidays")
        return day

    def add_working_time(self, wall: datetime, length: timedelta) -> datetime:
        """The time on the wall clock by which so much working time has passed since."""
        start = self.to_utc(wall)
        opens, closes, before = _spans(self, start.year, start.year + 2)
        done = _worked(np.array([(start - _EPOCH) // _MICROSECOND]), opens, closes, before)[0] + length // _MICROSECOND
        index = int(np.searchsorted(before, done, side="left"))
        if index > closes.size:
            raise _refused("hours", self.hours, "more working time than that within two years")
        return self.to_local(_EPOCH + int(closes[index - 1] - (before[index] - done)) * _MICROSECOND)

    def is_working_time(self, at: pl.Series) -> pl.Series:
        """Whether each UTC moment lies within the working hours; null for null."""
        moments = _micros(at)
        opens, closes, _ = self._spans_around(moments)
        index = np.searchsorted(opens, moments, side="right")
        inside = (index > 0) & (moments < _before(closes, index))
        return pl.Series(at.name, inside).set(at.is_null(), None)

    def business_seconds(self, start: pl.Series, end: pl.Series) -> pl.Series:
        """Seconds of working hours between UTC moments; below zero where the end comes first, null for null."""
        first, last = _micros(start), _micros(end)
        spans = self._spans_around(np.concatenate([first, last]))
        seconds = (_worked(last, *spans) - _worked(first, *spans)) / 1e6
        return pl.Series("business_seconds", seconds).set(start.is_null() | end.is_null(), None)

    def _spans_around(self, moments: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        if not moments.size:
            return _spans(self, 1970, 1970)
        years = [(_EPOCH + int(edge) * _MICROSECOND).year for edge in (moments.min(), moments.max())]
        return _spans(self, max(years[0] - 1, 1), min(years[1] + 1, 9998))


def add_hours(turns: pl.DataFrame, calendar: Calendar) -> pl.DataFrame:
    """Turns with `day` (the calendar's own date) and `is_in_hours` (said within the working hours); null if untimed."""
    day = pl.col("said_at").dt.replace_time_zone("UTC").dt.convert_time_zone(calendar.time_zone).dt.date()
    in_hours = calendar.is_working_time(turns["said_at"]).alias("is_in_hours")
    return turns.with_columns(day.alias("day"), in_hours)


def _refused(key: str, found: str, expected: str) -> CalendarError:
    return CalendarError(f"heard.toml, [calendar] {key}: found {found!r}; expected {expected}. Change it there.")


@lru_cache(maxsize=64)
def _week(hours: str) -> tuple[tuple[Hours, ...], ...]:
    """The hours of each weekday, in order and without overlap."""
    week: list[list[Hours]] = [[] for _ in DAYS]
    for part in hours.split(","):
        days, span = _hours_of_part(part.strip(), hours)
        for day in days:
            week[day].append(span)
    return tuple(_merged(sorted(spans)) for spans in week)


def _hours_of_part(part: str, hours: str) -> tuple[list[int], Hours]:
    expected = "days and hours such as 'Mon-Fri 09:00-18:00, Sat 10:00-13:00'"
    match = _RANGE.fullmatch(part)
    if not match or not {match[1].lower(), (match[2] or match[1]).lower()} <= set(DAYS):
        raise _refused("hours", hours, expected)
    first, last = DAYS.index(match[1].lower()), DAYS.index((match[2] or match[1]).lower())
    start, end = (timedelta(hours=int(match[i]), minutes=int(match[i + 1])) for i in (3, 5))
    if int(match[4]) > 59 or int(match[6]) > 59 or not start < end <= MIDNIGHT:
        raise _refused("hours", hours, expected + ", each ending after it begins and by 24:00")
    return [(first + step) % 7 for step in range((last - first) % 7 + 1)], (start, end)


def _merged(spans: list[Hours]) -> tuple[Hours, ...]:
    merged: list[Hours] = []
    for start, end in spans:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)


@lru_cache(maxsize=1024)
def _holidays(named: tuple[str, ...], year: int) -> frozenset[date]:
    return frozenset(day for name in named for day in _holidays_of(name, year))


def _holidays_of(name: str, year: int) -> list[date]:
    from holidays import country_holidays

    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", name):
        try:
            return [date.fromisoformat(name)]
        except ValueError:
            raise _refused("holidays", name, "a day that exists") from None
    country, _, region = name.partition("-")
    try:
        return list(country_holidays(country, subdiv=region or None, years=year))
    except (NotImplementedError, KeyError):
        raise _refused("holidays", name, "ISO days (2026-12-24) or country codes (FR, DE-BY)") from None


@lru_cache(maxsize=16)
def _spans(calendar: Calendar, first_year: int, last_year: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Opening and closing moments of these years in microseconds of UTC, and the work done before each opening."""
    spans = []
    for ordinal in range(date(first_year, 1, 1).toordinal(), date(last_year + 1, 1, 1).toordinal()):
        day = date.fromordinal(ordinal)
        midnight = datetime.combine(day, time())
        spans += [[calendar.to_utc(midnight + edge) for edge in hours] for hours in calendar.hours_of(day)]
    edges = np.array([[(at - _EPOCH) // _MICROSECOND for at in span] for span in spans], dtype=np.int64).reshape(-1, 2)
    opens, closes = edges[:, 0], edges[:, 1]
    # Hours that the clock skips in spring would otherwise run into the next ones.
    closes[:-1] = np.minimum(closes[:-1], opens[1:])
    return opens, closes, np.concatenate([[0], np.cumsum(closes - opens)])


def _worked(moments: np.ndarray, opens: np.ndarray, closes: np.ndarray, before: np.ndarray) -> np.ndarray:
    """Microseconds of work from the first opening to each moment."""
    index = np.searchsorted(opens, moments, side="right")
    still_open = np.maximum(_before(closes, index) - moments, 0)
    return before[index] - np.where(index > 0, still_open, 0)


def _before(closes: np.ndarray, index: np.ndarray) -> np.ndarray:
    return closes[np.maximum(index - 1, 0)] if closes.size else np.zeros_like(index)


def _micros(at: pl.Series) -> np.ndarray:
    known = at.cast(pl.Datetime("us"))
    return known.fill_null(known.min() or _EPOCH).to_physical().to_numpy()
