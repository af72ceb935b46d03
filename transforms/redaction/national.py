"""National numbers: of France (NIR), the United Kingdom (National Insurance, NHS) and the United States (SSN)."""

import re
from collections.abc import Callable
from functools import partial

from stdnum.fr import nir
from stdnum.gb import nhs
from stdnum.us import ssn

from transforms.redaction.kind import Kind, is_of_something_else
from transforms.redaction.numbers import GAP

_FR = re.compile(
    rf"(?<!\w)[1278]{GAP}?\d\d{GAP}?\d\d{GAP}?(?:\d\d|2[AB]){GAP}?\d{{3}}{GAP}?\d{{3}}(?P<key>{GAP}?\d\d)?(?!\w)",
    re.I,
)
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
        text = pattern.sub(partial(_marked, is_one), text)
    return text


def _marked(is_one: Callable[[re.Match[str]], bool], match: re.Match[str]) -> str:
    return "[ID]" if is_one(match) else match[0]


NATIONAL = Kind(
    "national_number",
    rf"[1278](?:{GAP}?[0-9AaBb]){{12}}|[A-Za-z]{{2}}(?:[ -]?[0-9]{{2}}){{3}}[ -]?[A-Da-d]"
    r"|[0-9]{3}[ -]?[0-9]{2,3}[ -]?[0-9]{4}",
    _national,
)
