"""Which conversation each row of a team's own file belongs to."""

import hashlib
from collections.abc import Iterable
from pathlib import PurePath

import polars as pl

from transforms.readers.record import plain
from transforms.readers.transcript import WHOLE_FILE, File, ReadError


def with_conversation(frame: pl.DataFrame, file: File) -> pl.DataFrame:
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
