"""Solution: turns and options counted; the rules' word is taken."""

from tests.talk import talk, value, why_null

CHAT = talk("10:00 customer  Hello.\n10:01 agent  One.\n10:03 customer  Yes?\n10:05 agent  Two.")


def test_solutions_count_turns_and_options_each_place() -> None:
    assert value("solution_count", CHAT, marked={1: "solution solution", 3: "solution"}) == 2
    assert value("option_count", CHAT, marked={1: "option option", 3: "option"}) == 3


def test_options_not_excuses() -> None:
    assert value("options_not_excuses_share", CHAT, marked={1: "defensive", 3: "solution"}) == 0.5
    assert value("options_not_excuses_share", CHAT, marked={1: "defensive solution"}) == 0.5
    assert why_null("options_not_excuses_share", CHAT, marked={}) == "nothing_to_measure"


def test_rates_and_counts() -> None:
    for marker in ("collaboration", "ownership", "transparency"):
        assert value(f"{marker}_per_100_turns", CHAT, marked={1: f"{marker} {marker}"}) == 50
    for metric, marker in (
        ("flexibility_count", "flexibility"),
        ("resource_referral_count", "resource_referral"),
        ("expectation_set_count", "expectation"),
        ("objection_anticipated_count", "objection_anticipated"),
    ):
        assert value(metric, CHAT, marked={1: f"{marker} {marker}", 3: marker}) == 2
