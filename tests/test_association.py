"""What goes with what: planted relations are found and told, and what is too small to tell says so."""

import dataclasses

import numpy as np
import polars as pl
import pytest

from benchmarks.world import indicators, world
from metrics.association import associate, is_tied
from metrics.results import RESULTS
from metrics.units import SECONDS
from transforms.schema import ASSOCIATION

RESULT = {result.name: result for result in RESULTS}

TYPES = {name: kind for name, kind in ASSOCIATION.dtypes.items() if not name.startswith("e_")}  # E-values come later


@pytest.fixture(scope="module")
def wide() -> pl.DataFrame:
    return world(np.random.default_rng(5), conversations=3000, indicator_count=4, effects={"behaviour_1": 0.6})


@pytest.fixture(scope="module")
def table(wide) -> pl.DataFrame:
    return associate(wide, wide, indicators(4))


def pair(table: pl.DataFrame, indicator: str, outcome: str) -> dict[str, object]:
    return table.row(by_predicate=(pl.col("indicator") == indicator) & (pl.col("outcome") == outcome), named=True)


def test_the_table_is_that_of_the_schema(table):
    assert dict(table.schema) == TYPES
    assert table.height == 4 * 8  # every indicator with every outcome that there is


def test_a_planted_relation_is_found_and_others_are_not(table):
    named = table.filter(pl.col("q") < 0.05)
    assert set(named["indicator"]) == {"behaviour_1"}
    assert set(named["outcome"]) >= {"was_resolved", "csat", "is_csat_positive", "resolution_seconds"}


def test_the_confounder_misleads_the_raw_effect_only(wide, table):
    """Hard topics lower satisfaction and change behaviour 2, which itself does nothing."""
    row = pair(table, "behaviour_2", "csat")
    assert row["raw_high"] < 0
    assert row["effect_low"] < 0 < row["effect_high"]


def test_effects_are_for_one_unit_as_stored(wide, table):
    row = pair(table, "behaviour_1", "was_resolved")
    assert row["standard_unit"] == pytest.approx(wide["behaviour_1"].std(ddof=0))
    assert row["effect_low"] < 0.6 / row["standard_unit"] < row["effect_high"]
    assert row["effect_unit"] == "log-odds"
    assert row["adjusted_for"] == "agent_id,channel,topic,team,language,early_distress_share,turn_count"


def test_the_sentence_says_how_much_how_sure_and_adjusted_for_what(table):
    sentence = str(pair(table, "behaviour_1", "is_csat_positive")["sentence"])
    assert sentence.startswith("One more behaviour 1 per 100 agent turns is associated with +")
    assert "points of positive ratings, 95 % interval +" in sentence
    n = pair(table, "behaviour_1", "is_csat_positive")["n"]
    assert sentence.endswith(
        f"n = {n}; adjusted for agent, channel, topic, team, language, the customer's early distress, length."
    )


def test_no_sentence_claims_a_cause(table):
    words = " ".join(table["sentence"]).lower()
    assert not any(claim in words for claim in ("cause", "because", "leads to", "due to", "increases", "drives"))


def test_the_sentence_moves_every_conversation_by_one_unit(wide):
    """By hand, with an effect of log-odds b: the mean over conversations of what b more log-odds adds to the share."""
    constant = wide.with_columns(topic=pl.lit("one"), channel=pl.lit("chat"), language=pl.lit("en"), turn_count=10)
    row = pair(associate(constant, constant, indicators(2)), "behaviour_0", "was_resolved")
    share = float(wide["was_resolved"].mean())
    about = 100 * row["effect"] * share * (1 - share)
    told = float(str(row["sentence"]).split("associated with ")[1].split(" points")[0])
    assert told == pytest.approx(about, abs=1.0)


def test_q_is_that_of_benjamini_and_hochberg(table):
    tested = table.filter(pl.col("p").is_not_null()).sort("p")
    p = tested["p"].to_numpy()
    by_hand = [min(p[j] * len(p) / (j + 1) for j in range(i, len(p))) for i in range(len(p))]
    assert tested["q"].to_list() == pytest.approx(by_hand)


def test_behaviour_is_taken_from_before_the_outcome(wide):
    before = wide.with_columns(behaviour_1=pl.lit(None, dtype=pl.Float64))
    row = pair(associate(wide, before, indicators(2)), "behaviour_1", "csat")
    assert (row["n"], row["effect"], row["is_too_small"]) == (0, None, True)


def test_the_order_of_arrival_changes_nothing(wide, table):
    shuffled = wide.sample(fraction=1, shuffle=True, seed=3)
    assert associate(shuffled, wide.reverse(), indicators(4)).equals(table)


def test_pairs_tied_by_construction_are_left_out(wide):
    tied = dataclasses.replace(indicators(1)[0], tied_to=("resolution_seconds",))
    assert "resolution_seconds" not in associate(wide, wide, [tied])["outcome"]
    assert is_tied(dataclasses.replace(tied, numerator="was_resolved"), RESULT["was_resolved"])
    assert not is_tied(tied, RESULT["csat"])


def test_an_outcome_is_no_indicator(wide):
    outcome = dataclasses.replace(indicators(1)[0], kind="outcome")
    assert associate(wide, wide, [outcome]).is_empty()


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"agent_id": pl.lit("only")}, "fewer than 5 agents in whom both differ"),
        ({"agent_id": pl.lit(None, dtype=pl.String)}, "fewer than 30 conversations to compare within agents"),
        ({"behaviour_0": pl.lit(2.0)}, "the indicator differs in fewer than 20 conversations"),
        ({"was_resolved": pl.lit(True)}, "fewer than 30 conversations to compare within agents"),
        ({"was_resolved": pl.int_range(pl.len()) > 9}, "fewer than 5 agents in whom both differ"),
    ],
)
def test_too_small_to_tell(wide, change, why):
    changed = wide.sort("agent_id").with_columns(**change)
    row = pair(associate(changed, changed, indicators(1)), "behaviour_0", "was_resolved")
    assert row["is_too_small"]
    assert (row["effect"], row["p"], row["q"], row["adjusted_for"]) == (None, None, None, None)
    assert row["sentence"].startswith("Too small to tell: ")
    assert why in row["sentence"] or "fewer than 20" in row["sentence"]


def test_conversations_without_an_agent_count_in_the_raw_effect_alone(wide, table):
    unknown = {"agent_id": pl.lit(None, dtype=pl.String), "conversation_id": "x" + pl.col("conversation_id")}
    more = pl.concat([wide, wide.with_columns(**unknown)])
    row, before = (pair(t, "behaviour_1", "nps") for t in (associate(more, more, indicators(2)), table))
    assert row["n"] == 2 * before["n"]
    assert row["agent_count"] == 12
    assert row["effect"] == pytest.approx(before["effect"], rel=0.02)  # the case mix's rare levels may differ


def test_a_level_that_decides_the_outcome_does_no_harm(wide):
    changed = wide.with_columns(was_resolved=pl.col("was_resolved") & (pl.col("topic") != "topic-3"))
    row = pair(associate(changed, changed, indicators(2)), "behaviour_1", "was_resolved")
    assert row["effect_low"] < 0.6 / row["standard_unit"] < row["effect_high"]


def test_where_a_value_decides_the_outcome_there_is_no_effect(wide):
    """Every conversation with the behaviour was resolved: the log-odds are endless, and no figure is made up."""
    rare = (pl.int_range(pl.len()) % 40 == 0).alias("behaviour_0")
    changed = wide.with_columns(rare, was_resolved=pl.col("was_resolved") | rare)
    row = pair(associate(changed, changed, indicators(1)), "behaviour_0", "was_resolved")
    assert (row["raw_effect"], row["effect"], row["is_too_small"]) == (None, None, True)
    assert row["sentence"] == "Too small to tell: no estimate within agents (n = 3000)."


def test_a_time_is_told_in_percent(wide):
    waiting = dataclasses.replace(indicators(4)[3], unit=SECONDS)
    sentence = associate(wide, wide, [waiting]).filter(pl.col("outcome") == "resolution_seconds")["sentence"][0]
    assert sentence.startswith("1 minute more of behaviour 3 is associated with ")
    assert "% time to resolution, 95 % interval" in sentence


def test_ratings_from_other_scales_count_as_the_nearest_point():
    assert RESULT["csat"].values(pl.Series([1.0, 1.67, 4.33, 5.0, None]))[:4].tolist() == [1, 2, 4, 5]


def test_nothing_gives_an_empty_table(wide):
    assert associate(wide.clear(), wide.clear(), indicators(2)).select("n", "is_too_small").unique().rows() in (
        [],
        [(0, True)],
    )
    assert dict(associate(wide, wide, []).schema) == TYPES
