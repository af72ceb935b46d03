"""Associations in words: the step of each unit, and the sentence whole."""

import dataclasses

import pytest

from benchmarks.world import indicators
from metrics.results import RESULTS
from metrics.sentences import associated, grasped_step, too_small
from metrics.units import (
    COUNT,
    PER_100_TURNS,
    PER_MINUTE,
    SCORE,
    SECONDS,
    SHARE,
    TURNS,
    WORDS,
    WORDS_PER_MINUTE,
    YES_NO,
)

RESULT = {result.name: result for result in RESULTS}


@pytest.mark.parametrize(
    ("name", "unit", "spread", "step", "words"),
    [
        ("validation_per_100_turns", PER_100_TURNS, 5, 1, "one more validation per 100 agent turns"),
        ("question_count", COUNT, 2, 1, "one more question"),
        ("backchannel_per_customer_minute", PER_MINUTE, 2, 1, "one more backchannel per customer minute"),
        ("overlap_share", SHARE, 0.1, 0.1, "10 points more of overlap (share)"),
        ("had_follow_up", YES_NO, 0.5, 1, "“had follow up”, yes rather than no,"),
        ("first_response_seconds", SECONDS, 900, 600, "10 minutes more of first response"),
        ("response_gap_seconds", SECONDS, 0.6, 1, "1 second more of response gap"),
        ("escalation_turns", TURNS, 3, 1, "one turn more of escalation"),
        ("listen_first_word_count", WORDS, 40, 10, "10 words more of listen first"),
        ("agent_words_per_minute", WORDS_PER_MINUTE, 20, 10, "10 more agent words per minute"),
        ("style_accommodation", SCORE, 0.3, 0.1, "0.1 more of style accommodation"),
    ],
)
def test_a_step_that_people_grasp(name, unit, spread, step, words):
    metric = dataclasses.replace(indicators(1)[0], name=name, unit=unit)
    assert grasped_step(metric, spread) == (step, words)


def test_the_sentence_whole():
    told = associated(
        "one more validation per 100 agent turns",
        RESULT["is_csat_positive"],
        (1.23, 0.41, 2.04),
        231,
        ["agent_id", "channel", "turn_count"],
    )
    assert told == (
        "One more validation per 100 agent turns is associated with +1.2 points of positive ratings, "
        "95 % interval +0.41 to +2.0, n = 231; adjusted for agent, channel, length."
    )


def test_times_are_told_in_percent_and_nothing_is_never_minus_nothing():
    told = associated("one more question", RESULT["resolution_seconds"], (-0.001, -12.0, 140.2), 50, [])
    assert "associated with +0.00 % time to resolution, 95 % interval -12.0 to +140, n = 50" in told
    assert told.endswith("adjusted for nothing.")


def test_too_small_says_why():
    assert too_small("fewer than 5 agents", 12) == "Too small to tell: fewer than 5 agents (n = 12)."
