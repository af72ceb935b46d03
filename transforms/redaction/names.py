"""Names of people, by the words around them: names.toml says which."""

import re
import tomllib
from collections.abc import Callable, Sequence
from pathlib import Path

from transforms.redaction.kind import Kind
from transforms.redaction.words import WORDS, is_in

CUES: dict[str, list[str]] = tomllib.loads(Path(__file__).with_name("names.toml").read_text(encoding="utf-8"))

_UP = "A-ZÀ-ÖØ-Þ"
_CAP = rf"(?<!\[)[{_UP}](?:(?<=[ODLNM])['’](?=[{_UP}]))?[^\W\d_]*(?:-[{_UP}][^\W\d_]*)*"
_PARTICLE = r"(?:de la |de |du |des |d['’]|le |la |van der |van den |van |von |da |dos |del |el |bin |al-)"
_NAME = rf"(?:{_PARTICLE})?{_CAP}(?:\.? (?:{_PARTICLE})?{_CAP}){{0,3}}"
_SHORT = rf"{_CAP}(?: (?:{_PARTICLE})?{_CAP})?"
_AFTER_CUE = r"(?:[,:]| :)? "

Found = re.Match[str]


def _anyhow(word: str) -> str:
    """A folded word for the Rust engine, with accents or without, its first letter a capital or not."""
    letters = {"a": "[aàâä]", "c": "[cç]", "e": "[eéèêë]", "i": "[iîï]", "o": "[oôö]", "u": "[uùûü]", "y": "[yÿ]"}
    return "".join(letters.get(letter, letter) for letter in word)


_GIVEN = f"(?i:{'|'.join(_anyhow(name) for name in sorted(WORDS['given_names']))})"


def _kind(cues: Sequence[str], name: str, then: str, begins: str, is_one: Callable[[Found], bool]) -> Kind:
    """Names after cues and before what is `then`; `begins` is how a name begins for the Rust engine."""
    cue = "|".join(cues)
    pattern = re.compile(rf"(?P<cue>\b(?i:{cue}){_AFTER_CUE})(?P<name>{name}){then}")
    return Kind(
        "name",
        rf"(?i:{cue}){_AFTER_CUE}{begins}",
        lambda text: pattern.sub(lambda found: _put(found) if is_one(found) else found[0], text),
    )


def _put(found: Found) -> str:
    """What was found with the name marked, up to the first word that names nobody."""
    words = found["name"].split(" ")
    count = next((n for n, word in enumerate(words) if is_in("nobody", word.rstrip(".,"))), len(words))
    while count and words[count - 1][:1].islower():
        count -= 1
    kept = " ".join(words[:count])
    return f"{found['cue']}[NAME]{found[0][len(found['cue']) + len(kept) :]}" if kept else found[0]


def _anybody(_: Found) -> bool:
    return True


def _is_given(found: Found) -> bool:
    """Whether it begins with a first name, is a word and a surname, or stands after "dear"."""
    first = found["name"].split(" ")[0]
    if is_in("given_names", first) or is_in("given_names", first.split("-")[0]):
        return True
    is_dear = found["cue"].strip(" ,").lower() in ("dear", "cher", "chère")
    return " " in found["name"] and is_in("also_words", first) or is_dear and not is_in("also_words", first)


_TITLES = "Mr Mrs Ms Mx Dr Prof Mister Miss Monsieur Madame Mademoiselle Mme Mlle M MM Docteur Maître MR MRS MME".split()
_TITLED = re.compile(rf"(?P<cue>\b(?:{'|'.join(_TITLES)})\.? )(?P<name>{_NAME})")
_BRAND = re.compile(r"Martens|Muscle|Pepper|Kipling|Porter|Oetker|Propre|Beast|Robot")
TITLED = Kind(
    "name",
    rf"(?:{'|'.join(_TITLES)})\.? (?:{_PARTICLE})?[{_UP}]",
    lambda text: _TITLED.sub(lambda found: found[0] if _BRAND.match(found["name"]) else _put(found), text),
)
TOLD = _kind(CUES["told"], _NAME, "", rf"(?:{_PARTICLE})?[{_UP}]", _anybody)
INTRODUCED = _kind(CUES["introduced"], _NAME, rf"(?=,? (?i:{'|'.join(CUES['after'])})\b)", f"[{_UP}]", _anybody)
MET = _kind(CUES["met"], rf"(?:{_SHORT}|{_CAP})", "(?!['’-])", rf"(?:{_GIVEN}|[{_UP}][^ ]+ [{_UP}])|(?i:dear|chère?) [{_UP}]", _is_given)

_SIGNED = re.compile(
    rf"(?P<cue>\b(?i:{'|'.join(CUES['signed'])})[,.! ]*\n\s*|\b(?i:regards|sincerely|best wishes|cordialement|bien à vous)[,.] )"
    rf"(?P<name>{_NAME})(?=[ ,.]*(?:\n|$))"
)
SIGNED = Kind("name", rf"(?i:{'|'.join(CUES['signed'])})[,.! ]*\s+(?-i:[{_UP}])", lambda text: _SIGNED.sub(_put, text))

_THANKED = "thank(?:s| you) for (?:calling|contacting|holding|waiting|reaching out)|hello|hi|hey|good (?:morning|afternoon|evening)"
_GREETED = re.compile(
    rf"(?P<cue>\b(?i:{_THANKED}|welcome to|bonjour|bonsoir|merci d'avoir)\b[^.?!\n]{{0,60}}[,.!] (?i:this is|it's|i'm|i am|je suis|ici"
    rf"|c'est|moi c'est) )(?P<name>{_SHORT})(?=[.,!?;]|$)"
)
GREETED = Kind("name", rf"[,.!] (?i:this is|it's|i'm|i am|je suis|ici|c'est) [{_UP}]", lambda text: _GREETED.sub(_put, text))

_SPEAKING = re.compile(
    rf"(?P<cue>(?:^|[.,!?] ))(?P<name>{_SHORT})(?=,? (?i:speaking|à l'appareil|du service|du support|de chez|de l'équipe)\b| (?i:here)[.,!])"
)
SPEAKING = Kind(
    "name",
    rf"[{_UP}][^ ]+ (?:speaking|à l'appareil|du service|du support|de chez|de l'équipe|here[.,!])",
    lambda text: _SPEAKING.sub(_put, text),
)
_CALLED = re.compile(rf"(?P<cue>(?:^|\n))(?P<name>{_CAP})(?=,)")
CALLED = Kind(
    "name", rf"(?:^|\n){_GIVEN}(?:-[^ ,]+)?,", lambda text: _CALLED.sub(lambda found: _put(found) if _is_given(found) else found[0], text)
)

_WHOLE = re.compile(rf"\b(?P<name>(?P<first>{_CAP})(?: [{_UP}]\.?)? (?:{_PARTICLE})?(?P<last>{_CAP}))")
_PLACE = re.compile(r" ?(?:Street|Road|Avenue|Lane|Station|Airport|Hotel|Park|Store|Bank|University|School|Hospital|Plaza|Mall)\b")


def _whole(found: Found) -> str:
    """A first name with a surname after it."""
    first, last, after = found["first"], found["last"], found.string[found.end() :]
    is_name = is_in("given_names", first.split("-")[0]) and not is_in("nobody", last)
    return "[NAME]" if is_name and not _PLACE.match(after) and not _PLACE.match(last) else found[0]


WHOLE = Kind("name", rf"{_GIVEN}(?:-[^ ,]+)? (?:[{_UP}]\.? )?(?:{_PARTICLE})?[{_UP}]", lambda text: _WHOLE.sub(_whole, text))

_SPELLED = re.compile(
    rf"(?P<cue>\b(?i:{'|'.join(CUES['spelling'])})\b[^.?!]{{0,40}}?\b)(?P<name>(?:[^\W\d_][ .,-]{{1,2}}){{3,20}}[^\W\d_])\b(?!['’])"
)
SPELLED = Kind(
    "name",
    r"[A-Za-z][ .-][A-Za-z][ .-][A-Za-z][ .-][A-Za-z](?:[ .,-]|$)",
    lambda text: _SPELLED.sub(lambda found: f"{found['cue']}[NAME]" if len(set(found["name"].lower())) > 4 else found[0], text),
)

_TOLD_LOW = re.compile(
    r"(?P<cue>\b(?:my (?:full |first |last |sur)?name(?:'s| is)|je m'appelle|mon (?:nom|prénom)(?: de famille)?(?: est|,? c'est)) )"
    r"(?P<name>[^\W\d_]['’\w-]+(?: [^\W\d_]['’\w-]+)?)",
    re.IGNORECASE,
)


def _low(found: Found) -> str:
    """A name in lower case, as speech-to-text may write: up to a word that names nobody."""
    words = found["name"].split(" ")
    count = next((n for n, word in enumerate(words) if is_in("no_name_after", word)), len(words))
    if not count or not found["name"].islower() or any(letter.isupper() for letter in found.string[1:].replace(" I ", "")):
        return found[0]
    kept = " ".join(words[:count])
    return f"{found['cue']}[NAME]{found[0][len(found['cue']) + len(kept) :]}"


_FILLERS = (
    "yes|yeah|sure|of course|it's|its|it is|that's|that is|hi|hello|um|uh|er|oui|bien sûr|c'est|alors|euh|bonjour|my name is|je m'appelle"
    "|i'm|je suis|ok|okay|certainly|monsieur|madame|mr|mrs|ms|miss|this is"
)
_ANSWER = re.compile(rf"^(?P<cue>\W*(?:(?i:{_FILLERS})[,.]? )*)(?P<name>{_NAME})(?=\W|$)")
_ANSWER_LOW = re.compile(rf"^(?P<cue>(?:(?:{_FILLERS})[,.]? )*)(?P<name>[^\W\d_]['’\w-]+(?: [^\W\d_]['’\w-]+)?)[.!]?$")


def _answer(text: str) -> str:
    """What is answered to "may I have your name?"."""
    if len(text.split()) > 12 or "[NAME]" in text:
        return text
    if text != text.lower():
        return _ANSWER.sub(_put, text, count=1)
    found = _ANSWER_LOW.match(text)
    if not found or any(is_in("no_name_after", word) for word in found["name"].split()):
        return text
    return f"{found['cue']}[NAME]{text[found.end('name') :]}"


TOLD_LOW = Kind(
    "name",
    "(?i)(?:name(?:'s| is)|je m'appelle|mon (?:nom|prénom)(?: de famille)?(?: est|,? c'est)) ",
    lambda text: _TOLD_LOW.sub(_low, text),
    asks=r"(?i)your name|full name|first name|last name|surname|who am i (?:speaking|talking)|(?:votre|vos) (?:nom|prénom)|à qui ai-je"
    r"|qui est à l'appareil",
    answer=_answer,
)
NAMES = (TITLED, TOLD, INTRODUCED, GREETED, SPEAKING, MET, SIGNED, CALLED, WHOLE, SPELLED, TOLD_LOW)
