"""How fast are the detectors, beside the obvious way to write them? The turns of a home, each way, in one run.

    python -m benchmarks.detectors HOME [--turns 20000]

The obvious way is the one that tests hold the engine to: every pattern of every marker on every turn, with Python's
own `re`. Both ways are timed in CPU seconds, patterns compiled beforehand, and must find the same.
"""

import argparse
from pathlib import Path
from time import process_time

import polars as pl

from flows.warehouse import query
from tests.test_markers import slow_fold, slow_spans
from transforms.context import Talk
from transforms.markers import find, marks_as_words
from transforms.rulebook import RULES

SQL = """
select conversation_id, turn_index, speaker, kind, text, split_part(language, '-', 1) as language, topic
from turn join conversation using (conversation_id)
where kind = 'message' and speaker in ('agent', 'customer') order by 1, 2"""


def slowly(turns: pl.DataFrame) -> set[tuple[int, str, int, int]]:
    """Row, marker, start and end of what stands on its own rules, found the obvious way."""
    languages = [RULES.get(code or "") for code in turns["language"].to_list()]
    talk = Talk(
        turns["conversation_id"].to_list(),
        turns["speaker"].to_list(),
        turns["text"].to_list(),
        [marks_as_words(slow_fold(text)) for text in turns["text"].to_list()],
        languages,
        turns["topic"].to_list(),
    )
    return {
        (row, name, span.start, span.end)
        for row, (code, speaker, language) in enumerate(
            zip(turns["language"].to_list(), talk.speaker, languages, strict=True)
        )
        if language
        for name, marker in language.markers.items()
        if not (marker.of or marker.without) and marker.speaker == speaker
        for span in slow_spans(marker, code, talk, row)
    }


def main() -> None:
    """Prints turns per CPU second of both ways, and their ratio."""
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("home", type=Path)
    options.add_argument("--turns", type=int, default=20_000)
    given = options.parse_args()
    turns = query(given.home / "warehouse.duckdb", f"{SQL} limit {given.turns}")
    for way in (slowly, find):
        way(turns.head(200))  # compiles what is kept compiled
    seconds = {}
    began = process_time()
    found = find(turns)
    seconds["engine"] = process_time() - began
    began = process_time()
    expected = slowly(turns)
    seconds["one by one"] = process_time() - began
    tied = {name for language in RULES.values() for name, m in language.markers.items() if m.of or m.without}
    key = ["conversation_id", "turn_index"]
    rows = found.join(turns.select(key).with_row_index("row"), on=key)
    same = set(rows.filter(~pl.col("marker").is_in(tied)).select("row", "marker", "start_char", "end_char").rows())
    untied = {one for one in expected if one[1] not in tied}
    print(f"{turns.height:,} turns, {found.height:,} markers; both find the same: {same == untied}")
    for name, spent in seconds.items():
        print(f"{name:<11} {turns.height / spent:>9,.0f} turns per CPU second")
    print(f"ratio       {seconds['one by one'] / seconds['engine']:>9.1f}")


if __name__ == "__main__":
    main()
