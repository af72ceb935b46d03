"""Plain JSON: a conversation's id and a list of its turns, as pairs (ABCD) or as objects.

https://github.com/asappresearch/abcd
"""

from typing import Any

from transforms.readers.content import Head
from transforms.readers.each import read_each
from transforms.readers.format import Reader, Supports
from transforms.readers.record import Record, plain
from transforms.readers.speech import turn, vendor_role
from transforms.readers.transcript import Conversation, Draft, File, ReadError, Roles

NAME = "json_turns"
IDS = ("conversation_id", "convo_id", "conversationId", "dialogue_id", "id")
LISTS = ("original", "turns", "messages", "utterances", "dialogue", "conversation")
SPEAKERS = ("speaker", "role")
WRAPPERS = ("conversations", "dialogues", "data", "train", "dev", "test")


def recognise(head: Head) -> bool:
    """Whether it has pairs of speaker and text, or a list of turns that name both."""
    keys = {key.removeprefix("[].") for key in head.keys}
    for wrapper in WRAPPERS:
        keys = {key.removeprefix(f"{wrapper}[].") for key in keys}
    named = any(f"{name}[].{who}" in keys for name in LISTS for who in SPEAKERS)
    return {"convo_id", "original"} <= keys or named


def read(files: list[File], roles: Roles) -> Draft:
    """The conversations of the files."""
    return read_each(NAME, files, "original", lambda one, file: _conversation(one, file, roles), inside=WRAPPERS)


def _conversation(one: Record, file: File, roles: Roles) -> Conversation:
    id_ = next((one.id(key) for key in IDS if one.has(key)), None) or file.id
    name = next((key for key in LISTS if isinstance(one.value.get(key), list)), None)
    if name is None:
        raise ReadError(one.place, f"there is no list of turns; expected one of {', '.join(LISTS)}")
    turns = one.value[name]
    start = f"{one.place}, " if one.place else ""
    rows = [_turn(said, f"{start}turn {number}", roles) for number, said in enumerate(turns, 1)]
    has_times = any(row.get("start_ms") is not None for row in rows)
    return Conversation(
        {"conversation_id": id_, "channel": "voice" if has_times else "chat"},
        [{**row, "turn_index": number} for number, row in enumerate(rows)],
    )


def _turn(said: Any, place: str, roles: Roles) -> dict[str, Any]:
    if not isinstance(said, list):
        return turn(Record(said, place), roles)
    if len(said) != 2 or not all(isinstance(part, str) for part in said):
        raise ReadError(place, f"found a list of {len(said)}; expected a speaker and a text")
    name, text = plain(said[0]), plain(said[1])
    if name == "action":
        return {"speaker": "system", "kind": "event", "text": text, "place": place}
    role = vendor_role(name, roles)
    return {"speaker": role or "unknown", "speaker_id": None if role else name, "text": text, "place": place}


READER = Reader(NAME, Supports("Plain JSON turns (ABCD and alike)", roles="yes", ends="where given"), recognise, read)
