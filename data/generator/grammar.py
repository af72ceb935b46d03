"""Phrases: what is said for an intent, in one of many ways."""

import re
import tomllib
from pathlib import Path
from random import Random
from typing import Any

TEXTS = Path(__file__).parent / "texts"
_CHOICE = re.compile(r"\[([^\[\]]*)\]")
_SLOT = re.compile(r"\{(\w+)\}")
_SENTENCE_START = re.compile(r"(^|[.!?…] )(?!\S*@)([a-zà-ÿ])")
_ELISION = re.compile(r"\b([dD]|[qQ]u|[nN]|[jJ])e (?=[AEIOUaeéèêiouâ])")


def load(name: str) -> dict[str, Any]:
    """A file of texts."""
    return tomllib.loads((TEXTS / name).read_text(encoding="utf-8"))


class Phrases:
    """A language's phrases; each list is gone through in a new order every time before one comes twice."""

    def __init__(self, language: str, rng: Random) -> None:
        self.language, self._rng = language, rng
        self.general, self.topics = load(f"{language}.toml"), load(f"topics_{language}.toml")
        self._bags: dict[tuple[str, ...], list[str]] = {}

    def say(self, speaker: str, intent: str, slots: dict[str, str], topic: str, said: set[str]) -> str:
        """One phrase of that intent, its slots filled, rather none that was said before; adds it to what was said."""
        found = self.topics[topic].get(intent) or self.general[speaker][intent]
        template = self._next((speaker, intent, topic), found, said)
        said.add(template)
        return tidy(self._expand(template, slots, topic), self.language)

    def word(self, kind: str) -> str:
        """One word of a kind, such as a product."""
        return self._rng.choice(self.general["words"][kind])

    def _next(self, key: tuple[str, ...], phrases: list[str], said: set[str] | None = None) -> str:
        bag = self._bags.setdefault(key, [])
        if all(phrase in (said or ()) for phrase in bag):
            bag[:0] = self._rng.sample(phrases, len(phrases))
        fresh = [place for place, phrase in enumerate(bag) if phrase not in (said or ())]
        return bag.pop(fresh[-1] if fresh else -1)

    def _expand(self, template: str, slots: dict[str, str], topic: str) -> str:
        while "[" in template or "{" in template:
            template = _CHOICE.sub(lambda m: self._rng.choice(m[1].split("|")), template)
            if "[" not in template:
                template = _SLOT.sub(lambda m: self._fill(m[1], slots, topic), template)
        return template

    def _fill(self, name: str, slots: dict[str, str], topic: str) -> str:
        if name in slots:
            return slots[name]
        if name.startswith("option_"):
            return self._next(("option", topic), self.topics[topic]["option"])
        if name in self.topics[topic]:
            return self._next((name, topic), self.topics[topic][name])
        return self._rng.choice(self.general["words"][name])


def tidy(text: str, language: str) -> str:
    """The text with single spaces, capitals where sentences begin, and each language's own spacing of ? and !."""
    text = re.sub(r"\s+", " ", text).strip()
    text = re.sub(r" ([,.])", r"\1", text)
    text = re.sub(r"(?<!\.)\.\.(?!\.)", ".", text)
    text = re.sub(r" ([?!])", r"\1", text) if language == "en" else _ELISION.sub(r"\1'", text)
    if text[-1:].isalnum():
        text += "."
    return _SENTENCE_START.sub(lambda m: m[1] + m[2].upper(), text)
