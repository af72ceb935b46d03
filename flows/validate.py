"""Detectors against human labels: precision, recall, F1 and kappa, per marker and language."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from transforms.markers import MARKERS, add_markers, find

RESAMPLES = 1000
SEED = 1
ORDER = ("conversation_id", "turn_index", "start_s", "sent_at")
OPTIONAL = {"speaker": pl.String, "kind": pl.String, "language": pl.String}
Row = dict[str, Any]
Counts = NDArray[np.int64]  # a row a conversation: true positives, false positives, false negatives, true negatives


class LabelError(Exception):
    """Labels that cannot be read: where, what was found, what was expected, what to do."""


def validate(paths: Sequence[Path]) -> list[Row]:
    """For each labelled file one row a marker and language, and one a marker over all languages."""
    return [row for path in paths for row in _judge(path.name.split(".")[0], read(path))]


def read(path: Path) -> pl.DataFrame:
    """The turns of a labelled file, as detectors see them in a run: in order, redacted, without the labels' help."""
    try:
        turns = pl.read_parquet(path)
    except (pl.exceptions.ComputeError, OSError):
        raise LabelError(
            f"{path.name}: no Parquet file; expected turns with gold_<marker> columns. Check the path."
        ) from None
    for name in ("conversation_id", "text"):
        if name not in turns.columns:
            raise LabelError(f"{path.name}: no column {name}; expected those of the common input. Add it.")
    absent = [pl.lit(None, dtype).alias(name) for name, dtype in OPTIONAL.items() if name not in turns.columns]
    return _as_in_a_run(turns.with_columns(absent))


def _as_in_a_run(turns: pl.DataFrame) -> pl.DataFrame:
    from transforms.redact import redact

    ordered = turns.sort([name for name in ORDER if name in turns.columns], maintain_order=True)
    return ordered.with_columns(
        text=redact(ordered["text"].fill_null("")),
        kind=pl.col("kind").fill_null("message"),
        turn_index=pl.int_range(pl.len()),
    )


def _judge(corpus: str, turns: pl.DataFrame) -> Iterator[Row]:
    judged = [name for name in MARKERS if turns.schema.get(f"gold_{name}") == pl.Boolean]
    seen = turns.drop(pl.selectors.starts_with("gold_"))
    detected = add_markers(seen, find(seen)).with_columns(turns.select(f"gold_{name}" for name in judged))
    for name in judged:
        both = detected.select(
            "conversation_id", "language", gold=pl.col(f"gold_{name}"), said=pl.col(f"{name}_count") > 0
        ).drop_nulls(["gold", "said"])
        for language in [*both["language"].unique().sort(), None]:
            part = both.filter(language=language) if language else both
            yield {"corpus": corpus, "marker": name, "language": language} | scores(_counts(part))


def _counts(judged: pl.DataFrame) -> Counts:
    gold, said = pl.col("gold"), pl.col("said")
    by_conversation = judged.group_by("conversation_id", maintain_order=True).agg(
        (gold & said).sum().alias("tp"),
        (~gold & said).sum().alias("fp"),
        (gold & ~said).sum().alias("fn"),
        (~gold & ~said).sum().alias("tn"),
    )
    return by_conversation.select("tp", "fp", "fn", "tn").to_numpy().astype(np.int64)


def scores(counts: Counts) -> Row:
    """The figures of the contract; null where there is nothing to divide by. Intervals: 95 %, by conversation."""
    tp, fp, fn, tn = (int(count) for count in counts.sum(axis=0))
    low, high = _interval(counts)
    return {
        "judged": tp + fp + fn + tn,
        "positives": tp + fn,
        "true_positives": tp,
        "false_positives": fp,
        "false_negatives": fn,
        "precision": _ratio(tp, tp + fp),
        "recall": _ratio(tp, tp + fn),
        "f1": _ratio(2 * tp, 2 * tp + fp + fn),
        "f1_low": low,
        "f1_high": high,
        "kappa": _kappa(tp, fp, fn, tn),
    }


def _ratio(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def _kappa(tp: int, fp: int, fn: int, tn: int) -> float | None:
    n = tp + fp + fn + tn
    by_chance = _ratio((tp + fp) * (tp + fn) + (fn + tn) * (fp + tn), n * n)
    return None if by_chance is None else _ratio((tp + tn) / n - by_chance, 1 - by_chance)


def _interval(counts: Counts) -> tuple[float | None, float | None]:
    random = np.random.default_rng(SEED)
    n = len(counts)
    drawn = np.array(
        [np.bincount(random.integers(0, n, n), minlength=n) @ counts for _ in range(RESAMPLES if n else 0)]
    )
    if not n or not counts[:, :3].any():
        return None, None
    tp, fp, fn = drawn[:, 0], drawn[:, 1], drawn[:, 2]
    judgeable = 2 * tp + fp + fn > 0
    low, high = np.quantile(2 * tp[judgeable] / (2 * tp + fp + fn)[judgeable], [0.025, 0.975])
    return float(low), float(high)
