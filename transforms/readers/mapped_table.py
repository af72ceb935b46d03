"""A file of a team's own as a table, as its mapping says how it is written."""

from transforms.readers.content import decode
from transforms.readers.flat import flat, items_in, items_of
from transforms.readers.table import Table, read_table
from transforms.readers.transcript import File, ReadError


def text_of(data: bytes, encoding: str | None, is_whole: bool = True) -> str:
    """The text of the bytes: as they say, else in that encoding."""
    errors = "strict" if is_whole else "ignore"
    try:
        if encoding is None or data.startswith((b"\xff\xfe", b"\xfe\xff")):
            return decode(data)
        text = data.decode("utf-8-sig")
        return text if "\x00" not in text[:1000] else data.decode(encoding, errors)
    except UnicodeDecodeError:
        return data.decode(encoding or "utf-8", errors)
    except ReadError:
        if is_whole:
            raise
        return data.decode("utf-8-sig", "ignore")


def table_of(file: File, encoding: str | None, turns: str | None, has_header: bool = True) -> Table:
    """The file as a table with its own columns; with `turns`, a row for each element of those lists."""
    if file.data.startswith(b"PAR1"):
        table = read_table(file, None)
    else:
        text = text_of(file.data, encoding)
        if text.lstrip()[:1] in ("[", "{"):
            return flat(items_of(text), turns)
        table = read_table(File(file.name, text.encode()), None, has_header)
    return flat(items_in(table), turns, table.unit) if turns else table
