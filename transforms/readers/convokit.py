"""ConvoKit corpora: utterances of conversations, one a line.

https://convokit.cornell.edu/documentation/data_format.html
"""

from typing import Any

from transforms.readers.content import Head, as_json, documents
from transforms.readers.format import Reader, Supports
from transforms.readers.record import Record, plain
from transforms.readers.roles import role_of
from transforms.readers.transcript import Conversation, Draft, File, ReadError, Rejected, Roles, draft

NAME = "convokit"


def recognise(head: Head) -> bool:
    """Whether its lines are utterances that reply to others."""
    names = head.names
    return "text" in names and bool(names & {"reply-to", "reply_to"}) and bool(names & {"speaker", "user"})


def read(files: list[File], roles: Roles) -> Draft:
    """The conversations of an utterances file."""
    try:
        found, rejected = documents(files[0])
    except ReadError as error:
        return draft(NAME, [], [Rejected.of(error, 1, files[0].data)])
    groups: dict[str, list[Record]] = {}
    for one in found:
        groups.setdefault(_conversation_id(one), []).append(one)
    conversations: list[Conversation] = []
    for id_, utterances in groups.items():
        raw = b"\n".join(as_json(one.value) for one in utterances)
        try:
            rows = sorted((_utterance(one, roles) for one in utterances), key=lambda row: str(row["sent_at"]))
        except ReadError as error:
            rejected.append(Rejected.of(error, len(utterances), raw))
        else:
            conversations.append(_conversation(id_, rows, len(utterances), raw))
    return draft(NAME, conversations, rejected)


def _conversation_id(one: Record) -> str:
    value = one.value.get("conversation_id") or one.value.get("root") or one.value.get("id")
    return plain(str(value)) if isinstance(value, str | int) else one.place


def _conversation(id_: str, rows: list[dict[str, Any]], count: int, raw: bytes) -> Conversation:
    began = min((row["sent_at"] for row in rows if row["sent_at"]), default=None)
    return Conversation({"conversation_id": id_, "channel": "chat", "started_at": began}, rows, None, count, raw)


def _utterance(one: Record, roles: Roles) -> dict[str, Any]:
    name = one.id("speaker") or one.id("user")
    role = role_of(name, roles)
    return {
        "speaker": role or "unknown",
        "speaker_id": name,
        "text": one.text("text"),
        "sent_at": one.time("timestamp"),
        "place": one.place,
    }


READER = Reader(NAME, Supports("ConvoKit corpora (utterances)", roles="map the speakers"), recognise, read)
