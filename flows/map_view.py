"""`heard map FILE` at the terminal: what was found and how sure that is, what is asked, what is kept."""

import json
import sys
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import polars as pl

from flows.map import Mapped, keep, map_file
from flows.printing import print_table
from transforms.mapping.finding import Finding, Said
from transforms.readers.transcript import Transcript

Ask = Callable[[str], str]
SHOWN = 3  # converted rows
LONGEST = 60  # characters of a text that are shown


def show_map(path: str, home: Path, name: str | None, said: Said, is_kept: bool, is_replaced: bool) -> bool:
    """Shows what was found, asks on a terminal what is left, and keeps it if so told; gives whether nothing is left."""
    found = map_file(path, home, name, said, is_replaced)
    _show(found, home, path)
    is_asking = sys.stdin.isatty() and not is_kept and found.is_new
    if is_asking and found.questions:
        found = map_file(path, home, name, asked(found, said, input), is_new=True)
        _show(found, home, path)
    if found.is_new and not found.questions and is_asking:
        is_kept = input(f"Keep it as [map.{found.name}]? [y/N] ").strip().lower() in ("y", "yes")
    if found.is_new and is_kept:
        keep(found, home, is_replaced)
        print(f"written to {home / 'heard.toml'} as [map.{found.name}]; `heard run {path} --home {home}` reads it")
    elif found.is_new and not found.questions:
        print("nothing was written; --write keeps it")
    return not found.questions


def print_map(path: str, home: Path, name: str | None, said: Said, is_kept: bool, is_replaced: bool) -> bool:
    """The same as JSON, without asking."""
    found = map_file(path, home, name, said, is_replaced)
    if found.is_new and is_kept:
        keep(found, home, is_replaced)
    told = found.proposal
    whole = {
        "name": found.name,
        "mapping": found.mapping.as_toml(),
        "columns": [asdict(one) for one in told.columns] if told else [],
        "values": [asdict(one) for one in told.values] if told else [],
        "questions": [{"what": one.what, "how": one.how} for one in found.questions],
        "left_out": told.left_out if told else [],
        "given_count": found.read.given_count,
        "accepted_count": found.read.accepted_count,
        "rows": converted(found.read).to_dicts(),
        "is_written": not found.is_new or is_kept,
    }
    print(json.dumps(whole, ensure_ascii=False, default=str))
    return not found.questions


def _show(found: Mapped, home: Path, path: str) -> None:
    for line in lines(found, home, path):
        print(line)
    rows = converted(found.read)
    if not rows.is_empty():
        print_table(rows)


def converted(read: Transcript) -> pl.DataFrame:
    """The first rows as they would land, long texts cut."""
    columns = ["conversation_id", "speaker", "speaker_id", "kind", "start_ms", "end_ms", "sent_at", "text"]
    rows = read.segment.head(SHOWN).select(columns)
    if rows.is_empty():
        shown = read.feedback.head(SHOWN)
        return shown.select(one.name for one in shown if not one.is_null().all())
    cut = (
        pl.when(pl.col("text").str.len_chars() > LONGEST).then(pl.col("text").str.head(LONGEST) + "…").otherwise("text")
    )
    seconds = [(pl.col(f"{name}_ms") / 1000).alias(f"{name}_s") for name in ("start", "end")]
    rows = rows.with_columns(cut.alias("text"), *seconds, pl.col("sent_at").dt.strftime("%Y-%m-%dT%H:%M:%SZ"))
    order = ["conversation_id", "speaker", "speaker_id", "kind", "start_s", "end_s", "sent_at", "text"]
    return rows.select(name for name in order if not rows[name].is_null().all())


def lines(mapped: Mapped, home: Path, path: str) -> list[str]:
    """What was found, how sure, and what is to be asked, for a person."""
    told = mapped.proposal
    if told is None:
        where = home / "heard.toml"
        return [
            f"{path}: read by [map.{mapped.name}] of {where}. Edit it there, or guess anew with --replace.",
            *(f"  {ours:<16} {theirs}" for ours, theirs in mapped.mapping.columns.items()),
            _counts(mapped.read),
        ]
    known = f"It is read as {mapped.known_as} already; a mapping would come first." if mapped.known_as else ""
    return [
        f"{path}: {', '.join(told.look.seen)}; {told.look.height:,} rows",
        *([known] if known else []),
        "columns, how sure, and why",
        *(_finding(one) for one in told.columns),
        *(["what their values mean"] if told.values else []),
        *(_finding(one) for one in told.values),
        *([f"left out: {', '.join(told.left_out)}"] if told.left_out else []),
        *(["what the file does not tell"] if told.questions else []),
        *(f"  ? {one.what}. Say it with {one.how}" for one in told.questions),
        _counts(mapped.read) + (", as far as it is known" if told.questions else ""),
    ]


def _finding(one: Finding) -> str:
    return f"  {one.what:<24} {one.found:<28} {one.sure:<10} {one.because}"


def _counts(read: Transcript) -> str:
    refused = f"; the first refused: {read.rejected[0].place}: {read.rejected[0].reason}" if read.rejected else ""
    return f"it reads {read.accepted_count:,} of {read.given_count:,} records{refused}"


def asked(mapped: Mapped, said: Said, ask: Ask) -> Said:
    """What was said, with the answers to what is left to ask; an empty answer leaves a question open."""
    for question in mapped.proposal.questions if mapped.proposal else []:
        if question.field == "roles":
            words = {word: ask(f"role of {word!r}: ").strip() for word in question.words}
            said = replace(said, roles={**said.roles, **{word: role for word, role in words.items() if role}})
        elif question.field:
            answer: Any = ask(f"{question.what} ({question.how}): ").strip() or None
            said = replace(said, **{question.field: answer})
    return said
