"""Numbers with check digits: cards, IBANs, national numbers of France, the United Kingdom and the United States."""

import re
from collections.abc import Callable

from stdnum import iban, luhn
from stdnum.fr import nir
from stdnum.gb import nhs
from stdnum.us import ssn

from transforms.redaction.kind import Kind, is_of_something_else

_GAP = "[ \u00a0\u202f.-]"
HINTED_GAP = "(?: |-|[.]|\u00a0|\u202f)"
_IBAN = re.compile(rf"(?<!\w)[A-Z]{{2}}\d{{2}}(?:{_GAP}?[A-Z0-9]){{11,30}}", re.IGNORECASE)
_CARD = re.compile(rf"(?<![\w+])\d(?:{_GAP}?\d){{11,30}}(?!\w)")
_ISSUER = re.compile(
    r"4(?:\d{12}|\d{15}|\d{18})|5[1-5]\d{14}|2(?:2[2-9]|[3-6]\d|7[01])\d{13}|3[47]\d{13}|3(?:0[0-5]|[68]\d)\d{11}"
    r"|35\d{14}|6(?:011|5\d\d|4[4-9]\d)\d{12,15}|(?:50|5[6-9]|6\d)\d{10,17}"
)
_CODE = re.compile(
    r"(?P<cue>\b(?:cvv2?|cvc2?|cv2|csc|security (?:code|number)|code de sécurité|cryptogramme(?: visuel)?)\b"
    r"(?:\W|\b(?:is|it's|est|c'est|was|the|le|la|on|au|dos|back|number|numéro|code|my|mon)\b){1,14})\d{3,4}\b(?![-./]\d)",
    re.IGNORECASE,
)


def is_card(digits: str) -> bool:
    """Whether the digits are a payment card's number."""
    return _ISSUER.fullmatch(digits) is not None and bool(luhn.is_valid(digits))


def _runs_marked(run: str, mark: str, length_at: Callable[[str, int], int]) -> str:
    """A run of characters with what is found in it marked; what is around stays."""
    starts = [0, *(match.end() for match in re.finditer(_GAP, run))]
    for start in starts:
        length = length_at(run, start)
        if length:
            after = run[start + length :]
            return run[:start] + mark + (_runs_marked(after, mark, length_at) if len(after) > 12 else after)
    return run


def _ends(run: str, start: int, lengths: range) -> list[tuple[str, int]]:
    """The compact beginnings of that many characters, longest first, each with its length in the run."""
    places = [place for place in range(start, len(run)) if run[place].isalnum()]
    ends = [(places[count - 1] + 1, count) for count in reversed(lengths) if count <= len(places)]
    whole = [(end, count) for end, count in ends if end == len(run) or not run[end].isalnum()]
    return [("".join(run[place] for place in places[:count]), end - start) for end, count in whole]


def _iban_at(run: str, start: int) -> int:
    return next((length for value, length in _ends(run, start, range(15, 35)) if iban.is_valid(value)), 0)


def _card_at(run: str, start: int) -> int:
    return next((length for value, length in _ends(run, start, range(14 if start else 13, 20)) if is_card(value)), 0)


def _card(text: str) -> str:
    text = _CARD.sub(lambda match: _runs_marked(match[0], "[CARD]", _card_at), text)
    return _CODE.sub(r"\g<cue>[CARD]", text)


IBAN = Kind(
    "iban",
    rf"[A-Za-z]{{2}}[0-9]{{2}}{HINTED_GAP}?[A-Za-z0-9](?:{HINTED_GAP}?[A-Za-z0-9]){{10}}",
    lambda text: _IBAN.sub(lambda match: _runs_marked(match[0], "[IBAN]", _iban_at), text),
)
CARD = Kind(
    "card",
    rf"[0-9](?:{HINTED_GAP}?[0-9]){{12}}|(?i:cvv|cvc|cv2|csc|security (?:code|number)|code de sécurité|cryptogramme)",
    _card,
)

_FR = re.compile(rf"(?<!\w)[1278]{_GAP}?\d\d{_GAP}?\d\d{_GAP}?(?:\d\d|2[AB]){_GAP}?\d{{3}}{_GAP}?\d{{3}}(?P<key>{_GAP}?\d\d)?(?!\w)", re.I)
_GB = re.compile(r"(?<!\w)[A-Z]{2}(?:[ -]?\d\d){3}[ -]?[A-D](?!\w)", re.I)
_GIVEN_OUT = re.compile(r"(?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]", re.I)
_NHS = re.compile(r"(?<![\w+])\d{3}[ -]?\d{3}[ -]?\d{4}(?!\w)")
_US = re.compile(r"(?<![\w-])\d{3}(?P<gap>[- ]?)\d\d(?P=gap)\d{4}(?!\w|-\d)")
_SOCIAL = re.compile(r"sécu|secu\b|\bnir\b|insee|immatriculation", re.I)
_HEALTH = re.compile(r"\bnhs\b|national health", re.I)
_SSN = re.compile(r"\bssn\b|social(?: security)?\b", re.I)
_NINO = re.compile(r"national insurance|\bnino\b|\bni\b", re.I)


def _before(match: re.Match[str]) -> str:
    return match.string[max(0, match.start() - 60) : match.start()]


def _french(match: re.Match[str]) -> bool:
    digits = re.sub(r"\W", "", match[0]).upper()
    if match["key"]:
        return bool(nir.is_valid(digits))
    return _SOCIAL.search(_before(match)) is not None and 1 <= int(digits[3:5]) <= 12


def _british(match: re.Match[str]) -> bool:
    if _NINO.search(_before(match)):
        return True
    return _GIVEN_OUT.match(match[0]) is not None and not is_of_something_else(match.string, match.start())


def _health(match: re.Match[str]) -> bool:
    return _HEALTH.search(_before(match)) is not None and bool(nhs.is_valid(match[0].replace("-", " ")))


def _american(match: re.Match[str]) -> bool:
    if _SSN.search(_before(match)):
        return True
    is_plain = match["gap"] == "-" and not is_of_something_else(match.string, match.start())
    return is_plain and bool(ssn.is_valid(match[0]))


_NATIONAL = ((_FR, _french), (_GB, _british), (_NHS, _health), (_US, _american))


def _national(text: str) -> str:
    for pattern, is_one in _NATIONAL:
        text = pattern.sub(lambda match, is_one=is_one: "[ID]" if is_one(match) else match[0], text)  # type: ignore[misc]
    return text


NATIONAL = Kind(
    "national_number",
    rf"[1278](?:{HINTED_GAP}?[0-9AaBb]){{12}}|[A-Za-z]{{2}}(?:[ -]?[0-9]{{2}}){{3}}[ -]?[A-Da-d]|[0-9]{{3}}[ -]?[0-9]{{2,3}}[ -]?[0-9]{{4}}",
    _national,
)
