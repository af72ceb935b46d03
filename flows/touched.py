"""What a run has to work on: the conversations whose measures may differ from those that are published.

New or changed are conversations of which the lake holds something else than before; with them goes every conversation
of their customers, since promises, follow-ups and returns look at these. An outcome or a quality form touches its
conversation alone. As time passes promises fall due and windows close (`stands_until`). And some facts of a source as a
whole bear on others: whether it shows overlap, whether it tells of hand-overs, until when its channels were seen.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

import polars as pl

from flows.building import Building
from flows.held import CONVERSATION, Held
from flows.lake import Batch
from flows.versions import standing
from transforms import schema
from transforms.commitments import KEY, proven
from transforms.thresholds import Thresholds
from transforms.world import World

NOT_CONTENT = ("batch_id", "arrived_at", "ingested_at")


def find_touched(
    base: Building, held: Held, before: Sequence[Batch], was_as_of: datetime, as_of: datetime
) -> pl.Series:
    """The conversations that are new, changed or gone since the lake held the batches `before`, or that time touches.

    `base` still holds what was published, as of a moment that is not later.
    """
    measured = base.frame("SELECT conversation_id, customer_id FROM conversation")
    changed = _changed(held, before, measured[CONVERSATION])
    gone = measured.join(held.keys, on=CONVERSATION, how="anti")
    contacts = pl.concat(
        [
            changed.filter(pl.col("table").is_in(["transcript", "segment"])).select(CONVERSATION),
            gone.select(CONVERSATION),
        ]
    )
    due = base.frame(
        "SELECT conversation_id, customer_id, ended_at > ? AS is_contact FROM conversation_wide "
        "WHERE stands_until <= ? AND ? < ?",
        [was_as_of, as_of, was_as_of, as_of],
    )
    customers = [
        held.keys.join(contacts, on=CONVERSATION, how="semi")["key"],
        measured.join(contacts, on=CONVERSATION, how="semi")["customer_id"],
        due.filter("is_contact")["customer_id"],  # a contact that was still to come
    ]
    beside = measured.join(pl.concat(customers).drop_nulls().to_frame("customer_id"), on="customer_id", how="semi")
    return pl.concat([one[CONVERSATION] for one in (changed, gone, due, beside)]).unique().sort()


def _changed(held: Held, before: Sequence[Batch], measured: pl.Series) -> pl.DataFrame:
    """Of which conversations the lake holds something else than before: conversation_id, table."""
    now, then = ({(batch.batch_id, batch.arrived_at) for batch in known} for known in (held.known, before))
    batches = [batch for batch in (*held.known, *before) if (batch.batch_id, batch.arrived_at) not in now & then]
    some = pl.concat([held.ids_in(batches, name) for name in ("transcript", "feedback", "evaluation")]).unique()
    new = held.ids.filter(~held.ids.is_in(measured.implode()))
    found = [new.to_frame().with_columns(table=pl.lit("transcript"))]
    for ids in held.parts(some.filter(some.is_in(measured.implode()))):
        was, is_ = (_prints(standing(held.home, known, ids)) for known in (before, held.known))
        differs = (one.join(other, on=one.columns, how="anti") for one, other in ((was, is_), (is_, was)))
        found += [rows.select(CONVERSATION, "table") for rows in differs]
    return pl.concat(found).unique()


def _prints(frames: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """A hash of every row, leaving out how it came: conversation_id, table, print."""
    prints = [
        frame.select(CONVERSATION, table=pl.lit(name), print=pl.struct(pl.exclude(NOT_CONTENT)).hash(seed=0))
        for name, frame in frames.items()
    ]
    return pl.concat(prints).unique()


def world_of(base: Building, told: pl.DataFrame, limits: Thresholds, without: pl.Series) -> World:
    """What holds of the sources by the conversations that are measured, some left out."""
    if not base.has("conversation"):
        return World(MOMENTS, frozenset(), told)
    with base.given("left_out", without.to_frame(CONVERSATION)):
        moments = base.frame(
            "SELECT source, channel, max(greatest(started_at, ended_at, updated_at)) AS at FROM conversation "
            "ANTI JOIN left_out USING (conversation_id) GROUP BY ALL"
        )
        overlapping = base.frame(
            "SELECT DISTINCT source FROM conversation_wide ANTI JOIN left_out USING (conversation_id) "
            "WHERE channel = 'voice' AND both_speaking_ms > ?",
            [limits.ms("shown_overlap_seconds")],
        )
    return World(moments.cast({"at": schema.TIME}), frozenset(overlapping["source"]), told)


def outdated(base: Building, held: Held, was: World, now: World) -> pl.Series:
    """The conversations in `base` whose measures differ in another world."""
    found = [*_by_overlap(base, was, now), *_by_hand_overs(base, held, was, now), *_by_sight(base, was, now)]
    return pl.concat([NONE, *found]).unique().sort()


def _by_overlap(base: Building, was: World, now: World) -> Iterator[pl.Series]:
    if sources := sorted(was.overlapping ^ now.overlapping):
        calls = "SELECT conversation_id FROM conversation WHERE channel = 'voice' AND list_contains(?, source)"
        yield base.frame(calls, [sources])[CONVERSATION]


def _by_hand_overs(base: Building, held: Held, was: World, now: World) -> Iterator[pl.Series]:
    key = now.told.columns
    sources = pl.concat([was.told.join(now.told, on=key, how="anti"), now.told.join(was.told, on=key, how="anti")])
    if not sources.is_empty():
        told = held.ids_in(held.known, "feedback", pl.col("source").is_in(sources["source"].to_list()))
        measured = base.frame("SELECT conversation_id FROM conversation")[CONVERSATION]
        yield told.filter(told.is_in(measured.implode()))


def _by_sight(base: Building, was: World, now: World) -> Iterator[pl.Series]:
    """Promises that nobody was seen to keep: whether that would have been seen."""
    if was.seen.equals(now.seen):
        return
    open_ = base.frame(
        "SELECT conversation_id, turn_index, start_char, what, customer_id, due_at, channel FROM commitment "
        "JOIN (SELECT conversation_id, channel FROM conversation) USING (conversation_id) "
        "WHERE status IN ('broken', 'unknown') AND what <> 'other'"
    )
    then, today = (proven(open_, world.seen) for world in (was, now))
    both = then.join(today, on=KEY, suffix="_today")
    yield both.filter(pl.col("is_proven") != pl.col("is_proven_today"))[CONVERSATION].unique()


NONE = pl.Series(CONVERSATION, [], dtype=pl.String)
MOMENTS = pl.DataFrame(schema={"source": pl.String, "channel": pl.String, "at": schema.TIME})
