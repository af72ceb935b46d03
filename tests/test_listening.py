"""Listening: what the worked examples of the catalogue leave open."""

import pytest

from tests.talk import talk, value, why_null

TALKED = """
    0.0-6.0    customer  I ordered it last week and it never
    5.0-10.0   agent     Let me stop you there.
    9.0-9.4    customer  Mhm.
    12.0-15.0  agent     What is your number?
    14.0-17.0  customer  It is 4711.
"""


def test_rates_are_per_minute_of_the_customers_speech() -> None:
    assert value("interruption_per_customer_minute", talk(TALKED)) == pytest.approx(60 / 9.4)


def test_the_monologue_ends_where_the_customer_takes_the_floor() -> None:
    assert value("agent_longest_monologue_seconds", talk(TALKED)) == 9


def test_the_agents_own_backchannel_begins_no_monologue() -> None:
    call = """
        0.0-9.0    customer  It never came, and then I called.
        2.0-2.4    agent     Mhm.
        9.5-12.5   agent     I am sorry to hear that, let me look.
    """
    assert value("agent_longest_monologue_seconds", talk(call)) == 3


def test_no_agent_turn_answers_from_inside_the_customers() -> None:
    call = """
        0.0-9.0    customer  It never came, and then I called.
        2.0-4.0    agent     Which number did you call then?
        9.5-12.5   agent     I am sorry to hear that.
    """
    assert why_null("response_gap_seconds", talk(call)) == "nothing_to_measure"


def test_word_speed_needs_half_a_minute_of_speech() -> None:
    spoken = "0.0-{end}  agent  one two three four five six"
    assert value("agent_words_per_minute", talk(spoken.replace("{end}", "30.0"))) == 12
    assert why_null("agent_words_per_minute", talk(spoken.replace("{end}", "29.9"))) == "nothing_to_measure"


def test_each_pair_of_messages_is_talked_into_once() -> None:
    chat = """
        10:00:00 customer  My parcel
        10:00:03 agent     Which one is it?
        10:00:05 agent     Your number please.
        10:00:12 customer  has not come
        10:00:23 agent     Which day was it?
        10:00:25 customer  since Monday
    """
    assert value("message_interruption_count", talk(chat)) == 1


def test_a_reply_counts_from_the_first_unanswered_message() -> None:
    chat = """
        10:00 customer    Where is it?
        10:01 bot         Please wait.
        10:02 customer    Hello?
        10:04 supervisor  Hello.
        10:05 agent       I have it here.
        10:06 customer    Thanks.
        10:07 agent       Welcome.
    """
    assert value("reply_seconds", talk(chat)) == (240 + 60) / 2
    assert value("customer_reply_seconds", talk(chat)) == 120
    assert value("first_response_seconds", talk(chat)) == 240


def test_a_backchannel_in_writing_is_an_answer_but_ends_no_turn() -> None:
    chat = """
        10:00:00 customer  It never came
        10:00:20 agent     OK
        10:00:40 customer  so I called
        10:02:00 agent     What did they say?
    """
    assert value("reply_seconds", talk(chat)) == (20 + 80) / 2
    assert value("backchannel_count", talk(chat)) == 1


def test_private_notes_are_not_said() -> None:
    chat = """
        10:00 customer      Where is it?
        10:01 agent (note)  Difficult customer.
        10:03 agent         On its way.
    """
    assert value("first_response_seconds", talk(chat)) == 180
    assert value("agent_talk_share", talk(chat)) == 0.5


def test_calls_have_no_first_response() -> None:
    assert why_null("first_response_seconds", talk(TALKED)) == "not_applicable"
    assert why_null("interruption_count", talk("10:00 agent  Hello.\n10:01 customer  Hi.")) == "not_applicable"


def test_first_solution() -> None:
    call = talk(TALKED)
    assert value("listen_first_word_count", call, marked={3: "solution"}) == 8 + 1
    assert value("listen_first_seconds", call, marked={3: "solution"}) == 6.4
    assert why_null("listen_first_word_count", call, marked={}) == "nothing_to_measure"


def test_pauses_offered_count_turns() -> None:
    chat = talk("10:00 customer  Enough!\n10:01 agent  A break? I can call you back.\n10:05 agent  Or tomorrow?")
    assert value("pause_offered_count", chat, marked={1: "pause_offer pause_offer", 2: "pause_offer"}) == 2
