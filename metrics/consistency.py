"""Consistency: how much an agent's own conversations differ, beside what their case mix alone would give."""

from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

RESHUFFLES = 200
FEWEST = 20
STRATA = ("topic", "channel")

SCHEMA = {"agent_id": pl.String, "metric": pl.String, "n": pl.Int64, "consistency": pl.Float64}


def consistency(wide: pl.DataFrame, metrics: Sequence[str], seed: int = 0) -> pl.DataFrame:
    """agent_id, metric, n, consistency: an agent's standard deviation of an indicator ÷ the mean of the same over 200
    reshuffles of conversations among agents within topic and channel.

    1 is what their cases alone would give, below it is steadier. Null under 20 conversations with the indicator, and
    where nobody's differ. The same seed gives the same numbers, whatever the order of the rows.
    """
    frames = [_of_one(wide, metric, seed) for metric in metrics]
    return pl.concat([pl.DataFrame(schema=SCHEMA), *frames]).sort("metric", "agent_id")


def _of_one(wide: pl.DataFrame, metric: str, seed: int) -> pl.DataFrame:
    known = wide.filter(pl.col(metric).is_not_null(), pl.col("agent_id").is_not_null()).sort("conversation_id")
    if known.is_empty():
        return pl.DataFrame(schema=SCHEMA)
    rows = known.select(
        "agent_id",
        agent=pl.col("agent_id").rank("dense") - 1,
        stratum=pl.struct(STRATA).rank("dense"),
        value=pl.col(metric).cast(pl.Float64),
    )
    agents, counts = np.unique(rows["agent"].to_numpy(), return_counts=True)
    ratios = _ratios(rows, len(agents), seed)
    names = rows.select("agent", "agent_id").unique().sort("agent")["agent_id"]
    enough = (counts >= FEWEST) & np.isfinite(ratios)
    values = [float(ratio) if is_enough else None for ratio, is_enough in zip(ratios, enough, strict=True)]
    columns = {"agent_id": names, "metric": [metric] * len(names), "n": counts, "consistency": values}
    return pl.DataFrame(columns, schema=SCHEMA)


def _ratios(rows: pl.DataFrame, agent_count: int, seed: int) -> NDArray[np.float64]:
    agent, stratum = rows["agent"].to_numpy(), rows["stratum"].to_numpy().astype(float)
    value = rows["value"].to_numpy()
    own = _spread(agent, value, agent_count)
    random = np.random.default_rng(seed)
    in_order = np.argsort(stratum, kind="stable")
    if np.ptp(value) == 0:
        return np.full(agent_count, np.nan)
    total = np.zeros(agent_count)
    shuffled = np.empty_like(value)
    for _ in range(RESHUFFLES):
        # Sorting by stratum and a random part within it deals each stratum's values out anew.
        shuffled[in_order] = value[np.argsort(stratum + random.random(len(stratum)))]
        total += _spread(agent, shuffled, agent_count)
    expected = total / RESHUFFLES
    return np.divide(own, expected, out=np.full(agent_count, np.nan), where=expected > 0)


def _spread(agent: NDArray[np.int64], value: NDArray[np.float64], agent_count: int) -> NDArray[np.float64]:
    """The standard deviation of each agent's values; not a number under two."""
    n = np.bincount(agent, minlength=agent_count)
    mean = np.bincount(agent, value, agent_count) / n
    squares = np.bincount(agent, (value - mean[agent]) ** 2, agent_count)
    return np.sqrt(np.divide(squares, n - 1, out=np.full(agent_count, np.nan), where=n > 1))
