"""Who speaks in a cue: <v Name> tags, a prefix `Name:` as talk_lines tells names, or the metadata that Teams writes."""

import json
import re
from html import unescape
from typing import Any

from transforms.readers.cues import Cue
from transforms.readers.html import tidy
from transforms.readers.record import plain
from transforms.readers.speech import vendor_role
from transforms.readers.talk_lines import LONGEST_NAME_WORDS, NO_NAMES, names
from transforms.readers.transcript import Conversation, Roles

_VOICE = re.compile(r"<v(?:\.[^\s>]*)?(?:[ \t]+([^>]*))?>", re.IGNORECASE)
_TAG = re.compile(r"</?(?:c|i|b|u|s|v|lang|ruby|rt|font)(?:[.\s][^<>]*)?>|</?>|<[\d:.]+>|\{\\[^{}]*\}", re.IGNORECASE)
_PREFIX = re.compile(r"[-–•>\s]*(?:\[([^\W\d_][^\[\]\n]{0,39})\]|([^\W\d_][^:<>\n]{0,39})):(?:\s+(?=\S)|\s*$)")
_LABEL = re.compile(r"\[(SPEAKER[_ ]\d{1,3})\](?!:)")  # WhisperX writes it with a colon or without

Said = tuple[str | None, str]


def prefix(line: str) -> str | None:
    """The short prefix of a line that might be a name."""
    found = _PREFIX.match(line)
    name = (found[1] or found[2]).strip() if found else ""
    return name if name and len(name.split()) <= LONGEST_NAME_WORDS else None


def _said(cue: Cue) -> list[str]:
    """The lines of a cue without the tags before a name."""
    return [_LABEL.sub(r"[\1]:", line if _VOICE.search(line) else _TAG.sub("", line)) for line in cue.lines]


def voices(lines: list[str], known: frozenset[str]) -> list[Said]:
    """Who says what, in order; None where nobody is named."""
    told = _metadata("\n".join(lines))
    if told:
        return [told]
    said = _tagged("\n".join(lines)) if any(_VOICE.search(line) for line in lines) else _prefixed(lines, known)
    return [(name, text) for name, text in said if text]


def _metadata(text: str) -> Said | None:
    """What a cue of Teams' metadata holds: JSON with speaker and words."""
    if not text.startswith("{") or "spokenText" not in text:
        return None
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    name, words = (value.get("speakerName"), value.get("spokenText")) if isinstance(value, dict) else (None, None)
    return (plain(name) if isinstance(name, str) else None, plain(words)) if isinstance(words, str) else None


def _tagged(text: str) -> list[Said]:
    first, *rest = _VOICE.split(text)
    return [(None, _plain(first)), *((_name(rest[n]), _plain(rest[n + 1])) for n in range(0, len(rest), 2))]


def _prefixed(lines: list[str], known: frozenset[str]) -> list[Said]:
    said: list[tuple[str | None, list[str]]] = []
    for line in lines:
        name = prefix(line)
        if name in known:
            said.append((name, [_PREFIX.sub("", line, count=1)]))
        elif said:
            said[-1][1].append(line)
        else:
            said.append((None, [line]))
    return [(name, _plain("\n".join(parts))) for name, parts in said]


def _name(raw: str | None) -> str | None:
    return tidy(unescape(raw or "")) or None


def _plain(text: str) -> str:
    """The text without tags, entities resolved, on one line."""
    return tidy(unescape(_TAG.sub("", text))).replace("\n", " ")


def segments(cue: Cue, known: frozenset[str], roles: Roles) -> list[dict[str, Any]]:
    """A row for each voice of the cue; of several voices in one cue no end is known."""
    said = voices(_said(cue), known)
    return [
        {
            "speaker": vendor_role(name, roles) or "unknown",
            "speaker_id": name,
            "text": text,
            "start_ms": cue.start_ms,
            "end_ms": cue.end_ms if len(said) == 1 else None,
            "place": cue.place,
        }
        for name, text in said
    ]


def _named(cues: list[Cue], roles: Roles) -> frozenset[str]:
    """The prefixes that are names: those that talk_lines takes for such, and where every cue begins with one, all."""
    firsts = [prefix(lines[0]) if (lines := _said(cue)) else None for cue in cues]
    told = names([(prefix(line) or "", False, False) for cue in cues for line in _said(cue)], roles)
    every = [name for name in firsts if name]
    is_usual = len(firsts) > 1 and len(every) == len(firsts)
    return told | frozenset(name for name in every if name.casefold() not in NO_NAMES) if is_usual else told


def conversation(conversation_id: str, cues: list[Cue], roles: Roles, **known: Any) -> Conversation:
    """The call that these cues are."""
    named = _named(cues, roles)
    rows = [row for cue in cues for row in segments(cue, named, roles)]
    agents = {row["speaker_id"] for row in rows if row["speaker"] == "agent"}
    transcript = {
        "conversation_id": conversation_id,
        "channel": "voice",
        "agent_id": agents.pop() if len(agents) == 1 else None,
        **known,
    }
    return Conversation(transcript, rows, record_count=len(cues))
