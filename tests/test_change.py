"""What changed: which metrics moved more than chance, and a decomposition that adds up."""

import numpy as np
import polars as pl
import pytest

from metrics.change import MOVED, PARTS, decompose, what_moved


def period(seed: int, hard_share: float, validation: float, count: int = 4000, drop: float = 0.0) -> pl.DataFrame:
    """A rating that is 1 lower for hard topics and 0.5 higher with a validation."""
    rng = np.random.default_rng(seed)
    hard, validated = rng.random(count) < hard_share, rng.random(count) < validation
    return pl.DataFrame(
        {
            "conversation_id": [f"{seed}-{i:05d}" for i in range(count)],
            "agent_id": [f"agent-{i % 8}" for i in range(count)],
            "topic": np.where(hard, "hard", "easy"),
            "validation_count": validated.astype(float),
            "humour_count": rng.poisson(1, count).astype(float),
            "csat": 4 - 1.0 * hard + 0.5 * validated - drop + rng.normal(0, 0.5, count),
        }
    )


def parts(table: pl.DataFrame) -> dict[str, float]:
    return dict(table.select("name", "change").iter_rows())


BEHAVIOURS = ["validation_count", "humour_count"]


def test_the_parts_add_up():
    table = decompose(period(1, 0.2, 0.5), period(2, 0.5, 0.3), "csat", BEHAVIOURS)
    told = parts(table)
    assert sum(change for name, change in told.items() if name != "all") == pytest.approx(told["all"], abs=1e-12)


def test_case_mix_and_behaviour_are_told_apart():
    """Hard topics from 20 to 50 % cost 0.3; validations from 50 to 30 % go with 0.1 less; nothing else changed."""
    table = decompose(period(1, 0.2, 0.5), period(2, 0.5, 0.3), "csat", BEHAVIOURS)
    told = parts(table)
    assert told["topic"] == pytest.approx(-0.3, abs=0.03)
    assert told["validation_count"] == pytest.approx(-0.1, abs=0.02)
    assert told["humour_count"] == pytest.approx(0, abs=0.01)
    assert told["the period itself"] == pytest.approx(0, abs=0.04)


def test_what_none_explain_is_said_to_be_unexplained():
    table = decompose(period(1, 0.2, 0.5), period(2, 0.2, 0.5, drop=0.4), "csat", BEHAVIOURS)
    row = table.row(by_predicate=pl.col("part") == "unexplained", named=True)
    assert row["change"] == pytest.approx(-0.4, abs=0.04)
    assert row["change_high"] < 0


def test_who_handled_them_is_a_part():
    before = period(1, 0.2, 0.5).with_columns(csat=pl.col("csat") - (pl.col("agent_id") == "agent-0"))
    now = period(2, 0.2, 0.5).with_columns(csat=pl.col("csat") - (pl.col("agent_id") == "agent-0"))
    now = now.filter((pl.col("agent_id") != "agent-0") | (pl.int_range(pl.len()) % 32 == 0))
    told = parts(decompose(before, now, "csat", BEHAVIOURS))
    assert told["who handled them"] == pytest.approx(told["all"], abs=0.04)
    assert told["who handled them"] > 0.05


def test_intervals_cover():
    """Case mix truly costs 0.1 (hard topics from 20 to 30 %); in 60 worlds its interval covers that mostly."""
    covered = 0
    for seed in range(60):
        table = decompose(period(seed, 0.2, 0.5, 500), period(seed + 1000, 0.3, 0.5, 500), "csat", BEHAVIOURS)
        row = table.row(by_predicate=pl.col("name") == "topic", named=True)
        covered += row["change_low"] <= -0.1 <= row["change_high"]
    assert 53 <= covered <= 60


def test_columns_that_say_the_same_do_no_harm():
    both = [period(seed, 0.3, 0.5).with_columns(twin_count=pl.col("validation_count")) for seed in (1, 2)]
    told = parts(decompose(*both, "csat", [*BEHAVIOURS, "twin_count"]))
    assert abs(told["validation_count"] + told["twin_count"]) < 0.05


def test_a_missing_indicator_counts_as_the_mean():
    now = period(2, 0.2, 0.5).with_columns(humour_count=pl.lit(None, dtype=pl.Float64))
    told = parts(decompose(period(1, 0.2, 0.5), now, "csat", BEHAVIOURS))
    assert told["humour_count"] == pytest.approx(0, abs=1e-9)


def test_what_moved_by_hand():
    """10 threes against 10 fives, each ± 1: the error of 2 is sqrt(2 x (10/9) / 10) = 0.4714; t(18) = 2.101."""
    before, now = (pl.DataFrame({"csat": [float(m - 1), float(m + 1)] * 5, "nps": [7.0] * 10}) for m in (3, 5))
    moved, steady = what_moved(before, now, ["csat", "nps"]).rows(named=True)
    assert (moved["mean_before"], moved["mean_now"], moved["change"]) == (3, 5, 2)
    assert moved["change_low"] == pytest.approx(2 - 2.1009 * 0.4714, abs=1e-3)
    assert moved["has_moved"]
    assert (steady["change"], steady["p"], steady["has_moved"]) == (None, None, False)


def test_too_few_say_nothing():
    few = period(1, 0.2, 0.5, 5)
    assert decompose(few, period(2, 0.2, 0.5), "csat", BEHAVIOURS).is_empty()
    row = what_moved(few, period(2, 0.2, 0.5), ["csat"]).row(0, named=True)
    assert (row["n_before"], row["p"], row["has_moved"]) == (5, None, False)
    assert dict(decompose(few, few, "csat", BEHAVIOURS).schema) == PARTS
    assert dict(what_moved(few, few, []).schema) == MOVED


def test_chance_moves_hardly_any():
    rng = np.random.default_rng(1)
    before, now = (pl.DataFrame({f"m{i}": rng.normal(size=200) for i in range(60)}) for _ in range(2))
    assert what_moved(before, now, before.columns)["has_moved"].sum() <= 1
