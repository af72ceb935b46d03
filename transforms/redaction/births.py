"""Dates of birth, after words that say so or in answer to the question."""

import re

from transforms.redaction.kind import Kind

_MONTHS = (
    "january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sept?"
    "|oct|nov|dec|janvier|f[eé]vrier|mars|avril|mai|juin|juillet|ao[uû]t|septembre|octobre|novembre|d[eé]cembre|janv|f[eé]vr|juil"
)
_ORDINAL = (
    "(?:twenty[ -]|thirty[ -])?(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)|tenth|eleventh|twelfth|twentieth"
    "|thirtieth|(?:thir|four|fif|six|seven|eigh|nine)teenth|premier|(?:vingt|trente)(?:[ -](?:et )?(?:un|deux|trois|quatre"
    "|cinq|six|sept|huit|neuf))?|dix(?:[ -](?:sept|huit|neuf))?|onze|douze|treize|quatorze|quinze|seize|deux|trois|quatre|cinq"
    "|six|sept|huit|neuf"
)
_UNITS = (
    "(?:one|two|three|four|five|six|seven|eight|nine|oh|ten|eleven|twelve|\\w+teen|twenty|thirty|forty|fifty|sixty|seventy|eighty"
    "|ninety|hundred|and|un|deux|trois|quatre|cinq|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|seize|vingts?|trente"
    "|quarante|cinquante|soixante|et)"
)
_YEAR = rf"(?:(?:19|20)\d\d|\d\d|(?:nineteen|twenty|two thousand|mille neuf cent|dix[- ]neuf cent|deux mille)(?:[ -]{_UNITS}){{0,4}})"
_FULL_YEAR = _YEAR.replace(r"|\d\d|", "|", 1)
_DAY = rf"(?:\d{{1,2}}(?:st|nd|rd|th|er)?|(?:{_ORDINAL}))"


def _date(year: str, is_optional: bool) -> str:
    """A day with its month, in any order and writing."""
    ends = "?" if is_optional else ""
    return (
        r"(?:\d{1,2}\s?[/.\- ]\s?\d{1,2}\s?[/.\- ]\s?(?:(?:19|20)\d\d|\d\d)(?!\d)|(?:19|20)\d\d[/.-]\d{1,2}[/.-]\d{1,2}"
        rf"|{_DAY}(?: of)?[ -](?:{_MONTHS})\b\.?(?:,?[ -](?:of )?(?:en )?{year}\b){ends}"
        rf"|(?:{_MONTHS})\b\.? (?:the )?{_DAY}\b(?:,? (?:of )?{year}\b){ends}|(?:19|20)\d{{6}}\b|\d{{4}}(?:19|20)\d\d\b)"
    )


_NOUN = r"(?:date of birth|birth ?dates?|birth ?days?|d\.?o\.?b\b\.?|date de naissance|naissance|anniversaire)"
_FILLER = r"(?:\W|\b(?:is|was|it's|it|i|believe|think|the|on|le|est|c'est|du|my|mon|please|in|as|and|s'il vous plaît|au|:|of)\b)"
_AFTER = re.compile(
    rf"(?P<cue>\b(?:{_NOUN}{_FILLER}{{0,14}}?(?<=[\W_])|born(?: in \w+)?,? (?:on )?(?:the )?|né(?:e|\(e\))?s?(?: à \w+)?,? le ))"
    rf"(?:{_date(_YEAR, is_optional=True)})",
    re.IGNORECASE,
)
_ALONE = re.compile(rf"(?<![\w/.-]){_date(_FULL_YEAR, is_optional=False)}(?!\w)", re.IGNORECASE)

_BEFORE = re.compile(
    rf"(?<![\w/.-]){_date(_FULL_YEAR, is_optional=False)}(?=,? (?:is |was )?(?:my|his|her) {_NOUN})", re.IGNORECASE
)


def _mark(text: str) -> str:
    return _BEFORE.sub("[BIRTH DATE]", _AFTER.sub(r"\g<cue>[BIRTH DATE]", text))


BIRTH = Kind(
    "birth_date",
    r"(?i:birth|born|d\.?o\.?b|naissance|anniversaire| née? |^née? |^Née? |né\(e)",
    _mark,
    asks=r"(?i:birth|when were you born|d\.?o\.?b\.?\?|your dob|naissance|née? le|né\(e\) le)",
    answer=lambda text: _ALONE.sub("[BIRTH DATE]", text, count=1),
)
