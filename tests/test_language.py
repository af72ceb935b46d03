"""The language of a conversation whose source says nothing."""

import polars as pl

from transforms.language import detect

FRENCH = "Bonjour, je voudrais savoir où est mon colis, il devait arriver hier"
ENGLISH = "Hello, I would like to know where my parcel is, it was due yesterday"


def found(**said: str) -> dict[str, str | None]:
    transcript = pl.DataFrame(
        {"conversation_id": list(said), "language": pl.Series([None] * len(said), dtype=pl.String)}
    )
    segment = pl.DataFrame(
        {
            "conversation_id": list(said),
            "position": [0] * len(said),
            "speaker": ["customer"] * len(said),
            "kind": ["message"] * len(said),
            "text": list(said.values()),
        }
    )
    return dict(detect(transcript, segment).select("conversation_id", "language").iter_rows())


def test_english_and_french() -> None:
    assert found(a=FRENCH, b=ENGLISH) == {"a": "fr", "b": "en"}


def test_too_little_text_is_null() -> None:
    assert found(a="ok", b="[EMAIL] 12345 https://example.com/where-is-my-parcel") == {"a": None, "b": None}


def test_what_the_source_says_stays() -> None:
    transcript = pl.DataFrame({"conversation_id": ["a"], "language": ["en-GB"]})
    assert detect(transcript, pl.DataFrame()).equals(transcript)
