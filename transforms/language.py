"""The language of a conversation, where its source says nothing."""

from functools import cache
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from lingua import LanguageDetector

LANGUAGES = ("ENGLISH", "FRENCH", "GERMAN", "SPANISH", "ITALIAN", "PORTUGUESE", "DUTCH")
LONGEST = 600  # characters that are looked at
FEWEST_LETTERS = 20
LEAST_CONFIDENCE = 0.65


def detect(transcript: pl.DataFrame, segment: pl.DataFrame) -> pl.DataFrame:
    """The transcripts, each language that is null replaced by that of its messages; null where they say too little."""
    unknown = transcript.filter(pl.col("language").is_null()).select("conversation_id")
    if unknown.is_empty():
        return transcript
    found = _texts(segment.join(unknown, on="conversation_id", how="semi"))
    found = found.select("conversation_id", detected=pl.Series(languages(found["text"]), dtype=pl.String))
    joined = transcript.join(found, on="conversation_id", how="left", maintain_order="left")
    return joined.with_columns(language=pl.coalesce("language", "detected")).drop("detected")


def _texts(segment: pl.DataFrame) -> pl.DataFrame:
    """What people say in each conversation, in one text without marks and addresses."""
    said = pl.col("text").str.replace_all(r"\[[A-Z]+\]|https?://\S+|[\d<>{}]+", " ")
    by_people = segment.filter(pl.col("kind") == "message", pl.col("speaker") != "system")
    grouped = by_people.group_by("conversation_id").agg(said.sort_by("position").str.join(" "))
    return grouped.with_columns(pl.col("text").str.slice(0, LONGEST))


def languages(texts: pl.Series) -> list[str | None]:
    """The language tag of each text; null where it says too little."""
    return [_language(text) for text in texts]


def _language(text: str) -> str | None:
    if sum(character.isalpha() for character in text) < FEWEST_LETTERS:
        return None
    best = _detector().compute_language_confidence_values(text)[0]
    return best.language.iso_code_639_1.name.lower() if best.value >= LEAST_CONFIDENCE else None


@cache
def _detector() -> "LanguageDetector":
    """The detector; its import and its models take time, so they come with the first text."""
    from lingua import Language, LanguageDetectorBuilder

    chosen = [getattr(Language, name) for name in LANGUAGES]
    return LanguageDetectorBuilder.from_languages(*chosen).build()
