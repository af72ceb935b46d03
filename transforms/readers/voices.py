"""Who speaks in a cue: <v Name> tags, or a prefix `Name:` that recurs in the file."""

import re
from collections import Counter
from collections.abc import Iterable
from html import unescape
from typing import Any

from transforms.readers.cues import Cue
from transforms.readers.html import tidy
from transforms.readers.roles import role_of
from transforms.readers.transcript import Conversation, Roles

_VOICE = re.compile(r"<v(?:\.[^\s>]*)?(?:[ \t]+([^>]*))?>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>|</?>|<[\d:.]+>")
_PREFIX = re.compile(r"[-–•>\s]*([^\W\d_][^:<>\n]{0,39}):(?:\s+(?=\S)|\s*$)")
LONGEST_NAME_WORDS = 4

Said = tuple[str | None, str]


def prefix(line: str) -> str | None:
    """The short prefix of a line that might be a name."""
    found = _PREFIX.match(line)
    name = found[1].strip() if found else ""
    return name if name and len(name.split()) <= LONGEST_NAME_WORDS else None


def names(lines: Iterable[str], roles: Roles) -> frozenset[str]:
    """The prefixes that are names: those that recur, and those that have a role."""
    counts = Counter(name for name in map(prefix, lines) if name)
    return frozenset(name for name, count in counts.items() if count > 1 or role_of(name, roles))


def voices(lines: list[str], known: frozenset[str]) -> list[Said]:
    """Who says what, in order; None where nobody is named."""
    said = _tagged("\n".join(lines)) if any(_VOICE.search(line) for line in lines) else _prefixed(lines, known)
    return [(name, text) for name, text in said if text]


def _tagged(text: str) -> list[Said]:
    first, *rest = _VOICE.split(text)
    return [(None, _plain(first)), *((_name(rest[n]), _plain(rest[n + 1])) for n in range(0, len(rest), 2))]


def _prefixed(lines: list[str], known: frozenset[str]) -> list[Said]:
    said: list[tuple[str | None, list[str]]] = []
    for line in lines:
        name = prefix(line)
        if name in known:
            said.append((name, [line[line.index(":") + 1 :]]))
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
    said = voices(cue.lines, known)
    return [
        {
            "speaker": role_of(name, roles) or "unknown",
            "speaker_id": name,
            "text": text,
            "start_ms": cue.start_ms,
            "end_ms": cue.end_ms if len(said) == 1 else None,
            "place": cue.place,
        }
        for name, text in said
    ]


def conversation(conversation_id: str, cues: list[Cue], roles: Roles, **known: Any) -> Conversation:
    """The call that these cues are."""
    named = names((line for cue in cues for line in cue.lines), roles)
    rows = [row for cue in cues for row in segments(cue, named, roles)]
    agents = {row["speaker_id"] for row in rows if row["speaker"] == "agent"}
    transcript = {
        "conversation_id": conversation_id,
        "channel": "voice",
        "agent_id": agents.pop() if len(agents) == 1 else None,
        **known,
    }
    return Conversation(transcript, rows, record_count=len(cues))
