"""Names of people, by the words around them: names.toml says which."""

import re
import tomllib
from collections.abc import Callable, Sequence
from pathlib import Path

from transforms.redaction.kind import Kind
from transforms.redaction.words import WORDS, is_in

CUES: dict[str, list[str]] = tomllib.loads(Path(__file__).with_name("names.toml").read_text(encoding="utf-8"))
UP = "A-ZÀ-ÖØ-Þ"
CAP = rf"(?<!\[)[{UP}](?:(?<=[ODLNM])['’](?=[{UP}]))?[^\W\d_]*(?:-[{UP}][^\W\d_]*)*"
LOW = r"[^\W\d_]['’\w-]+(?: [^\W\d_]['’\w-]+)?"
PARTICLE = r"(?:de la |de |du |des |d['’]|le |la |van der |van den |van |von |da |dos |del |el |bin |al-)"
NAME = rf"(?:{PARTICLE})?{CAP}(?:(?:(?<=\b[{UP}])\.)? (?:{PARTICLE})?{CAP}){{0,3}}"
_SHORT = rf"{CAP}(?: (?:{PARTICLE})?{CAP})?"
_AFTER_CUE = r"(?:[,:]| :)? "
_ANY_ACCENT = {"a": "[aàâä]", "c": "[cç]", "e": "[eéèêë]", "i": "[iîï]", "o": "[oôö]", "u": "[uùûü]", "y": "[yÿ]"}
_GIVEN = "|".join("".join(_ANY_ACCENT.get(c, c) for c in name) for name in sorted(WORDS["given_names"]))

Found = re.Match[str]


def put(found: Found) -> str:
    """What was found with its name marked, up to the first word that names nobody."""
    words = found["name"].split(" ")
    count = next((n for n, word in enumerate(words) if is_in("nobody", word.rstrip(".,"))), len(words))
    while count and len(words) > 1 and words[count - 1][:1].islower():
        count -= 1
    kept = " ".join(words[:count])
    return f"{found['cue']}[NAME]{found[0][len(found['cue']) + len(kept) :]}" if kept else found[0]


def _kind(hint: str, pattern: str, is_one: Callable[[Found], bool] = lambda _: True) -> Kind:
    """What the pattern finds, less its `cue`, is a name where it `is_one`."""
    compiled = re.compile(pattern)
    return Kind("name", hint, lambda text: compiled.sub(lambda found: put(found) if is_one(found) else found[0], text))


def _any(cues: Sequence[str]) -> str:
    return rf"(?i:{'|'.join(cues)})"


def _is_given(found: Found) -> bool:
    """Whether it begins with a first name, is a word and a surname, or stands after "dear"."""
    first = found["name"].split(" ")[0]
    if is_in("given_names", first) or is_in("given_names", first.split("-")[0]):
        return True
    is_word = is_in("also_words", first)
    is_dear = found["cue"].strip(" ,").lower() in ("dear", "cher", "chère")
    return first[0].isupper() and (" " in found["name"] if is_word else is_dear)


_TITLE = "(?:Mr|Mrs|Ms|Mx|Dr|Prof|Mister|Miss|Monsieur|Madame|Mademoiselle|Mme|Mlle|M|MM|Docteur|Maître|MR|MRS|MME)"
_BRAND = re.compile(r"Martens|Muscle|Pepper|Kipling|Porter|Oetker|Propre|Beast|Robot")
_TITLED = _kind(
    rf"{_TITLE}\.? (?:{PARTICLE})?[{UP}]",
    rf"(?P<cue>\b{_TITLE}\.? )(?P<name>{NAME})",
    lambda found: not _BRAND.match(found["name"]),
)

_TOLD = _kind(
    rf"{_any(CUES['told'])}{_AFTER_CUE}(?:{PARTICLE})?[{UP}]",
    rf"(?P<cue>\b{_any(CUES['told'])}{_AFTER_CUE})(?P<name>{NAME})",
)

_INTRODUCED = _kind(
    rf"{_any(CUES['introduced'])}{_AFTER_CUE}[{UP}]",
    rf"(?P<cue>\b{_any(CUES['introduced'])}{_AFTER_CUE})(?P<name>{NAME})(?=,? {_any(CUES['after'])}\b)",
)

_HELLO = (
    "(?i:th(?:anks|ank you) for|hello|hi|hey|good (?:morning|afternoon|evening)|welcome to"
    "|bonjour|bonsoir|merci d'avoir)"
)
_IS = "(?i:this is|it's|i'm|i am|je suis|ici|c'est|moi c'est)"
_GREETED = _kind(
    rf"[,.!] {_IS} [{UP}]", rf"(?P<cue>\b{_HELLO}\b[^.?!\n]{{0,60}}[,.!] {_IS} )(?P<name>{_SHORT})(?=[.,!?;]|$)"
)

_THEN = "(?:speaking|à l'appareil|du service|du support|de chez|de l'équipe)"
_SPEAKING = _kind(
    rf"[{UP}][^ ]+ (?:{_THEN}|here[.,!])",
    rf"(?P<cue>(?:^|[.,!?] ))(?P<name>{_SHORT})(?=,? (?i:{_THEN})\b| (?i:here)[.,!])",
)

_MET = _kind(
    rf"{_any(CUES['met'])}{_AFTER_CUE}(?:(?i:{_GIVEN})|[{UP}][^ ]+ [{UP}])|(?i:dear|chère?) [{UP}]",
    rf"(?P<cue>\b{_any(CUES['met'])}{_AFTER_CUE})(?P<name>{_SHORT}|[^\W\d_]{{2,}}(?:-[^\W\d_]+)*)(?!['’\w-])",
    _is_given,
)

_END = r"(?=[ ,.]*(?:\n|$))"
_SIGNED = _kind(
    rf"{_any(CUES['signed'])}[,.! ]*\s+[{UP}]",
    rf"(?P<cue>\b{_any(CUES['signed'])}[,.! ]*\n\s*|\b(?i:regards|sincerely|best wishes|cordialement|bien à vous)[,.] )"
    rf"(?P<name>{NAME}){_END}",
)

_CALLED = _kind(rf"(?:^|\n)(?i:{_GIVEN})(?:-[^ ,]+)?,", rf"(?P<cue>(?:^|\n))(?P<name>{CAP})(?=,)", _is_given)

_PLACE = re.compile(
    r" ?(?:Street|Road|Avenue|Lane|Station|Airport|Hotel|Park|Store|Bank|University|School|Hospital|Plaza|Mall)\b"
)


def _is_whole(found: Found) -> bool:
    """Whether it is a first name with a surname after it, and no "Charlotte Street"."""
    first, last, after = found["first"], found["last"], found.string[found.end() :]
    is_name = is_in("given_names", first.split("-")[0]) and not is_in("nobody", last)
    return is_name and not _PLACE.match(after) and not _PLACE.match(last)


_WHOLE = _kind(
    rf"(?i:{_GIVEN})(?:-[^ ,]+)? (?:[{UP}]\.? )?(?:{PARTICLE})?[{UP}]",
    rf"\b(?P<cue>)(?P<name>(?P<first>{CAP})(?: [{UP}]\.?)? (?:{PARTICLE})?(?P<last>{CAP}))",
    _is_whole,
)

_SPELLED = _kind(
    r"[A-Za-z][ .-][A-Za-z][ .-][A-Za-z][ .-][A-Za-z](?:[ .,-]|$)",
    rf"(?P<cue>\b{_any(CUES['spelling'])}\b[^.?!]{{0,40}}?\b)"
    r"(?P<name>(?:[^\W\d_][ .,-]{1,2}){3,20}[^\W\d_])\b(?!['’])",
    lambda found: len(set(found["name"].lower())) > 4,
)

NAMED = (_TITLED, _TOLD, _INTRODUCED, _GREETED, _SPEAKING, _MET, _SIGNED, _CALLED, _WHOLE, _SPELLED)
