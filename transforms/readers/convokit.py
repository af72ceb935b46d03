"""ConvoKit corpora: utterances of conversations, one a line, with the speakers beside them.

https://convokit.cornell.edu/documentation/data_format.html
"""

from datetime import UTC
from pathlib import PurePath
from typing import Any

from transforms.readers.content import Head, as_json, decode, documents, parse_json
from transforms.readers.format import Reader, Supports
from transforms.readers.record import Record, plain
from transforms.readers.roles import mapped
from transforms.readers.speech import vendor_role
from transforms.readers.transcript import Conversation, Draft, File, ReadError, Rejected, Roles, draft

NAME = "convokit"
SPEAKERS = ("speakers.json", "users.json")
BESIDE = frozenset({*SPEAKERS, "conversations.json", "corpus.json", "index.json"})
OLDEST = 100_000_000  # seconds: a lesser time stamp tells the order alone
ROLE_KEYS = ("role", "type", "speaker_type", "user_type", "speaker_role")


def recognise(head: Head) -> bool:
    """Whether its lines are utterances that reply to others."""
    names = head.names
    return "text" in names and bool(names & {"reply-to", "reply_to"}) and bool(names & {"speaker", "user"})


def read(files: list[File], roles: Roles) -> Draft:
    """The conversations of a corpus: its utterances, with the roles that speakers.json gives."""
    rejected: list[Rejected] = []
    beside = [file for file in files if PurePath(file.name).name in BESIDE]
    known = _roles(beside, rejected)
    count = len(beside) - len(rejected)
    groups: dict[str, list[Record]] = {}
    for said in _utterances([file for file in files if file not in beside], rejected):
        groups.setdefault(_conversation_id(said), []).append(said)
    conversations = [one for id_, some in groups.items() if (one := _whole(id_, some, known, roles, rejected))]
    result = draft(NAME, conversations, rejected)
    result.given_count += count
    return result


def _utterances(files: list[File], rejected: list[Rejected]) -> list[Record]:
    every: list[Record] = []
    for file in files:
        try:
            found, refused = documents(file, f"{file.name}, " if len(files) > 1 else "")
        except ReadError as error:
            found, refused = [], [Rejected.of(error, 1, file.data)]
        every += found
        rejected += refused
    return every


def _roles(files: list[File], rejected: list[Rejected]) -> dict[str, str]:
    """The roles that speakers' metadata tell."""
    found: dict[str, str] = {}
    for file in files:
        try:
            value = Record(parse_json(decode(file.data)), file.name).value
        except ReadError as error:
            rejected.append(Rejected(f"{file.name}, {error.place}", error.reason, error.cure, 1, file.data))
        else:
            named = value if PurePath(file.name).name in SPEAKERS else {}
            found |= {id_: role for id_, one in named.items() if (role := _role(one))}
    return found


def _role(speaker: Any) -> str | None:
    meta = speaker.get("meta", speaker) if isinstance(speaker, dict) else None
    words = [meta.get(key) for key in ROLE_KEYS] if isinstance(meta, dict) else []
    return next((role for word in words if isinstance(word, str) and (role := vendor_role(word, {}))), None)


def _whole(
    id_: str, some: list[Record], known: dict[str, str], roles: Roles, rejected: list[Rejected]
) -> Conversation | None:
    """A conversation of its utterances in order, or its refusal."""
    raw = b"\n".join(as_json(one.value) for one in some)
    try:
        rows = [row for _, row in sorted((_utterance(one, known, roles) for one in some), key=lambda pair: pair[0])]
    except ReadError as error:
        rejected.append(Rejected.of(error, len(some), raw))
        return None
    began = min((row["sent_at"] for row in rows if row["sent_at"]), default=None)
    return Conversation({"conversation_id": id_, "channel": "chat", "started_at": began}, rows, None, len(some), raw)


def _conversation_id(one: Record) -> str:
    value = one.value.get("conversation_id") or one.value.get("root") or one.value.get("id")
    return plain(str(value)) if isinstance(value, str | int) else one.place


def _utterance(one: Record, known: dict[str, str], roles: Roles) -> tuple[float, dict[str, Any]]:
    """What orders the utterance, and its row."""
    name = one.id("speaker") or one.id("user")
    at = one.value.get("timestamp")
    is_number = isinstance(at, int | float) or (isinstance(at, str) and at.replace(".", "", 1).isdigit())
    stamp = one.number("timestamp") if is_number else None
    sent = one.time("timestamp") if stamp is None or stamp >= OLDEST else None
    order = stamp if stamp is not None else sent.replace(tzinfo=UTC).timestamp() if sent else float("inf")
    role = mapped(name, roles) or known.get(name or "") or vendor_role(name, roles)
    return order, {
        "speaker": role or "unknown",
        "speaker_id": name,
        "text": one.text("text"),
        "sent_at": sent,
        "place": one.place,
    }


READER = Reader(
    NAME,
    Supports("ConvoKit corpora (utterances, speakers)", roles="map the speakers, or by their metadata"),
    recognise,
    read,
    beside=BESIDE,
)
