"""Weights for who did not answer: by hand, and the switch in the table of associations."""

import numpy as np
import polars as pl
import pytest

import metrics.families  # noqa: F401  fills the catalogue
from benchmarks.world import indicators, world
from flows.relations import answers_weighted
from metrics.association import associate
from metrics.response import HEAVIEST, WEIGHT, response_weights
from metrics.results import SURVEYED


def company(answer_chances: tuple[float, float], count: int = 4000) -> pl.DataFrame:
    """Half chats, half calls; calls are rated 2, chats 4; who answers depends on the channel."""
    rng = np.random.default_rng(1)
    voice = np.arange(count) % 2 == 0
    answers = rng.random(count) < np.where(voice, *answer_chances)
    return pl.DataFrame(
        {
            "conversation_id": [f"c{i}" for i in range(count)],
            "channel": np.where(voice, "voice", "chat"),
            "csat": pl.Series(np.where(voice, 2.0, 4.0))
            .to_frame("x")
            .select(pl.when(pl.Series(answers)).then("x"))["x"],
        }
    )


def test_weights_give_the_unheard_their_voice():
    """Callers answer half as often: the plain mean is 3.33, the mean of all is 3."""
    wide = company((0.3, 0.6))
    rated = wide.join(response_weights(wide), on="conversation_id").drop_nulls("csat")
    assert rated["csat"].mean() == pytest.approx(10 / 3, abs=0.05)
    assert (rated["csat"] * rated[WEIGHT]).sum() / rated[WEIGHT].sum() == pytest.approx(3, abs=0.01)
    assert rated[WEIGHT].mean() == pytest.approx(1)


def test_the_unanswered_have_no_weight():
    wide = company((0.3, 0.6))
    weights = wide.join(response_weights(wide), on="conversation_id")
    assert weights.filter(pl.col("csat").is_null())[WEIGHT].null_count() == weights["csat"].null_count()


def test_where_all_answer_every_weight_is_one():
    assert response_weights(company((1.0, 1.0)))[WEIGHT].unique().to_list() == [1.0]


def test_where_none_answer_there_are_no_weights():
    wide = company((0.0, 0.0))
    assert response_weights(wide)[WEIGHT].null_count() == wide.height


def test_only_the_surveyed_could_have_answered():
    """Chats were never surveyed: those who were asked all answered alike, so that all weigh the same."""
    wide = company((0.5, 0.0)).with_columns(was_surveyed=pl.col("channel") == "voice")
    assert response_weights(wide)[WEIGHT].drop_nulls().to_numpy() == pytest.approx(1)


def test_no_answer_speaks_for_too_many():
    weights = response_weights(company((0.004, 0.9)))[WEIGHT].drop_nulls()
    assert weights.max() / weights.min() <= HEAVIEST / 0.2


def test_weights_are_a_switch_for_ratings_alone():
    wide = world(np.random.default_rng(2), conversations=2000, indicator_count=1)
    wide = wide.with_columns(csat=pl.when((pl.col("channel") == "chat") | pl.col("was_resolved")).then("csat"))
    wide = wide.join(response_weights(wide), on="conversation_id")
    plain, weighted = associate(wide, wide, indicators(1)), associate(wide, wide, indicators(1), weights=WEIGHT)
    differs = (plain["effect"] != weighted["effect"]).to_list()
    assert dict(zip(plain["outcome"], differs, strict=True))["csat"]
    assert not dict(zip(plain["outcome"], differs, strict=True))["was_resolved"]


def test_weighted_answers_are_judged_in_the_place_of_the_others():
    """q by hand: over the weighted pairs, and the pairs of the table that no survey asks about."""
    wide = world(np.random.default_rng(2), conversations=2000, indicator_count=2)
    before = wide.select("conversation_id", question_count="behaviour_0", validation_count="behaviour_1")
    plain = associate(wide, before)
    weighted = answers_weighted(wide, before, plain)
    p = [*weighted["p"], *plain.filter(~pl.col("outcome").is_in(SURVEYED))["p"]]
    tested = sorted(one for one in p if one is not None)
    assert len(tested) > weighted.height > 3
    for own, q in weighted.select("p", "q").drop_nulls().rows():
        by_hand = min(at * len(tested) / rank for rank, at in enumerate(tested, 1) if at >= own)
        assert q == pytest.approx(by_hand)
