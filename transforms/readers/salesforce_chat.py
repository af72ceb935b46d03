"""Salesforce chat transcripts: a Body of HTML for each chat, with offsets from its start.

https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/sforce_api_objects_livechattranscript.htm
"""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import polars as pl

from transforms.readers.content import Head, as_json
from transforms.readers.format import Reader, Supports
from transforms.readers.html import html_text
from transforms.readers.record import Record
from transforms.readers.roles import role_of
from transforms.readers.rows import columns_of
from transforms.readers.table import read_table
from transforms.readers.times import later
from transforms.readers.transcript import Conversation, Draft, File, ReadError, Rejected, Roles, draft

NAME = "salesforce_chat"
LINE = re.compile(r"\(\s*((?:\d+[hms]\s*)+)\)\s*([^:\n]{1,60}):\s*(.*)")
EVENT = re.compile(r"\(\s*((?:\d+[hms]\s*)+)\)\s*(.+)")
AGENT = re.compile(r"^Agent (.+)$", re.MULTILINE)
STARTED = re.compile(r"^Chat Started: \w+, (\w+ \d+, \d{4}), (\d\d:\d\d:\d\d) \(([+-]\d{4})\)", re.MULTILINE)
UNITS = {"h": 3600, "m": 60, "s": 1}  # seconds


def recognise(head: Head) -> bool:
    """Whether it has a Body that begins as Salesforce's do."""
    return "body" in columns_of(head) and "Chat Started:" in head.text


def read(files: list[File], roles: Roles) -> Draft:
    """The chats of a table or of JSON objects."""
    try:
        table = read_table(files[0], ())
    except ReadError as error:
        return draft(NAME, [], [Rejected.of(error, 1, files[0].data)])
    conversations: list[Conversation] = []
    rejected: list[Rejected] = []
    for row in table.frame.with_columns(pl.format(f"{table.unit} {{}}", "_place").alias("place")).iter_rows(named=True):
        record = Record({key: value or None for key, value in row.items()}, row["place"])
        try:
            conversations.append(_chat(record, roles))
            conversations[-1].raw = as_json(row)
        except ReadError as error:
            rejected.append(Rejected.of(error, 1, as_json(row)))
    return draft(NAME, conversations, rejected)


def _chat(record: Record, roles: Roles) -> Conversation:
    text = html_text(record.text("body") or "")
    began = _started(text) or record.time("starttime")
    agents = {name.strip().casefold() for name in AGENT.findall(text)}
    agent = AGENT.search(text)
    transcript = {
        "conversation_id": record.id("id") or record.needed_id("name"),
        "channel": "chat",
        "started_at": began,
        "agent_id": record.id("ownerid") or (agent[1].strip() if agent else None),
        "customer_id": record.id("contactid") or record.id("livechatvisitorid"),
    }
    return Conversation(transcript, list(_rows(text, began, agents, roles, record.place)))


def _started(text: str) -> datetime | None:
    found = STARTED.search(text)
    if not found:
        return None
    try:
        moment = datetime.strptime(" ".join(found.groups()), "%B %d, %Y %H:%M:%S %z")
    except ValueError:
        return None
    return (moment - (moment.utcoffset() or timedelta())).replace(tzinfo=None)


def _rows(text: str, began: datetime | None, agents: set[str], roles: Roles, place: str) -> Iterator[dict[str, Any]]:
    """What is said after the header; an agent is who the header names."""
    for line in text.splitlines():
        said, event = LINE.fullmatch(line), EVENT.fullmatch(line)
        if said:
            name = said[2].strip()
            role = role_of(name, roles) or ("agent" if _is_one(name, agents) else "customer" if agents else None)
            yield {
                "speaker": role or "unknown",
                "speaker_id": name,
                "text": said[3],
                "sent_at": _at(began, said[1]),
                "place": place,
            }
        elif event:
            yield {
                "speaker": "system",
                "kind": "event",
                "text": event[2],
                "sent_at": _at(began, event[1]),
                "place": place,
            }


def _is_one(name: str, agents: set[str]) -> bool:
    """Whether the name is an agent's; the header may give the initial of the surname alone."""
    return any(agent == name.casefold() or agent.startswith(f"{name.casefold()} ") for agent in agents)


def _at(began: datetime | None, offset: str) -> datetime | None:
    if began is None:
        return None
    return later(began, sum(int(n) * UNITS[u] for n, u in re.findall(r"(\d{1,6})([hms])", offset)))


READER = Reader(NAME, Supports("Salesforce chat transcripts", roles="by header"), recognise, read)
