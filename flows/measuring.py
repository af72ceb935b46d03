"""Measures what a run touches, part by part, into the warehouse that is being built."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import polars as pl

from flows.building import Building
from flows.held import CONVERSATION, Held, Slice
from flows.lake import Batch
from flows.progress import Say, steps
from flows.published import Published
from flows.retention import Measured
from flows.sensitivity import CALLS, sensitivity
from flows.tables import RESTS_ON, WIDE, Frames, Rules, make_tables, make_whole_tables, read_said
from flows.touched import NONE, find_touched, outdated, world_of
from flows.versions import standing
from transforms.world import World

Look = Callable[[Frames], object]
OF_THE_RUN = ("measured_at", "ingested_at")


@dataclass
class Measuring:
    """One run's work on the conversations."""

    base: Building
    held: Held
    rules: Rules
    as_of: datetime
    now: datetime
    came_in: Look  # checks what stands in the lake; stops the run where it must not be measured
    would_publish: Look  # checks the tables made of it
    kept: Measured  # the rows of conversations whose words are gone
    measured: set[str] = field(default_factory=set)
    has_changed: bool = field(init=False)

    def __post_init__(self) -> None:
        self.has_changed = not self.base.has(WIDE)

    def measure(self, last: Published | None, say: Say) -> None:
        """Measures the conversations that are touched since the last publication, without one all of them.

        Then those for which the world has become another by what these say.
        """
        touched, others = self.held.ids, NONE
        if last:
            touched = find_touched(self.base, self.held, last.batches, last.as_of, self.as_of)
            was = self._world(last.batches, NONE)
        say(f"measuring {len(touched):,} conversations")
        *parts, now = self._measure(touched, self._world(self.held.known, touched), say)
        if last:
            others = outdated(self.base, self.held, was, now)
        late = [outdated(self.base, self.held, one, now) for one in parts]
        self._measure(pl.concat([others.filter(~others.is_in(touched.implode())), *late]).unique().sort(), now, say)

    def _world(self, batches: Sequence[Batch], without: pl.Series) -> World:
        return world_of(self.base, self.held.told(batches), self.rules.limits, without)

    def _measure(self, touched: pl.Series, world: World, say: Say) -> list[World]:
        """Measures conversations; gives the world as it was known with each part of them."""
        worlds = [world]
        if self.base.has(WIDE):
            self._replace(touched.filter(~touched.is_in(self.held.ids.implode())), {})
            if touched.is_empty():
                return worlds
        with steps(say, "measuring", len(touched), "parts") as step:
            for part in self.held.slices(touched):
                world = self._measure_part(part, world)
                worlds.append(world)
                step(len(part.own), part.frames["segment"].height)
        return worlds[1:] or worlds

    def _measure_part(self, part: Slice, world: World) -> World:
        """Measures a part; gives the world as it is known with it."""
        self.came_in(part.frames)
        said = read_said(part.frames, self.rules)
        world = world.having(said.turns, said.transcripts, self.rules.limits)
        tables = make_tables(said, part.frames, self.rules, world, self.as_of, self.now)
        own = part.own.to_frame()
        tables = {
            name: frame.join(own, on=CONVERSATION, how="semi", maintain_order="left") for name, frame in tables.items()
        }
        self.would_publish(tables)
        self._replace(part.own, self.kept.instead(tables))
        return world

    def _replace(self, ids: pl.Series, tables: Frames) -> None:
        before = [] if self.has_changed else self._resting(ids)
        self.base.replace(ids, tables)
        self.has_changed = self.has_changed or any(
            not one.equals(other) for one, other in zip(before, self._resting(ids), strict=True)
        )
        self.measured |= set(ids)

    def _resting(self, ids: pl.Series) -> list[pl.DataFrame]:
        """Of some conversations, the rows on which the tables of all rest."""
        return [self._rows(name, ids) for name in RESTS_ON]

    def _rows(self, name: str, ids: pl.Series) -> pl.DataFrame:
        """Their rows of a table, less what differs from run to run."""
        with self.base.given("resting", ids.to_frame()):
            rows = self.base.frame(f"SELECT * FROM {name} SEMI JOIN resting USING (conversation_id)")
        return rows.drop(OF_THE_RUN, strict=False).sort(pl.all())

    def whole_tables(self) -> Frames:
        """The tables that are made of all conversations together."""
        columns = "COLUMNS(c -> c NOT LIKE '%_why_null')"
        rows = (f"SELECT {columns} FROM {name} ORDER BY conversation_id" for name in RESTS_ON)
        tables = make_whole_tables(*(self.base.frame(sql) for sql in rows))
        return tables | {"sensitivity": self._sensitivity()}

    def _sensitivity(self) -> pl.DataFrame:
        """Of calls picked by a hash of their ids, so that the same calls give the same."""
        sql = (
            "SELECT conversation_id FROM conversation WHERE channel = 'voice' AND text_removed_at IS NULL "
            "ORDER BY md5(conversation_id) LIMIT ?"
        )
        picked = self.base.frame(sql, [CALLS])[CONVERSATION]
        overlapping = self._world(self.held.known, NONE).overlapping
        sources = pl.Series(sorted(overlapping), dtype=pl.String)
        return sensitivity(standing(self.held.home, self.held.known, picked), self.rules, sources)
