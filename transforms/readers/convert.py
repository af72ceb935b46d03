"""A table of a team's own brought to the columns of the common input: names, words, roles, units, zones."""

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import PurePath

import polars as pl
from polars import selectors

from transforms.readers import common, outcomes
from transforms.readers.blob import split
from transforms.readers.cells import by_value, real
from transforms.readers.column_map import IDS, MARKS, OFFSETS, SECONDS, TIMES, ColumnMap, by_word
from transforms.readers.content import decode
from transforms.readers.flat import flat, items_in, items_of
from transforms.readers.moments import moment
from transforms.readers.record import figure, plain
from transforms.readers.roles import ELSE, mapped, role_for
from transforms.readers.table import Table, known, read_table
from transforms.readers.times import from_epoch
from transforms.readers.transcript import WHOLE_FILE, File, ReadError, Roles

FILE = "(file)"  # as a column: the file's name
OUR_DAY = range(1995, 2045)  # years of which a number since 1970 may be; in a wrong unit it is of another
PACES = (0.02, 100.0)  # words a second, beyond which no unit of time can be right
FEW = 5
SIDE = "_side_"  # before the names of texts that stand side by side
NOBODY = "unknown"  # says what stands before the first name of a cell
RATINGS = ("csat", "nps", "ces")
ANEW = "`heard map FILE --replace`, or --name for a mapping of its own."
KEPT = ("_place", "_problem", "_item", "_list", "_turn")
_CLOCK = r"^\s*(?:(\d+):)?(\d{1,2}):(\d{1,2}(?:[.,]\d+)?)\s*$"


@dataclass(frozen=True)
class Converted(Table):
    """A table brought to our columns; its rows came from another, and are kept as they stood there."""

    origin: Table | None = None

    @property
    def place(self) -> pl.Expr:
        """The place of each row in words, as it came."""
        return self.origin.place if self.origin else super().place

    def raw(self, places: Collection[int]) -> bytes:
        """The rows at these places as they came."""
        return self.origin.raw(places) if self.origin else super().raw(places)


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


def convert(file: File, mapping: ColumnMap, roles: Roles) -> Converted:
    """The file's table with our columns alone, as the common input writes them."""
    table = table_of(file, mapping.encoding, mapping.turns, not mapping.headless)
    frame = _taken(table, mapping, file)
    frame = frame.pipe(_spoken, mapping).pipe(_with_conversation, file)
    frame = _with_roles(frame, mapping, roles) if mapping.has_turns else frame
    for name, words in mapping.values.items():
        if name in frame.columns:
            frame = frame.with_columns(by_value(pl.col(name), _meaning(words), pl.String()))
    _check_pace(frame, mapping)
    frame = frame.pipe(_with_times, mapping).pipe(_with_ratings, mapping).pipe(_with_order)
    ours = [name for name in frame.columns if name in common.columns({}) or name in outcomes.COLUMNS]
    marks = [name for name in KEPT if name in frame.columns]
    return Converted(frame.select(*ours, *marks), table.unit, ours, origin=table)


def _taken(table: Table, mapping: ColumnMap, file: File) -> pl.DataFrame:
    """The columns that the mapping names, by our names."""
    there = {known(name): name for name in table.columns}
    wanted = [*mapping.columns.values(), *mapping.texts]
    missing = [theirs for theirs in wanted if known(theirs) not in there and theirs != FILE]
    if missing and len(missing) == len(wanted):
        raise ReadError(f"{table.unit} 1", f"there is no column {missing[0]}; expected those of the mapping")
    taken = {ours: there[known(theirs)] for ours, theirs in mapping.columns.items() if known(theirs) in there}
    stem = plain(PurePath(file.name).stem)
    frame = table.frame.select(
        *(
            _id(table.frame[theirs]).alias(ours) if ours in IDS else pl.col(theirs).alias(ours)
            for ours, theirs in taken.items()
        ),
        *(pl.lit(stem).alias(ours) for ours, theirs in mapping.columns.items() if theirs == FILE),
        *(pl.col(there[known(theirs)]).alias(SIDE + theirs) for theirs in mapping.texts if known(theirs) in there),
        *(name for name in KEPT if name in table.frame.columns),
    )
    constants = {"channel": mapping.channel, "csat_scale": mapping.csat_scale}
    given = {name: value for name, value in constants.items() if value and name not in frame.columns}
    return frame.with_columns(pl.lit(value).alias(name) for name, value in given.items())


def _id(column: pl.Series) -> pl.Series:
    """Ids; where a spreadsheet made all of them numbers with a fraction, without it."""
    stripped = column.str.strip_chars()
    given = stripped.drop_nulls().filter(stripped.drop_nulls() != "")
    return stripped.str.replace(r"\.0+$", "") if given.len() and given.str.contains(r"^\d+\.0+$").all() else stripped


def _spoken(frame: pl.DataFrame, mapping: ColumnMap) -> pl.DataFrame:
    """A row for each turn of what stands in one cell, or side by side in several."""
    if mapping.texts:
        said = [_beside(row) for row in frame.select(selectors.starts_with(SIDE)).iter_rows(named=True)]
    elif "transcript" in frame.columns:
        said = [split(cell or "", list(mapping.roles)) for cell in frame["transcript"]]
    else:
        return frame
    kind = pl.List(pl.Struct({"speaker": pl.String, "text": pl.String}))
    turns = [[{"speaker": who or NOBODY, "text": words} for who, words in one] or None for one in said]
    apart = frame.drop("speaker", "text", selectors.starts_with(SIDE), strict=False)
    return apart.with_columns(pl.Series("_said", turns, kind)).explode("_said").unnest("_said")


def _beside(row: Mapping[str, str | None]) -> list[tuple[str | None, str]]:
    """Who says what in a row of texts, each column for a speaker."""
    return [(who.removeprefix(SIDE), words) for who, words in row.items() if words and words.strip()]


def _with_conversation(frame: pl.DataFrame, file: File) -> pl.DataFrame:
    """The rows with their conversation: as named, by what answers what, or each object or cell for itself."""
    if "conversation_id" in frame.columns:
        return frame.with_columns(_own_place(pl.col("conversation_id"), frame))
    if "reply_to" in frame.columns:
        threads = thread_of(frame["message_id"], frame["reply_to"])
        return frame.with_columns(pl.Series("conversation_id", threads, pl.String))
    if "text" not in frame.columns:
        raise ReadError(
            WHOLE_FILE, "there is neither a conversation_id nor a text; expected the columns of the mapping"
        )
    whole = "_list" if "_list" in frame.columns else "_place"
    texts = frame.group_by(whole, maintain_order=True).agg(pl.col("text").fill_null(""))
    stem = plain(PurePath(file.name).stem)
    ids = [f"{stem}-{hashlib.sha256(chr(10).join(said).encode()).hexdigest()[:10]}" for said in texts["text"]]
    return frame.join(
        texts.select(whole, conversation_id=pl.Series(ids, dtype=pl.String)),
        on=whole,
        how="left",
        maintain_order="left",
    )


def _own_place(ids: pl.Expr, frame: pl.DataFrame) -> pl.Expr:
    """The ids; an object that cannot be read and tells none stands for itself, not for those beside it."""
    if "_item" not in frame.columns:
        return ids
    return pl.coalesce(ids, pl.when(pl.col("_problem").is_not_null()).then(pl.format("object {}", "_item")))


def thread_of(messages: Iterable[str | None], answered: Iterable[str | None]) -> list[str | None]:
    """For each message the first one of its thread, found by what answers what."""
    ids = list(messages)
    above = dict(zip(ids, answered, strict=True))
    first: dict[str | None, str | None] = {}
    for message in above:
        chain, one = [], message
        while one not in first and above.get(one) and one not in chain:
            chain.append(one)
            one = above[one]
        top = first.get(one, one if one not in chain else min(filter(None, chain)))
        first |= dict.fromkeys([*chain, one], top)
    return [first[message] for message in ids]


def _with_roles(frame: pl.DataFrame, mapping: ColumnMap, roles: Roles) -> pl.DataFrame:
    """The rows with the speaker's role as far as it is known, notes and events by their kind, and who it is."""
    everybody = pl.lit(mapping.roles.get(ELSE), pl.String)
    spoken = frame if "speaker" in frame.columns else frame.with_columns(speaker=everybody)
    mark = by_value(pl.col("speaker"), lambda word: _mark(mapped(word, mapping.roles)), pl.String())
    meant = {**roles, **{word: _role(meaning) for word, meaning in mapping.roles.items()}}
    role = by_value(pl.col("speaker"), lambda word: role_for(word, meant), pl.String())
    spoken = spoken.with_columns(_mark=mark, speaker=pl.coalesce(role, "speaker"))
    kind = pl.coalesce("_mark", "kind") if "kind" in frame.columns else pl.col("_mark")
    who = [
        pl.when(pl.col("speaker") == role).then("speaker_id").alias(name)
        for name, role in (("agent_id", "agent"), ("customer_id", "customer"))
        if "speaker_id" in frame.columns and name not in frame.columns
    ]
    return spoken.with_columns(kind.alias("kind"), *who)


def _mark(meaning: str | None) -> str | None:
    return meaning if meaning in MARKS else None


def _role(meaning: str) -> str:
    return {"event": "system", "note": "agent"}.get(meaning, meaning)


def _meaning(words: Mapping[str, str]) -> Callable[[str], str]:
    meant = by_word(words)
    return lambda cell: meant.get(cell.strip().casefold(), cell)


def _with_times(frame: pl.DataFrame, mapping: ColumnMap) -> pl.DataFrame:
    """Times as ISO 8601 in UTC, offsets as seconds; what is none stays, with what is wrong said of its row."""
    for name in (name for name in TIMES if name in frame.columns):
        utc = by_value(pl.col(name), partial(_utc, mapping, mapping.units.get(name)), pl.String())
        wrong = utc.is_null() & (pl.col(name).str.strip_chars() != "")
        said = by_value(pl.col(name), partial(_no_time, name, mapping.units.get(name)), pl.String())
        frame = frame.with_columns(utc.alias(name), _problem=pl.coalesce("_problem", pl.when(wrong).then(said)))
    seconds = [_seconds(name, mapping.units.get(name, "s")).alias(name) for name in OFFSETS if name in frame.columns]
    frame = frame.with_columns(seconds)
    if "duration" in frame.columns and "start_s" in frame.columns and "end_s" not in frame.columns:
        frame = frame.with_columns(end_s=(real(pl.col("start_s")) + real(pl.col("duration"))).cast(pl.String))
    return frame


def _check_pace(frame: pl.DataFrame, mapping: ColumnMap) -> None:
    """Raises ReadError where people would speak at an impossible pace: the file is in another unit than the mapping."""
    if "start_s" not in frame.columns or not {"end_s", "duration"} & set(frame.columns) or "text" not in frame.columns:
        return
    seconds = {name: _seconds(name, mapping.units.get(name, "s")).cast(pl.Float64, strict=False) for name in OFFSETS}
    length = seconds["duration"] if "duration" in frame.columns else seconds["end_s"] - seconds["start_s"]
    paces = frame.select(words=pl.col("text").str.count_matches(r"\S+"), length=length).filter(
        pl.col("words") >= 3, pl.col("length") > 0
    )
    pace = paces.select((pl.col("words") / pl.col("length")).median()).item()
    if paces.height >= FEW and pace is not None and not PACES[0] <= pace <= PACES[1]:
        unit = mapping.units.get("start_s", "s")
        reason = f"with times in {unit}, as its mapping says, people would say {pace:.3g} words a second"
        raise ReadError(WHOLE_FILE, f"{reason}; expected a pace of people", f"Map it anew: {ANEW}")


def _no_time(name: str, unit: str | None, cell: str) -> str:
    expected = f"a number in {unit} since 1970" if unit else "a day and a time, in the order that the mapping says"
    return f"{name} is {figure(cell)}; expected {expected}"


def _utc(mapping: ColumnMap, unit: str | None, cell: str) -> str | None:
    if unit is None:
        found = moment(cell, mapping.time_zone, mapping.date_order)
    else:
        try:
            found = from_epoch(float(cell.replace(",", ".")) * SECONDS[unit])
        except ValueError:
            return None
        found = found if found and found.year in OUR_DAY else None
    return f"{found.isoformat()}Z" if found else None


def _seconds(name: str, unit: str) -> pl.Expr:
    """An offset in seconds: a number in its unit, or minutes and seconds with a colon."""
    parts = pl.col(name).str.extract_groups(_CLOCK)
    hours, minutes = (parts.struct[n].cast(pl.Float64, strict=False) for n in (0, 1))
    clock = (
        hours.fill_null(0) * 3600 + minutes * 60 + parts.struct[2].str.replace(",", ".").cast(pl.Float64, strict=False)
    )
    number = (real(pl.col(name).str.replace(",", ".")) * SECONDS[unit]).round(6)
    return pl.coalesce(clock.cast(pl.String), number.cast(pl.String), name)


def _with_ratings(frame: pl.DataFrame, mapping: ColumnMap) -> pl.DataFrame:
    """Ratings as numbers: `4/5`, `80 %` and `4,5` too."""
    plain_number = [
        pl.coalesce(
            pl.col(name).str.extract(r"^\s*(\d+(?:[.,]\d+)?)\s*(?:/\s*\d+|%)?\s*$").str.replace(",", "."), name
        ).alias(name)
        for name in RATINGS
        if name in frame.columns
    ]
    return frame.with_columns(plain_number)


def _with_order(frame: pl.DataFrame) -> pl.DataFrame:
    """The rows with a number where nothing else tells their order: as they stand in the file."""
    told = [
        name
        for name in ("turn_index", "start_s", "sent_at")
        if name in frame.columns and "transcript" not in frame.columns
    ]
    if told or "text" not in frame.columns:
        return frame
    return frame.with_columns(turn_index=pl.int_range(pl.len()).over("conversation_id").cast(pl.String))
