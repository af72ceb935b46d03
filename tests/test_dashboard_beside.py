"""What stands beside a conversation: the link to a turn, the team behind its metrics, the source's figures."""

import re
from datetime import datetime
from pathlib import Path

import duckdb
import polars as pl
import pytest

from dashboard import one, team, vendor
from dashboard.filters import Chosen
from dashboard.transcript import transcript
from tests.test_dashboard_text import turn

REPLY = {"metric": "reply_seconds", "unit": "seconds", "definition": "How long a reply takes."}
QUESTIONS = {"metric": "question_count", "unit": "count", "definition": "Questions."}
METRICS = {"reply_seconds": REPLY, "question_count": QUESTIONS}


@pytest.fixture
def shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Shows a warehouse that has these rows of conversation_wide alone."""

    def show(rows: pl.DataFrame) -> None:
        monkeypatch.setenv("HEARD_HOME", str(tmp_path))
        with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as con:
            con.register("given", rows.to_arrow())
            con.execute("CREATE TABLE conversation_wide AS FROM given")

    return show


class TestALinkToATurn:
    def test_every_turn_has_its_link_and_the_one_that_is_linked_stands_out(self) -> None:
        html = transcript([turn("Hello."), turn("Goodbye.") | {"turn_index": 7}], [], {}, {}, linked=7)
        assert 'href="conversation?conversation_id=c&amp;turn=0"' in html
        (block,) = re.findall(r'<div class="[^"]* linked".*', html)
        assert "Goodbye." in block
        assert "Hello." not in block

    @pytest.mark.parametrize(("asked", "named"), [("7", 7), ("", None), ("-1", None), ("x", None), ("1" * 12, None)])
    def test_a_link_names_a_turn_or_none(self, asked: str, named: int | None) -> None:
        assert one.turn_named(asked) == named

    def test_a_turn_far_down_is_shown_with_its_own_part(self) -> None:
        turns = pl.DataFrame({"turn_index": range(0, 1400, 2)})  # 700 turns, as the source numbers them
        assert [one.part_of(turns, at) for at in (None, 0, 598, 600, 1398)] == [1, 1, 1, 2, 3]
        assert one.part_count(turns) == 3

    def test_messages_of_one_turn_are_told_by_when_they_were_sent(self) -> None:
        said = turn("My parcel.\nIt is late.") | {"sent_at": datetime(2026, 10, 29, 10, 18), "end_seconds": 54.0}
        html = transcript([said], [], {}, {})
        assert "29 Oct 2026 10:18 UTC" in html
        assert "0:00–0:54" not in html


class TestTheTeamBehindAMetric:
    SPREAD = team.Spread(40, (0.0, 1.0, 2.0, 3.0, 4.0))

    def test_the_strip_runs_from_the_least_to_the_most_with_the_conversation_on_it(self) -> None:
        html = team.strip(3.0, self.SPREAD, "count")
        assert '<i class="half" style="left:25.0%;right:calc(100% - 75.0%)">' in html
        assert '<i class="middle" style="left:50.0%">' in html
        assert '<i class="here" style="left:75.0%">' in html
        assert 'aria-label="3 here; the team: 2; half of them 1 to 3; n 40"' in html

    def test_a_conversation_beyond_the_team_stretches_the_strip(self) -> None:
        html = team.strip(8.0, self.SPREAD, "count")
        assert '<i class="here" style="left:100.0%">' in html
        assert '<i class="middle" style="left:25.0%">' in html

    @pytest.mark.parametrize(
        ("value", "spread", "unit"),
        [
            (None, SPREAD, "count"),
            (1.0, None, "count"),
            (1.0, SPREAD, "yes/no"),
            (2.0, team.Spread(3, (2.0,) * 5), "count"),
        ],
    )
    def test_there_is_no_strip_where_it_would_say_nothing(self, value, spread, unit) -> None:
        assert team.strip(value, spread, unit) == ""

    def test_the_team_is_that_of_the_same_channel(self, shown) -> None:
        rows = [("a", "voice", "billing", n) for n in (1, 2, 3)] + [
            ("b", "chat", "billing", 50),
            ("c", "voice", None, 9),
        ]
        columns = ["conversation_id", "channel", "team", "question_count"]
        shown(pl.DataFrame(rows, schema=columns, orient="row"))
        found = team.spreads({"channel": "voice", "team": "billing"}, [QUESTIONS])
        assert found["question_count"].n == 3
        assert found["question_count"].quantiles[2] == 2
        assert team.spreads({"channel": "voice", "team": None}, [QUESTIONS])["question_count"].n == 1


class TestTheSourcesOwnFigures:
    def test_they_stand_beside_ours_with_the_difference_and_how_we_count(self, shown) -> None:
        shown(pl.DataFrame({"reply_seconds": [90.0], "vendor_reply_seconds": [60.0]}))
        told = vendor.of_one({"reply_seconds": 90.0, "vendor_reply_seconds": 60.0}, METRICS)
        assert told.row(0) == ("Time to reply", "1 min 00 s", "1 min 30 s", "+30.0 s", "How long a reply takes.")
        assert vendor.of_one({"reply_seconds": 90.0, "vendor_reply_seconds": None}, METRICS).is_empty()

    def test_by_source_they_are_compared_where_both_are_there(self, shown) -> None:
        # Ours less theirs: 0, 20 and 30 s, 16.7 in the mean, its 95 % half 1.96 * 15.28 / sqrt(3) = 17.3; one in three
        # is within 5 % of ours.
        ours, theirs = [100.0, 220.0, 330.0, None, 50.0], [100.0, 200.0, 300.0, 70.0, None]
        shown(pl.DataFrame({"source": ["desk"] * 5, "reply_seconds": ours, "vendor_reply_seconds": theirs}))
        row = vendor.by_source(Chosen(None), METRICS).row(0, named=True)
        assert (row["Source"], row["Figure"], row["n"]) == ("desk", "Time to reply", 3)
        assert (row["Its own, mean"], row["Heard's, mean"]) == ("3 min 20 s", "3 min 37 s")
        assert row["Difference (95 %)"] == "+16.7 s (-0.62 s to +34.0 s)"
        assert row["Within 5 %"] == "33.3 %"
