"""Which column is which: by its name, and by whether it holds what such a column holds."""

import re
from dataclasses import replace

import polars as pl

from transforms.mapping.finding import HIGH, LOW, MEDIUM, SAID, Finding
from transforms.mapping.holds import (
    OUTCOMES,
    REST,
    STEPS,
    Holds,
    is_key,
    is_person,
    is_said,
    is_steps,
    is_transcript,
    is_unique,
)
from transforms.mapping.look import LOOKED_AT, Column, Look, share
from transforms.mapping.names import name_score, role_in
from transforms.mapping.times import is_epoch, is_offset, is_time
from transforms.mapping.words import meant
from transforms.readers.mapped_times import clock

OF_TURN = ("text", "speaker", "start_s", "end_s", "duration", "turn_index", "sent_at")
NEEDED = ("text", "speaker", "conversation_id")  # worth a question where they are only guessed
FEW_SPEAKERS = 12
AT_ONCE = 120  # seconds from the start of a recording in which somebody says something
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
            self._best("text", is_said)
        has_text = bool(self.texts) or "text" in self.found or "transcript" in self.found
        self._best("reply_to", lambda one: "some of its values are ids of other rows" if self._answers(one) else None)
        if "reply_to" in self.found:
            self._best("message_id", lambda one: "another value in each row" if is_unique(one) else None)
        threaded = "message_id" in self.found
        self._best("conversation_id", self._is_conversation if has_text else is_key, by_name=threaded)
        if "text" in self.found:
            self._turns()
        if self.texts:
            self._best("sent_at", self._is_moment)
            self._rename("sent_at", "started_at")
        for ours, holds in OUTCOMES.items():
            self._best(ours, self._of_conversation(holds) if has_text else holds, by_name=True)
        for ours, holds in REST.items():
            self._best(ours, holds, by_name=True)
        self._best("csat", self._of_conversation(is_steps))
        if "speaker" in self.found and "agent_id" not in self.found:
            self._best("speaker_id", is_person, by_name=True)
        return self.found

    def _side_by_side(self) -> list[str]:
        """Columns with sentences that are named after at least two roles, where no column says who speaks."""
        columns = self.look.columns.values()
        named = [one for one in columns if role_in(one.bare) and not one.is_number and not is_time(one)]
        is_told = any(one.counts and all(meant("roles", word) for word in one.counts) for one in columns)
        roles = {role_in(one.bare) for one in named if is_said(one)}
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

    def _best(self, ours: str, holds: Holds, by_name: bool = False) -> None:
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
        others = [column for column in self.look.columns.values() if column.name != one.name and is_unique(column)]
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
        return "another value in each row" if alone and is_unique(one) else self._repeats(one)

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
        return "it counts up by one" if share(_steps(one.numbers, groups) == 1) > 0.9 else None

    def _rises_as_offset(self, one: Column) -> str | None:
        groups = self.groups()
        if not is_offset(one) or groups is None:
            return None
        return "it rises within a conversation" if share(_steps(seconds_like(one), groups) >= 0) > 0.7 else None

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

    def _of_conversation(self, holds: Holds) -> Holds:
        """The same, where it does not change within a conversation."""

        def steady(one: Column) -> str | None:
            groups = self.groups()
            if groups is not None and _changes(one.given, groups.filter(one.cells.is_not_null())) >= 0.02:
                return None
            return holds(one)

        return steady


def seconds_like(one: Column) -> pl.Series:
    """Numbers that rise as the column does, clock times among them."""
    return pl.select(clock(pl.lit(one.cells)).fill_null(pl.lit(one.numbers))).to_series()


def _steps(numbers: pl.Series, groups: pl.Series) -> pl.Series:
    """By how much each number is above the one before in the same conversation."""
    frame = pl.DataFrame({"n": numbers, "g": groups})
    return frame.select(pl.col("n").diff().over("g")).to_series().drop_nulls()


def _changes(cells: pl.Series, groups: pl.Series | None) -> float:
    """Share of rows that differ from the row before in the same conversation."""
    frame = pl.DataFrame({"v": cells, "g": groups if groups is not None else pl.Series([0] * cells.len())})
    steps = frame.select((pl.col("v") != pl.col("v").shift(1)).over("g")).to_series().drop_nulls()
    return share(steps)
