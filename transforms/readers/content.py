"""What is in a file, before anybody knows its format: its text, its JSON, and how it begins."""

import io
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any

from transforms.readers.record import Record
from transforms.readers.transcript import EXPORT, WHOLE_FILE, File, ReadError, Rejected

HEAD_BYTES = 262_144
DEEPEST = 20  # levels of JSON that are looked at to know a format
AS_UTF8 = "Save it as UTF-8 and run again."
_TOKEN = re.compile(r'"(?:[^"\\]++|\\.)*+"|[{}\[\]:,]|[^\s{}\[\]:,"]+', re.DOTALL)


def decode(data: bytes) -> str:
    """The text of UTF-8 (or UTF-16 that says so) bytes, without the byte order mark."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _decoded(data, "utf-16", "UTF-16")
    return _decoded(data, "utf-8-sig", "UTF-8")


def _decoded(data: bytes, codec: str, name: str) -> str:
    try:
        return data.decode(codec)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        found = f"byte 0x{data[error.start]:02x} is not {name}" if error.start < len(data) else f"it is not {name}"
        raise ReadError(f"line {line}", f"{found}; expected a text in UTF-8", AS_UTF8) from None


def parse_json(text: str, line: int = 1, **options: Any) -> Any:
    """The JSON value of a text that begins at that line."""
    try:
        return json.loads(text, **options)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno + line - 1}, column {error.colno}"
        raise ReadError(place, f"found no JSON there ({error.msg}); expected valid JSON", EXPORT) from None
    except RecursionError:
        raise ReadError(f"line {line}", "nested too deeply; expected fewer levels", EXPORT) from None
    except ValueError:
        raise ReadError(f"line {line}", "a number is too long; expected valid JSON", EXPORT) from None


def lines(text: str) -> Iterator[tuple[int, str]]:
    """The lines that are not blank, with their numbers from 1."""
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            yield number, line


def documents(file: File, prefix: str = "") -> tuple[list[Record], list[Rejected]]:
    """The JSON objects of a file (one, a list of them, or one a line), and what of it is none."""
    text = decode(file.data)
    try:
        value = parse_json(text)
    except ReadError:
        if not _is_by_line(text):
            raise
        return _documents_by_line(text, prefix)
    if isinstance(value, list):
        return _records((f"{prefix}object {number}", one) for number, one in enumerate(value, 1))
    return _records([(prefix.removesuffix(", "), value)])


def _is_by_line(text: str) -> bool:
    """Whether one of the first lines is an object of its own, and not the only line; the first may be broken."""
    first = [line for _, line in islice(lines(text), 3)]
    return len(first) > 1 and first[0].startswith("{") and any(map(_is_object, first))


def _is_object(line: str) -> bool:
    try:
        return line.startswith("{") and isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def _documents_by_line(text: str, prefix: str) -> tuple[list[Record], list[Rejected]]:
    found, rejected = [], []
    for number, line in lines(text):
        try:
            found.append(Record(parse_json(line, number), f"{prefix}line {number}"))
        except ReadError as broken:
            rejected.append(Rejected(prefix + broken.place, broken.reason, broken.cure, 1, line.encode()))
    return found, rejected


def _records(values: Iterable[tuple[str, object]]) -> tuple[list[Record], list[Rejected]]:
    found, rejected = [], []
    for place, value in values:
        try:
            found.append(Record(value, place))
        except ReadError as broken:
            rejected.append(Rejected(place or WHOLE_FILE, broken.reason, broken.cure, 1, as_json(value)))
    return found, rejected


def as_json(value: object) -> bytes:
    """The value as JSON again, to be kept where it was refused."""
    return json.dumps(value, ensure_ascii=True).encode()


def parquet_columns(source: Any) -> tuple[str, ...]:
    """The columns of a Parquet file, by its path or open; none where it is not whole."""
    import pyarrow
    from pyarrow import parquet

    try:
        return tuple(parquet.read_schema(source).names)
    except (pyarrow.ArrowException, OSError, ValueError):
        return ()


@dataclass(frozen=True)
class Head:
    """How a file begins; of a Parquet file its column names."""

    data: bytes
    parquet_columns: tuple[str, ...] = ()

    @classmethod
    def of(cls, data: bytes) -> "Head":
        """How these bytes begin."""
        return cls(data[:HEAD_BYTES], parquet_columns(io.BytesIO(data)) if data.startswith(b"PAR1") else ())

    @cached_property
    def text(self) -> str:
        """The beginning as text; empty where it is none."""
        codec = "utf-16" if self.data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
        text = self.data.decode(codec, "ignore")
        return "" if "\x00" in text[:1000] else text

    @cached_property
    def keys(self) -> frozenset[str]:
        """The paths of the JSON keys seen, such as `ticket.id` and `comments[].body`; none where it is no JSON."""
        return frozenset(_paths(self.text)) if self.text.lstrip()[:1] in ("{", "[") else frozenset()

    @cached_property
    def names(self) -> frozenset[str]:
        """The keys of the outermost objects."""
        return frozenset(key.removeprefix("[].") for key in self.keys if re.fullmatch(r"(\[\]\.)?[^.\[\]]+", key))


def _paths(text: str) -> Iterator[str]:
    """Each key with those above it, as far as the text goes."""
    above: list[tuple[str, str]] = []
    here, is_key = "", False
    for match in _TOKEN.finditer(text):
        token = match[0]
        if len(above) > DEEPEST:
            return
        if token in ("{", "["):
            above.append((token, here if token == "{" else f"{here}[]"))
            here, is_key = above[-1][1], token == "{"
        elif token in ("}", "]", ","):
            if token != "," and above:
                above.pop()
            here = above[-1][1] if above else ""
            is_key = token == "," and bool(above) and above[-1][0] == "{"
        elif is_key and token[0] == '"':
            here, is_key = f"{above[-1][1]}.{token[1:-1]}".removeprefix("."), False
            yield here
