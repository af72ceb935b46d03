"""Names in lower case, as speech-to-text may write them, and the answers to "may I have your name?"."""

import re

from transforms.redaction.kind import Kind
from transforms.redaction.names import CUES, LOW, NAME, put
from transforms.redaction.words import is_in

_TOLD = re.compile(
    r"(?P<cue>\b(?:my (?:full |first |last |sur)?name(?:'s| is)|je m'appelle"
    rf"|mon (?:nom|prénom)(?: de famille)?(?: est|,? c'est)) )(?P<name>{LOW})",
    re.IGNORECASE,
)


def _told(found: re.Match[str]) -> str:
    """Marked up to a word that names nobody, in a text without capitals."""
    words = found["name"].split(" ")
    count = next((n for n, word in enumerate(words) if is_in("no_name_after", word)), len(words))
    has_capitals = any(letter.isupper() for letter in found.string[1:].replace(" I ", ""))
    if not count or has_capitals or found["name"][0].isupper():
        return found[0]
    return " ".join([f"{found['cue']}[NAME]", *words[count:]])


_FILLERS = "|".join(CUES["fillers"])
_ANSWER = re.compile(rf"^(?P<cue>\W*(?:(?i:{_FILLERS})[,.]? )*)(?P<name>{NAME})(?=\W|$)")
_ANSWER_LOW = re.compile(rf"^(?P<cue>(?:(?:{_FILLERS})[,.]? )*)(?P<name>{LOW})[.!]?$")


def _answer(text: str) -> str:
    if len(text.split()) > 12 or "[NAME]" in text:
        return text
    if text != text.lower():
        return _ANSWER.sub(put, text, count=1)
    found = _ANSWER_LOW.match(text)
    if not found or any(is_in("no_name_after", word) for word in found["name"].split()):
        return text
    return f"{found['cue']}[NAME]{text[found.end('name') :]}"


LOW_NAMES = Kind(
    "name",
    "(?i)(?:name(?:'s| is)|je m'appelle|mon (?:nom|prénom)(?: de famille)?(?: est|,? c'est)) ",
    lambda text: _TOLD.sub(_told, text),
    asks=r"(?i)your name|full name|first name|last name|surname|who am i (?:speaking|talking)"
    r"|(?:votre|vos) (?:nom|prénom)|à qui ai-je|qui est à l'appareil",
    answer=_answer,
)
