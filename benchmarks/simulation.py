"""Do the statistics hold? Made-up worlds whose truth is known, and how often `associate` is right about them.

    python -m benchmarks.simulation            # some hours of one core; --quick for a tenth

Two promises: with outcomes that depend on nothing, at most 5 % of tables name any driver (q < 0.05); with planted
effects and a confounder, 95 % intervals cover the truth in 93 to 97 % of worlds. Beside them the rule of thumb "groups
that differ by 3 points", which keeps neither.
"""

import argparse
from collections.abc import Iterator

import numpy as np
import polars as pl

from benchmarks.world import SHAPES, indicators, world
from metrics.association import associate

# The sign with which the made-up drive enters each outcome whose planted effect is exact.
SIGNS = {
    "was_resolved": 1,
    "was_first_contact_resolved": 1,
    "was_reopened": -1,
    "was_escalated": -1,
    "resolution_seconds": -1,
    "csat": 1,
    "is_csat_positive": 1,
}
SHARES = ("was_resolved", "was_first_contact_resolved", "was_reopened", "was_escalated", "is_csat_positive")


def tables(count: int, indicator_count: int, **size: int) -> Iterator[tuple[pl.DataFrame, pl.DataFrame]]:
    """Worlds in which outcomes depend on nothing, each with its table of associations."""
    for seed in range(count):
        wide = world(np.random.default_rng(seed), indicator_count=indicator_count, depends=False, **size)
        yield wide, associate(wide, wide, indicators(indicator_count))


def names_any(table: pl.DataFrame) -> bool:
    """Whether the table names a driver."""
    return bool((table["q"].drop_nulls() < 0.05).any())


def rule_of_thumb_names_any(wide: pl.DataFrame, indicator_count: int) -> bool:
    """Whether some indicator splits the conversations into halves whose outcome differs by 3 points or more."""
    return any(
        _difference(wide, f"behaviour_{i}", outcome) >= 0.03 for i in range(indicator_count) for outcome in SHARES
    )


def planted(count: int, effect: float, **size: int) -> pl.DataFrame:
    """Per world and outcome: whether the planted effect lies in the adjusted and in the raw interval.

    The world's planted indicator has each shape in turn; `is_planted` is false for the others, whose effect is 0.
    """
    found = []
    for seed in range(count):
        name = f"behaviour_{seed % len(SHAPES)}"
        wide = world(np.random.default_rng(seed), indicator_count=len(SHAPES), effects={name: effect}, **size)
        is_planted = pl.col("indicator") == name
        sign = pl.col("outcome").replace_strict(SIGNS, default=None)
        truth = pl.when(is_planted).then(sign * effect / float(wide[name].std(ddof=0))).otherwise(0.0)
        found.append(
            associate(wide, wide, indicators(len(SHAPES)))
            .filter(~pl.col("is_too_small"), pl.col("outcome").is_in(list(SIGNS)))
            .select(
                "indicator",
                "outcome",
                is_planted=is_planted,
                is_covered=truth.is_between(pl.col("effect_low"), pl.col("effect_high")),
                is_raw_covered=truth.is_between(pl.col("raw_low"), pl.col("raw_high")),
                ratio=pl.when(is_planted).then(pl.col("effect") / truth),
            )
        )
    return pl.concat(found)


def _difference(wide: pl.DataFrame, indicator: str, outcome: str) -> float:
    rows = wide.select(indicator, outcome).drop_nulls()
    halves = rows.group_by(pl.col(indicator) > pl.col(indicator).median()).agg(pl.col(outcome).mean())[outcome]
    return abs(float(halves[0]) - float(halves[1])) if len(halves) == 2 else 0.0


def main() -> None:
    """Prints the figures."""
    parser = argparse.ArgumentParser(description="How often the statistics are right about made-up worlds.")
    parser.add_argument("--quick", action="store_true", help="a tenth of the worlds")
    part = 10 if parser.parse_args().quick else 1
    for size, count in (({"conversations": 600, "agents": 12}, 400), ({"conversations": 5000, "agents": 60}, 200)):
        made = list(tables(count // part, 90, **size))
        named = np.mean([names_any(table) for _, table in made])
        thumb = np.mean([rule_of_thumb_names_any(wide, 90) for wide, _ in made])
        print(
            f"{size}: of {len(made)} tables where nothing matters, {named:.1%} name a driver; by 3 points {thumb:.1%}"
        )
    for size in ({"conversations": 600, "agents": 12}, {"conversations": 5000, "agents": 60}):
        for effect in (0.2, 0.5):
            rows = planted(1200 // part, effect, **size)
            print(f"{size}, effect {effect}:")
            for figures in _figures(rows).iter_rows():
                print("  planted {}: covered {:.1%}, raw {:.1%}, estimate / truth {}, intervals {}".format(*figures))


def _figures(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.group_by("is_planted").agg(
        pl.col("is_covered").mean(),
        pl.col("is_raw_covered").mean(),
        pl.col("ratio").mean().round(3),
        pl.len(),
    )


if __name__ == "__main__":
    main()
