"""Dates of birth, after words that say so or in answer to the question."""

import re

from transforms.redaction.kind import Kind
from transforms.redaction.words import WORDS

_MONTH = "|".join(sorted(WORDS["months"], key=len, reverse=True))
_UNITS = "|".join(sorted(WORDS["in_dates"], key=len, reverse=True))
_CENTURY = "nineteen|twenty|two thousand|mille neuf cent|dix[- ]neuf cent|deux mille"
_SAID_YEAR = rf"(?:{_CENTURY})(?:[ -](?:{_UNITS})){{0,5}}"
_DAY = rf"(?:\d{{1,2}}(?:st|nd|rd|th|er)?|(?:{_UNITS})(?:[ -](?:et )?(?:{_UNITS}))?)"
_GAP = r"\s?[/.\- ]\s?"


def _date(year: str, ends: str) -> str:
    """A day with its month, in any order and writing; `ends` says whether its year may be missing."""
    return (
        rf"(?:\d{{1,2}}{_GAP}\d{{1,2}}{_GAP}(?:(?:19|20)\d\d|\d\d)(?!\d)|(?:19|20)\d\d[/.-]\d{{1,2}}[/.-]\d{{1,2}}"
        rf"|{_DAY}(?: of)?[ -](?:{_MONTH})\b\.?(?:,?[ -](?:of )?(?:en )?{year}\b){ends}"
        rf"|(?:{_MONTH})\b\.? (?:the )?{_DAY}\b(?:,? (?:of )?{year}\b){ends}|(?:19|20)\d{{6}}\b|\d{{4}}(?:19|20)\d\d\b)"
    )


_WITH_YEAR = _date(rf"(?:(?:19|20)\d\d|{_SAID_YEAR})", "")
_ANY = _date(rf"(?:(?:19|20)\d\d|\d\d|{_SAID_YEAR})", "?")
_BIRTH = r"(?:date of birth|birth ?dates?|birth ?days?|d\.?o\.?b\b\.?|date de naissance|naissance|anniversaire)"
_FILLERS = "is|was|it's|it|i|believe|think|the|on|le|est|c'est|du|my|mon|please|in|as|and|s'il vous plaît|au|of"
_BORN = r"born(?: in \w+)?,? (?:on )?(?:the )?|né(?:e|\(e\))?s?(?: à \w+)?,? le "
_AFTER = re.compile(
    rf"(?P<cue>\b(?:{_BIRTH}(?:\W|\b(?:{_FILLERS})\b){{0,14}}?(?<=[\W_])|{_BORN})){_ANY}", re.IGNORECASE
)
_BEFORE = re.compile(rf"(?<![\w/.-]){_WITH_YEAR}(?=,? (?:is |was )?(?:my|his|her) {_BIRTH})", re.IGNORECASE)
_ALONE = re.compile(rf"(?<![\w/.-])(?:{_WITH_YEAR}|\d{{1,2}}{_GAP}\d{{1,2}}{_GAP}\d\d)(?!\w)", re.IGNORECASE)

BIRTH = Kind(
    "birth_date",
    r"(?i:birth|born|d\.?o\.?b|naissance|anniversaire| née? |^née? |né\(e)",
    lambda text: _BEFORE.sub("[BIRTH DATE]", _AFTER.sub(r"\g<cue>[BIRTH DATE]", text)),
    asks=r"(?i:birth|when were you born|d\.?o\.?b\.?\?|your dob|naissance|née? le|né\(e\) le)",
    answer=lambda text: _ALONE.sub("[BIRTH DATE]", text, count=1),
)
