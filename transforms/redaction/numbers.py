"""Numbers of payment: cards and their codes, IBANs."""

import re
from collections.abc import Callable

from stdnum import iban, luhn

from transforms.redaction.kind import Kind

GAP = "[ \u00a0\u202f.-]"
_IBAN = re.compile(rf"(?<!\w)[A-Z]{{2}}\d{{2}}(?:{GAP}?[A-Z0-9]){{11,30}}", re.IGNORECASE)
_CARD = re.compile(rf"(?<![\w+])\d(?:{GAP}?\d){{11,30}}(?!\w)")
_ISSUER = re.compile(
    r"4(?:\d{12}|\d{15}|\d{18})|5[1-5]\d{14}|2(?:2[2-9]|[3-6]\d|7[01])\d{13}|3[47]\d{13}|3(?:0[0-5]|[68]\d)\d{11}"
    r"|35\d{14}|6(?:011|5\d\d|4[4-9]\d)\d{12,15}|(?:50|5[6-9]|6\d)\d{10,17}"
)
_CODE = re.compile(
    r"(?P<cue>\b(?:cvv2?|cvc2?|cv2|csc|security (?:code|number)|code de sécurité|cryptogramme(?: visuel)?|crypto)\b"
    r"(?:\W|\b(?:is|it's|est|c'est|was|the|le|la|on|au|dos|back|number|numéro|code|my|mon)\b){1,14})\d{3,4}\b"
    r"(?![-./]\d| ?(?:€|£|\$|euros?|pounds?|dollars?))",
    re.IGNORECASE,
)


def is_card(digits: str) -> bool:
    """Whether the digits are a payment card's number."""
    return _ISSUER.fullmatch(digits) is not None and bool(luhn.is_valid(digits))


def _runs_marked(run: str, mark: str, length_at: Callable[[str, int], int]) -> str:
    """A run of characters with what is found in it marked; what is around stays."""
    starts = [0, *(match.end() for match in re.finditer(GAP, run))]
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
    rf"[A-Za-z]{{2}}[0-9]{{2}}{GAP}?[A-Za-z0-9](?:{GAP}?[A-Za-z0-9]){{10}}",
    lambda text: _IBAN.sub(lambda match: _runs_marked(match[0], "[IBAN]", _iban_at), text),
)
CARD = Kind(
    "card",
    rf"[0-9](?:{GAP}?[0-9]){{12}}|(?i:cvv|cvc|cv2|csc|security (?:code|number)|code de sécurité|crypto)",
    _card,
)
