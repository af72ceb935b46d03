"""What must not be stored is marked first: e-mail addresses, phone and card numbers, IBANs; ids are hashed."""

import hashlib
import re
from collections.abc import Callable

import phonenumbers
import polars as pl
from stdnum import iban, luhn

REDACTOR_VERSION = "1"
ID_BYTES = 12

_GAP = "[ \u00a0\u202f-]"
_CANDIDATE = r"@|\d(?:[\s().\-/]{0,2}\d){8}|(?i:\b[a-z]{2}\d{2}[ -]?[a-z0-9]{4})|(?i:\b(?:dot|point) [a-z]{2,3}\b)"
_EMAIL = re.compile(r"[\w.+%'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")
_SPOKEN_END = re.compile(r" (?:dot|point) (?:com|fr|net|org|co|uk|io|eu|be|ch|ca|de)\b", re.IGNORECASE)
_SPOKEN_EMAIL = re.compile(
    r"\b\w{1,40}(?: (?:dot|point|underscore) \w{1,40}){0,3} (?:at|arobase|arobas) \w{1,40}"
    rf"(?:{_SPOKEN_END.pattern}){{1,2}}",
    re.IGNORECASE,
)
_IBAN = re.compile(rf"(?<!\w)[A-Z]{{2}}\d{{2}}(?:{_GAP}?[A-Z0-9]){{11,30}}", re.IGNORECASE)
_CARD = re.compile(rf"(?<![\w+])\d(?:{_GAP}?\d){{11,30}}(?!\w)")
_ISSUER = re.compile(
    r"4(?:\d{12}|\d{15}|\d{18})|5[1-5]\d{14}|2(?:2[2-9]|[3-6]\d|7[01])\d{13}|3[47]\d{13}|3(?:0[0-5]|[68]\d)\d{11}"
    r"|35\d{14}|6(?:011|5\d\d|4[4-9]\d)\d{12,15}|(?:50|5[6-9]|6\d)\d{10,17}"
)
_PHONE = re.compile(
    r"(?<![\w.,/:-])(?:"
    r"(?P<abroad>(?:\+|00)[ .]?\d{1,3}(?:[\s.\-]?\(?\d{1,4}\)?){2,7})"
    r"|(?P<french>0[1-9](?P<gap>[\s.\-/]?)\d\d(?:(?P=gap)\d\d){3})"
    r"|(?P<british>\(?0[1-37-8]\d{1,4}\)?[\s\-]?\d{3,4}[\s\-]?\d{3,4})"
    r"|(?P<american>(?:1[\s.\-])?(?:\(\d{3}\)[\s.\-]?|\d{3}[\s.\-])\d{3}[\s.\-]\d{4})"
    r"|(?P<bare>\d{10})"
    r")(?!\w|[-./:]\d)"
)
_A_NUMBER_OF_ELSE = re.compile(
    r"(?:order|commande|r[eé]f(?:[eé]rence)?|ticket|case|dossier|invoice|facture|account|compte|tracking|colis|suivi"
    r"|parcel|contra[ct]t?|policy|serial|s[eé]rie|customer|client)\W*(?:(?:number|num[eé]ro|num|id|code|n°|no|is|est|le)\W*){0,3}$"
    r"|[#№]\s?$",
    re.IGNORECASE,
)
_A_PHONE = re.compile(r"\b(?:call|phone|tel|t[eé]l[eé]phone|mobile|cell|reach|ring|text|portable|appel|joindre)", re.I)


def redact(text: pl.Series) -> pl.Series:
    """The texts in Unicode NFC, with marks in place of what must not be stored."""
    text = text.str.normalize("NFC")
    found = text.str.contains(_CANDIDATE).fill_null(False).arg_true()
    if found.is_empty():
        return text
    return text.scatter(found, [redact_text(one) for one in text.gather(found)])


def redact_text(text: str) -> str:
    """One text with marks in place of what must not be stored: so that nothing more is found in it."""
    while (marked := _marked_once(text)) != text:
        text = marked
    return text


def _marked_once(text: str) -> str:
    if "@" in text:
        text = _EMAIL.sub("[EMAIL]", text)
    if _SPOKEN_END.search(text):
        text = _SPOKEN_EMAIL.sub("[EMAIL]", text)
    text = _IBAN.sub(lambda match: _marked(match[0], "[IBAN]", _iban_at), text)
    text = _CARD.sub(lambda match: _marked(match[0], "[CARD]", _card_at), text)
    return _PHONE.sub(_phone, text)


def _marked(run: str, mark: str, length_at: Callable[[str, int], int]) -> str:
    """A run of characters with what is found in it marked; what is around stays."""
    starts = [0, *(match.end() for match in re.finditer(_GAP, run))]
    for start in starts:
        length = length_at(run, start)
        if length:
            after = run[start + length :]
            return run[:start] + mark + (_marked(after, mark, length_at) if len(after) > 12 else after)
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
    numbers = _ends(run, start, range(12, 20))
    return next((length for value, length in numbers if _ISSUER.fullmatch(value) and luhn.is_valid(value)), 0)


def _phone(match: re.Match[str]) -> str:
    return "[PHONE]" if _is_phone(match) else match[0]


def _is_phone(match: re.Match[str]) -> bool:
    number, before = match[0], match.string[max(0, match.start() - 40) : match.start()]
    if match["abroad"]:
        return _is_possible(re.sub(r"^00", "+", number), None)
    if _A_NUMBER_OF_ELSE.search(before):
        return False
    if match["british"]:
        return _is_possible(number, "GB")
    return bool(_A_PHONE.search(before)) if match["bare"] else True


def _is_possible(number: str, region: str | None) -> bool:
    try:
        return phonenumbers.is_possible_number(phonenumbers.parse(number, region))
    except phonenumbers.NumberParseException:
        return False


def hash_id(key: bytes, value: pl.Series) -> pl.Series:
    """The ids as keyed hashes of 24 hexadecimal digits; null stays null."""
    secret = key if len(key) <= 64 else hashlib.blake2b(key).digest()
    distinct = value.unique().drop_nulls()
    hashed = [hashlib.blake2b(one.encode(), key=secret, digest_size=ID_BYTES).hexdigest() for one in distinct]
    return value.replace_strict(distinct, pl.Series(hashed, dtype=pl.String), default=None, return_dtype=pl.String)
