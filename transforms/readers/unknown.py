"""A file that no reader knows: what it seems to be, without a word of what may be said in it."""

import re
from collections.abc import Iterable

from transforms.readers.archives import UNPACK, ZIP
from transforms.readers.content import AS_UTF8, Head, decode, parse_json
from transforms.readers.table import header, read_table
from transforms.readers.transcript import EXPORT, WHOLE_FILE, File, ReadError

NAME_IT = "Name its format with --format, or take it away: `heard formats` lists what can be read."
MAP_IT = "Say how it is to be read with `heard map FILE`, or name its format with --format: `heard formats` lists them."
OR_MAP_IT = "Save it as UTF-8 and run again, or say what it is with `heard map FILE`."
TEXT = "a text"
_COLUMN = re.compile(r"[A-Za-z_][\w.-]{0,30}")
_COLUMNS = re.compile(rf"{_COLUMN.pattern}(?:[,;\t|]{_COLUMN.pattern})+\r?")


def what_it_is(file: File) -> ReadError:
    """Why no reader knows the file."""
    if not file.data.strip():
        return ReadError(WHOLE_FILE, "the file is empty; expected conversations", EXPORT)
    if file.data.startswith(b"PAR1"):
        return _parquet(file)
    if file.data.startswith(ZIP):
        return ReadError(WHOLE_FILE, "it is a zip file that cannot be unpacked safely; expected a plain one", UNPACK)
    if b"\x00" in file.data[:1000] and not file.data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ReadError(WHOLE_FILE, "it holds NUL bytes, which no text does; expected a text in UTF-8", AS_UTF8)
    try:
        text = decode(file.data)
        if text.lstrip()[:1] in ("{", "["):
            parse_json(text)
    except ReadError as broken:
        is_table = broken.cure == AS_UTF8 and _seen(Head(file.data.decode("latin-1").encode())) != TEXT
        return ReadError(broken.place, broken.reason, OR_MAP_IT) if is_table else broken
    seen = _seen(Head(file.data))
    cure = NAME_IT if seen == TEXT else MAP_IT
    return ReadError(WHOLE_FILE, f"found {seen}; expected a format that Heard knows", cure)


def _parquet(file: File) -> ReadError:
    try:
        columns = read_table(file, ()).columns
    except ReadError as broken:
        return broken
    return ReadError(WHOLE_FILE, f"found a table with {_listed(columns)}; expected a format that Heard knows", MAP_IT)


def _seen(head: Head) -> str:
    """Its keys or columns, where they are such."""
    if head.names:
        return f"JSON with {_listed(head.names)}"
    if head.keys or head.text.lstrip()[:1] in ("{", "["):
        return "JSON without names"
    first, second = [*head.text.splitlines()[:2], "", ""][:2]
    if _COLUMNS.fullmatch(first):
        return f"a table with {_listed(header(first)[0])}"
    names, delimiter = header(first)
    is_table = len(names) > 1 and all(names) and second.count(delimiter) >= first.count(delimiter)
    return f"a table of {len(names)} columns" if is_table else TEXT


def _listed(names: Iterable[str]) -> str:
    shown = sorted(name for name in names if _COLUMN.fullmatch(name))
    return ", ".join(shown[:8]) + (" and more" if len(shown) > 8 else "")
