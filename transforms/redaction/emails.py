"""E-mail addresses, written and said aloud."""

import re

from transforms.redaction.kind import Kind
from transforms.redaction.words import WORDS, is_in

_NAME = r"[\w-]{1,63}"
_WRITTEN = re.compile(rf"[\w.+%'-]{{1,64}}@(?:{_NAME}\.){{1,5}}[^\W\d_][\w-]{{1,62}}")
_DOT = r"(?: ?[(\[{] ?(?:dot|point) ?[)\]}] ?|\.)"
_VEILED = re.compile(
    rf"[\w.+%-]{{1,64}} ?[(\[{{] ?(?:at|arobase) ?[)\]}}] ?{_NAME}(?:{_DOT}[\w-]{{2,63}}){{1,4}}", re.I
)
_AT = "(?:at|arobas|arobase|arrobase|arrobas|a commercial)"
_HALF = re.compile(
    rf"\b(?P<local>[\w.+%-]{{1,64}}) {_AT} (?P<domain>(?:{_NAME}\.){{1,4}}[^\W\d_]{{2,10}})\b", re.IGNORECASE
)
_JOIN = " (?:dot|point|underscore|under score|tiret|tiret du (?:bas|six|6|huit|8)|dash|hyphen|minus) "
_ENDS = "com|fr|net|org|co|uk|io|eu|be|ch|ca|de|us|ie|lu|info|biz|gov|edu|ac"
_SPOKEN = re.compile(
    rf"(?<![\w'’])(?P<local>(?:\w[ -]){{2,20}}\w{{1,20}}|[\w.'-]{{1,40}}(?:{_JOIN}[\w'-]{{1,40}}){{0,4}})"
    rf" {_AT} (?P<domain>\w{{1,40}}(?:{_JOIN}\w{{1,40}}){{0,2}}?)(?: (?:dot|point) (?:{_ENDS})\b){{1,2}}",
    re.IGNORECASE,
)
_CUE = re.compile(
    r"(?:e-?mails?|mails?|courriel|address|adresse|login|identifiant)\b(?: \w+){0,3}? ?"
    r"(?:is|was|to|it's|its|est|c'est|à|:|,),? (?P<more>(?:[\w'-]+ ){0,5})$"
    r"|\b(?:sent?|send|went|write|wrote|e?-?mailed|reply|envoy\w+|écri\w+) (?:it )?(?:to|à) $",
    re.IGNORECASE,
)


def _mark(text: str) -> str:
    text = _WRITTEN.sub("[EMAIL]", text)
    text = _VEILED.sub("[EMAIL]", text)
    return _said(_HALF.sub(_half, text))


def _half(match: re.Match[str]) -> str:
    """An address of which only the sign was said: not "look at example.com"."""
    is_told = _CUE.search(match.string[: match.start()]) or re.search(r"[\d._]", match["local"])
    is_mail = match["domain"].split(".")[0].lower() in WORDS["mail_providers"]
    return "[EMAIL]" if is_told or is_mail else match[0]


def _said(text: str) -> str:
    """The text with the addresses said aloud marked, with the words before that belong to them."""
    at = 0
    while match := _SPOKEN.search(text, at):
        cue = _CUE.search(text[: match.start()])
        is_mail = match["domain"].split()[0].lower() in WORDS["mail_providers"]
        if not cue and not is_mail and is_in("no_local_part", match["local"].split()[-1]):
            at = match.end()
            continue
        start = cue.start("more") if cue and cue["more"] else match.start()
        text = f"{text[:start]}[EMAIL]{text[match.end() :]}"
        at = start + len("[EMAIL]")
    return text


EMAIL = Kind(
    "email",
    rf"@|(?i:[(\[{{] ?(?:at|arobase) ?[)\]}}]|(?:dot|point) (?:{_ENDS})\b|(?:at|arr?obase?) [a-z0-9-]+\.[a-z])",
    _mark,
)
