"""Amazon Transcribe Call Analytics: one JSON a call, with the time of each word."""

import json
import re
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

from data.generator.case import Case, Turn
from data.generator.write_common import put

ROLE = {"agent": "AGENT", "supervisor": "AGENT", "customer": "CUSTOMER"}
LANGUAGE = {"en": "en-GB", "fr": "fr-FR"}
_WORD = re.compile(r"([^\s.,?!…;:]+(?:[.,:][^\s.,?!…;:]+)*)|([.,?!…;:]+)")


def write(case: Case, folder: Path, rng: Random) -> None:
    """The call as a file named after its job."""
    put(folder / f"{case.id}.json", json.dumps(_document(case, rng), ensure_ascii=False, separators=(",", ":")))


def _document(case: Case, rng: Random) -> dict[str, Any]:
    spoken = [turn for turn in case.turns if turn.kind == "message"]
    return {
        "JobStatus": "COMPLETED",
        "LanguageCode": LANGUAGE[case.language],
        "Transcript": [_turn(turn, rng) for turn in spoken],
        "AccountId": "123456789012",
        "Categories": {"MatchedCategories": [], "MatchedDetails": {}},
        "Channel": "VOICE",
        "JobName": case.id,
        "Participants": [{"ParticipantRole": "AGENT"}, {"ParticipantRole": "CUSTOMER"}],
        "ConversationCharacteristics": _characteristics(spoken),
        "ContentMetadata": {"Output": "Raw"},
    }


def _turn(turn: Turn, rng: Random) -> dict[str, Any]:
    items: list[dict[str, Any]] = []
    for token, (start, end) in zip(turn.text.split(), turn.words, strict=True):
        items += _items(token, _ms(start), _ms(end), rng)
    seconds = max(1, int((turn.end or 0) - (turn.start or 0)))
    return {
        "LoudnessScores": [
            round(rng.uniform(62, 86), 1) if rng.random() > 0.03 else None for _ in range(min(seconds, 4))
        ],
        "Content": turn.text,
        "Items": items,
        "Id": str(UUID(int=rng.getrandbits(128), version=4)),
        "BeginOffsetMillis": _ms(turn.start or 0),
        "EndOffsetMillis": _ms(turn.end or 0),
        "Sentiment": rng.choice(("NEUTRAL", "NEUTRAL", "NEGATIVE", "POSITIVE", "MIXED")),
        "ParticipantRole": ROLE[turn.speaker],
    }


def _items(token: str, start: int, end: int, rng: Random) -> list[dict[str, Any]]:
    """One word and its punctuation; only the word has times."""
    items: list[dict[str, Any]] = []
    for word, mark in _WORD.findall(token):
        if word:
            confidence = 1.0 if rng.random() < 0.6 else round(rng.uniform(0.55, 0.99), 2)
            said = {"Type": "pronunciation", "Confidence": confidence, "Content": word}
            items.append(said | {"BeginOffsetMillis": start, "EndOffsetMillis": end})
        else:
            items.append({"Type": "punctuation", "Confidence": 0.0, "Content": mark})
    return items


def _ms(seconds: float) -> int:
    return round(seconds * 1000)


def _characteristics(turns: list[Turn]) -> dict[str, Any]:
    """Amazon's own figures, by Amazon's own rules: silence from 3 s on, interruption from 2 s of overlap on."""
    total = _ms(max(turn.end or 0 for turn in turns))
    silent = _silences(turns)
    talk = {
        role: sum(_ms((t.end or 0) - (t.start or 0)) for t in turns if ROLE[t.speaker] == role)
        for role in ("AGENT", "CUSTOMER")
    }
    words = {role: sum(len(t.words) for t in turns if ROLE[t.speaker] == role) for role in talk}
    interruptions = _interruptions(turns)
    return {
        "NonTalkTime": {"Instances": silent, "TotalTimeMillis": sum(one["DurationMillis"] for one in silent)},
        "Interruptions": {
            "TotalCount": sum(map(len, interruptions.values())),
            "TotalTimeMillis": sum(one["DurationMillis"] for found in interruptions.values() for one in found),
            "InterruptionsByInterrupter": interruptions,
        },
        "TotalConversationDurationMillis": total,
        "Sentiment": {"OverallSentiment": {"AGENT": 1.1, "CUSTOMER": -0.4}},
        "TalkSpeed": {
            "DetailsByParticipant": {r: {"AverageWordsPerMinute": round(words[r] / talk[r] * 60_000)} for r in talk}
        },
        "TalkTime": {
            "DetailsByParticipant": {role: {"TotalTimeMillis": time} for role, time in talk.items()},
            "TotalTimeMillis": sum(talk.values()),
        },
    }


def _silences(turns: list[Turn]) -> list[dict[str, int]]:
    found, latest = [], 0
    for turn in turns:
        start = _ms(turn.start or 0)
        if start - latest > 3000:
            found.append({"BeginOffsetMillis": latest, "DurationMillis": start - latest, "EndOffsetMillis": start})
        latest = max(latest, _ms(turn.end or 0))
    return found


def _interruptions(turns: list[Turn]) -> dict[str, list[dict[str, int]]]:
    found: dict[str, list[dict[str, int]]] = {}
    for before, turn in pairwise(turns):
        start, end = _ms(turn.start or 0), min(_ms(before.end or 0), _ms(turn.end or 0))
        if before.speaker != turn.speaker and end - start > 900:
            one = {"BeginOffsetMillis": start, "DurationMillis": end - start, "EndOffsetMillis": end}
            found.setdefault(ROLE[turn.speaker], []).append(one)
    return found
