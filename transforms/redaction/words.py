"""The lists of words.toml, as sets."""

import tomllib
from pathlib import Path

from transforms.fold import fold

WORDS = {
    name: frozenset(words.split())
    for name, words in tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8")).items()
}


def is_in(name: str, word: str) -> bool:
    """Whether the word is in that list, whatever its case and accents."""
    return fold([word])[0].strip(".") in WORDS[name]
