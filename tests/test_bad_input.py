"""Files that are broken or meant to break: one line each, nothing lost, what is good lands."""

from pathlib import Path

from tests.reading import give, refusals


def test_a_broken_header(tmp_path: Path) -> None:
    found = give(tmp_path, "t.csv", 'conversation_id,"speaker"x,text\na,agent,Hi\n')
    assert refusals(found) == [
        "line 1: a quoted cell does not end as it should; expected a delimiter after the quote. Export it again."
    ]
