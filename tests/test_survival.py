"""Kaplan–Meier curves by hand: who ended unescalated counts as long as they were there."""

import numpy as np
import polars as pl
import pytest

from metrics.survival import POINTS, escalation_curves


def escalations(delays: list[float], censored: list[bool], **columns: list[str]) -> pl.DataFrame:
    return pl.DataFrame({"delay_seconds": delays, "is_censored": censored}).with_columns(
        pl.lit("aggression").alias("trigger"), pl.lit("late").alias("class"), **columns
    )


def test_a_curve_by_hand():
    """Of 4: one escalated at 10 s (3/4 left), one ended at 20 s, one escalated at 30 s of 2 (3/4 x 1/2 left)."""
    rows = escalations([10, 20, 30, 40], [False, True, False, True])
    curve = escalation_curves(rows)
    assert curve["seconds"].to_list() == [0, 10, 20, 30, 40]
    assert curve["escalated_share"].to_list() == pytest.approx([0, 0.25, 0.25, 0.625, 0.625])
    assert curve["at_risk_count"].to_list() == [4, 4, 3, 2, 1]
    assert curve["escalated_count"].to_list() == [0, 1, 1, 2, 2]


def test_intervals_agree_with_statsmodels():
    from statsmodels.duration.survfunc import SurvfuncRight

    rng = np.random.default_rng(1)
    delays, censored = rng.exponential(100, 80).round(1), rng.random(80) < 0.4
    curve = escalation_curves(escalations(delays.tolist(), censored.tolist()))
    theirs = SurvfuncRight(delays, ~censored)
    shares = curve.filter(pl.col("seconds").is_in(theirs.surv_times))["escalated_share"].to_numpy()
    assert shares == pytest.approx(1 - theirs.surv_prob)
    inner = curve.drop_nulls()
    assert (inner["escalated_low"] <= inner["escalated_share"]).all()
    assert (inner["escalated_high"] >= inner["escalated_share"]).all()


def test_dropping_the_censored_would_say_too_much():
    rng = np.random.default_rng(2)
    true, ended = rng.exponential(100, 4000), rng.exponential(60, 4000)
    rows = escalations(np.minimum(true, ended).tolist(), (ended < true).tolist())
    by_100 = escalation_curves(rows).filter(pl.col("seconds") <= 100)["escalated_share"][-1]
    dropped = escalation_curves(rows.filter(~pl.col("is_censored"))).filter(pl.col("seconds") <= 100)
    assert by_100 == pytest.approx(1 - np.exp(-1), abs=0.05)
    assert dropped["escalated_share"][-1] > 0.85


def test_a_curve_for_each_group_and_few_points():
    rng = np.random.default_rng(3)
    rows = escalations(rng.exponential(100, 3000).tolist(), [False] * 3000).with_columns(
        team=pl.when(pl.int_range(pl.len()) % 3 == 0).then(pl.lit("billing")).otherwise(pl.lit("sales"))
    )
    curves = escalation_curves(rows, "team")
    assert dict(curves.group_by("group").len().iter_rows()) == {"billing": POINTS, "sales": POINTS}
    assert curves.filter(pl.col("group") == "billing")["escalated_count"].max() == 1000


def test_where_none_escalated_the_share_stays_0():
    curve = escalation_curves(escalations([10, 20], [True, True]))
    assert curve["escalated_share"].to_list() == [0, 0, 0]


def test_without_a_trigger_there_is_nothing_to_count_from():
    rows = escalations([10], [False]).with_columns(pl.lit(None, dtype=pl.String).alias("trigger"))
    assert escalation_curves(rows).is_empty()
    assert escalation_curves(rows, "trigger").is_empty()
