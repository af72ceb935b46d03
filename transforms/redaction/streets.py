"""Postal addresses: a number, a street and what follows; a postcode where words say that it is one."""

import re

from transforms.redaction.kind import Kind
from transforms.redaction.words import is_in

_CAP = r"[A-ZÀ-ÖØ-Þ][\w'’.-]*"
_NTH = r"\d{1,3}(?:st|nd|rd|th)"
_POSTCODE = r"(?:GIR ?0AA|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2})"
_ZIP = r"\d{5}(?:-\d{4})?"
_STRONG = "street|road|avenue|lane|boulevard|crescent|terrace|gardens|grove|parkway|mews|blvd|ave|rd"
_WEAK = "st|way|drive|dr|close|court|ct|place|pl|square|sq|hill|park|row|walk|rise|green|circle|cir|view|ln|highway|hwy|trail"
_WEAK_UP = "|".join(word.capitalize() for word in _WEAK.split("|"))
_FLAT = r"(?:(?:flat|apartment|apt|unit|suite|room|house|floor)\.? ?\w{1,5},? )"
_AFTER = rf"(?:,? (?:flat|apt|apartment|unit|suite|#)\.? ?\w{{1,5}})?(?:,?\s+{_CAP}(?: {_CAP}){{0,2}}){{0,2}}(?:,?\s+(?:[A-Z]{{2}},?\s+)?(?:{_POSTCODE}|{_ZIP}))"
_CASED = re.compile(
    rf"\b(?i:{_FLAT})?\d{{1,5}}[A-Za-z]?(?:[-/]\d{{1,4}})?,? (?:(?:[NSEW]|North|South|East|West)\.? )?"
    rf"(?:{_CAP}|{_NTH})(?: (?:{_CAP}|of|the|and|on)){{0,3}} "
    rf"(?:(?i:{_STRONG})|{_WEAK_UP})\b\.?(?: (?:NW|NE|SW|SE)\b)?(?:{_AFTER})?"
)
_LOOSE = re.compile(
    rf"\b(?i:{_FLAT})?(?P<number>\d{{1,5}}[a-z]?) (?P<name>[^\W\d_]['\w’-]*(?: [^\W\d_]['\w’-]*)?) (?i:street|road|avenue|lane|boulevard|crescent|terrace)\b"
    rf"(?:{_AFTER})?"
)
_NUMBER_WORD = (
    "(?:(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen"
    "|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|oh|and)[ -]?){1,4}"
)
_SAID = re.compile(
    rf"(?P<cue>\b(?i:live at|living at|lives at|address is|address:|deliver(?:ed)? (?:it )?to|sen[dt] (?:it )?to|home is|moved to|based at) )"
    rf"(?i:(?:number )?(?:\d{{1,5}}[a-z]?|{_NUMBER_WORD}) ?(?:[^\W\d_][\w'-]* ){{1,3}}?(?:{_STRONG}|{_WEAK})\b)(?:{_AFTER})?"
)
_PO_BOX = re.compile(rf"\b(?i:P\.? ?O\.? ?Box|boîte postale|BP|CS) \d{{2,6}}(?:(?:,? |, ){_ZIP}(?: {_CAP})?)?(?=\W|$)")
_CODE = re.compile(
    rf"(?P<cue>\b(?:post ?code|zip(?: ?code)?|code postal)\b(?:\W|\b(?:is|it's|est|c'est|le|the|my|mon|of|du)\b){{1,10}})"
    rf"(?:{_POSTCODE}|{_ZIP})\b",
    re.IGNORECASE,
)

_FR_STRONG = "rue|avenue|boulevard|bd|bld|bvd|impasse|allées?|chemin|quai|ruelle|faubourg|chaussée|esplanade|lotissement"
_FR_WEAK = "av|place|route|cours|square|passage|résidence|villa|sentier|promenade|hameau|cité|voie|rond-point|pl|rte|clos|montée|sente"
_LINK = r"(?:de la |de l['’]|des |du |de |d['’]|la |le |les |l['’])*"
_FR_NUMBER = r"\b\d{1,4}(?: ?(?:bis|ter|quater)\b| ?[A-Da-d]\b)?,? "
_FR_TOWN = rf"(?:,?\s+(?:à )?\d{{5}}(?:,? {_CAP}(?:[ -](?:{_CAP}|\d{{1,2}}(?:er?|e|ème)?))*)?)"
_FRENCH = re.compile(
    rf"{_FR_NUMBER}(?i:{_FR_STRONG}|{_FR_WEAK})\.? {_LINK}{_CAP}(?:[ -](?:{_CAP}|de|du|des|la|le|et|\d{{1,2}}(?= \w+ \d{{4}})|d['’]{_CAP}))*(?:{_FR_TOWN})?"
)
_FRENCH_WITH_TOWN = re.compile(
    rf"{_FR_NUMBER}(?i:{_FR_STRONG}|{_FR_WEAK})\.? (?:[\w'’-]+ ){{1,5}}?(?:à )?\d{{5}}\b(?:,? {_CAP}(?:[ -]{_CAP})*)?"
)
_FRENCH_LOOSE = re.compile(
    rf"{_FR_NUMBER}(?:rue|avenue|boulevard|impasse|allée|chemin|quai|ruelle) {_LINK}(?P<name>[^\W\d_][\w'’-]*(?: [^\W\d_][\w'’-]*){{0,3}})", re.IGNORECASE
)


def _mark(text: str) -> str:
    for pattern in (_CASED, _FRENCH, _FRENCH_WITH_TOWN, _PO_BOX):
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
    kept: list[str] = []
    for word in match["name"].split(" "):
        if is_in("after_street", word):
            break
        kept.append(word)
    if not kept:
        return match[0]
    whole = len(match[0]) - len(match["name"])
    return f"[ADDRESS]{match[0][whole + len(' '.join(kept)) :]}"


ADDRESS = Kind(
    "address",
    rf"[0-9][A-Za-z]?(?:-[0-9]+)?,? (?:[^ ]+ ){{1,5}}?(?i:{_STRONG})|[0-9][A-Za-z]?(?:-[0-9]+)?,? (?:[^ ]+ ){{1,4}}?(?:{_WEAK_UP})"
    rf"|[0-9](?: ?[A-Za-z]{{1,6}})?,? (?i:{_FR_STRONG}|{_FR_WEAK})[. ]"
    r"|(?i:p\.? ?o\.? ?box|boîte postale|bp [0-9]|cs [0-9]|post ?code|zip|code postal|live at|lives at|living at|address is|address:"
    r"|deliver(?:ed)? (?:it )?to|sen[dt] (?:it )?to|home is|moved to|based at)",
    _mark,
)
