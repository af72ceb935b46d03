"""Salesforce chat transcripts: a Body of HTML for each chat, with offsets from its start.

https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/sforce_api_objects_livechattranscript.htm
"""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from functools import partial
from typing import Any

import polars as pl

from transforms.readers.content import Head, as_json, decode
from transforms.readers.each import built, objects
from transforms.readers.format import Reader, Supports
from transforms.readers.html import html_text
from transforms.readers.record import Record
from transforms.readers.roles import mapped
from transforms.readers.rows import columns_of
from transforms.readers.table import known, read_table
from transforms.readers.times import later
from transforms.readers.transcript import EXPORT, Conversation, Draft, File, ReadError, Rejected, Roles, draft

NAME = "salesforce_chat"
_OFFSET = r"\(\s*((?:\d{1,6}\s?[hms]\s*)+)\)"
LINE = re.compile(rf"{_OFFSET}\s*([^:\n]{{1,60}}):\s*(.*)")
EVENT = re.compile(rf"{_OFFSET}\s*(.+)")
BODY = re.compile(rf"{_OFFSET}\s*[^:\n<]{{1,60}}:")
AGENT = re.compile(r"(?:Agente?|Agentin|Medewerker|Conseiller) (?!(?:left|has|successfully)\b)([^:\n]{1,60})")
BOT = re.compile(r"\b(?:chat)?bot\b|\beinstein\b", re.IGNORECASE)
HANDED = re.compile(r"Chat Transferred From ([^:\n]{1,60}?) To ([^:\n]{1,60})", re.IGNORECASE)
VISITORS = ("visitor", "visiteur", "besucher", "visitante", "visitatore", "bezoeker")
MOVED = re.compile(r"transf[eéè]r|weitergeleitet|trasferit|doorgestuurd", re.IGNORECASE)
DAY = re.compile(
    r"(?:(\d{1,2})\.?(?: de)? )?([^\W\d_]{3,12})\.?(?: de)?(?: (\d{1,2}),)? (\d{4}),? (?:\w+ )?(\d\d?):(\d\d):(\d\d)",
    re.UNICODE,
)
ZONE = re.compile(r"\((?:GMT|UTC)?([+-])(\d\d):?(\d\d)\)")
_CENTRED = re.compile(r"<(p|div)\b[^<>]*\bcenter\b[^<>]*>", re.IGNORECASE)
HEADER = "\ue000"  # before a line that nobody said, while a Body is read
UNITS = {"h": 3600, "m": 60, "s": 1}  # seconds
MONTHS = [
    "jan|janvier|januar|enero|gennaio|januari",
    "feb|février|fevrier|februar|febrero|febbraio|februari",
    "mar|mars|märz|marzo|maart",
    "apr|avril|april|abril|aprile",
    "may|mai|mayo|maggio|mei",
    "jun|juin|juni|junio|giugno",
    "jul|juillet|juli|julio|luglio",
    "aug|août|aout|agosto|augustus|august",
    "sep|septembre|september|septiembre|settembre",
    "oct|octobre|oktober|octubre|ottobre|october",
    "nov|novembre|november|noviembre",
    "dec|décembre|dezember|diciembre|dicembre|december",
]


def recognise(head: Head) -> bool:
    """Whether it has a Body that reads as Salesforce's do."""
    names = columns_of(head) | {known(key.rpartition(".")[2]) for key in head.keys}
    return "body" in names and bool("Chat Started:" in head.text or BODY.search(head.text))


def read(files: list[File], roles: Roles) -> Draft:
    """The chats of a table or of JSON objects."""
    try:
        records, rejected = _records(files[0])
    except ReadError as error:
        return draft(NAME, [], [Rejected.of(error, 1, files[0].data)])
    conversations: list[Conversation] = []
    for record in records:
        conversations += built(partial(_chat, record, roles), 1, record.value, rejected)
    return draft(NAME, conversations, rejected)


def _records(file: File) -> tuple[list[Record], list[Rejected]]:
    """The records with their names in small letters: a table's rows, or what the API answers a query with."""
    if not file.data.startswith(b"PAR1") and decode(file.data).lstrip()[:1] in ("{", "["):
        found, rejected = objects([file], ("records",))
        return [
            Record({known(key): value for key, value in one.value.items()}, one.place) for one, _ in found
        ], rejected
    table = read_table(file, ())
    rows = table.frame.with_columns(pl.format(f"{table.unit} {{}}", "_place").alias("_at")).to_dicts()
    rejected = [Rejected(row["_at"], row["_problem"], EXPORT, 1, as_json(row)) for row in rows if row["_problem"]]
    return [Record({k: v or None for k, v in row.items()}, row["_at"]) for row in rows if not row["_problem"]], rejected


@dataclass
class Talk:
    """What a Body says: its header's moment and agents, its lines, and when it was handed over."""

    began: datetime | None
    agents: list[str] = field(default_factory=list)
    rows: list[dict[str, Any]] = field(default_factory=list)
    moved_at: datetime | None = None


def _chat(record: Record, roles: Roles) -> Conversation:
    text = html_text(_CENTRED.sub(rf"<\1>{HEADER}", record.text("body") or ""))
    talk = _talk(text, _began(text) or record.time("starttime") or record.time("createddate"), roles, record.place)
    transcript = {
        "conversation_id": record.id("id") or record.needed_id("name"),
        "channel": "chat",
        "started_at": talk.began,
        "agent_id": record.id("ownerid") or (talk.agents[0] if talk.agents else None),
        "customer_id": record.id("contactid") or record.id("livechatvisitorid"),
        "duration_ms": record.milliseconds("chatduration", 1000),
        "updated_at": record.time("lastmodifieddate"),
    }
    status = record.text("status")
    feedback = {"status": status, "transferred_at": talk.moved_at} if status or talk.moved_at else None
    return Conversation(transcript, talk.rows, feedback, people=[name for name in talk.agents if not BOT.search(name)])


def _began(text: str) -> datetime | None:
    """The moment that the header tells, in any of the languages that Salesforce writes it in."""
    top = "\n".join(text.splitlines()[:3]).replace(HEADER, "")
    day, zone = DAY.search(top), ZONE.search(top)
    if not day:
        return None
    before, name, after, year, *clock = day.groups()
    month = next((n for n, names in enumerate(MONTHS, 1) if _is_month(name.casefold(), names)), 0)
    minutes = (int(zone[2]) * 60 + int(zone[3])) * (-1 if zone[1] == "-" else 1) if zone else 0
    try:
        hour, minute, second = map(int, clock)
        moment = datetime(int(year), month, int(before or after or 0), hour, minute, second)
        local = moment.replace(tzinfo=timezone(timedelta(minutes=minutes)))
        return (local - (local.utcoffset() or timedelta())).replace(tzinfo=None)
    except (ValueError, OverflowError):
        return None


def _is_month(name: str, names: str) -> bool:
    return any(name == one or (len(one) == 3 and name.startswith(one)) for one in names.split("|"))


def _talk(text: str, began: datetime | None, roles: Roles, place: str) -> Talk:
    """The lines of a Body; an agent is who a header names, a transfer a header that says so."""
    talk = Talk(began)
    is_marked, is_moving = HEADER in text, False
    for line in text.splitlines():
        header = line.removeprefix(HEADER)
        agent, handed = AGENT.fullmatch(header), HANDED.fullmatch(header)
        talk.agents += [name.strip() for name in handed.groups()] if handed else []
        if re.match(_OFFSET, line):
            row = _row(line, talk, place)
            talk.moved_at = talk.moved_at or (row["sent_at"] if is_moving else None)
            talk.rows.append(row)
        elif agent:
            talk.agents.append(agent[1].strip())
        elif header != line or not talk.rows or (not is_marked and MOVED.search(line)):
            is_moving = is_moving or bool(talk.rows and MOVED.search(header))
        else:  # a further line of what was said
            talk.rows[-1]["text"] += f"\n{line}"
    return _with_everyone(talk, roles)


def _row(line: str, talk: Talk, place: str) -> dict[str, Any]:
    said, event = LINE.fullmatch(line), EVENT.fullmatch(line)
    at = _at(talk.began, (said or event or ["", ""])[1])
    row: dict[str, Any] = {"sent_at": at, "place": place}
    if said:
        return {**row, "speaker_id": said[2].strip(), "text": said[3]}
    if MOVED.search(line) and not talk.moved_at:
        talk.moved_at = at
    return {**row, "speaker": "system", "kind": "event", "text": event[2] if event else line}


def _with_everyone(talk: Talk, roles: Roles) -> Talk:
    """The rows with their roles: an agent by any header, a bot by its name, the only other one the customer."""
    for row in talk.rows:
        if "speaker" not in row:
            name = row["speaker_id"]
            usual = "bot" if BOT.search(name) else "agent" if _is_one(name, talk.agents) else None
            row["speaker"] = mapped(name, roles) or usual or ("customer" if name.lower() in VISITORS else "unknown")
    others = {row["speaker_id"] for row in talk.rows if row["speaker"] == "unknown"}
    for row in talk.rows:
        if row["speaker"] == "unknown" and len(others) == 1 and talk.agents:
            row["speaker"] = "customer"
    return talk


def _is_one(name: str, agents: list[str]) -> bool:
    """Whether the name is an agent's; the header may give the initial of the surname alone."""
    said = name.casefold()
    return any(agent.casefold() == said or agent.casefold().startswith(f"{said} ") for agent in agents)


def _at(began: datetime | None, offset: str) -> datetime | None:
    if began is None:
        return None
    return later(began, sum(int(n) * UNITS[u] for n, u in re.findall(r"(\d{1,6})\s?([hms])", offset)))


READER = Reader(
    NAME,
    Supports("Salesforce chat transcripts", roles="by header", resolved="by status", transfer="in the transcript"),
    recognise,
    read,
)
