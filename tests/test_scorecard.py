"""The scorecard: points worked by hand, what does not apply, and settings that cannot be."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.scorecard import APPLICABLE, POINTS, Item, ScorecardError, from_settings, scored

METRICS = {"question_count", "validation_response_share", "has_closing_summary", "escalation_class"}
CARD = {
    "Listening": {"question_count": {"weight": 20, "full": 1, "none": 5}},
    "Empathy": {"validation_response_share": {"weight": 40, "full": 0.8}},
    "Closing": {"has_closing_summary": {"weight": 30}, "escalation_class": {"weight": 10, "full": ["timely", "none"]}},
}
WIDE = pl.DataFrame(
    {
        "conversation_id": ["a", "b", "c"],
        "question_count": [3, 1, None],
        "validation_response_share": [0.4, None, None],
        "has_closing_summary": [True, False, None],
        "escalation_class": ["timely", "late", None],
    }
)


def test_points_are_earned_in_proportion_and_what_does_not_apply_counts_on_neither_side():
    # a: 3 questions, half-way from 5 (none) to 1 (all): 10 of 20; 0.4 of 0.8: 20 of 40; summed up: 30; timely: 10.
    # b: one question: 20 of 20; no distress, so empathy does not apply; no summary: 0 of 30; late: 0 of 10.
    rows = scored(WIDE, from_settings(CARD, METRICS)).select(
        "question_count_points",
        "validation_response_share_points",
        "has_closing_summary_points",
        "escalation_class_points",
        POINTS,
        APPLICABLE,
    )
    assert rows.rows() == [
        (10, 20, 30, 10, 70, 100),
        (20, None, 0, 0, 20, 60),
        (None, None, None, None, None, 0),
    ]


def test_the_rule_of_an_item_can_be_read():
    rules = [item.rule for item in from_settings(CARD, METRICS)]
    assert rules == [
        "all from 1 down, none at 5, between in proportion",
        "all from 0.8 up, none at 0, between in proportion",
        "all from 1 up, none at 0, between in proportion",
        "all where timely or none",
    ]


@given(st.floats(-10, 10), st.floats(-10, 10), st.lists(st.floats(-20, 20), min_size=1))
def test_no_value_earns_more_than_the_weight_or_less_than_nothing(full: float, none: float, values: list[float]):
    if full == none:
        return
    earned = pl.DataFrame({"m": values}).select(Item("s", "m", 25, full, none).points()).to_series()
    assert earned.min() >= 0
    assert earned.max() <= 25


@pytest.mark.parametrize(
    ("card", "line"),
    [
        (
            {"Empathy": {"kindness": {"weight": 100}}},
            "heard.toml: [scorecard] Empathy: 'kindness' is no metric; expected one of `heard metrics`. "
            "Mend or remove it.",
        ),
        (
            {"Empathy": {"question_count": {"weight": 90}}},
            "heard.toml: [scorecard]: the weights add up to 90; expected 100. Mend them.",
        ),
        (
            {"A": {"question_count": {"weight": 50}}, "B": {"question_count": {"weight": 50}}},
            "heard.toml: [scorecard]: question_count stands twice; expected each metric once. Remove one.",
        ),
        (
            {"Empathy": {"question_count": {"full": 1}}},
            "heard.toml: [scorecard] Empathy.question_count: no weight; expected a number. Mend it.",
        ),
        (
            {"Empathy": {"question_count": {"weight": 100, "full": 2, "none": 2}}},
            "heard.toml: [scorecard] Empathy.question_count: full and none are both 2; "
            "expected two different values. Mend one.",
        ),
        (
            {"Empathy": {"question_count": {"weight": 100, "ful": 2}}},
            "heard.toml: [scorecard] Empathy.question_count: 'ful'; expected full, none, weight. Rename or remove it.",
        ),
        (
            {"Empathy": {"question_count": {"weight": -1}}},
            "heard.toml: [scorecard] Empathy.question_count: the weight -1; expected more than 0. Mend or remove it.",
        ),
        (
            {"question_count": 3},
            "heard.toml: [scorecard] question_count is '3'; expected a section with a line a metric. Mend it.",
        ),
    ],
)
def test_a_card_that_cannot_be_is_one_line(card: dict[str, object], line: str):
    with pytest.raises(ScorecardError) as error:
        from_settings(card, METRICS)
    assert str(error.value) == line
