"""What holds of a source or a channel as a whole, on which the measures of a single conversation stand."""

from dataclasses import dataclass

import polars as pl

from transforms.contacts import latest_moments, moments_of, seen_until
from transforms.speech import sources_with_overlap
from transforms.thresholds import Thresholds


@dataclass(frozen=True)
class World:
    """Until when each source was seen, which sources show overlap, and which tell of hand-overs."""

    moments: pl.DataFrame  # source, channel, at
    overlapping: frozenset[str]
    told: pl.DataFrame  # source, tells_escalated_at, tells_transferred_at

    @property
    def seen(self) -> pl.DataFrame:
        """Until when each channel was seen: channel, seen_until."""
        return seen_until(self.moments)

    def having(self, turns: pl.DataFrame, transcripts: pl.DataFrame, limits: Thresholds) -> "World":
        """The world with these conversations in it too."""
        moments = latest_moments(pl.concat([self.moments, moments_of(turns, transcripts)]))
        return World(moments, self.overlapping | set(sources_with_overlap(turns, limits)), self.told)
