"""Professionalism: refusals, composure, style and hours; the rules' word is taken except for hostile words."""

import pytest

from tests.talk import talk, value, why_null

CHAT = talk("""
    10:00 customer  I want it back.
    10:02 agent     That is not possible.
    10:03 customer  And now?
    10:04 agent     Well.
    10:05 customer  Well?
    10:07 agent     Goodbye.
""")


@pytest.mark.parametrize(
    "softener", ["transparency", "boundary", "solution", "option", "flexibility", "resource_referral"]
)
def test_a_refusal_is_bare_without_reason_or_alternative_here_or_in_the_next_turn(softener: str) -> None:
    assert value("bare_refusal_count", CHAT, marked={1: f"refusal {softener}"}) == 0
    assert value("bare_refusal_count", CHAT, marked={1: "refusal", 3: softener}) == 0
    assert value("bare_refusal_count", CHAT, marked={1: "refusal", 5: softener}) == 1


def test_no_refusal_is_no_bare_refusal() -> None:
    assert value("bare_refusal_count", CHAT, marked={}) == 0


def test_composure_looks_at_the_three_turns_after_aggression() -> None:
    assert value("composure_share", CHAT, marked={0: "aggression"}) == 1
    assert value("composure_share", CHAT, marked={0: "aggression", 1: "defensive"}) == 0.5
    assert value("composure_share", CHAT, marked={0: "aggression", 3: "dismissive"}) == 0.5
    assert value("composure_share", CHAT, marked={0: "aggression", 5: "dismissive"}) == 1
    assert why_null("composure_share", CHAT, marked={1: "dismissive"}) == "nothing_to_measure"


def test_hostile_words_lose_composure() -> None:
    chat = talk("10:00 customer  You are an idiot.\n10:01 agent  You are an idiot yourself.")
    assert value("composure_share", chat, marked={0: "aggression"}) == 0


def test_style_needs_ten_exchanges() -> None:
    exchange = "customer  I called.\nagent     I see it now.\n"
    assert why_null("style_accommodation", talk(exchange * 9)) == "nothing_to_measure"
    assert value("style_accommodation", talk(exchange * 10)) == 0


def test_style_against_the_customer_is_negative() -> None:
    chat = talk("customer  I called.\nagent  Restart please.\n" * 5 + "customer  Lamp broken.\nagent  I came.\n" * 5)
    assert value("style_accommodation", chat) == -0.5


def test_style_in_french_minds_elision() -> None:
    chat = talk(
        "customer  L'eau coule.\nagent  L'équipe arrive.\n" * 5
        + "customer  Robinet ouvert.\nagent  Technicien prévenu.\n" * 5,
        language="fr",
    )
    assert value("style_accommodation", chat) == 0.5


def test_out_of_hours_counts_messages() -> None:
    chat = talk("""
        08:59:00 customer  Hello
        08:59:30 customer  where is it?
        09:05:00 agent     Hello.
        09:06:00 customer  Thanks.
    """)
    assert value("out_of_hours_share", chat) == 2 / 3


def test_counts_are_turns() -> None:
    for marker in ("boundary", "prying", "hours_reminder"):
        assert value(f"{marker}_count", CHAT, marked={1: f"{marker} {marker}", 3: marker}) == 2
    for marker in ("defensive", "dismissive"):
        assert value(f"{marker}_per_100_turns", CHAT, marked={1: f"{marker} {marker}"}) == 100 / 3
