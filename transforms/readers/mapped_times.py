"""The times of a team's own file: moments as ISO 8601 in UTC, offsets as seconds."""

from functools import partial

import polars as pl

from transforms.readers.cells import by_value, real
from transforms.readers.column_map import OFFSETS, SECONDS, TIMES, ColumnMap
from transforms.readers.moments import moment
from transforms.readers.record import figure
from transforms.readers.times import from_epoch
from transforms.readers.transcript import WHOLE_FILE, ReadError

OUR_DAY = range(1995, 2045)  # years of which a number since 1970 may be; in a wrong unit it is of another
PACES = (0.02, 100.0)  # words a second, beyond which no unit of time can be right
FEW = 5
ANEW = "`heard map FILE --replace`, or --name for a mapping of its own."
_CLOCK = r"^\s*(?:(\d+):)?(\d{1,2}):(\d{1,2}(?:[.,]\d+)?)\s*$"


def with_times(frame: pl.DataFrame, mapping: ColumnMap) -> pl.DataFrame:
    """Times as ISO 8601 in UTC, offsets as seconds; what is none stays, with what is wrong said of its row."""
    for name in (name for name in TIMES if name in frame.columns):
        utc = by_value(pl.col(name), partial(_utc, mapping, mapping.units.get(name)), pl.String())
        wrong = utc.is_null() & (pl.col(name).str.strip_chars() != "")
        said = by_value(pl.col(name), partial(_no_time, name, mapping.units.get(name)), pl.String())
        frame = frame.with_columns(utc.alias(name), _problem=pl.coalesce("_problem", pl.when(wrong).then(said)))
    seconds = [_seconds(name, mapping.units.get(name, "s")).alias(name) for name in OFFSETS if name in frame.columns]
    frame = frame.with_columns(seconds)
    if "duration" in frame.columns and "start_s" in frame.columns and "end_s" not in frame.columns:
        frame = frame.with_columns(end_s=(real(pl.col("start_s")) + real(pl.col("duration"))).cast(pl.String))
    return frame


def _no_time(name: str, unit: str | None, cell: str) -> str:
    expected = f"a number in {unit} since 1970" if unit else "a day and a time, in the order that the mapping says"
    return f"{name} is {figure(cell)}; expected {expected}"


def _utc(mapping: ColumnMap, unit: str | None, cell: str) -> str | None:
    if unit is None:
        found = moment(cell, mapping.time_zone, mapping.date_order)
    else:
        try:
            found = from_epoch(float(cell.replace(",", ".")) * SECONDS[unit])
        except ValueError:
            return None
        found = found if found and found.year in OUR_DAY else None
    return f"{found.isoformat()}Z" if found else None


def check_pace(frame: pl.DataFrame, mapping: ColumnMap) -> None:
    """Raises ReadError where people would speak at an impossible pace: the file is in another unit than the mapping."""
    if "start_s" not in frame.columns or not {"end_s", "duration"} & set(frame.columns) or "text" not in frame.columns:
        return
    seconds = {name: _seconds(name, mapping.units.get(name, "s")).cast(pl.Float64, strict=False) for name in OFFSETS}
    length = seconds["duration"] if "duration" in frame.columns else seconds["end_s"] - seconds["start_s"]
    paces = frame.select(words=pl.col("text").str.count_matches(r"\S+"), length=length).filter(
        pl.col("words") >= 3, pl.col("length") > 0
    )
    pace = paces.select((pl.col("words") / pl.col("length")).median()).item()
    if paces.height >= FEW and pace is not None and not PACES[0] <= pace <= PACES[1]:
        unit = mapping.units.get("start_s", "s")
        reason = f"with times in {unit}, as its mapping says, people would say {pace:.3g} words a second"
        raise ReadError(WHOLE_FILE, f"{reason}; expected a pace of people", f"Map it anew: {ANEW}")


def clock(column: pl.Expr) -> pl.Expr:
    """Hours, minutes and seconds with colons between them, as seconds; null where the cell is none."""
    parts = column.str.extract_groups(_CLOCK)
    hours, minutes, seconds = (parts.struct[n].str.replace(",", ".").cast(pl.Float64, strict=False) for n in range(3))
    return hours.fill_null(0) * 3600 + minutes * 60 + seconds


def _seconds(name: str, unit: str) -> pl.Expr:
    """An offset in seconds: a number in its unit, or minutes and seconds with a colon."""
    number = (real(pl.col(name).str.replace(",", ".")) * SECONDS[unit]).round(6)
    return pl.coalesce(clock(pl.col(name)).cast(pl.String), number.cast(pl.String), name)
