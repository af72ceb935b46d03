"""The customer's state: thirds of a conversation; the rules' word is taken."""

import pytest

from tests.talk import measured, talk, value, why_null


def chat(turns: int) -> dict:
    """So many customer turns, each answered."""
    return talk("".join(f"10:{3 * n:02} customer  Well?\n10:{3 * n + 1:02} agent  Well.\n" for n in range(turns)))


def test_de_escalation_compares_the_first_and_the_last_third() -> None:
    assert value("de_escalation", chat(6), marked={0: "distress", 2: "aggression distress"}) == 1
    assert value("de_escalation", chat(6), marked={0: "distress", 8: "distress", 10: "aggression"}) == -0.5
    assert value("de_escalation", chat(7), marked={4: "distress"}) == 0
    assert why_null("de_escalation", chat(2), marked={0: "distress"}) == "nothing_to_measure"


@pytest.mark.parametrize(("turns", "early"), [(1, 1), (2, 1), (5, 1), (6, 0.5)])
def test_early_distress_is_that_of_the_first_third(turns: int, early: float) -> None:
    assert measured(chat(turns), marked={0: "distress"})["early_distress_share"] == early


def test_counts_are_the_customers_turns() -> None:
    found = {0: "distress distress aggression repeated_complaint", 1: "distress", 2: "distress"}
    row = measured(chat(4), marked=found)
    assert (row["distress_turn_count"], row["distress_share"]) == (2, 0.5)
    assert (row["aggression_turn_count"], row["repeated_complaint_count"]) == (1, 1)
