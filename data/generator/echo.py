"""The customer's own word, to ask about it."""

import re

_NOUN = {
    "en": re.compile(r"\b(?:the|your|my) (\w{4,})", re.IGNORECASE),
    "fr": re.compile(r"\b(le|la|mon|ma|votre) (\w{4,})", re.IGNORECASE),
}
_ARTICLE = {"mon": "le", "ma": "la", "votre": "votre"}
_NOT = ("same", "first", "other", "only", "worse", "whole", "même", "premier", "première", "jour", "deuxième", "plus")


def echo(text: str, language: str) -> str:
    """The last noun of a text with its article, or nothing."""
    found = [m.groups() for m in _NOUN[language].finditer(text) if m[m.lastindex or 1].lower() not in _NOT]
    if not found:
        return ""
    if language == "en":
        return f"the {found[-1][0]}"
    article, noun = found[-1]
    return f"{_ARTICLE.get(article.lower(), article.lower())} {noun}"
