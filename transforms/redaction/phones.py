"""Phone numbers in digits: by the shapes of France, Britain and North America, or after a word that says so."""

import re

import phonenumbers

from transforms.redaction.kind import Kind, is_of_something_else

_REGIONS = ("FR", "GB", "US", "BE", "CH", "CA", "IE", "LU", "DE", "ES", "IT", "NL")
_PHONE = re.compile(
    r"(?<![\w.,/:-])(?:"
    r"(?P<abroad>\(?(?:\+|00)[ .]?\d{1,3}\)?(?:[\s.\-]?\(?\d{1,4}\)?){2,7})"
    r"|(?P<french>0[1-9](?P<gap>[\s.\-/]?)\d\d(?:(?P=gap)\d\d){3})"
    r"|(?P<british>\(?0[1-37-8]\d{1,4}\)?[\s\-]?\d{3,4}[\s\-]?\d{3,4})"
    r"|(?P<american>(?:1[\s.\-])?(?:\([2-9]\d\d\)[\s.\-]?|[2-9]\d\d[\s.\-])[2-9]\d\d[\s.\-]\d{4})"
    r"|(?P<other>\(?\d(?:[\s.\-/()]{0,2}\d){6,13})"
    r")(?!\w|[-./:]\d)"
)
_CUE = re.compile(
    r"\b(?:call|phone|tel|t[eé]l[eé]?(?:phone)?|mobile|cell|reach|ring|text|portable|r?appel|joindre|joignable|fixe|landline"
    r"|whatsapp|sms|dial|fax|contact)",
    re.IGNORECASE,
)
_DATE = re.compile(r"(?:\d{1,2}[/.\- ]\d{1,2}[/.\- ](?:19|20)\d\d|(?:19|20)\d\d[/.\- ]\d{1,2}[/.\- ]\d{1,2})(?!\d)")


def is_cued(text: str, start: int) -> bool:
    """Whether the words before a number say that it is a phone's."""
    return _CUE.search(text[max(0, start - 45) : start]) is not None


def _mark(match: re.Match[str]) -> str:
    return "[PHONE]" if _is_phone(match) else match[0]


def _is_phone(match: re.Match[str]) -> bool:
    number, text, start = match[0], match.string, match.start()
    if match["abroad"]:
        return _is_possible("+" + re.sub(r"^\(?(?:\+|00)", "", number), None)
    if is_of_something_else(text, start):
        return False
    if match["other"]:
        return is_cued(text, start) and not _DATE.match(number) and _is_somewhere(number)
    return _is_possible(number, "GB") if match["british"] else True


def _is_somewhere(number: str) -> bool:
    """Whether it is a number in one of the regions, or seven digits as they are said in North America."""
    if re.fullmatch(r"\d{3}[\s.\-]\d{4}", number):
        return True
    digits = re.sub(r"\D", "", number)
    return len(digits) == 10 or (len(digits) > 7 and any(_is_valid(number, region) for region in _REGIONS))


def _is_possible(number: str, region: str | None) -> bool:
    try:
        return phonenumbers.is_possible_number(phonenumbers.parse(number, region))
    except phonenumbers.NumberParseException:
        return False


def _is_valid(number: str, region: str) -> bool:
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(number, region))
    except phonenumbers.NumberParseException:
        return False


PHONE = Kind("phone", r"[0-9](?:[\s().\-/]{0,3}[0-9]){6}", lambda text: _PHONE.sub(_mark, text))
