"""Tables and definitions on a terminal."""

import json
import sys
from collections.abc import Mapping, Sequence
from difflib import get_close_matches

import polars as pl

UNBROKEN = 65_535  # characters in a line where no terminal's width limits it


def print_table(frame: pl.DataFrame) -> None:
    """Prints every row and column, numbers with up to four digits after the point."""
    with pl.Config(
        tbl_rows=-1,
        tbl_cols=-1,
        tbl_hide_column_data_types=True,
        tbl_hide_dataframe_shape=True,
        tbl_formatting="UTF8_FULL_CONDENSED",
        fmt_str_lengths=200,
        fmt_table_cell_list_len=20,
        tbl_width_chars=None if sys.stdout.isatty() else UNBROKEN,
        float_precision=4,
    ):
        print(frame)
    print(f"{frame.height:,} {'row' if frame.height == 1 else 'rows'}")


def aligned(rows: Sequence[Mapping[str, str | int]]) -> list[str]:
    """The rows as plain lines below their names, numbers to the right; none where there are no rows."""
    if not rows:
        return []
    cells = [[f"{cell:,}" if isinstance(cell, int) else cell for cell in row.values()] for row in rows]
    lines = [list(rows[0]), *cells]
    first, *others = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return [
        "  ".join([name.ljust(first), *(cell.rjust(width) for cell, width in zip(numbers, others, strict=True))])
        for name, *numbers in lines
    ]


def print_metric(table: pl.DataFrame, name: str, as_json: bool) -> int:
    """Prints all that is known of a metric; 2 where there is none of that name."""
    found = table.filter(metric=name)
    if found.is_empty():
        near = get_close_matches(name, table["metric"].to_list(), cutoff=0.4)
        expected = f"an id such as {', '.join(near or table['metric'][:3])}"
        print(f"heard metrics: '{name}' is no metric; expected {expected}. `heard metrics` lists all.", file=sys.stderr)
        return 2
    row = {key: value for key, value in found.row(0, named=True).items() if value is not None}
    if as_json:
        print(json.dumps(row, ensure_ascii=False))
    else:
        for key, value in row.items():
            print(f"{key:<14} {value}")
    return 0
