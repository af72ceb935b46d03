"""Consistency: how much an agent's own conversations differ, beside what their case mix alone would give."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

RESHUFFLES = 200
FEWEST = 20
STRATA = ("topic", "channel")

SCHEMA = {"agent_id": pl.String, "metric": pl.String, "n": pl.Int64, "consistency": pl.Float64}

Numbers = NDArray[np.float64]
Places = NDArray[np.int64]


@dataclass(frozen=True)
class Indicator:
    """One indicator's conversations: who had them, in order of stratum, and its values by place in the whole."""

    metric: str
    is_known: NDArray[np.bool_]
    agent: Places
    value: Numbers
    agent_count: int

    def spread(self, in_order: Places) -> Numbers:
        """Each agent's standard deviation, the known conversations' values dealt out in an order of places."""
        dealt = self.value[in_order[self.is_known[in_order]]]
        n = np.bincount(self.agent, minlength=self.agent_count)
        enough = n > 1
        mean = np.divide(np.bincount(self.agent, dealt, self.agent_count), n, out=np.zeros(len(n)), where=enough)
        squares = np.bincount(self.agent, (dealt - mean[self.agent]) ** 2, self.agent_count)
        return np.sqrt(np.divide(squares, n - 1, out=np.full(len(n), np.nan), where=enough))


def consistency(wide: pl.DataFrame, metrics: Sequence[str], seed: int = 0) -> pl.DataFrame:
    """agent_id, metric, n, consistency: an agent's standard deviation of an indicator ÷ the mean of the same over 200
    reshuffles of conversations among agents within topic and channel.

    1 is what their cases alone would give, below it is steadier. Null under 20 conversations with the indicator, and
    where nobody's differ. The same seed gives the same numbers, whatever the order of the rows.
    """
    rows = wide.filter(pl.col("agent_id").is_not_null()).sort("conversation_id")
    if rows.is_empty() or not metrics:
        return pl.DataFrame(schema=SCHEMA)
    stratum = rows.select(pl.struct(STRATA).rank("dense")).to_series().to_numpy().astype(float)
    as_is = np.argsort(stratum, kind="stable")
    indicators = [_indicator(rows, metric, as_is) for metric in metrics]
    total = {one.metric: np.zeros(one.agent_count) for one in indicators}
    random = np.random.default_rng(seed)
    for _ in range(RESHUFFLES):
        # Sorting by stratum and a random part within it deals each stratum's conversations out anew.
        dealt = np.argsort(stratum + random.random(len(stratum)))
        for one in indicators:
            total[one.metric] += one.spread(dealt)
    names = rows["agent_id"].unique().sort()
    parts = [_told(one, names, one.spread(as_is), total[one.metric] / RESHUFFLES) for one in indicators]
    return pl.concat(parts).sort("metric", "agent_id")


def _indicator(rows: pl.DataFrame, metric: str, as_is: Places) -> Indicator:
    values = rows[metric].cast(pl.Float64)
    is_known = values.is_not_null().to_numpy()
    agents = rows["agent_id"].rank("dense").to_numpy().astype(np.int64) - 1
    in_order = as_is[is_known[as_is]]
    return Indicator(metric, is_known, agents[in_order], values.fill_null(0).to_numpy(), int(agents.max()) + 1)


def _told(one: Indicator, names: pl.Series, own: Numbers, expected: Numbers) -> pl.DataFrame:
    n = np.bincount(one.agent, minlength=one.agent_count)
    differs = one.agent.size > 0 and np.ptp(one.value[one.is_known]) > 0
    can_be_said = (n >= FEWEST) & differs
    values = [own[i] / expected[i] if can_be_said[i] and expected[i] > 0 else None for i in range(one.agent_count)]
    columns = {"agent_id": names, "metric": [one.metric] * len(names), "n": n, "consistency": values}
    return pl.DataFrame(columns, schema=SCHEMA).filter(pl.col("n") > 0)
