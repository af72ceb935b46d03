"""Follow-through, escalation and outcomes as metrics: open windows, missing inputs, both languages."""

from datetime import timedelta
from typing import Any

import pytest

from tests.talk import DAY, measured, talk, value, why_null

PROMISED = """
    10:00 customer  My router is broken.
    10:05 agent     I'll get back to you tomorrow.
"""


def test_a_follow_up_and_a_promise_are_open_until_they_are_due():
    conversation = talk(PROMISED, channel="ticket")
    assert why_null("had_follow_up", conversation, as_of=DAY + timedelta(days=3)) == "open"
    assert why_null("commitment_kept_share", conversation, as_of=DAY + timedelta(hours=30)) == "open"
    assert value("had_follow_up", conversation, as_of=DAY + timedelta(days=8)) is False


def test_a_follow_up_needs_a_known_customer():
    assert why_null("had_follow_up", talk(PROMISED, customer_id=None)) == "not_measurable"


def test_a_promise_kept_late_and_one_broken_count_against_the_share():
    late = talk(PROMISED + "    +2 09:00 agent  It is fixed now.\n", channel="ticket")
    assert value("commitment_kept_share", late) == 0
    broken = talk(PROMISED + "    == z customer_id=bob\n    +9 10:00 customer  Hello.\n", channel="ticket")
    assert value("commitment_kept_share", broken) == 0
    assert measured(broken)["commitment_broken_count"] == 1


def test_a_promise_in_french():
    conversation = talk(
        """
        10:00 customer  Ma box est en panne.
        10:05 agent     Je vous rappelle d'ici demain midi.
        +1 11:00 agent  C'est réparé.
        """,
        language="fr",
        channel="ticket",
    )
    assert value("commitment_kept_share", conversation) == 1


def test_a_language_without_rules_has_no_promises_to_count():
    assert why_null("commitment_count", talk(PROMISED, language="nl")) == "not_measurable"


@pytest.mark.parametrize(
    ("metric", "reason"),
    [("longest_update_gap_seconds", "not_applicable"), ("is_one_touch", "not_applicable")],
)
def test_what_a_call_does_not_have(metric: str, reason: str):
    assert why_null(metric, talk("0.0-1.0 customer Hello.\n1.5-2.0 agent Hello.")) == reason


def test_the_gap_ends_with_the_resolution():
    conversation = talk("""
        10:00 customer  My router is broken.
        10:05 agent     Please restart it.
        10:10 customer  It works!
        12:00 customer  Thank you.
        outcome resolved=true resolved_at=10:30
    """)
    assert value("longest_update_gap_seconds", conversation) == 25 * 60


def test_an_open_window_leaves_first_contact_resolution_open():
    conversation = talk("10:00 customer Hi\n10:05 agent Done.\noutcome resolved=true")
    assert why_null("was_first_contact_resolved", conversation, as_of=DAY + timedelta(days=3)) == "open"
    assert value("was_first_contact_resolved", conversation) is True


ASKED = """
    10:00 customer  Je veux parler à un responsable.
    10:01 agent     Je vous passe ma responsable.
"""


@pytest.mark.parametrize(
    ("text", "facts", "expected"),
    [
        (ASKED, {"language": "fr"}, "timely"),
        ("10:00 customer I want to speak to your manager.\n10:05 agent No.", {}, "missed"),
        ("10:00 customer My router is broken.\n10:05 agent I'll transfer you to my supervisor now.", {}, "untriggered"),
        ("10:00 customer My router is broken.\n10:05 agent Please restart it.", {}, "none"),
    ],
)
def test_escalation_class(text: str, facts: dict[str, Any], expected: str):
    assert value("escalation_class", talk(text, **facts)) == expected


def test_an_escalation_without_times_has_turns_but_no_seconds():
    conversation = talk(
        "customer I want to speak to your manager.\nagent I'll transfer you to my supervisor now.", channel="chat"
    )
    assert value("escalation_turns", conversation) == 0
    assert why_null("escalation_seconds", conversation) == "not_measurable"


def test_the_gap_begins_after_the_last_of_several_messages_in_a_row():
    conversation = talk("""
        10:00:00 customer  Where is my parcel?
        10:00:36 agent     Ok.
        10:00:37 agent     Checking.
        10:00:40 customer  Thanks.
        10:02:00 agent     It is at the depot.
    """)
    assert value("longest_update_gap_seconds", conversation) == 83
