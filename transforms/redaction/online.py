"""E-mail addresses, written and spoken; addresses of machines; secrets in links, passwords."""

import re
from ipaddress import ip_address

from transforms.redaction.kind import Kind

_WRITTEN = re.compile(r"[\w.+%'-]{1,64}@(?:[\w-]{1,63}\.){1,5}[^\W\d_][\w-]{1,62}")
_VEILED = re.compile(
    r"[\w.+%-]{1,64} ?[(\[{] ?(?:at|arobase) ?[)\]}] ?[\w-]{1,63}(?:(?: ?[(\[{] ?(?:dot|point) ?[)\]}] ?|\.)[\w-]{2,63}){1,4}",
    re.I,
)
_HALF = re.compile(
    r"\b(?P<local>[\w.+%-]{1,64}) (?:at|arobas|arobase|arrobase) (?P<domain>(?:[\w-]{1,63}\.){1,4}[^\W\d_]{2,10})\b",
    re.I,
)
_JOIN = r"(?: (?:dot|point|underscore|under score|tiret|tiret du (?:bas|six|6|huit|8)|dash|hyphen|minus|moins) )"
_ENDS = "com|fr|net|org|co|uk|io|eu|be|ch|ca|de|us|ie|lu|info|biz|gov|edu|ac"
_SPOKEN = re.compile(
    rf"\b(?P<local>(?:\w[ -]){{2,20}}\w{{1,20}}|[\w'-]{{1,40}}(?:{_JOIN}[\w'-]{{1,40}}){{0,4}})"
    rf" (?:at|arobas|arobase|arrobase|arrobas|a commercial) (?P<domain>\w{{1,40}}(?:{_JOIN}\w{{1,40}}){{0,2}}?)"
    rf"(?: (?:dot|point) (?:{_ENDS})\b){{1,2}}",
    re.IGNORECASE,
)
_CUE = re.compile(
    r"(?:e-?mails?|mails?|courriel|address|adresse|login|identifiant)\b(?: \w+){0,3}? ?(?:is|was|to|it's|its|est|c'est|à|:|,)"
    r",? (?P<more>(?:[\w'-]+ ){0,5})$",
    re.IGNORECASE,
)
_PROVIDERS = set(
    [
        "gmail",
        "googlemail",
        "hotmail",
        "outlook",
        "yahoo",
        "ymail",
        "icloud",
        "proton",
        "protonmail",
        "aol",
        "btinternet",
        "live",
        "msn",
        "orange",
        "wanadoo",
        "free",
        "sfr",
        "laposte",
        "bbox",
        "neuf",
        "numericable",
        "sky",
        "virginmedia",
        "talktalk",
        "gmx",
        "comcast",
        "verizon",
    ]
)
_NO_NAMES = set(
    [
        "look",
        "looking",
        "looked",
        "shop",
        "shopping",
        "shopped",
        "buy",
        "bought",
        "order",
        "ordered",
        "find",
        "found",
        "go",
        "going",
        "went",
        "online",
        "site",
        "website",
        "page",
        "us",
        "me",
        "is",
        "was",
        "are",
        "it",
        "them",
        "that",
        "this",
        "here",
        "see",
        "check",
        "checked",
        "support",
        "visit",
        "store",
        "app",
        "link",
        "log",
        "logged",
        "sign",
        "signed",
        "working",
        "work",
        "works",
        "available",
        "one",
        "out",
        "start",
        "arrive",
        "arrived",
        "price",
        "prices",
        "get",
        "got",
        "reach",
        "contact",
        "write",
        "back",
        "there",
        "products",
        "product",
        "items",
        "stuff",
        "more",
        "information",
        "info",
        "details",
        "faq",
        "account",
        "voir",
        "vu",
        "achete",
        "commande",
        "site",
        "page",
        "disponible",
    ]
)


def _email(text: str) -> str:
    if "@" in text:
        text = _WRITTEN.sub("[EMAIL]", text)
    text = _VEILED.sub("[EMAIL]", text)
    text = _HALF.sub(_half, text)
    return _spoken(text)


def _half(match: re.Match[str]) -> str:
    is_said = _CUE.search(match.string[: match.start()]) or re.search(r"[\d._]", match["local"])
    is_known = match["domain"].split(".")[0].lower() in _PROVIDERS
    return "[EMAIL]" if is_said or is_known else match[0]


def _spoken(text: str) -> str:
    """The text with e-mail addresses said aloud marked, with the words before that belong to them."""
    at = 0
    while match := _SPOKEN.search(text, at):
        local, domain = match["local"].lower(), match["domain"].split()[0].lower()
        cue = _CUE.search(text[: match.start()])
        if cue is None and domain not in _PROVIDERS and local.split()[-1] in _NO_NAMES:
            at = match.end()
            continue
        start = cue.start("more") if cue else match.start()
        text = f"{text[:start]}[EMAIL]{text[match.end() :]}"
        at = start + len("[EMAIL]")
    return text


EMAIL = Kind(
    "email",
    rf"(?i)@|[(\[{{] ?(?:at|arobase) ?[)\]}}]|\b(?:dot|point) (?:{_ENDS})\b|\b(?:at|arr?obase?) [\w-]+\.[a-z]",
    _email,
)

_V4 = re.compile(r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?!\w|\.\d)")
_V6 = re.compile(r"(?<![\w:.])(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}(?:(?<=:)(?:\d{1,3}\.){3}\d{1,3})?(?![\w:])", re.I)
_VERSION = re.compile(
    r"\b(?:v|ver|versions?|firmware|driver|pilote|build|release|patch|update|mise à jour|ios|android|software|logiciel"
    r"|section|chapter|clause|article|paragraph\w*)\W*(?:\w+\W+){0,2}$",
    re.IGNORECASE,
)


def _ip(text: str) -> str:
    text = _V4.sub(lambda match: "[IP]" if _is_v4(match) else match[0], text)
    return _V6.sub(lambda match: "[IP]" if _is_v6(match[0]) else match[0], text)


def _is_v4(match: re.Match[str]) -> bool:
    is_version = _VERSION.search(match.string[max(0, match.start() - 40) : match.start()])
    return not is_version and all(int(part) < 256 for part in match[0].split("."))


def _is_v6(found: str) -> bool:
    try:
        ip_address(found)
    except ValueError:
        return False
    return "::" not in found or any(len(part) > 2 for part in found.split(":"))


IP = Kind("ip", r"(?:\d{1,3}\.){3}\d|(?i:[0-9a-f]{0,4}:){2,}", _ip)

_LINK = re.compile(
    r"(?:https?://|ftp://|www\.)[^\s<>\"`]+|(?<![\w@./-])[\w-]+(?:\.[\w-]+)*\.[a-z]{2,10}/[^\s<>\"`]*[?#][^\s<>\"`]+",
    re.I,
)
_PAIR = re.compile(r"(?P<name>[?&#;][\w.%\[\]-]*=)(?P<value>[^&#;\s]*)")
_BARE = re.compile(r"(?<=[?#])(?P<value>[\w.~+/-]{16,})$")
_SEGMENT = re.compile(r"(?<=/)[\w.~=+-]{16,}(?=[/?#]|$)")
_SECRET_NAME = re.compile(
    r"token|secret|passw|pwd|passe|sig(nature)?\b|\bkey|[a-z]key|auth|session|sess(id)?\b|\bsid\b|jwt|otp|\bcode\b|nonce|"
    r"hash|e-?mail|user|login|phone|\btel|name|nom\b|birth|naissance|iban|card|invite|magic|state|ticket\b",
    re.IGNORECASE,
)
_PLAIN_NAME = re.compile(
    r"order|command|track|suivi|colis|parcel|product|item|sku|utm_|ref\b|lang|page|^.(v|q|p|id)=", re.I
)
_END = re.compile(r"[.,;:!?)\]}'»]+$")


def _link(match: re.Match[str]) -> str:
    whole = match[0]
    ending = _END.search(whole)
    link, after = (whole[: ending.start()], ending[0]) if ending and not whole.endswith("[SECRET]") else (whole, "")
    link = re.sub(r"(?<=//)[^/@?#\s]+(?=@)", "[SECRET]", link, count=1)
    beginning = re.match(r"(?:\w+://)?[^/?#]*", link)
    host = beginning[0] if beginning else ""
    rest = _PAIR.sub(_pair, link[len(host) :])
    rest = _BARE.sub(lambda found: "[SECRET]" if _is_random(found["value"]) else found[0], rest)
    rest = _SEGMENT.sub(lambda found: "[SECRET]" if _is_random(found[0], 20) else found[0], rest)
    return host + rest + after


def _pair(match: re.Match[str]) -> str:
    if not match["value"] or match["value"].startswith("[") or _PLAIN_NAME.search(match["name"]):
        return match[0]
    is_secret = _SECRET_NAME.search(match["name"]) or _is_random(match["value"])
    return f"{match['name']}[SECRET]" if is_secret else match[0]


def _is_random(value: str, least: int = 16) -> bool:
    """Whether it is no word or number that anybody would type: long, letters and digits mixed, no slug."""
    parts = re.split(r"[-_.]", value)
    longest = max(parts, key=len)
    is_mixed = bool(re.search(r"\d", longest)) and bool(re.search(r"[A-Za-z]", longest))
    changes = len(re.findall(r"[A-Za-z]\d|\d[A-Za-z]|[a-z][A-Z]", longest))
    return len(value) >= least and is_mixed and changes >= 3


_PASSWORD = re.compile(
    r"(?P<cue>\b(?:password|passcode|passphrase|mot de passe|mdp|pin(?: code| number)?|code (?:pin|secret|confidentiel)|otp"
    r"|one[- ]time (?:code|password))\b(?: (?:provisoire|temporaire|actuel|wifi))?\s*(?:is|was|est|c'est|=|:|it's)\s*:?\s*[\"'«“]?\s?)"
    r"(?P<value>(?=[^\s,;]*\d)[^\s,;\[\]\"»”]{4,})",
    re.IGNORECASE,
)


def _password(match: re.Match[str]) -> str:
    ending = _END.search(match["value"])
    value = match["value"][: ending.start()] if ending else match["value"]
    return f"{match['cue']}[SECRET]{match['value'][len(value) :]}" if len(value) > 3 else match[0]


def _secret(text: str) -> str:
    return _PASSWORD.sub(_password, _LINK.sub(_link, text))


SECRET = Kind(
    "secret",
    r"(?i)://|www\.|\.[a-z]{2,10}/\S*[?#]|passw|passcode|passphrase|mot de passe|mdp|\bpin\b|\bcode (?:secret|confid)|\botp\b|one[- ]time",
    _secret,
)
