"""What the times of a file are: their unit, the order of day and month, their zone; by evidence, or not at all."""

from collections.abc import Sequence
from datetime import UTC, datetime
from statistics import median

import polars as pl

from transforms.mapping.finding import HIGH, MEDIUM, SAID, Finding, Notes, Said
from transforms.mapping.look import Column, share
from transforms.mapping.words import bare
from transforms.readers.column_map import DAY_FIRST, MONTH_FIRST, SECONDS
from transforms.readers.mapped_times import OUR_DAY, clock
from transforms.readers.moments import moment, names_zone, numbers_of

SAMPLE = 400
EARLIEST, LATEST = (datetime(year, 1, 1, tzinfo=UTC).timestamp() for year in (OUR_DAY.start, OUR_DAY.stop))
IN_WORDS = {"s": "seconds", "ms": "milliseconds", "us": "microseconds", "ns": "nanoseconds", "min": "minutes"}
NAMED = {
    "s": ("s", "sec", "secs", "second", "seconds", "secondes"),
    "ms": ("ms", "msec", "millis", "millisecond", "milliseconds", "millisecondes"),
    "us": ("us", "usec", "micros", "microseconds"),
    "ns": ("ns", "nanos", "nanoseconds"),
    "min": ("min", "mins", "minutes"),
}
SPEECH = (0.4, 8.0)  # words a second in which people speak, with room on both sides
FASTEST = 12.0  # words a second that nobody reaches
SLOWEST = 0.002  # words a second below which turns are hours apart
FEW = 5


def is_time(one: Column) -> bool:
    """Whether nearly all cells are times with their day, in whatever order."""
    cells = one.given.head(SAMPLE).to_list()
    good = sum(any(moment(cell, None, order) for order in (DAY_FIRST, MONTH_FIRST)) for cell in cells)
    return bool(cells) and good >= 0.9 * len(cells)


def is_epoch(one: Column) -> bool:
    """Whether its numbers are times since 1970 in one of the units."""
    return one.is_number and epoch_unit(one) is not None


def epoch_unit(one: Column) -> str | None:
    """The unit in which nearly all numbers are times of our day; None where there is none."""
    numbers = one.numbers.drop_nulls()
    for unit in ("s", "ms", "us", "ns"):
        if share((numbers * SECONDS[unit]).is_between(EARLIEST, LATEST)) >= 0.98:
            return unit
    return None


def is_offset(one: Column) -> bool:
    """Whether its cells may be times from the start: numbers or minutes and seconds."""
    if one.is_number:
        return epoch_unit(one) is None
    return one.given.len() > 0 and not pl.select(clock(pl.lit(one.given))).to_series().has_nulls()


def say_epoch(ours: str, one: Column, notes: Notes) -> str:
    """The unit of times since 1970: only one of them gives times of our day."""
    unit = epoch_unit(one) or "s"
    number = float(one.numbers.drop_nulls()[0])
    day = datetime.fromtimestamp(number * SECONDS[unit], UTC)
    other = "seconds" if unit != "s" else "milliseconds"
    because = (
        f"{number:.0f} in {IN_WORDS[unit]} since 1970 is {day:%Y-%m-%d}; in {other} it would be no time of our day"
    )
    notes.values.append(Finding(f"unit of {ours}", IN_WORDS[unit], HIGH, because))
    return unit


def say_offsets(
    columns: dict[str, Column], words: pl.Series, groups: pl.Series | None, said: Said, notes: Notes
) -> dict[str, str]:
    """The unit of the offsets and durations, all in one; asked for where the evidence does not decide."""
    numeric = {ours: one for ours, one in columns.items() if one.is_number}
    if not numeric:
        return {}
    what = f"unit of {', '.join(numeric)}"
    if said.time_unit:
        notes.values.append(Finding(what, IN_WORDS[said.time_unit], SAID, "you said so"))
        return dict.fromkeys(numeric, said.time_unit)
    by_name, by_pace = _named(numeric), _paced(numeric, words, groups)
    unit, sure, because = _decided(by_name, by_pace)
    if unit is None:
        notes.ask(f"{what}: {because}", "--time-unit s, ms, us or min", "time_unit")
        return {}
    notes.values.append(Finding(what, IN_WORDS[unit], sure, because))
    return dict.fromkeys(numeric, unit)


def _decided(by_name: str | None, by_pace: tuple[str | None, str]) -> tuple[str | None, str, str]:
    pace, seen = by_pace
    if by_name and pace and by_name != pace:
        return None, "", f"the name says {IN_WORDS[by_name]}, but {seen}"
    if pace:
        return pace, HIGH, seen + ("; the name says so too" if by_name else "")
    if by_name:
        return by_name, MEDIUM, f"the name says so; {seen}"
    return None, "", seen


def _named(columns: dict[str, Column]) -> str | None:
    """The one unit that the columns' names end in."""
    ends = {
        unit
        for one in columns.values()
        for unit, names in NAMED.items()
        if bare(one.name).split()[-1:] and bare(one.name).split()[-1] in names
    }
    return ends.pop() if len(ends) == 1 else None


def _paced(columns: dict[str, Column], words: pl.Series, groups: pl.Series | None) -> tuple[str | None, str]:
    """The one unit in which people would speak at the pace of people, and what was seen."""
    lengths = _lengths(columns)
    if lengths is not None:
        paces = (words / lengths).filter((lengths > 0) & (words >= 3)).drop_nulls()
        return _by_speech(paces, "words between start and end")
    if "start_s" not in columns or groups is None:
        return None, "nothing shows how long a turn lasts"
    gaps = pl.DataFrame({"n": columns["start_s"].numbers, "g": groups}).select(
        pl.col("n").shift(-1).over("g") - pl.col("n")
    )
    return _by_gaps(words, gaps.to_series())


def _lengths(columns: dict[str, Column]) -> pl.Series | None:
    if "duration" in columns:
        return columns["duration"].numbers
    if "start_s" in columns and "end_s" in columns:
        return columns["end_s"].numbers - columns["start_s"].numbers
    return None


def _by_speech(paces: pl.Series, what: str) -> tuple[str | None, str]:
    if paces.len() < FEW:
        return None, f"only {paces.len()} turns of three words or more have a length, too few to tell"
    pace = median(paces.to_list())
    fits = [unit for unit in ("s", "ms", "us", "ns", "min") if SPEECH[0] <= pace / SECONDS[unit] <= SPEECH[1]]
    shown = ", ".join(f"{pace / SECONDS[unit]:.3g} a second in {IN_WORDS[unit]}" for unit in ("s", "ms"))
    if len(fits) == 1:
        said = f"{what}: {pace / SECONDS[fits[0]]:.2g} a second if {IN_WORDS[fits[0]]}, as people speak"
        other = "ms" if fits[0] == "s" else "s"
        return fits[0], f"{said}, and {pace / SECONDS[other]:.3g} if {IN_WORDS[other]}"
    return None, f"{what}: {shown}; nobody speaks so"


def _by_gaps(words: pl.Series, gaps: pl.Series) -> tuple[str | None, str]:
    """With starts alone: a unit falls in which turns would follow faster than anyone speaks, or hours apart."""
    paces = (words / gaps).filter((gaps > 0) & (words >= 3)).drop_nulls()
    if paces.len() < FEW:
        return None, f"only {paces.len()} turns of three words or more are followed by another, too few to tell"
    left = []
    for unit in ("s", "ms"):
        per_second = paces / SECONDS[unit]
        if share(per_second > FASTEST) <= 0.1 and share(per_second < SLOWEST) <= 0.5:
            left.append(unit)
    pace = median(paces.to_list())
    if len(left) == 1:
        other = "ms" if left[0] == "s" else "s"
        return left[0], (
            f"words until the next turn begins: {pace / SECONDS[left[0]]:.2g} a second if {IN_WORDS[left[0]]}, "
            f"{pace / SECONDS[other]:.3g} if {IN_WORDS[other]}, which no conversation has"
        )
    paced = f"{pace:.2g} a second if seconds, {pace * 1000:.3g} if milliseconds"
    return None, f"words until the next turn begins: {paced}; either may be"


def say_dates(columns: dict[str, Column], said: Said, notes: Notes) -> tuple[str | None, str | None]:
    """The order of day and month, and the zone, of the times written as text; asked for where nothing tells."""
    cells = {ours: one.given.head(20_000).unique().to_list() for ours, one in columns.items()}
    every = [cell for some in cells.values() for cell in some]
    order = _order(every, said, notes)
    if all(names_zone(cell) for cell in every):
        return order, None
    naive = ", ".join(ours for ours, some in cells.items() if not all(map(names_zone, some)))
    if said.time_zone:
        notes.values.append(Finding(f"zone of {naive}", said.time_zone, SAID, "you said so"))
    else:
        notes.ask(
            f"zone of {naive}: the times name none, and the file does not say whose clock it was",
            "--zone Europe/Paris (or UTC, …)",
            "time_zone",
        )
    return order, said.time_zone


def _order(cells: Sequence[str], said: Said, notes: Notes) -> str | None:
    pairs = [pair for cell in cells if (pair := numbers_of(cell))]
    if not pairs:
        return None
    if said.date_order:
        notes.values.append(Finding("dates", f"{said.date_order} first", SAID, "you said so"))
        return said.date_order
    firsts, seconds = (max(pair[place] for pair in pairs) for place in (0, 1))
    for order, largest, other in ((DAY_FIRST, firsts, seconds), (MONTH_FIRST, seconds, firsts)):
        if largest > 12 >= other:
            where = "first" if order == DAY_FIRST else "second"
            notes.values.append(
                Finding(
                    "dates",
                    f"{order} first",
                    HIGH,
                    f"the {where} number goes up to {largest}, the other only to {other}",
                )
            )
            return order
    seen = "no number in them is above 12" if max(firsts, seconds) <= 12 else "both numbers go above 12"
    notes.ask(f"order of day and month: {seen}", "--date-order day or month", "date_order")
    return None
