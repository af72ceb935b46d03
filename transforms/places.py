"""Where a pattern matches, found by the Rust engine: many texts in one go, in time that grows with their length."""

from collections.abc import Sequence

import polars as pl

from transforms.rulebook import Pattern

OPEN, CLOSE = "\ufdd0", "\ufdd1"  # two of Unicode's noncharacters, which no text is meant to hold
Place = tuple[int, int]


def places(pattern: Pattern, texts: Sequence[str] | pl.Series) -> list[list[Place]]:
    """For each text the places [start, end) where the pattern matches, in order; of alternatives, the first counts.

    Polars has no expression for places, so each match is put between two signs that are then counted out.
    """
    bare = pl.Series(texts, dtype=pl.String).str.replace_all(f"[{OPEN}{CLOSE}]", " ")
    marked = bare.str.replace_all(pattern.rust, f"{OPEN}${{0}}{CLOSE}")
    return [_counted_out(text) if OPEN in text else [] for text in marked.to_list()]


def _counted_out(marked: str) -> list[Place]:
    found: list[Place] = []
    before, *rest = marked.split(OPEN)
    end = len(before)
    for piece in rest:
        inside, _, after = piece.partition(CLOSE)
        found.append((end, end + len(inside)))
        end += len(inside) + len(after)
    return found
