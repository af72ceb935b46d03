"""Numbers said digit by digit, as speech-to-text writes them: "zero six twelve…", "double oh seven"."""

import re
import tomllib
from pathlib import Path

from transforms.redaction.kind import Kind, is_of_something_else
from transforms.redaction.numbers import is_card
from transforms.redaction.phones import is_cued

_FOR_DIGITS = tomllib.loads(Path(__file__).with_name("numbers.toml").read_text(encoding="utf-8"))
_DIGITS, _TEENS, _TENS, _TIMES = (
    {word: number for number, words in _FOR_DIGITS[name].items() for word in words.split()}
    for name in ("digits", "teens", "tens", "times")
)
_WORDS = sorted([*_DIGITS, *_TEENS, *_TENS, *_TIMES, "hundred", "vingts", "plus"], key=len, reverse=True)
_WORD = rf"(?:{'|'.join(_WORDS)}|\d{{1,5}})"
_RUN = re.compile(rf"\b{_WORD}(?:(?:,? |-|, ?)(?:(?:et|and)[ -])?{_WORD}\b){{4,30}}", re.IGNORECASE)
_MOST = 64  # ways of reading a run


def readings(words: list[str]) -> set[str]:
    """The digits that the words may stand for: "soixante dix huit" is 78, 60 18 or 60 10 8."""
    ways: list[set[str]] = [{""}, *(set() for _ in words)]
    for start in range(len(words)):
        for length in range(1, min(4, len(words) - start) + 1):
            if found := _number(words[start : start + length]):
                ways[start + length] |= {way + found for way in sorted(ways[start])[:_MOST]}
    return ways[-1]


def _number(words: list[str]) -> str | None:
    """The digits of words that make one number; None where they make none."""
    if len(words) == 1:
        return _single(words[0])
    first, rest = words[0], words[1:]
    if len(words) == 2 and first in _TIMES and rest[0] in _DIGITS:
        return _DIGITS[rest[0]] * int(_TIMES[first])
    if rest == ["hundred"] and first in _DIGITS:
        return _DIGITS[first] + "00"
    value = _sum(words)
    return None if value is None else str(value)


def _single(word: str) -> str | None:
    if word.isdigit() or word in _DIGITS:
        return _DIGITS.get(word, word)
    if word == "plus":
        return "+"
    return _TEENS.get(word) or _TENS.get(word)


def _sum(words: list[str]) -> int | None:
    """Two digits said in several words: "thirty four", "soixante dix huit", "quatre vingt douze"."""
    tens, rest = 0, words
    if words[:2] in (["quatre", "vingt"], ["quatre", "vingts"]):
        tens, rest = 80, words[2:]
    elif words[0] in _TENS:
        tens, rest = int(_TENS[words[0]]), words[1:]
    if not rest:
        return tens or None
    unit = _teen(rest) if tens in (0, 60, 80) else None
    if unit is None and tens and len(rest) == 1 and _DIGITS.get(rest[0], "0") != "0":
        unit = int(_DIGITS[rest[0]])
    return None if unit is None else tens + unit


def _teen(words: list[str]) -> int | None:
    if len(words) == 2 and words[0] == "dix" and _DIGITS.get(words[1]) in ("7", "8", "9"):
        return 10 + int(_DIGITS[words[1]])
    return int(_TEENS[words[0]]) if len(words) == 1 and words[0] in _TEENS else None


_FRENCH = re.compile(r"0[1-9]\d{8}|\+330?[1-9]\d{8}")
_BRITISH = re.compile(r"0(?:7\d{9}|[123]\d{8,9}|8\d{9})|\+440?[1237]\d{8,9}")
_AMERICAN = re.compile(r"\+?1?[2-9]\d\d[2-9]\d{6}")


def _mark(match: re.Match[str]) -> str:
    words = [word for word in re.split(r"[\s,-]+", match[0].lower()) if word not in ("et", "and")]
    if all(word.isdigit() for word in words):
        return match[0]
    found = readings(words)
    if any(is_card(digits) for digits in found):
        return "[CARD]"
    is_else = is_of_something_else(match.string, match.start())
    is_said = is_cued(match.string, match.start())
    shapes = (_FRENCH, _BRITISH, _AMERICAN)
    is_phone = any(shape.fullmatch(digits) for digits in found for shape in shapes)
    return "[PHONE]" if is_phone and (is_said or not is_else) else match[0]


SPOKEN = Kind(
    "phone",
    rf"(?i:(?:{_WORD.replace('d{', '[0-9]{')}(?:[ ,-]{{1,2}}(?:et |and )?)){{4}})",
    lambda text: _RUN.sub(_mark, text),
)
