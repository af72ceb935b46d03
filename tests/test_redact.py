"""What is marked before anything is stored, and what is not."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.redact import hash_id, redact, redact_text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Write to jo.smith+x@ex-ample.co.uk.", "Write to [EMAIL]."),
        ("it is john dot smith at gmail dot com ok", "it is [EMAIL] ok"),
        ("Mon numéro: 06 12 34 56 78, merci", "Mon numéro: [PHONE], merci"),
        ("0612345678", "[PHONE]"),
        ("06.12.34.56.78", "[PHONE]"),
        ("+33 6 12 34 56 78.", "[PHONE]."),
        ("0033612345678", "[PHONE]"),
        ("ring 020 7946 0958 or 07700900123", "ring [PHONE] or [PHONE]"),
        ("(977) 625-2661 and +1 (212) 555-0199", "[PHONE] and [PHONE]"),
        ("call me on 2125550199", "call me on [PHONE]"),
        ("4111 1111 1111 1111 12/27", "[CARD] 12/27"),
        ("4111-1111-1111-1111", "[CARD]"),
        ("card 3714 496353 98431", "card [CARD]"),
        ("12 4111 1111 1111 1111", "12 [CARD]"),
        ("FR76 3000 6000 0112 3456 7890 189 merci", "[IBAN] merci"),
        ("gb82west12345698765432", "[IBAN]"),
    ],
)
def test_what_is_marked(text: str, expected: str) -> None:
    assert redact(pl.Series([text])).to_list() == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "order 3348917502",
        "ma commande n° 0612345678",
        "order 123-4567890-1234567",
        "le 12.05.2024 à 10:30",
        "2024-03-15 10:30:00",
        "between 2024-03-15 and 2024-03-22",
        "ref 4111111111111112",
        "FR76 3000 6000 0112 3456 7890 180",
        "version 1.2.3.4.5.6.7.8.9.10",
        "it costs 1 234 567 890 euros",
        "meet me at the station",
        "[PII] said [NAME]",
    ],
)
def test_what_is_left(text: str) -> None:
    assert redact(pl.Series([text])).to_list() == [text]


def test_texts_are_composed_and_null_stays_null() -> None:
    assert redact(pl.Series(["De\u0301sole\u0301", None, ""])).to_list() == ["Désolé", None, ""]


@settings(max_examples=100)
@given(st.text(alphabet="0123456789 +-./()@abFR", max_size=60))
def test_a_second_time_changes_nothing(text: str) -> None:
    once = redact_text(text)
    assert redact_text(once) == once


@given(st.text(alphabet="abcdefgh .", max_size=30), st.text(alphabet="abcdefgh .", max_size=30))
def test_a_card_is_found_wherever_it_stands(before: str, after: str) -> None:
    assert redact_text(f"{before} 4111 1111 1111 1111 {after}") == f"{before} [CARD] {after}"


def test_ids_are_hashed_by_key() -> None:
    ids = pl.Series(["c9", None, "c9", "C9"])
    hashed = hash_id(b"key", ids).to_list()
    assert hashed[0] == hashed[2] != hashed[3]
    assert hashed[1] is None
    assert len(hashed[0]) == 24
    assert hash_id(b"other", ids)[0] != hashed[0]
    assert hash_id(b"k" * 100, ids)[0] != hashed[0]
    assert hash_id(b"key", pl.Series([None], dtype=pl.String)).to_list() == [None]


@given(
    st.lists(
        st.sampled_from(["4111", "3425 ", "-5683", " 28", "x", "+44 20 ", "a@b.ie ", "GB82 ", "7946"]), max_size=12
    )
)
def test_a_text_that_was_redacted_has_nothing_left_to_redact(parts):
    once = redact_text("".join(parts))
    assert redact_text(once) == once
