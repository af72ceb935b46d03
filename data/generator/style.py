"""How words look: written down by a machine, typed in haste, or as they are."""

import re
import unicodedata
from random import Random

_MARKS = re.compile(r"[.?!,;:…]+(?=\s|$)|[«»“”\"()]")


def asr(text: str, fillers: list[str], rng: Random) -> str:
    """The text as a recogniser without punctuation gives it: small letters, now and then a filler."""
    words = _MARKS.sub("", text).lower().split()
    said = []
    for word in words:
        if rng.random() < 0.025:
            said.append(rng.choice(fillers))
        said.append(word)
    return " ".join(said)


def hasty(text: str, rng: Random) -> str:
    """The text as typed in haste: letters swapped or lost, accents and capitals left out."""
    if rng.random() < 0.5:
        text = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    if rng.random() < 0.6 and text.upper() != text:
        text = text.lower()
    text = " ".join(_slip(word, rng) if rng.random() < 0.035 else word for word in text.split(" "))
    return text.rstrip(".") if rng.random() < 0.6 else text


def _slip(word: str, rng: Random) -> str:
    if len(word) < 4 or not word.isalpha():
        return word
    at = rng.randrange(1, len(word) - 1)
    if rng.random() < 0.5:
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return word[:at] + word[at + 1 :]
