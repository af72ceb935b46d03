"""What is said while a run works: a bar on a terminal, lines elsewhere, and at the end what came of each format."""

import io
from datetime import datetime
from pathlib import Path

from flows.build import Summary
from flows.ingest import ingest
from flows.progress import Terminal, speaker, steps
from flows.settings import Settings

HEAD = "conversation_id,turn_index,speaker,text\n"


class Screen(io.StringIO):
    """A terminal."""

    def isatty(self) -> bool:
        return True


def test_a_terminal_shows_how_far_how_fast_and_how_long_and_keeps_the_lines(monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    screen = Screen()
    say = speaker(screen)
    with steps(say, "reading", 100, "files") as step:
        step(40, 1_200)
        say("[1/2] a.csv: common, 1,200 records [bold]")
        step(60, 300)
    shown = screen.getvalue()
    assert "[1/2] a.csv: common, 1,200 records [bold]\n" in shown.replace("\r", "")
    assert "100%" in shown
    assert "2 files," in shown
    assert "turns/s" in shown
    assert "left" in shown


def test_elsewhere_lines_alone(monkeypatch):
    for file, term in ((io.StringIO(), "xterm"), (Screen(), "dumb")):
        monkeypatch.setenv("TERM", term)
        say = speaker(file)
        with steps(say, "reading", 100, "files") as step:
            step(100, 5)
        say("done")
        assert file.getvalue() == "done\n"
        assert not isinstance(say, Terminal)


def test_at_the_end_what_came_of_each_format(tmp_path: Path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.csv").write_text(f"{HEAD}a,0,agent,Hello\na,1,customer,Hello\nb,0,boss,Hello\n")
    (tmp_path / "in" / "b.csv").write_text("conversation_id,csat\na,5\nc,9\n")
    (tmp_path / "in" / "c.txt").write_text("just a note")
    found = ingest(tmp_path / "home", [str(tmp_path / "in")], None, Settings(), datetime(2026, 11, 1), lambda _: None)
    *table, last = Summary({}, found, []).lines(tmp_path)
    assert table == [
        "format    files  conversations  turns  outcomes  rejected",
        "common        1              1      2         0         1",
        "outcomes      1              0      0         1         1",
        "unknown       1              0      0         0         1",
    ]
    assert "3 of 6 records accepted, 3 rejected" in last
