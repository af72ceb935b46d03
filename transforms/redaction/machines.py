"""Addresses of machines: IPv4 and IPv6, but no numbers of versions."""

import re
from ipaddress import ip_address

from transforms.redaction.kind import Kind

_V4 = re.compile(r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?!\w|\.\d)")
_V6 = re.compile(r"(?<![\w:.])(?:[0-9a-f]{0,4}:){2,7}(?:(?:\d{1,3}\.){3}\d{1,3}|[0-9a-f]{0,4})(?![\w:])", re.IGNORECASE)
_VERSION = re.compile(
    r"\b(?:v|ver|versions?|firmware|driver|pilote|build|release|patch|update|mise à jour|ios|android|software|logiciel"
    r"|section|chapter|chapitre|clause|article|paragraphe?)\W*(?:\w+\W+){0,2}$",
    re.IGNORECASE,
)


def _v4(match: re.Match[str]) -> str:
    is_version = _VERSION.search(match.string[max(0, match.start() - 40) : match.start()])
    return match[0] if is_version or any(int(part) > 255 for part in match[0].split(".")) else "[IP]"


def _v6(match: re.Match[str]) -> str:
    try:
        ip_address(match[0])
    except ValueError:
        return match[0]
    is_one = "::" not in match[0] or any(len(part) > 2 for part in match[0].split(":"))
    return "[IP]" if is_one else match[0]


IP = Kind("ip", r"(?:[0-9]{1,3}\.){3}[0-9]|:[0-9A-Fa-f]{0,4}:", lambda text: _V6.sub(_v6, _V4.sub(_v4, text)))
