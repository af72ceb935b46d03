"""What the lake holds, seen by conversation: who has had which customers, and parts small enough to be worked on."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from flows import lake
from flows.lake import Batch
from flows.versions import standing
from transforms.outcomes import hand_overs_told

CONVERSATION = "conversation_id"
ROWS_IN_A_SLICE = 1_000_000  # segments that are worked on in one go


@dataclass(frozen=True)
class Slice:
    """Some customers with all of their conversations: what stands of these, and which of them are the slice's own."""

    frames: dict[str, pl.DataFrame]
    own: pl.Series


class Held:
    """The batches of a lake that count, and for each conversation its keys: every customer it was ever given.

    A conversation without a customer is its own key.
    """

    def __init__(self, home: Path, known: Sequence[Batch]) -> None:
        self.home, self.known = home, known
        heads = lake.table(home, "transcript", known)
        self.keys = heads.select(CONVERSATION, key=KEY).unique().collect()
        self.row_count = lake.table(home, "segment", known).select(pl.len()).collect().item()

    @property
    def ids(self) -> pl.Series:
        """Every conversation."""
        return self.keys[CONVERSATION].unique().sort()

    def ids_in(self, batches: Sequence[Batch], table: str, which: pl.Expr | bool = True) -> pl.Series:
        """The conversations of which some batches hold rows of a table."""
        rows = lake.table(self.home, table, batches).filter(which)
        return rows.select(pl.col(CONVERSATION).unique()).collect()[CONVERSATION]

    def told(self, batches: Sequence[Batch]) -> pl.DataFrame:
        """Which sources of outcomes tell of hand-overs, by some batches."""
        return hand_overs_told(lake.table(self.home, "feedback", batches)).collect()

    def parts(self, ids: pl.Series) -> Iterator[pl.Series]:
        """The conversations in parts small enough to be worked on."""
        count = self._count(len(ids))
        for part in range(count):
            yield ids.gather_every(count, part)

    def slices(self, touched: pl.Series) -> Iterator[Slice]:
        """What stands of the touched conversations and all others of their customers, in parts as above."""
        mine = self.keys.join(touched.to_frame(), on=CONVERSATION, how="semi").select("key").unique()
        count = self._count(self.keys.join(mine, on="key", how="semi")[CONVERSATION].n_unique())
        number = pl.col("key").hash(seed=0) % count
        for part in range(count):
            read = self.keys.join(mine.filter(number == part), on="key", how="semi")[CONVERSATION].unique()
            frames = standing(self.home, self.known, read)
            own = frames["transcript"].select(CONVERSATION, key=KEY).filter(number == part)[CONVERSATION]
            yield Slice(frames, own.filter(own.is_in(touched.implode())))

    def _count(self, conversations: int) -> int:
        """In how many parts so many conversations are worked on."""
        rows = self.row_count * conversations // max(self.keys.height, 1)
        return max(-(-rows // ROWS_IN_A_SLICE), 1)


KEY = pl.coalesce("customer_id", CONVERSATION)
