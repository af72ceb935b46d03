"""When each turn of a call is said: speed, pauses, overlaps, and each word's own time."""

import math
from random import Random

from data.generator.case import Case, Turn

FAST = {"agent": 2.9, "customer": 2.7, "supervisor": 2.8, "system": 3.0}  # words a second


def tell_time(case: Case, turns: list[Turn], rng: Random) -> list[Turn]:
    """The turns in order of their start, each with start, end and the times of its words."""
    speed = {role: rate * math.exp(rng.gauss(0, 0.08)) for role, rate in FAST.items()}
    speed["agent"] *= math.exp(0.25 * case.agent.style["speed"])
    floor, rest = 0.4, ""
    placed: list[Turn] = []
    for turn in turns:
        if rest and turn.speaker == "customer":
            turn.text, rest = f"{rest} {turn.text}", ""
        if turn.is_inside:
            _put_inside(turn, placed[-1], rng)
        else:
            rest = _put(turn, placed, floor, speed[turn.speaker], rng) or rest
            floor = max(floor, turn.end or 0)
        placed.append(turn)
    return sorted(placed, key=lambda turn: turn.start or 0)


def _put(turn: Turn, placed: list[Turn], floor: float, speed: float, rng: Random) -> str:
    """Gives the turn its place; what it cut off of the turn before comes back."""
    before = _before(placed)
    gap = turn.wait + rng.lognormvariate(-0.6, 0.6)
    start, rest = floor + gap, ""
    if turn.kind == "event":
        turn.start = turn.end = round(floor + turn.wait, 3)
        return ""
    if turn.interrupts and before is not None and before.words and (before.end or 0) - (before.start or 0) > 2.1:
        if turn.cuts_off and len(before.words) >= 12:
            rest = _cut(before, rng)
            start = (before.end or 0) - rng.uniform(0.55, 0.95)
        else:
            start = (before.end or 0) - rng.uniform(1.15, min(2.4, 0.6 * ((before.end or 0) - (before.start or 0))))
            turn.cuts_off = False
    _speak(turn, start, speed, rng)
    return rest


def _before(placed: list[Turn]) -> Turn | None:
    return next((turn for turn in reversed(placed) if turn.kind == "message" and not turn.is_inside), None)


def _cut(turn: Turn, rng: Random) -> str:
    """Ends the turn in the middle of its sentence; gives the words that were left."""
    words = turn.text.split()
    kept = rng.randrange(int(len(words) * 0.6), len(words) - 2)
    while kept > 6 and words[kept - 1][-1] in ".?!,;:…":
        kept -= 1
    turn.text, turn.words = " ".join(words[:kept]), turn.words[:kept]
    turn.end = turn.words[-1][1]
    return " ".join(words[kept:])


def _speak(turn: Turn, start: float, speed: float, rng: Random) -> None:
    at = start
    for word in turn.text.split():
        length = max(0.09, (0.35 + 0.13 * len(word)) / (1.0 * speed) * rng.uniform(0.75, 1.25))
        turn.words.append((round(at, 2), round(at + length * 0.94, 2)))
        at += length + (rng.uniform(0.12, 0.4) if word[-1] in ".?!," else 0)
    turn.start, turn.end = turn.words[0][0], turn.words[-1][1]


def _put_inside(turn: Turn, other: Turn, rng: Random) -> None:
    start, end = other.start or 0, other.end or 0
    _speak(turn, start + (end - start) * rng.uniform(0.35, 0.6), 3.2, rng)
