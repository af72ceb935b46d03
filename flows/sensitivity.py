"""How the timing metrics of a home change with their threshold."""

from dataclasses import replace
from pathlib import Path

import polars as pl

from flows import lake
from flows.home import warehouse_of
from flows.settings import load
from flows.tables import Rules, read_rules
from flows.versions import standing
from metrics.catalogue import CATALOGUE, VOICE, Metric
from metrics.measure import measure
from transforms.around import with_context
from transforms.calendar import add_hours
from transforms.conversations import with_agent
from transforms.facts import conversation_facts
from transforms.markers import BACKCHANNELS, is_unfinished
from transforms.turns import build_turns

SECONDS = (0.3, 0.5, 1.0, 2.0, 3.0)


def sensitivity(home: Path) -> pl.DataFrame:
    """A row a timing metric of calls: its threshold, the one in force, and its value over the home at each other.

    Columns metric, threshold, in_force, n, at_0.3 … at_3. Raises HomeError where nothing was published.
    """
    warehouse_of(home)
    rules = read_rules(load(home))
    frames = standing(home, lake.batches(home))
    calls = frames["transcript"].filter(pl.col("channel") == "voice")
    segments = frames["segment"].join(calls.select("conversation_id"), on="conversation_id", how="semi")
    timed = [m for m in CATALOGUE.metrics.values() if m.thresholds and m.channels == VOICE and "text" not in m.needs]
    rows: dict[str, dict[str, object]] = {}
    for threshold in dict.fromkeys(m.thresholds[0] for m in timed):
        mine = [m for m in timed if m.thresholds[0] == threshold]
        for seconds in SECONDS:
            wide = _measured(segments, calls, replace(rules, limits=rules.limits.having(threshold, seconds)), timed)
            for m in mine:
                row = rows.setdefault(
                    m.name, {"metric": m.name, "threshold": threshold, "in_force": getattr(rules.limits, threshold)}
                )
                row |= {"n": wide[m.name].count(), f"at_{seconds:g}": _over_all(wide, m)}
    return pl.DataFrame(list(rows.values()))


def _measured(segments: pl.DataFrame, calls: pl.DataFrame, rules: Rules, timed: list[Metric]) -> pl.DataFrame:
    turns = build_turns(segments, calls, rules.limits, BACKCHANNELS, is_unfinished)
    turns = with_context(add_hours(turns, rules.calendar))
    rows = conversation_facts(turns, with_agent(calls, turns), rules.limits, rules.calendar)
    families = {m.family for m in timed}
    only = [m.name for m in CATALOGUE.metrics.values() if m.family in families]
    return measure(turns.lazy(), rows.lazy(), only).collect()


def _over_all(wide: pl.DataFrame, m: Metric) -> float | None:
    """The mean over conversations; of a ratio, the sum of its numerators over that of its denominators."""
    known = wide.filter(pl.col(m.name).is_not_null())
    value = pl.col(m.name).cast(pl.Float64).mean()
    if m.numerator and m.denominator:
        value = m.scale * pl.col(m.numerator).sum() / pl.col(m.denominator).sum()
    return known.select(value).item() if known.height else None
