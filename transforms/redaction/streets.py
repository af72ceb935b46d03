"""Postal addresses: a number, a street and what follows; a postcode where words say that it is one."""

import re

from transforms.redaction.kind import Kind
from transforms.redaction.words import is_in

_CAP = r"[A-ZÀ-ÖØ-Þ][\w'’.-]*"
_LOW = r"[^\W\d_]['\w’-]*"
_POSTCODE = r"(?:[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|\d{5}(?:-\d{4})?)"

# English: 12 Baker Street, London NW1 6XE
_STREET = "street|road|avenue|lane|boulevard|crescent|terrace|gardens|grove|parkway|mews|blvd|ave|rd"
_PLACE = (
    "St|Way|Drive|Dr|Close|Court|Ct|Place|Pl|Square|Sq|Hill|Park|Row|Walk|Rise|Green|Circle|Cir|View|Ln|Highway|Trail"
)
_PART = r"(?i:flat|apartment|apt|unit|suite|room|floor|#)\.? ?\w{1,5}"
_NUMBER = r"\d{1,5}[A-Za-z]?(?:[-/]\d{1,4})?"
_TOWN = rf"(?:,? {_PART})?(?:,?\s+{_CAP}(?: {_CAP}){{0,2}}){{0,2}}(?:,?\s+(?:[A-Z]{{2}},?\s+)?{_POSTCODE})"
_CASED = re.compile(
    rf"\b(?:{_PART},? )?{_NUMBER},? (?:(?:[NSEW]|North|South|East|West)\.? )?(?:{_CAP}|\d{{1,3}}(?:st|nd|rd|th))"
    rf"(?: (?:{_CAP}|of|the|and|on)){{0,3}} (?:(?i:{_STREET})|{_PLACE})\b\.?(?: (?:NW|NE|SW|SE)\b)?"
    rf"(?:{_TOWN}|, {_CAP}(?: {_CAP})?(?=[.!]?$))?"
)
_LOOSE = re.compile(
    rf"\b(?:{_PART},? )?{_NUMBER} (?P<name>{_LOW}(?: {_LOW})?)"
    rf" (?i:street|road|avenue|lane|boulevard|crescent|terrace)\b(?:{_TOWN})?"
)
_ONE_TO_NINETY = (
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen"
    "|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|oh|and"
)
_LIVES = (
    "live at|living at|lives at|address is|address:|deliver(?:ed)? (?:it )?to|sen[dt] (?:it )?to|home is|moved to"
    "|based at"
)
_SAID = re.compile(
    rf"(?P<cue>\b(?i:{_LIVES}) )(?i:(?:number )?(?:\d{{1,5}}[a-z]?|(?:(?:{_ONE_TO_NINETY})[ -]?){{1,4}}) ?"
    rf"(?:[^\W\d_][\w'-]* ){{1,3}}?(?:{_STREET}|{_PLACE})\b)(?:{_TOWN})?"
)
_BOX = re.compile(rf"\b(?i:P\.? ?O\.? ?Box|boîte postale|BP|CS) \d{{2,6}}(?:(?:,? |, )\d{{5}}(?: {_CAP})?)?(?=\W|$)")
_CODE = re.compile(
    r"(?P<cue>\b(?:post ?code|zip(?: ?code)?|code postal)\b"
    rf"(?:\W|\b(?:is|it's|est|c'est|le|the|my|mon|of|du)\b){{1,10}}){_POSTCODE}\b",
    re.IGNORECASE,
)

# French: 12 bis rue de la Paix, 75002 Paris
_RUE = "rue|avenue|boulevard|impasse|allée|chemin|quai|ruelle"
_VOIE = (
    f"{_RUE}|allées|bd|bld|bvd|faubourg|chaussée|esplanade|lotissement|av|place|route|cours|square|passage|résidence|villa"
    "|sentier|promenade|hameau|cité|voie|rond-point|pl|rte|clos|montée|sente"
)
_LINK = r"(?:de la |de l['’]|des |du |de |d['’]|la |le |les |l['’])*"
_NUMERO = r"\b\d{1,4}(?: ?(?:bis|ter|quater)\b| ?[A-Da-d]\b)?,? "
_VILLE = rf"(?:,?\s+(?:à )?\d{{5}}(?:,? {_CAP}(?:[ -](?:{_CAP}|\d{{1,2}}(?:er?|e|ème)?))*)?)"
_FRENCH = re.compile(
    rf"{_NUMERO}(?i:{_VOIE})\.? {_LINK}{_CAP}(?:[ -](?:{_CAP}|de|du|des|la|le|et|d['’]{_CAP}))*(?:{_VILLE})?"
)
_FRENCH_WITH_TOWN = re.compile(
    rf"{_NUMERO}(?i:{_VOIE})\.? (?:[\w'’-]+ ){{1,5}}?(?:à )?\d{{5}}\b(?:,? {_CAP}(?:[ -]{_CAP})*)?"
)
_FRENCH_LOOSE = re.compile(rf"{_NUMERO}(?:{_RUE}) {_LINK}(?P<name>{_LOW}(?: {_LOW}){{0,3}})", re.IGNORECASE)


def _mark(text: str) -> str:
    for pattern in (_CASED, _FRENCH, _FRENCH_WITH_TOWN, _BOX):
        text = pattern.sub("[ADDRESS]", text)
    text = _LOOSE.sub(_loose, text)
    text = _FRENCH_LOOSE.sub(_french_loose, text)
    text = _SAID.sub(r"\g<cue>[ADDRESS]", text)
    return _CODE.sub(r"\g<cue>[ADDRESS]", text)


def _loose(match: re.Match[str]) -> str:
    """A street in lower case, whose name is no word of "5 cars down the road"."""
    return match[0] if any(is_in("no_street", word) for word in match["name"].split()) else "[ADDRESS]"


def _french_loose(match: re.Match[str]) -> str:
    """The same in French, up to a word that belongs to no name."""
    words = match["name"].split(" ")
    count = next((n for n, word in enumerate(words) if is_in("after_street", word)), len(words))
    return " ".join(["[ADDRESS]", *words[count:]]) if count else match[0]


_HINTED = r"[0-9][A-Za-z]?(?:-[0-9]+)?,? (?:[^ ]+ )"
ADDRESS = Kind(
    "address",
    rf"{_HINTED}{{1,5}}?(?i:{_STREET})|{_HINTED}{{1,4}}?(?:{_PLACE})|[0-9](?: ?[A-Za-z]{{1,6}})?,? (?i:{_VOIE})[. ]"
    rf"|(?i:p\.? ?o\.? ?box|boîte postale|bp [0-9]|cs [0-9]|post ?code|zip|code postal|{_LIVES})",
    _mark,
)
