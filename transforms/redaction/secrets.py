"""Secrets in links, whose host and path stay; passwords and codes that were told."""

import re

from transforms.redaction.kind import Kind

_LINK = re.compile(
    r"(?:https?://|ftp://|www\.)[^\s<>\"`]+"
    r"|(?<![\w@./-])[\w-]+(?:\.[\w-]+)*\.[a-z]{2,10}/[^\s<>\"`]*[?#][^\s<>\"`]+",
    re.IGNORECASE,
)
_HOST = re.compile(r"(?:\w+://)?(?:(?P<user>[^/@?#\s]+)@)?[^/?#]*")
_PAIR = re.compile(r"(?P<name>[?&#;][\w.%\[\]-]*=)(?P<value>[^&#;\s]*)")
_BARE = re.compile(r"(?<=[?#])[\w.~+/-]{16,}$")
_SEGMENT = re.compile(r"(?<=/)[\w.~=+-]{16,}(?=[/?#]|$)")
_SECRET_NAME = re.compile(
    r"token|secret|passw|pwd|passe|sig(?:nature)?\b|key|auth|session|sess(?:id)?\b|\bsid\b|jwt|otp|\bcode\b|nonce|hash"
    r"|e-?mail|user|login|phone|\btel|name|nom\b|birth|naissance|iban|card|invite|magic|state|\bcl[eé]\b",
    re.IGNORECASE,
)
_PLAIN_NAME = re.compile(
    r"order|command|track|suivi|colis|parcel|product|item|sku|utm_|ref\b|lang|page|^.(?:v|q|p|id)=", re.IGNORECASE
)
_END = re.compile(r"[.,;:!?)\]}'»]+$")


def _link(match: re.Match[str]) -> str:
    ending = "" if match[0].endswith("[SECRET]") else "".join(_END.findall(match[0]))
    link = match[0].removesuffix(ending)
    found = _HOST.match(link)
    host, rest = (found[0], link[found.end() :]) if found else ("", link)
    if found and found["user"]:
        host = host.replace(f"{found['user']}@", "[SECRET]@", 1)
    rest = _PAIR.sub(_pair, rest)
    rest = _BARE.sub(lambda bare: "[SECRET]" if _is_random(bare[0], 16) else bare[0], rest)
    rest = _SEGMENT.sub(lambda part: "[SECRET]" if _is_random(part[0], 20) else part[0], rest)
    return host + rest + ending


def _pair(match: re.Match[str]) -> str:
    if not match["value"] or match["value"].startswith("[") or _PLAIN_NAME.search(match["name"]):
        return match[0]
    is_secret = _SECRET_NAME.search(match["name"]) or _is_random(match["value"], 16)
    return f"{match['name']}[SECRET]" if is_secret else match[0]


def _is_random(value: str, least: int) -> bool:
    """Whether it is no word, slug or number that anybody would type: long, with letters and digits mixed."""
    longest = max(re.split(r"[-_.]", value), key=len)
    changes = re.findall(r"[A-Za-z](?=\d)|\d(?=[A-Za-z])|[a-z](?=[A-Z])", longest)
    return len(value) >= least and len(changes) >= 3 and bool(re.search(r"\d", longest))


_TOLD = re.compile(
    r"(?P<cue>\b(?:password|passcode|passphrase|mot de passe|mdp|pin(?: code| number)?|code (?:pin|secret|confidentiel)"
    r"|otp|one[- ]time (?:code|password))\b(?: (?:provisoire|temporaire|actuel|wifi))?"
    r"\s*,?\s*(?:is|was|est|c'est|=|:|it's)\s*:?\s*[\"'«“]?\s?)(?P<value>(?=[^\s,;]*\d)[^\s,;\[\]\"»”]{4,})",
    re.IGNORECASE,
)


def _told(match: re.Match[str]) -> str:
    value = _END.sub("", match["value"])
    return f"{match['cue']}[SECRET]{match['value'][len(value) :]}" if len(value) > 3 else match[0]


SECRET = Kind(
    "secret",
    r"://|www\.|[a-z]/[^ ]*[?#]|(?i:passw|passcode|passphrase|mot de passe|mdp|pin(?: |$)|code secret|code confid|otp"
    r"|one[- ]time)",
    lambda text: _TOLD.sub(_told, _LINK.sub(_link, text)),
)
