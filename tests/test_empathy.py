"""Empathy: which answers count for which feeling; the rules' word is taken."""

from tests.talk import measured, talk, value, why_null

CHAT = talk("""
    10:00 customer  I am at the end of my tether.
    10:02 agent     One.
    10:03 customer  Again.
    10:04 agent     Two.
    10:05 customer  And again.
    10:07 agent     Three.
""")


def test_a_feeling_is_answered_within_the_agents_next_two_turns() -> None:
    assert value("validation_response_share", CHAT, marked={0: "distress", 3: "validation"}) == 1
    assert value("validation_response_share", CHAT, marked={0: "distress", 5: "validation"}) == 0
    assert value("validation_response_share", CHAT, marked={0: "distress", 4: "distress", 5: "validation"}) == 0.5


def test_a_validation_before_the_feeling_does_not_answer_it() -> None:
    assert value("validation_response_share", CHAT, marked={1: "validation", 2: "distress"}) == 0


def test_sympathy_and_apology_comfort_without_validating() -> None:
    for comfort in ("validation", "sympathy", "apology"):
        assert value("missed_empathy_count", CHAT, marked={0: "distress", 3: comfort}) == 0
    assert value("missed_empathy_count", CHAT, marked={0: "distress", 5: "apology"}) == 1
    assert value("validation_response_share", CHAT, marked={0: "distress", 1: "sympathy"}) == 0


def test_latency_runs_from_the_first_distress_to_the_first_validation_after_it() -> None:
    found = {0: "distress", 2: "distress", 3: "validation", 5: "validation"}
    assert value("validation_latency_seconds", CHAT, marked=found) == 240
    assert value("validation_latency_turns", CHAT, marked=found) == 1


def test_without_validation_the_latency_is_censored() -> None:
    row = measured(CHAT, marked={2: "distress"})
    assert row["validation_latency_seconds"] is None
    assert (row["validation_is_censored"], row["validation_seen_ms"], row["validation_seen_turns"]) == (
        True,
        240_000,
        2,
    )


def test_a_call_counts_from_the_end_of_the_distress() -> None:
    call = talk("""
        0.0-8.0   customer  I am at the end of my tether.
        2.0-2.3   agent     Mhm.
        9.5-12.0  agent     That must be hard.
    """)
    found = {0: "distress", 2: "validation"}
    assert value("validation_latency_seconds", call, marked=found) == 1.5
    assert value("validation_latency_turns", call, marked=found) == 0
    assert value("validation_response_share", call, marked=found) == 1


def test_nothing_felt_nothing_missed() -> None:
    assert why_null("missed_empathy_count", CHAT, marked={}) == "nothing_to_measure"
    assert why_null("validation_latency_turns", CHAT, marked={3: "validation"}) == "nothing_to_measure"


def test_rates_are_per_hundred_agent_turns() -> None:
    for metric in ("sympathy", "reassurance", "appreciation"):
        assert value(f"{metric}_per_100_turns", CHAT, marked={1: f"{metric} {metric}"}) == 100 / 3
    assert value("validation_per_100_turns", CHAT, marked={1: "validation"}) == 100 / 3
    for metric in ("apology", "self_disclosure", "humour"):
        assert value(f"{metric}_count", CHAT, marked={1: f"{metric} {metric}", 3: metric}) == 2


def test_what_the_customer_says_is_no_empathy() -> None:
    assert value("apology_count", CHAT, marked={0: "apology"}) == 0
