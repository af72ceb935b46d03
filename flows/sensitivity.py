"""How the timing metrics of a home change with their threshold."""

from dataclasses import replace
from pathlib import Path

import polars as pl

from flows import lake
from flows.home import warehouse_of
from flows.settings import load
from flows.versions import standing
from metrics import families
from metrics.catalogue import CATALOGUE, VOICE, Metric
from metrics.measure import measure
from transforms import thresholds
from transforms.around import with_context
from transforms.calendar import Calendar, add_hours
from transforms.conversations import with_agent
from transforms.facts import conversation_facts
from transforms.markers import BACKCHANNELS, is_unfinished
from transforms.thresholds import Thresholds
from transforms.turns import build_turns

SECONDS = (0.3, 0.5, 1.0, 2.0, 3.0)

assert families.FAMILIES


def sensitivity(home: Path) -> pl.DataFrame:
    """A row a timing metric of calls: its threshold, the one in force, and its value over the home at each other.

    Columns metric, threshold, in_force, n, at_0.3 … at_3. Raises HomeError where nothing was published.
    """
    warehouse_of(home)
    settings = load(home)
    limits, calendar = thresholds.from_settings(settings["thresholds"]), Calendar.from_settings(settings["calendar"])
    frames = standing(home, lake.batches(home))
    calls = frames["transcript"].filter(pl.col("channel") == "voice")
    segments = frames["segment"].join(calls.select("conversation_id"), on="conversation_id", how="semi")
    timed = [m for m in CATALOGUE.metrics.values() if m.thresholds and m.channels == VOICE and "text" not in m.needs]
    rows: dict[str, dict[str, object]] = {}
    for threshold in dict.fromkeys(m.thresholds[0] for m in timed):
        mine = [m for m in timed if m.thresholds[0] == threshold]
        for seconds in SECONDS:
            wide = _measured(segments, calls, replace(limits, **{threshold: seconds}), calendar, timed)
            for m in mine:
                row = rows.setdefault(
                    m.name, {"metric": m.name, "threshold": threshold, "in_force": getattr(limits, threshold)}
                )
                row |= {"n": wide[m.name].count(), f"at_{seconds:g}": _over_all(wide, m)}
    return pl.DataFrame(list(rows.values()))


def _measured(
    segments: pl.DataFrame, calls: pl.DataFrame, limits: Thresholds, calendar: Calendar, timed: list[Metric]
) -> pl.DataFrame:
    turns = with_context(add_hours(build_turns(segments, calls, limits, BACKCHANNELS, is_unfinished), calendar))
    rows = conversation_facts(turns, with_agent(calls, turns), limits, calendar)
    family = {m.family for m in timed}
    only = [m.name for m in CATALOGUE.metrics.values() if m.family in family]
    return measure(turns.lazy(), rows.lazy(), only).collect()


def _over_all(wide: pl.DataFrame, m: Metric) -> float | None:
    """The mean over conversations; of a ratio, the sum of its numerators over that of its denominators."""
    known = wide.filter(pl.col(m.name).is_not_null())
    if not m.numerator or not m.denominator:
        return known[m.name].cast(pl.Float64).mean()  # type: ignore[return-value]
    below = known[m.denominator].sum()
    return m.scale * known[m.numerator].sum() / below if below else None
