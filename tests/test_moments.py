"""Moments of empathy: the turns with distress, what the agent answered, and whether the customer was calmer after."""

from typing import Any

import polars as pl
import pytest

from tests.talk import Frames, talk, turns_of, value
from transforms import schema
from transforms.markers import find
from transforms.moments import moments


def told(conversations: Frames) -> list[dict[str, Any]]:
    turns = turns_of(conversations)
    in_charge = conversations["transcript"].with_columns(agent_id=pl.lit("ana"))
    return schema.EMPATHY_MOMENT.shape(moments(turns, find(turns), in_charge)).to_dicts()


MISSED = talk("""
    10:00 customer      I am so frustrated, this is the third time!
    10:02 agent/ben     What is your order number?
    10:03 customer      4711
    10:05 agent/ben     It left on Monday.
    10:06 customer      This is ridiculous, nobody listens to me.
""")
ANSWERED = talk("""
    10:00 customer      I am so frustrated, this is the third time!
    10:02 agent/ben     What is your order number?
    10:03 customer      4711
    10:05 agent/cleo    I understand how frustrating this must be.
    10:06 customer      Thank you.
    10:07 agent/cleo    It left on Monday.
    10:08 customer      Fine.
""")


def test_a_missed_moment_has_the_agents_next_turn_and_how_the_customer_went_on():
    first, last = told(MISSED)
    assert (first["turn_index"], first["kind"], first["answer"]) == (0, "frustration", None)
    assert first["answer_turn_index"] == 1
    assert first["agent_id"] == "ben"
    assert first["is_calmer"] is False
    assert (last["answer_turn_index"], last["agent_id"], last["is_calmer"]) == (None, "ana", None)


def test_an_answer_may_come_in_the_second_turn_and_counts_for_who_gave_it():
    (moment,) = told(ANSWERED)
    assert (moment["answer"], moment["answer_turn_index"], moment["agent_id"]) == ("validation", 3, "cleo")
    assert moment["is_calmer"] is True


@pytest.mark.parametrize("conversation", [MISSED, ANSWERED])
def test_missed_moments_are_those_that_the_metric_counts(conversation: Frames):
    missed = [moment for moment in told(conversation) if moment["answer"] is None]
    assert len(missed) == value("missed_empathy_count", conversation)


def test_no_distress_no_moment():
    assert told(talk("10:00 customer  Where is my parcel?\n10:01 agent  On its way.")) == []
