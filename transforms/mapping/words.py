"""How teams name the columns of their exports and the values in them, from words.toml."""

import re
import tomllib
import unicodedata
from pathlib import Path

WORDS: dict[str, dict[str, list[str]]] = tomllib.loads((Path(__file__).parent / "words.toml").read_text("utf-8"))


def bare(name: str) -> str:
    """A name without case, accents and signs, its words apart: `createdAt` and `Créé_le` as `created at`, `cree le`."""
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name.strip())
    letters = unicodedata.normalize("NFKD", apart).encode("ascii", "ignore").decode()
    return " ".join(re.findall(r"[a-z0-9]+", letters.lower()))


def last(name: str) -> str:
    """The last part of a path of keys, bare."""
    return bare(re.split(r"\.|\[\]", re.sub(r"\[\d+\]$", "", name))[-1])


def meant(section: str, word: str) -> str | None:
    """What a word means in a section; None where nobody knows it."""
    plain = bare(word)
    return next((meaning for meaning, words in WORDS[section].items() if plain in words), None)
