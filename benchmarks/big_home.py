"""Writes the export of a large company: conversations by month as common input, with outcomes beside them.

What is said is drawn from the sample's own utterances, by speaker and language, in ever new combinations and with other
numbers; calls have times to the second, some of them with both speaking; customers come back.
"""

from datetime import datetime
from functools import cache
from pathlib import Path

import numpy as np
import polars as pl

from flows.demo import SAMPLE
from transforms.readers import discover, read

FIRST = datetime(2025, 1, 1)
DAYS = 365
CHANNELS = (("chat", 10, 40), ("voice", 14, 12), ("email", 6, 20_000))  # turns on average, seconds between them
SHARES = (0.5, 0.3, 0.2)
TOPICS = ("delivery", "refund", "account", "bill", "repair", "contract", "order", "complaint")
AGENTS, TEAMS = 200, 12


@cache
def utterances() -> dict[tuple[str, str], np.ndarray]:
    """What agents and customers say in the sample, by speaker and language."""
    found, _ = discover([str(SAMPLE)], None)
    parts = []
    for source in found:
        said = read(source, {})
        parts.append(said.segment.join(said.transcript.select("conversation_id", "language"), on="conversation_id"))
    told = pl.concat(parts).filter(pl.col("speaker").is_in(["agent", "customer"]), pl.col("text").str.len_chars() > 3)
    language = pl.when(pl.col("language").str.starts_with("fr")).then(pl.lit("fr")).otherwise(pl.lit("en"))
    groups = told.group_by("speaker", language=language).agg(pl.col("text").unique(maintain_order=True))
    return {(row["speaker"], row["language"]): np.array(row["text"], dtype=object) for row in groups.to_dicts()}


def conversations(count: int, first: int = 0, seed: int = 0) -> pl.DataFrame:
    """The turns of `count` conversations, numbered from `first`, as common input."""
    rng = np.random.default_rng([seed, first])
    channel = rng.choice(3, count, p=SHARES)
    turns = np.maximum(rng.poisson(np.array([turns for _, turns, _ in CHANNELS])[channel]), 2)
    began = np.sort(rng.integers(0, DAYS * 86_400, count))
    agent = rng.integers(0, AGENTS, count)
    heads = pl.DataFrame(
        {
            "conversation_id": [f"c{number:09d}" for number in range(first, first + count)],
            "channel": pl.Series([CHANNELS[place][0] for place in channel]),
            "source": "big",
            "language": np.where(rng.random(count) < 0.3, "fr", "en"),
            "agent_id": [f"agent {number:03d}" for number in agent],
            "team": [f"team {number % TEAMS}" for number in agent],
            "topic": rng.choice(TOPICS, count),
            "customer_id": [f"customer {number}" for number in rng.integers(0, max(count // 3, 1), count) + first],
            "began": began,
            "step": np.array([step for _, _, step in CHANNELS])[channel] * rng.uniform(0.3, 2, count),
            "turn_index": [list(range(length)) for length in turns],
        }
    )
    return _spoken(heads.explode("turn_index"), rng)


def outcomes(turns: pl.DataFrame, share: float = 0.5, seed: int = 0) -> pl.DataFrame:
    """Outcomes of some of the conversations."""
    rng = np.random.default_rng([seed, 1])
    ended = turns.group_by("conversation_id", maintain_order=True).agg(pl.col("sent_at").max().fill_null(FIRST))
    some = ended.filter(pl.Series(rng.random(ended.height) < share))
    return some.select(
        "conversation_id",
        resolved=pl.Series(rng.random(some.height) < 0.8),
        resolved_at=pl.col("sent_at").dt.to_string("%Y-%m-%dT%H:%M:%SZ"),
        csat=pl.Series(rng.integers(1, 6, some.height)),
    )


def _spoken(rows: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """Each turn with who speaks, what, and when."""
    by_agent = rows["turn_index"].to_numpy() % 2 == 1
    texts = np.empty(rows.height, dtype=object)
    language = rows["language"].to_numpy()
    for (speaker, code), pool in utterances().items():
        mine = (by_agent == (speaker == "agent")) & (language == code)
        once, again = (pool[rng.integers(0, len(pool), mine.sum())] for _ in range(2))
        texts[mine] = np.where(rng.random(mine.sum()) < 0.4, once + " " + again, once)
    number = np.where(rng.random(rows.height) < 0.3, rng.integers(1_000, 99_999, rows.height).astype(str), "")
    is_voice = pl.col("channel") == "voice"
    began = pl.lit(FIRST) + pl.duration(seconds="began")
    start = pl.col("turn_index") * pl.col("step")
    length = pl.col("step") * pl.Series(rng.uniform(0.5, 1.1, rows.height))  # over 1: both speak
    return rows.select(
        pl.exclude("began", "step"),
        text=pl.Series(texts, dtype=pl.String) + " " + pl.Series(number),
        speaker=pl.Series(np.where(by_agent, "agent", "customer")),
        started_at=began,
        start_s=pl.when(is_voice).then(start),
        end_s=pl.when(is_voice).then(start + length),
        sent_at=pl.when(~is_voice).then(began + pl.duration(milliseconds=start * 1000)),
    )


def write(folder: Path, count: int, in_a_file: int = 20_000) -> list[Path]:
    """The files of an export: turns by part of the conversations, and all outcomes."""
    folder.mkdir(parents=True, exist_ok=True)
    parts = []
    for first in range(0, count, in_a_file):
        turns = conversations(min(in_a_file, count - first), first)
        parts.append(outcomes(turns))
        turns.write_parquet(folder / f"turns-{first:09d}.parquet")
    pl.concat(parts).write_parquet(folder / "outcomes.parquet")
    return sorted(folder.iterdir())
