"""What a move in an outcome goes with: slopes found once, and parts that add up for any two periods."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb
import numpy as np
import polars as pl
import pytest

from dashboard import changes
from dashboard.filters import Chosen
from metrics.change import SLOPES, clear_behaviours, outcome_slopes

BEFORE, NOW = datetime(2026, 9, 1), datetime(2026, 9, 8)
CHOSEN = Chosen((NOW.date(), NOW.date() + timedelta(days=6)))
BEHAVIOURS = ["validation_count", "humour_count"]

Parts = Callable[..., dict[str, tuple[float, float, float]]]


def period(
    seed: int, hard_share: float, validation: float, count: int = 4000, drop: float = 0.0, at: datetime = BEFORE
) -> pl.DataFrame:
    """A rating that is 1 lower for hard topics and 0.5 higher with a validation."""
    rng = np.random.default_rng(seed)
    hard, validated = rng.random(count) < hard_share, rng.random(count) < validation
    return pl.DataFrame(
        {
            "conversation_id": [f"{seed}-{i:05d}" for i in range(count)],
            "started_at": [at + timedelta(seconds=i) for i in range(count)],
            "agent_id": [f"agent-{i % 8}" for i in range(count)],
            "topic": np.where(hard, "hard", "easy"),
            "channel": ["chat"] * count,
            "language": ["en"] * count,
            "agent_turn_count": [3] * count,
            "customer_turn_count": [3] * count,
            "early_distress_share": [0.0] * count,
            "validation_count": validated.astype(float),
            "humour_count": rng.poisson(1, count).astype(float),
            "csat": 4 - 1.0 * hard + 0.5 * validated - drop + rng.normal(0, 0.5, count),
        }
    )


@pytest.fixture
def parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Parts:
    """The parts of the move, by name: change and interval; slopes are found over both periods."""
    monkeypatch.setenv("HEARD_HOME", str(tmp_path))

    def told(
        before: pl.DataFrame, now: pl.DataFrame, behaviours: Sequence[str] = BEHAVIOURS, chosen: Chosen = CHOSEN
    ) -> dict[str, tuple[float, float, float]]:
        publish(tmp_path / "warehouse.duckdb", pl.concat([before, now], how="diagonal_relaxed"), behaviours)
        earlier = chosen.before
        assert earlier is not None
        found = changes.parts("csat", chosen, earlier)
        named = found.with_columns(pl.col("name").fill_null(pl.format("all of {}", "part")))
        return {
            name: (change, low, high) for name, change, low, high in named[:, ["name", "change", "low", "high"]].rows()
        }

    return told


def publish(path: Path, rows: pl.DataFrame, behaviours: Sequence[str]) -> None:
    """The tables that parts are read from, and nothing else."""
    slopes = outcome_slopes(rows, rows, {"csat": behaviours})
    assert dict(slopes.schema) == SLOPES
    with duckdb.connect(str(path.with_suffix(".new"))) as con:
        for name, frame in (("conversation_wide", rows), ("conversation_wide_before", rows), ("outcome_slope", slopes)):
            con.register("given", frame.to_arrow())
            con.execute(f"CREATE OR REPLACE TABLE {name} AS FROM given")
    path.with_suffix(".new").replace(path)


def now(seed: int, hard_share: float, validation: float, count: int = 4000, drop: float = 0.0) -> pl.DataFrame:
    return period(seed, hard_share, validation, count, drop, NOW)


def test_the_parts_add_up(parts: Parts):
    told = parts(period(1, 0.2, 0.5), now(2, 0.5, 0.3))
    whole = told.pop("all of all")[0]
    assert sum(change for name, (change, *_) in told.items() if not name.startswith("all of")) == pytest.approx(whole)
    assert sum(change for name, (change, *_) in told.items() if name.startswith("all of")) == pytest.approx(whole)


def test_case_mix_and_behaviour_are_told_apart(parts: Parts):
    """Hard topics from 20 to 50 % cost 0.3; validations from 50 to 30 % go with 0.1 less; nothing else changed."""
    told = parts(period(1, 0.2, 0.5), now(2, 0.5, 0.3))
    assert told["topic"][0] == pytest.approx(-0.3, abs=0.03)
    assert told["validation_count"][0] == pytest.approx(-0.1, abs=0.02)
    assert told["humour_count"][0] == pytest.approx(0, abs=0.01)
    assert told["the period itself"][0] == pytest.approx(0, abs=0.04)


def test_a_period_that_is_not_the_one_the_slopes_were_found_on(parts: Parts):
    """Slopes stand on all; the move is that of the days and the filter asked for."""
    earlier = period(3, 0.2, 0.5, at=BEFORE - timedelta(days=90))
    told = parts(
        pl.concat([earlier, period(1, 0.2, 0.5)]), now(2, 0.5, 0.3), chosen=Chosen(CHOSEN.days, {"topic": ["hard"]})
    )
    assert told["topic"][0] == pytest.approx(0)
    assert told["all of all"][0] == pytest.approx(-0.1, abs=0.04)


def test_what_none_explain_is_said_to_be_unexplained(parts: Parts):
    """Slopes are found over both periods, and a drop in one of them is no case mix and no behaviour."""
    change, _, high = parts(period(1, 0.2, 0.5), now(2, 0.2, 0.5, drop=0.4))["the period itself"]
    assert change == pytest.approx(-0.4, abs=0.04)
    assert high < 0


def test_who_handled_them_is_a_part(parts: Parts):
    before = period(1, 0.2, 0.5).with_columns(csat=pl.col("csat") - (pl.col("agent_id") == "agent-0"))
    after = now(2, 0.2, 0.5).with_columns(csat=pl.col("csat") - (pl.col("agent_id") == "agent-0"))
    after = after.filter((pl.col("agent_id") != "agent-0") | (pl.int_range(pl.len()) % 32 == 0))
    told = parts(before, after)
    assert told["agent_id"][0] == pytest.approx(told["all of all"][0], abs=0.04)
    assert told["agent_id"][0] > 0.05


def test_intervals_cover(parts: Parts):
    """Case mix truly costs 0.1 (hard topics from 20 to 30 %); in 40 worlds its interval covers that mostly."""
    covered = 0
    for seed in range(40):
        _, low, high = parts(period(seed, 0.2, 0.5, 500), now(seed + 1000, 0.3, 0.5, 500))["topic"]
        covered += low <= -0.1 <= high
    assert 35 <= covered <= 40


def test_a_missing_indicator_counts_as_the_mean(parts: Parts):
    after = now(2, 0.2, 0.5).with_columns(humour_count=pl.lit(None, dtype=pl.Float64))
    told = parts(period(1, 0.2, 0.5), after)
    assert told["humour_count"][0] == pytest.approx(0, abs=1e-9)


def test_too_few_say_nothing(parts: Parts):
    assert parts(period(1, 0.2, 0.5, 9), now(2, 0.2, 0.5)) == {}
    few = period(1, 0.2, 0.5, 9)
    assert outcome_slopes(few, few, {}).is_empty()


def test_only_what_holds_counts_as_behaviour_and_no_twin_of_it():
    rows = period(1, 0.2, 0.5).with_columns(twin_share=pl.col("validation_count") * 2)
    table = pl.DataFrame(
        {
            "outcome": ["csat"] * 3,
            "indicator": ["validation_count", "twin_share", "humour_count"],
            "p": [0.001, 0.002, 0.2],
            "q": [0.01, 0.02, 0.3],
        }
    )
    assert clear_behaviours(table, rows) == {"csat": ["validation_count"]}


def test_slopes_by_hand():
    """Two agents apart by 1, hard topics 2 lower, nothing by chance: beside the mean over all, half of each."""
    rows = period(1, 0.5, 0.5, 200).with_columns(
        topic=pl.when(pl.int_range(pl.len()) % 4 < 2).then(pl.lit("hard")).otherwise(pl.lit("easy")),
        agent_id=pl.when(pl.int_range(pl.len()) % 2 == 0).then(pl.lit("ana")).otherwise(pl.lit("ben")),
    )
    rows = rows.with_columns(csat=4.0 - 2 * (pl.col("topic") == "hard") + (pl.col("agent_id") == "ana"))
    told = {
        (name, value): slope
        for name, value, slope in outcome_slopes(rows, rows, {})[:, ["name", "value", "slope"]].rows()
    }
    assert told["topic", "hard"] == pytest.approx(-1)
    assert told["topic", "easy"] == pytest.approx(1)
    assert told["agent_id", "ana"] == pytest.approx(0.5)


def test_the_days_before_are_the_same_number_of_days():
    assert CHOSEN.before is not None
    assert CHOSEN.before.days == (date(2026, 9, 1), date(2026, 9, 7))
