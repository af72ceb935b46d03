"""Who opened a contact, and until when a channel was seen."""

import polars as pl
import pytest

from tests.threads import at, thread, together
from transforms.contacts import agent_contacts, moments_of, seen_until


def opens(lines: str, channel: str = "voice", language: str = "en") -> bool:
    told = "\n".join(
        f"2024-03-04 10:0{minute} {line.strip()}" for minute, line in enumerate(lines.strip().splitlines())
    )
    frames = thread("a", told, channel=channel, language=language)
    return bool(agent_contacts(frames["turns"], frames["transcripts"])["is_new_conversation"].any())


@pytest.mark.parametrize(
    "lines",
    [
        "agent Hello, I'm calling you back about the parcel.",
        "customer Hello?\nagent Hello, it's Mia from Acme, as promised.",
        "agent Hello, this is Mia from Acme.\ncustomer Oh, hello.\nagent Your refund was sent.",
    ],
)
def test_the_agent_opened_the_call(lines: str):
    assert opens(lines)


@pytest.mark.parametrize(
    "lines",
    [
        "agent Thank you for calling Acme, how can I help?\ncustomer Hello.",
        "agent Acme, good morning.\ncustomer Good morning, you never called me back about my parcel.",
        "customer My parcel is late.\nagent I see.",
        "bot Welcome.\ncustomer Hi.\nagent Hello.",
    ],
)
def test_the_customer_opened_the_call(lines: str):
    assert not opens(lines)


def test_french_words_tell_as_well():
    assert opens("customer Allô ?\nagent Bonjour, je vous rappelle au sujet du colis.", language="fr")
    assert not opens("agent Bonjour, que puis-je faire pour vous ?\ncustomer Bonjour.", language="fr")


def test_without_words_of_the_language_the_order_tells():
    assert opens("agent Hola.\ncustomer Hola.", language="es")


def test_a_letter_is_opened_by_who_wrote_it():
    assert opens("agent Your contract ends in May.", channel="email")
    assert not opens("customer My contract?\nagent I'm writing about it.", channel="email")


def test_writing_again_after_ten_minutes_opens_a_contact():
    lines = "2024-03-04 10:00 customer Hi\n2024-03-04 10:01 agent One.\n"
    for minute, expected in (("10:10", []), ("10:11", [("10:11", False)])):
        frames = thread("a", lines + f"2024-03-04 {minute} agent Two.")
        found = agent_contacts(frames["turns"], frames["transcripts"])
        assert found.select(pl.col("at").dt.strftime("%H:%M"), "is_new_conversation").rows() == expected


def test_a_note_is_no_contact_and_an_unknown_customer_has_none():
    frames = thread("a", "2024-03-04 10:00 agent Hello.", channel="email")
    noted = frames["turns"].with_columns(kind=pl.lit("note"))
    assert agent_contacts(noted, frames["transcripts"]).is_empty()
    assert agent_contacts(frames["turns"], frames["transcripts"].with_columns(customer_id=pl.lit(None))).is_empty()


def test_a_channel_is_seen_until_the_last_moment_of_its_best_source():
    frames = together(
        thread("a", "2024-03-04 10:00 customer Hi", channel="email", source="crm"),
        thread("b", "2024-03-08 10:00 customer Hi", channel="voice", source="crm"),
        thread("c", "2024-03-05 10:00 customer Hi", channel="voice", source="csv"),
        thread("d", "2024-03-05 10:00 customer Hi", channel="chat", source="csv"),
    )
    assert seen_until(moments_of(frames["turns"], frames["transcripts"])).rows() == [
        ("chat", at("2024-03-05 10:00")),
        ("email", at("2024-03-08 10:00")),
        ("voice", at("2024-03-08 10:00")),
    ]
