"""How the timing metrics of calls change with their threshold."""

from dataclasses import replace

import polars as pl

from flows.tables import Frames, Rules
from metrics.catalogue import CATALOGUE, VOICE, Metric
from metrics.measure import measure
from metrics.overall import ratio_of_sums
from transforms import schema
from transforms.around import with_context
from transforms.calendar import add_hours
from transforms.conversations import with_agent
from transforms.facts import conversation_facts
from transforms.markers import BACKCHANNELS, is_unfinished
from transforms.thresholds import Thresholds
from transforms.turns import build_turns

SECONDS = (0.3, 0.5, 1.0, 2.0, 3.0)
CALLS = 2000  # over so many calls at most; more of them would narrow the intervals, and slow every run


def sensitivity(lake: Frames, rules: Rules, overlapping: pl.Series) -> pl.DataFrame:
    """A row a timing metric and number of seconds: its value over these calls at that threshold (schema.SENSITIVITY).

    `lake` holds the transcripts and segments that stand, `overlapping` names the sources known to show overlap.
    """
    calls = lake["transcript"].filter(pl.col("channel") == "voice")
    segments = lake["segment"].join(calls.select("conversation_id"), on="conversation_id", how="semi")
    rows: list[dict[str, object]] = []
    for threshold in dict.fromkeys(m.thresholds[0] for m in _timed()) if calls.height else ():
        mine = [m for m in _timed() if m.thresholds[0] == threshold]
        for seconds in SECONDS:
            limits = rules.limits.having(threshold, seconds)
            wide = _measured(segments, calls, replace(rules, limits=limits), overlapping)
            rows += [_row(m, threshold, seconds, rules.limits, wide) for m in mine]
    found = pl.DataFrame(rows, infer_schema_length=None) if rows else pl.DataFrame()
    return schema.SENSITIVITY.shape(found).sort("metric", "seconds")


def _timed() -> list[Metric]:
    """The metrics of calls that rest on times alone and have a threshold."""
    return [m for m in CATALOGUE.metrics.values() if m.thresholds and m.channels == VOICE and "text" not in m.needs]


def _measured(segments: pl.DataFrame, calls: pl.DataFrame, rules: Rules, overlapping: pl.Series) -> pl.DataFrame:
    turns = build_turns(segments, calls, rules.limits, BACKCHANNELS, is_unfinished)
    turns = with_context(add_hours(turns, rules.calendar))
    rows = conversation_facts(turns, with_agent(calls, turns), rules.limits, rules.calendar, overlapping)
    families = {m.family for m in _timed()}
    only = [m.name for m in CATALOGUE.metrics.values() if m.family in families]
    return measure(turns.lazy(), rows.lazy(), only).collect()


def _row(m: Metric, threshold: str, seconds: float, limits: Thresholds, wide: pl.DataFrame) -> dict[str, object]:
    value, low, high = over_all(wide, m)
    return {
        "metric": m.name,
        "seconds": seconds,
        "threshold": threshold,
        "in_force": getattr(limits, threshold),
        "n": wide[m.name].count(),
        "value": value,
        "low": low,
        "high": high,
    }


def over_all(wide: pl.DataFrame, m: Metric) -> tuple[float | None, float | None, float | None]:
    """The mean over conversations, of a ratio the sum of numerators over that of denominators; its 95 % interval.

    The interval is that of the linearised ratio (a mean is one over ones), without what is below 0.
    """
    known = wide.filter(pl.col(m.name).is_not_null())
    ones = pl.repeat(1, known.height, eager=True)
    found = ratio_of_sums(known[m.numerator or m.name], known[m.denominator] if m.denominator else ones, m.scale)
    low, high = found.interval
    return found.value, None if low is None else max(low, 0.0), high
