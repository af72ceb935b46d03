"""Which column is which: by its name, and by whether it holds what such a column holds."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

import polars as pl

from transforms.mapping.finding import HIGH, LOW, MEDIUM, SAID, Finding
from transforms.mapping.look import LOOKED_AT, Column, Look, share
from transforms.mapping.times import is_epoch, is_offset, is_time
from transforms.mapping.words import WORDS, meant
from transforms.readers.blob import by_line, inline_names
from transforms.schema import CHANNELS, KINDS

OF_TURN = ("text", "speaker", "start_s", "end_s", "duration", "turn_index", "sent_at")
NEEDED = ("text", "speaker", "conversation_id")  # worth a question where they are only guessed
OF_OUTCOME = (
    "resolved",
    "reopened",
    "csat",
    "nps",
    "ces",
    "resolved_at",
    "answered_at",
    "escalated_at",
    "transferred_at",
)
REST = ("started_at", "updated_at", "agent_id", "customer_id", "team", "queue", "topic", "channel", "language", "kind")
UNITS = ("ms", "millis", "milliseconds", "s", "sec", "secs", "seconds", "us", "utc", "gmt", "local")
GENERIC = ("message", "conversation", "created", "content", "customer", "comment", "position", "incoming", "inbound")
FEW_SPEAKERS = 12
NO_SPEECH = {"note", "notes", "summary", "resume", "subject", "name", "nom", "feedback", "email"}
AT_ONCE = 120  # seconds from the start of a recording in which somebody says something
STEPS = "words for ratings"
CLOCK = "a clock that begins at 0 in each conversation"
ROLE_WORDS = "its values are words for roles"
SURE = (ROLE_WORDS, STEPS, CLOCK)  # whatever the column is called


class Finder:
    """Finds our columns among those of a file, each of theirs for one of ours."""

    def __init__(self, look: Look, said: dict[str, str]) -> None:
        self.look, self.found = look, dict[str, Finding]()
        self.labelled = next((one for one in look.columns.values() if is_transcript(one)), None)
        self.texts: list[str] = []  # columns side by side, each of what one speaker says
        self.beside: list[Finding] = []
        for ours, theirs in said.items():
            self.found[ours] = Finding(ours, self._named(theirs), SAID, "you said so")

    def _named(self, theirs: str) -> str:
        return next((name for name in self.look.columns if name.casefold() == theirs.strip().casefold()), theirs)

    def find(self) -> dict[str, Finding]:
        """Our columns with theirs, how sure that is, and why."""
        if self.labelled is not None and "text" not in self.found:
            self._take("transcript", self.labelled, HIGH, "its cells hold several turns, each after a name and a colon")
        elif "text" not in self.found and (texts := self._side_by_side()):
            self.texts = texts
            because = "each is named after who says what it holds; a row's time is that of none of them"
            self.beside = [Finding("texts", ", ".join(texts), MEDIUM, because)]
        else:
            self._best("text", _is_said)
        has_text = bool(self.texts) or "text" in self.found or "transcript" in self.found
        self._best("reply_to", lambda one: "some of its values are ids of other rows" if self._answers(one) else None)
        if "reply_to" in self.found:
            self._best("message_id", lambda one: "another value in each row" if _is_unique(one) else None)
        threaded = "message_id" in self.found
        self._best("conversation_id", self._is_conversation if has_text else _is_key, by_name=threaded)
        if "text" in self.found:
            self._turns()
        if self.texts:
            self._best("sent_at", self._is_moment)
            self._rename("sent_at", "started_at")
        for ours, holds in (*((ours, _outcome(ours)) for ours in OF_OUTCOME), ("status", _status), *_rest()):
            self._best(ours, self._of_conversation(holds) if ours in OF_OUTCOME and has_text else holds, by_name=True)
        self._best("csat", self._of_conversation(_steps))
        if "speaker" in self.found and "agent_id" not in self.found:
            self._best("speaker_id", _is_person, by_name=True)
        return self.found

    def _side_by_side(self) -> list[str]:
        """Columns with sentences that are named after at least two roles, where no column says who speaks."""
        columns = self.look.columns.values()
        named = [one for one in columns if role_in(one.bare) and not one.is_number and not is_time(one)]
        is_told = any(one.counts and all(meant("roles", word) for word in one.counts) for one in columns)
        roles = {role_in(one.bare) for one in named if _is_said(one)}
        return [one.name for one in named] if len(roles) > 1 and not is_told else []

    def _turns(self) -> None:
        self._best("speaker", self._is_speaker)
        self._best("turn_index", self._is_index)
        self._best("start_s", self._rises_as_offset, by_name=True)
        self._best("start_s", self._rises_as_clock)
        if "start_s" in self.found:
            self._best("end_s", self._rises_as_offset, by_name=True)
        if "start_s" in self.found and "end_s" not in self.found:
            self._best("duration", lambda one: "numbers" if one.is_number else None, by_name=True)
        self._best("sent_at", self._is_moment)

    def _best(self, ours: str, holds: Callable[[Column], str | None], by_name: bool = False) -> None:
        """Takes the column that is most likely ours: its name counts, and it has to hold such a thing."""
        if ours in self.found:
            return
        taken = {*self.texts, *(finding.found for finding in self.found.values())}
        inside = self.look.turns or "" if ours in OF_TURN else ""
        free = [one for one in self.look.columns.values() if one.name not in taken and one.given.len()]
        free = [one for one in free if one.name.startswith(inside)]
        likely = [(name_score(ours, one), one, why) for one in free if (why := holds(one))]
        likely = [one for one in likely if one[0] or not by_name]
        if not likely:
            return
        score, column, why = max(likely, key=lambda one: (one[0], one[1].word_count if ours == "text" else 0))
        is_plain = len(likely) == 1 and ours in ("text", "sent_at")
        sure = HIGH if score >= 0.6 or why in SURE else MEDIUM if score or is_plain else LOW
        if sure == LOW and ours not in NEEDED:
            return
        alone = ", and no other column holds such" if len(likely) == 1 else "; its name says nothing"
        self._take(ours, column, sure, f"its name, and {why}" if score else why + alone)

    def _take(self, ours: str, column: Column, sure: str, because: str) -> None:
        self.found[ours] = Finding(ours, column.name, sure, because)

    def likely_speaker(self) -> str:
        """A column that may say who speaks, by its name or by few values that take turns; empty where there is none."""
        taken = {finding.found for finding in self.found.values()}
        free = [one for one in self.look.columns.values() if one.name not in taken]
        by_name = (one.name for one in free if name_score("speaker", one))
        groups = self.groups()
        by_turns = (one.name for one in free if 1 < one.distinct <= 4 and _changes(one.cells, groups) > 0.3)
        return next(by_name, "") or next(by_turns, "")

    def _rename(self, ours: str, other: str) -> None:
        if ours in self.found:
            self.found[other] = replace(self.found.pop(ours), what=other)

    def groups(self) -> pl.Series | None:
        """The conversation of each row, where it is known."""
        known = self.found.get("conversation_id")
        column = self.look.columns.get(known.found) if known else None
        if self.look.turns and (column is None or not column.name.startswith(self.look.turns)):
            return self.look.table.frame["_list"].head(LOOKED_AT)
        return column.cells if column else None

    def _answers(self, one: Column) -> bool:
        others = [column for column in self.look.columns.values() if column.name != one.name and _is_unique(column)]
        ids = {re.sub(r"\.0$", "", str(cell)) for column in others for cell in column.given}
        own = {re.sub(r"\.0$", "", str(cell)) for cell in one.given}
        return name_score("reply_to", one) > 0 and len(own & ids) >= max(1, 0.2 * len(own))

    def _is_conversation(self, one: Column) -> str | None:
        if one.given.len() < 0.98 * one.cells.len() or one.word_count > 3 or is_time(one):
            return None
        named = name_score("conversation_id", one)
        if self.look.turns and not one.name.startswith(self.look.turns):
            return "one value for each list of turns"
        if self.look.turns and not named:
            return None
        alone = bool(self.texts) or "transcript" in self.found or named >= 0.6
        return "another value in each row" if alone and _is_unique(one) else self._repeats(one)

    def _repeats(self, one: Column) -> str | None:
        rows = one.cells.len() / max(1, one.distinct)
        if rows < 1.5 or (one.distinct <= 2 and one.cells.len() > 50) or is_epoch(one):
            return None
        return f"{one.distinct:,} values with {rows:.3g} rows each"

    def _is_speaker(self, one: Column) -> str | None:
        few = one.distinct <= FEW_SPEAKERS
        if one.word_count > 4 or is_time(one) or is_epoch(one) or not (few or name_score("speaker", one)):
            return None
        groups = self.groups()
        changes = _changes(one.cells, groups)
        if changes < 0.1 or (one.is_number and not name_score("speaker", one)):
            return None
        known = sum(count for word, count in one.counts.items() if meant("roles", word) or meant("directions", word))
        if not name_score("speaker", one) and known < 0.5 * one.given.len():
            return None
        return ROLE_WORDS if known == one.given.len() else f"{one.distinct:,} values that take turns"

    def _is_index(self, one: Column) -> str | None:
        groups = self.groups()
        if not one.is_number or groups is None:
            return None
        steps = (
            pl.DataFrame({"n": one.numbers, "g": groups}).select(pl.col("n").diff().over("g")).to_series().drop_nulls()
        )
        return "it counts up by one" if share(steps == 1) > 0.9 else None

    def _rises_as_offset(self, one: Column) -> str | None:
        groups = self.groups()
        if not is_offset(one) or groups is None:
            return None
        frame = pl.DataFrame({"n": seconds_like(one), "g": groups})
        steps = frame.select(pl.col("n").diff().over("g")).to_series().drop_nulls()
        return "it rises within a conversation" if share(steps >= 0) > 0.7 else None

    def _rises_as_clock(self, one: Column) -> str | None:
        """Hours, minutes and seconds without a day, that begin anew in each conversation."""
        groups = self.groups()
        if one.is_number or groups is None or not self._rises_as_offset(one):
            return None
        begins = pl.DataFrame({"n": seconds_like(one), "g": groups}).group_by("g").agg(pl.col("n").min())["n"]
        return CLOCK if begins.len() > 1 and (begins < AT_ONCE).all() else None

    def _is_moment(self, one: Column) -> str | None:
        if not (is_time(one) or is_epoch(one)):
            return None
        groups = self.groups()
        if groups is not None and _changes(one.cells, groups) < 0.02 and groups.n_unique() < groups.len():
            return None
        return "its cells are times" if is_time(one) else "its numbers are times since 1970"

    def _of_conversation(self, holds: Callable[[Column], str | None]) -> Callable[[Column], str | None]:
        """The same, where it does not change within a conversation."""

        def steady(one: Column) -> str | None:
            groups = self.groups()
            return (
                holds(one)
                if groups is None or _changes(one.given, groups.filter(one.cells.is_not_null())) < 0.02
                else None
            )

        return steady


def name_score(ours: str, one: Column) -> float:
    """How well a column's name fits one of ours: 1 as the most usual name, 0 not at all."""
    words = [word for word in one.bare.split() if word not in UNITS]
    names = [*WORDS["columns"].get(ours, []), ours.replace("_", " ")]
    for name in (one.bare, " ".join(words)):
        if name in names:
            return 1 - 0.6 * names.index(name) / len(names) if name != ours.replace("_", " ") else 1
    if "".join(words) in {name.replace(" ", "") for name in names if " " in name}:
        return 0.6
    inside = [name for name in names if name not in GENERIC and len(name) > 6 and set(name.split()) <= set(words)]
    return 0.35 if inside else 0


def role_in(name: str) -> str | None:
    """The one role that a column's name names, as `agent_reply` or `customer_2`; None for notes and summaries."""
    words = name.split()
    roles = {role for word in words if (role := meant("roles", word))}
    return roles.pop() if len(roles) == 1 and not NO_SPEECH & set(words) else None


def is_transcript(one: Column) -> bool:
    """Whether most cells hold several turns, each after a name and a colon."""
    cells = one.given.head(50).to_list()
    return bool(cells) and one.word_count > 5 and sum(len(labels_in(cell)) > 1 for cell in cells) >= 0.6 * len(cells)


def labels_in(text: str) -> list[str]:
    """What seem to be speakers' names in a text: before a colon, at the beginning of lines or often enough."""
    lines = [name for name, _ in by_line(text) if name]
    inline = inline_names(text)
    inline = [name for name in inline if meant("roles", name) or inline.count(name) > 1]
    names = lines if len(lines) > 1 else inline
    return names if len(set(names)) > 1 or len(names) > 2 else []


def seconds_like(one: Column) -> pl.Series:
    """Numbers that rise as the column does, clock times among them."""
    clock = one.cells.str.extract_groups(r"^(?:(\d+):)?(\d{1,2}):(\d{1,2}(?:[.,]\d+)?)$")
    parts = [
        clock.struct.field(name).str.replace(",", ".").cast(pl.Float64, strict=False) for name in clock.struct.fields
    ]
    return (parts[0].fill_null(0) * 3600 + parts[1] * 60 + parts[2]).fill_null(one.numbers)


def _changes(cells: pl.Series, groups: pl.Series | None) -> float:
    """Share of rows that differ from the row before in the same conversation."""
    frame = pl.DataFrame({"v": cells, "g": groups if groups is not None else pl.Series([0] * cells.len())})
    steps = frame.select((pl.col("v") != pl.col("v").shift(1)).over("g")).to_series().drop_nulls()
    return share(steps)


def _is_said(one: Column) -> str | None:
    if one.is_number or is_time(one) or one.given.len() < 0.5 * one.cells.len():
        return None
    if one.word_count >= 2.5 or (name_score("text", one) >= 0.6 and one.distinct > 1):
        return f"{one.word_count:.3g} words in a cell, {one.distinct:,} different"
    return None


def _is_key(one: Column) -> str | None:
    return "another value in each row" if _is_unique(one) and one.word_count < 2 and not is_time(one) else None


def _is_unique(one: Column) -> bool:
    return one.given.len() == one.cells.len() and one.distinct >= 0.98 * one.cells.len()


def _is_person(one: Column) -> str | None:
    return f"{one.distinct:,} people" if one.word_count <= 4 and one.distinct > 1 and not is_time(one) else None


def _status(one: Column) -> str | None:
    known = sum(count for word, count in one.counts.items() if meant("statuses", word))
    return "words for where a case stands" if known >= 0.5 * one.given.len() else None


def _outcome(ours: str) -> Callable[[Column], str | None]:
    if ours.endswith("_at"):
        return lambda one: "its cells are times" if is_time(one) or is_epoch(one) else None
    if ours in ("resolved", "reopened"):
        return lambda one: f"{one.distinct} values" if one.distinct <= 6 and not is_time(one) else None
    return _rating


def _rating(one: Column) -> str | None:
    numbers = one.given.str.contains(r"^\d+([.,]\d+)?\s*(/\s*\d+|%)?$")
    words = [
        word
        for word in one.counts
        if meant("satisfaction", word) or word.casefold() in ("good", "bad", "offered", "unoffered")
    ]
    if numbers.all() and not is_epoch(one):
        return "ratings"
    return STEPS if words and one.distinct <= 12 else None


def _steps(one: Column) -> str | None:
    return STEPS if one.distinct > 1 and all(meant("satisfaction", word) for word in one.counts) else None


def _rest() -> Iterator[tuple[str, Callable[[Column], str | None]]]:
    special: dict[str, Callable[[Column], str | None]] = {
        "started_at": lambda one: "its cells are times" if is_time(one) or is_epoch(one) else None,
        "updated_at": lambda one: "its cells are times" if is_time(one) or is_epoch(one) else None,
        "channel": lambda one: (
            "channels" if all(meant("channels", word) or word.casefold() in CHANNELS for word in one.counts) else None
        ),
        "language": lambda one: "language tags" if one.given.str.contains(r"^[A-Za-z]{2,3}([-_]\w+)*$").all() else None,
        "kind": lambda one: "kinds of messages" if _says_kind(one) else None,
    }
    for ours in REST:
        yield ours, special.get(ours, _short)


def _short(one: Column) -> str | None:
    return f"{one.distinct:,} values" if one.word_count <= 8 and not is_time(one) else None


def _says_kind(one: Column) -> bool:
    flags = meant("notes", one.bare) is not None and all(meant("answers", word) for word in one.counts)
    return flags or all(word.casefold() in KINDS for word in one.counts)
