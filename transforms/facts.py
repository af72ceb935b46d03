"""The facts of a conversation as a whole, which metrics over the row stand on."""

import polars as pl

from transforms.calendar import Calendar
from transforms.speech import speech
from transforms.style import coordination
from transforms.thresholds import Thresholds


def conversation_facts(
    turns: pl.DataFrame,
    transcripts: pl.DataFrame,
    thresholds: Thresholds,
    calendar: Calendar,
    overlapping: pl.Series | None = None,
) -> pl.DataFrame:
    """The rows of `transcripts` with the facts of speech and style, and the first response's working time.

    duration_ms is made whole: the source's, otherwise the one measured. `turns` carry their markers; `overlapping`
    names the sources known to show overlap, found among `turns` if left out.
    """
    facts = speech(turns, transcripts, thresholds, overlapping)
    worked = calendar.business_seconds(facts["first_asked_at"], facts["first_answered_at"])
    facts = facts.with_columns(first_response_business_seconds_fact=worked)
    rows = transcripts.drop("duration_ms", strict=False).join(
        facts, on="conversation_id", how="left", maintain_order="left"
    )
    return rows.join(coordination(turns), on="conversation_id", how="left", maintain_order="left")
