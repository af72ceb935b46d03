"""What the values of the other columns mean: answers, ratings and their scale, kinds of messages, channels."""

import re

from transforms.mapping.finding import HIGH, MEDIUM, SAID, Finding, Notes, Said
from transforms.mapping.holds import GOOD_OR_BAD
from transforms.mapping.look import Column
from transforms.mapping.words import meant
from transforms.readers.record import label

SCALES = ((1, 5), (0, 10), (1, 7), (1, 10), (0, 100), (1, 4), (1, 3), (0, 1), (0, 5))
Values = dict[str, dict[str, str]]


def say_values(columns: dict[str, Column], said: Said, notes: Notes) -> tuple[Values, str | None]:
    """The meanings of words by our column, and the scale of the satisfaction; asked for where nothing tells."""
    values: Values = {ours: dict(words) for ours, words in said.values.items()}
    for ours in ("resolved", "reopened"):
        if ours in columns:
            values[ours] = _answers(ours, columns[ours], values.get(ours, {}), notes)
    if "kind" in columns:
        values["kind"] = _kinds(columns["kind"], values.get("kind", {}), notes)
    if "channel" in columns:
        values["channel"] = {word: found for word in columns["channel"].counts if (found := meant("channels", word))}
    scale = None
    if "csat" in columns:
        words, scale = _ratings(columns["csat"], said, values.get("csat", {}), notes)
        values["csat"] = words
    return {ours: _plain(words) for ours, words in values.items() if _plain(words)}, scale


def _plain(words: dict[str, str]) -> dict[str, str]:
    """The words that do not already mean themselves."""
    return {word: meaning for word, meaning in words.items() if word.strip().casefold() != meaning}


def _answers(ours: str, one: Column, known: dict[str, str], notes: Notes) -> dict[str, str]:
    given = {word.casefold(): meaning for word, meaning in known.items()}
    found = {word: given.get(word.casefold()) or meant("answers", word) for word in one.counts}
    for word, meaning in found.items():
        if meaning is None:
            notes.ask(f"whether {ours} is yes or no where it is {label(word)}", f'--value "{ours}:{word}=yes" (or no)')
        else:
            sure = SAID if word.casefold() in given else HIGH
            notes.values.append(
                Finding(f"{ours} {label(word)}", meaning, sure, "you said so" if sure == SAID else "the word says so")
            )
    return {word: meaning for word, meaning in found.items() if meaning}


def _kinds(one: Column, known: dict[str, str], notes: Notes) -> dict[str, str]:
    flag = meant("notes", one.bare)
    if flag is None:
        return known
    private = "yes" if flag == "private" else "no"
    found = {word: "note" if meant("answers", word) == private else "message" for word in one.counts}
    for word, meaning in found.items():
        notes.values.append(
            Finding(f"{one.name} {label(word)}", meaning, HIGH, f"the column says whether a message is {flag}")
        )
    return found | known


def _ratings(one: Column, said: Said, known: dict[str, str], notes: Notes) -> tuple[dict[str, str], str | None]:
    if all(word.casefold() in GOOD_OR_BAD for word in one.counts):
        return known, "good/bad"
    steps = {word: meaning for word in one.counts if (meaning := meant("satisfaction", word))}
    if steps:
        for word, meaning in steps.items():
            notes.values.append(Finding(f"csat {label(word)}", meaning, MEDIUM, "the usual words for five steps"))
        return steps | known, said.csat_scale or "1-5"
    if said.csat_scale:
        notes.values.append(Finding("scale of csat", said.csat_scale, SAID, "you said so"))
        return known, said.csat_scale
    return known, _scale(one, notes)


def _scale(one: Column, notes: Notes) -> str | None:
    """The scale of which both ends were seen, and no other that people use would do."""
    parts = [re.match(r"\s*(\d+(?:[.,]\d+)?)\s*(?:/\s*(\d+)|(%))?", cell) for cell in one.given]
    numbers = sorted({float(part[1].replace(",", ".")) for part in parts if part})
    named = {part[2] or ("100" if part[3] else "") for part in parts if part} - {""}
    low, high = numbers[0], max(numbers[-1], *(float(one) for one in named)) if named else numbers[-1]
    shown = f"values from {low:g} to {numbers[-1]:g}" + (f", of {named.copy().pop()}" if named else "")
    both = [scale for scale in SCALES if scale == (low, high) and (high - low > 1 or len(numbers) == 2)]
    if both:
        notes.values.append(
            Finding(
                "scale of csat",
                f"{low:g}-{high:g}",
                HIGH if len(numbers) > 3 else MEDIUM,
                f"{shown}, both ends of a usual scale",
            )
        )
        return f"{low:g}-{high:g}"
    fits = ", ".join(f"{a}-{b}" for a, b in SCALES if a <= low and high <= b)
    notes.ask(f"scale of csat: {shown}; {fits or 'no usual scale'} may be", "--scale LOW-HIGH", "csat_scale")
    return None
