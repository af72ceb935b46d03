"""How behaviour goes with results: every indicator with every outcome, within agents, adjusted for case mix.

Too small to tell (then neither p nor q): fewer than 30 conversations with both, fewer than 20 that differ from the
usual in the indicator or in the outcome, fewer than 5 agents in whom both differ, or no estimate. Conversations
without a known agent count in the raw effect alone; so do, for yes/no and ratings, those of agents whose outcomes are
all at one end, from which nothing can be learnt within the agent.

Intervals are the pair's own: errors clustered by agent, the t distribution on agents less one. p is stricter and
surer: it takes account of the errors of all pairs (`metrics.moderation`). A driver is named by q, never by an interval.
"""

import os
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import polars as pl

from metrics.case_mix import case_mix
from metrics.catalogue import CATALOGUE, Metric
from metrics.effects import Start
from metrics.moderation import moderated_p
from metrics.pairs import Estimate, Pair, adjusted, case_mix_alone, raw, why_too_small, within_agents
from metrics.results import RESULTS, SURVEYED, Result
from metrics.sentences import associated, grasped_step, too_small

SCHEMA = {
    "indicator": pl.String(),
    "outcome": pl.String(),
    "n": pl.Int64(),
    "agent_count": pl.Int64(),
    "raw_effect": pl.Float64(),
    "raw_low": pl.Float64(),
    "raw_high": pl.Float64(),
    "effect": pl.Float64(),
    "effect_low": pl.Float64(),
    "effect_high": pl.Float64(),
    "effect_unit": pl.String(),
    "p": pl.Float64(),
    "q": pl.Float64(),
    "adjusted_for": pl.String(),
    "is_too_small": pl.Boolean(),
    "standard_unit": pl.Float64(),
    "sentence": pl.String(),
}

Told = tuple[dict[str, object], Estimate | None]  # a row of the table, and the estimate it tells of


def associate(
    wide: pl.DataFrame,
    before: pl.DataFrame,
    metrics: Iterable[Metric] | None = None,
    weights: str | None = None,
) -> pl.DataFrame:
    """One row an indicator and an outcome: how they go together, raw and within agents adjusted for case mix.

    `wide` gives outcomes and case mix, `before` the indicators up to the outcome, both a row a conversation. `weights`
    names a column of `wide` with weights for the answered ratings (see `metrics.response`); none by default.
    """
    indicators = tested_indicators(before, metrics)
    rows = _joined(wide, before, indicators)
    found = [
        pair
        for result in RESULTS
        if result.name in wide.columns
        for pair in _outcome_pairs(rows, result, [m for m in indicators if not is_tied(m, result)], weights)
    ]
    table = pl.DataFrame([row for row, _ in found], schema=SCHEMA)
    return _with_p_and_q(table, [estimate for _, estimate in found]).sort("indicator", "outcome")


def tested_indicators(before: pl.DataFrame, metrics: Iterable[Metric] | None = None) -> list[Metric]:
    """The metrics of behaviour (of the whole catalogue by default) that `before` holds as numbers or yes/no."""
    metrics = CATALOGUE.metrics.values() if metrics is None else metrics
    return [m for m in metrics if m.kind == "indicator" and _is_number(before, m.name)]


def is_tied(metric: Metric, result: Result) -> bool:
    """Whether the two go together by construction: named as tied, or the one a part of the other."""
    return result.name in (*metric.tied_to, metric.name, metric.numerator, metric.denominator)


def _is_number(frame: pl.DataFrame, name: str) -> bool:
    return name in frame.columns and (frame.schema[name].is_numeric() or frame.schema[name] == pl.Boolean)


def _joined(wide: pl.DataFrame, before: pl.DataFrame, indicators: list[Metric]) -> pl.DataFrame:
    """Conversations by agent, the unknown first; indicators as `behaviour:<name>`. Never in the order of arrival."""
    values = before.select("conversation_id", *(pl.col(m.name).alias(f"behaviour:{m.name}") for m in indicators))
    return wide.join(values, on="conversation_id", how="left").sort("agent_id", "conversation_id", nulls_last=False)


def _outcome_pairs(rows: pl.DataFrame, result: Result, indicators: list[Metric], weights: str | None) -> list[Told]:
    rows = rows.filter(pl.col(result.name).is_not_null())
    mix = case_mix(rows)
    agents = rows["agent_id"].cast(pl.String).rle_id().to_numpy().astype(np.int64)
    agents[rows["agent_id"].is_null().to_numpy()] = -1
    weight = rows[weights].cast(pl.Float64).to_numpy() if weights and result.name in SURVEYED else None
    bare = Pair(result, np.zeros(rows.height), result.values(rows[result.name]), agents, mix.matrix, weight)
    start = case_mix_alone(within_agents(bare))

    def row(metric: Metric) -> Told:
        behaviour = rows[f"behaviour:{metric.name}"].cast(pl.Float64).fill_null(float("nan")).to_numpy()
        pair = replace(bare, behaviour=behaviour).only(np.isfinite(behaviour))
        return _row(metric, pair, start, mix.facts)

    with ThreadPoolExecutor(_workers(rows.height)) as workers:
        return list(workers.map(row, indicators))


def _workers(rows: int) -> int:
    """Threads help where NumPy works on many rows at a time, and hinder below."""
    return min(os.cpu_count() or 1, 8) if rows > 20_000 else 1


def _row(metric: Metric, pair: Pair, start: Start | None, facts: tuple[str, ...]) -> Told:
    """What `association` says of one pair; `facts` names what each column of its case mix stands for."""
    n = len(pair.outcome)
    inner = within_agents(pair)
    why = why_too_small(inner)
    unadjusted = raw(pair) if n else None
    estimate = None if why else adjusted(inner, start)
    adjusted_for = _adjusted_for(estimate, facts) if estimate else []
    why = why or (None if estimate else "no estimate within agents")
    row: dict[str, object] = {
        "indicator": metric.name,
        "outcome": pair.result.name,
        "n": n,
        "agent_count": len(np.unique(pair.agents[pair.agents >= 0])),
        **_told("raw_effect", "raw_low", "raw_high", unadjusted),
        **_told("effect", "effect_low", "effect_high", estimate),
        "effect_unit": pair.result.effect_unit,
        "p": None,
        "q": None,
        "adjusted_for": ",".join(adjusted_for) or None,
        "is_too_small": why is not None,
        "standard_unit": pair.spread if n else None,
        "sentence": _sentence(metric, pair, estimate, adjusted_for) if estimate else too_small(why or "", n),
    }
    return row, estimate


def _adjusted_for(estimate: Estimate, facts: tuple[str, ...]) -> list[str]:
    """The agent, and what differs among these conversations."""
    there = (fact for fact, is_there in zip(facts, estimate.varying, strict=True) if is_there)
    return ["agent_id", *dict.fromkeys(there)]


def _told(effect: str, low: str, high: str, estimate: Estimate | None) -> dict[str, float | None]:
    if estimate is None:
        return {effect: None, low: None, high: None}
    return {effect: estimate.effect, low: estimate.low, high: estimate.high}


def _sentence(metric: Metric, pair: Pair, estimate: Estimate, facts: list[str]) -> str:
    step, words = grasped_step(metric, pair.spread)
    return associated(words, pair.result, estimate.change(pair.result, step), len(pair.outcome), facts)


def _with_p_and_q(table: pl.DataFrame, estimates: list[Estimate | None]) -> pl.DataFrame:
    """With each tested pair's p, and Benjamini and Hochberg's q over all of them."""
    tested = [(e.effect, e.error, e.plain_error, e.agents, e.rows) for e in estimates if e]
    if not tested:
        return table
    p = np.full(table.height, np.nan)
    p[[estimate is not None for estimate in estimates]] = moderated_p(*np.array(tested, dtype=np.float64).T)
    return judged_together(table.with_columns(pl.Series("p", p).fill_nan(None)))


def judged_together(table: pl.DataFrame, others: pl.DataFrame | None = None) -> pl.DataFrame:
    """The table with its q: Benjamini and Hochberg's over its tested pairs, and over those of `others` with them."""
    from scipy.stats import false_discovery_control

    beside = [] if others is None else others["p"].drop_nulls().to_list()
    p = table["p"].fill_null(float("nan")).to_numpy()
    there, q = np.isfinite(p), np.full(table.height, np.nan)
    if there.any():
        q[there] = false_discovery_control([*p[there], *beside])[: there.sum()]
    return table.with_columns(pl.Series("q", q).fill_nan(None))
