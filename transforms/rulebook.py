"""The rules of each language, read from rules/<language>.toml.

How a pattern is written: a regular expression over folded text (see fold), in which
- {name} is one of the file's [words]; _name_, _phone_ and the like are what redaction put in;
- a space is any gap between two words, with the fillers of speech in it;
- ' may be missing (dont, j ai), and 'm 're 's 'll 've may be whole words;
- - may be a space or nothing; \\w is a letter or an apostrophe.
It begins and ends at a word's boundary, unless with ^, $, a [class] or \\?. No look-around, no \\s, no \\S.
"""

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import groupby
from pathlib import Path
from typing import Any

from transforms.needles import FIRST_SIGN, Needles, needles, required

FOLDER = Path(__file__).parent / "rules"
NO_MARKERS = {"words", "unfinished"}
FILLER = "(?:u+h+m*|u+m+|e+rm?|e+u+h+|h+e+u+|h+u*m+)"
GAP = rf"(?:[ \n,]+(?:{FILLER}[ \n,]+)*|-)"
TOLERANT = {
    " ": GAP,
    " *": "[ \n,]*",
    "'": " ?'? ?",
    "-": "[- ]?",
    "(": "(?:",
    "$": r"\Z",
    r"\w": "[0-9a-z_']",
    r"\d": "[0-9]",
}
TOLERANT |= {f"'{end}": f"(?: ?'? ?{end}| {full})" for end, full in [("m", "am"), ("re", "are"), ("s", "is")]}
TOLERANT |= {f"'{end}": f"(?: ?'? ?{end}| {full})" for end, full in [("ll", "will"), ("ve", "have")]}
TOLERANT |= {"we're": "we(?: ?' ?| | a)re", "we'll": "we(?: ?' ?| | wi)ll"}  # were and well are other words
TOKENS = r"\[[^\]]*\]|\\.|\(\?|\bwe'(?:re|ll)\b|'(?:m|re|s|ll|ve)\b| \*|[ '($-]"


@dataclass(frozen=True)
class Pattern:
    """A regular expression, compiled when it is first needed: all of a language's take most of a second.

    One that is made of others, of which the first to match counts, has them as its parts.
    """

    text: str
    parts: tuple["Pattern", ...] = ()
    wants: Callable[[], Needles] = list

    @cached_property
    def regex(self) -> re.Pattern[str]:
        """The expression for Python's engine."""
        return re.compile(self.text, re.ASCII)

    def only(self, parts: Sequence[int]) -> "Pattern":
        """The pattern with only these of its parts: the same in a text in which the others match nowhere."""
        return Pattern("|".join(self.parts[part].text for part in parts))

    @cached_property
    def needles(self) -> Needles:
        """What a text must hold for it to match."""
        return self.wants()

    @cached_property
    def rust(self) -> str:
        """The same for the Rust engine."""
        return self.text.replace(r"\b", r"(?-u:\b)").replace(r"\Z", r"\z")

    @cached_property
    def loose(self) -> str:
        """One for the Rust engine that matches wherever the exact one does: counted repeats become free ones, which
        keeps the automaton small."""
        return re.sub(r"\{(\d+)(,\d*)?\}", lambda count: "*" if count[1] == "0" else "+", self.rust)


@dataclass(frozen=True)
class Rule:
    """One way in which a marker shows: patterns that count where the condition `where` holds.

    Those of a cased rule are matched with the text as it was stored, since capitals are their sense.
    """

    name: str
    where: str | None
    is_cased: bool
    pattern: Pattern


@dataclass(frozen=True)
class Marker:
    """One behaviour: whose it is, its rules, the marker `of` which it is a kind, and what takes a match back."""

    speaker: str
    rules: tuple[Rule, ...]
    of: str | None
    of_where: str | None
    without: tuple[str, ...]
    takes_in: str | None
    whole: str | None
    unless: Pattern | None
    facts: Mapping[str, Any]


@dataclass(frozen=True)
class Language:
    """All that is known of a language: its markers, its word classes, how an unfinished sentence and a word may end."""

    markers: dict[str, Marker]
    words: dict[str, Pattern]
    unfinished: Pattern
    endings: tuple[str, ...]
    irregular: Mapping[str, str]
    facts: Mapping[str, Any]

    @cached_property
    def needles(self) -> list[str]:
        """All that its rules' patterns need."""
        mine = [marker.unless for marker in self.markers.values() if marker.unless]
        mine += [rule.pattern for marker in self.markers.values() for rule in marker.rules]
        return sorted({needle for one in mine for part in one.parts for some in part.needles for needle in some})


class Words(dict[str, str]):
    """A language's word classes by name, each as one pattern."""

    def __init__(self, words: Mapping[str, str] | None = None) -> None:
        super().__init__(words or {})
        self.signs = {name: chr(ord(FIRST_SIGN) + place) for place, name in enumerate(self)}
        self.found: dict[str, Needles] = {}

    def needles(self, pattern: str) -> Needles:
        """What a text must hold for the pattern to match. Each class is gone through once, for all patterns."""
        return needles(expand(pattern, self.signs)[1], self._of_class)

    def _of_class(self, sign: str) -> Needles:
        if sign not in self.found:
            (name,) = (name for name, its_own in self.signs.items() if its_own == sign)
            self.found[sign] = required(expand(self[name], self.signs)[1], self._of_class)
        return self.found[sign]


def expand(pattern: str, words: Mapping[str, str]) -> tuple[str, str]:
    """The pattern as a plain regular expression: word classes filled in, gaps and signs made tolerant; and its lead."""
    filled = pattern
    while named := re.search(r"\{([a-z_]+)\}", filled):
        filled = f"{filled[: named.start()]}({words[named[1]]}){filled[named.end() :]}"
    text = re.sub(TOKENS, lambda piece: TOLERANT.get(piece[0], piece[0]), filled)
    lead = "" if pattern[0] in "^[" else r"\b"
    tail = "" if re.search(r"(\$|\]|\]\{[\d,]+\}|\\\?)$", pattern) else r"\b"
    return lead, f"(?:{text}){tail}"


def together(patterns: list[str], words: Words) -> Pattern:
    """One pattern for them all; a lead that neighbours share is looked for once, which is much faster."""
    expanded = [expand(pattern, words) for pattern in patterns]
    led = groupby(expanded, key=lambda pair: pair[0])
    text = "|".join(f"{lead}(?:{'|'.join(text for _, text in same)})" for lead, same in led)
    wants = (partial(words.needles, pattern) for pattern in patterns)
    return Pattern(
        text, tuple(Pattern(lead + text, wants=its) for (lead, text), its in zip(expanded, wants, strict=True))
    )


def raw(pattern: Pattern) -> str:
    """The same for the Rust engine over text as it was stored, that is with capitals, accents and any apostrophe."""
    letters = {"a": "[aàâä]", "c": "[cç]", "e": "[eéèêë]", "i": "[iîï]", "o": "[oôö]", "u": "[uùûü]", "'": "['’]"}
    anyhow = re.sub(r"\[[^\]]*\]|\\.|.", lambda piece: letters.get(piece[0], piece[0]), pattern.loose)
    return f"(?i){anyhow}"


def load(path: Path) -> Language:
    """A language from its file."""
    facts = tomllib.loads(path.read_text(encoding="utf-8"))
    words = Words(
        {name: value if isinstance(value, str) else "|".join(value) for name, value in facts["words"].items()}
    )
    return Language(
        markers={name: _marker(name, facts[name], words) for name in facts if name not in NO_MARKERS},
        words={name: together([f"{{{name}}}"], words) for name in words},
        unfinished=together(facts.get("unfinished", {}).get("patterns", [r"^$"]), words),
        endings=tuple(sorted(facts["words"].get("endings", "").split(), key=len, reverse=True)),
        irregular=dict(pair.split(":") for pair in facts["words"].get("irregular", "").split()),
        facts=facts,
    )


def _marker(name: str, facts: dict[str, Any], words: Words) -> Marker:
    unless = facts.get("unless")
    return Marker(
        speaker=facts["speaker"],
        rules=tuple(_rules(name, facts, words)),
        of=facts.get("of"),
        of_where=facts.get("where") if "of" in facts else None,
        without=tuple(facts.get("without", [])),
        takes_in=facts.get("takes_in"),
        whole=facts.get("whole"),
        unless=together(unless, words) if unless else None,
        facts=facts,
    )


def _rules(name: str, facts: dict[str, Any], words: Words) -> list[Rule]:
    plain = [facts | {"name": name}] if "patterns" in facts else []
    return [
        Rule(group["name"], group.get("where"), group.get("cased", False), together(group["patterns"], words))
        for group in [*plain, *facts.get("rule", [])]
    ]


def load_all(folder: Path = FOLDER) -> dict[str, Language]:
    """Every language that has a file, by its primary subtag."""
    return {path.stem: load(path) for path in sorted(folder.glob("*.toml"))}


RULES = load_all()
