"""The gate: what stops a run, what only warns, and that no word of a conversation is in what it writes."""

from datetime import datetime
from pathlib import Path

import polars as pl
import pytest

from flows import gate
from flows.suite_published import Sizes, over_the_whole
from transforms import schema

pytestmark = pytest.mark.xdist_group("great_expectations")  # one worker pays for the import
WORD = "rhinoceros"  # said in every text of these tests
Frames = dict[str, pl.DataFrame]


def incoming(**changes: object) -> Frames:
    """One good conversation of two segments, and its outcome; `changes` go to the second segment."""
    told = {"conversation_id": "c1", "kind": "message", "text": f"A {WORD} stands here.", "start_ms": 0, "end_ms": 900}
    segments = [
        told | {"position": 0, "speaker": "customer"},
        told | {"position": 1, "speaker": "agent"} | changes,
    ]
    transcript = {"conversation_id": "c1", "source": "zoo", "format": "csv", "channel": "voice", "language": "en-GB"}
    return {
        "transcript": schema.TRANSCRIPT.shape(pl.DataFrame([transcript])),
        "segment": schema.SEGMENT.shape(pl.DataFrame(segments)),
        "feedback": schema.FEEDBACK.shape(pl.DataFrame([{"conversation_id": "c1", "source": "zoo", "csat": 4.0}])),
    }


def published() -> Frames:
    """The tables of one conversation of two turns with one marker, one promise and one metric."""
    tables = {name: table.empty() for name, table in schema.WAREHOUSE.items()}
    rows: dict[str, list[dict[str, object]]] = {
        "conversation": [
            {"conversation_id": "c1", "source": "zoo", "format": "csv", "channel": "voice", "turn_count": 2}
            | {"agent_turn_count": 1, "customer_turn_count": 1}
        ],
        "turn": [
            {"conversation_id": "c1", "turn_index": i, "speaker": speaker, "kind": "message", "text": f"A {WORD}."}
            for i, speaker in enumerate(("customer", "agent"))
        ],
        "marker": [
            {"conversation_id": "c1", "turn_index": 1, "marker": "apology", "start_char": 2, "end_char": 12}
            | {"words": WORD, "rule": "r", "confidence": 0.9}
        ],
        "metric": [
            {"metric": "talk_share", "kind": "indicator", "family": "f", "definition": "d", "unit": "u", "source": "s"}
            | {"aggregate": "mean"}
        ],
        "outcome": [{"conversation_id": "c1", "csat": 4.0, "is_csat_positive": True}],
        "commitment": [
            {"conversation_id": "c1", "turn_index": 1, "start_char": 0, "words": WORD, "status": "pending"},
        ],
    }
    tables |= {name: schema.WAREHOUSE[name].shape(pl.DataFrame(found)) for name, found in rows.items()}
    wide = {"conversation_id": ["c1"], "talk_share": [0.5], "talk_share_why_null": [None]}
    return tables | {"conversation_wide": pl.DataFrame(wide, schema_overrides={"talk_share_why_null": pl.String})}


def check_incoming(frames: Frames, out: Path) -> pl.DataFrame:
    suite = gate.incoming(out)
    suite.look(frames)
    return suite.judged()


def check_published(tables: Frames, out: Path, before: Sizes | None = None, now: Sizes | None = None) -> pl.DataFrame:
    suite = gate.published(out)
    suite.look(tables)
    suite.add(over_the_whole(before, now or before, {}))
    return suite.judged()


def failed(checks: pl.DataFrame) -> list[tuple[str, str, str]]:
    """Table, check and severity of what failed."""
    return checks.filter(~pl.col("is_passed")).select("table", "check", "severity").rows()


def written(folder: Path) -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in folder.rglob("*") if path.is_file())


def test_good_input_passes_every_check(tmp_path: Path) -> None:
    checks = check_incoming(incoming(), tmp_path)
    assert failed(checks) == []
    assert checks["suite"].unique().to_list() == ["incoming"]
    assert checks.columns == [name for name in schema.QUALITY_CHECK.columns if name != "run_id"]
    assert not checks.select("table", "check").is_duplicated().any()


@pytest.mark.parametrize(
    ("change", "check", "severity"),
    [
        ({"conversation_id": "c2"}, "a segment has its conversation", "critical"),
        ({"conversation_id": None}, "conversation_id is there", "critical"),
        ({"speaker": "operator"}, "speaker is a role we know", "critical"),
        ({"speaker": "unknown"}, "speakers are known", "warning"),
        ({"kind": "remark"}, "kind is one we know", "critical"),
        ({"start_ms": -1}, "times are not negative", "critical"),
        ({"start_ms": 901}, "an end is not before its start", "critical"),
        ({"text": f"{WORD} jane.doe@example.org"}, "nothing is left in a text that the redactor hides", "critical"),
        ({"text": f"{WORD} 4111-1111 1111 1111"}, "nothing is left in a text that the redactor hides", "critical"),
        (
            {"text": f"{WORD} FR14 2004 1010 0505 0001 3M02 606 MERCI"},
            "nothing is left in a text that the redactor hides",
            "critical",
        ),
    ],
)
def test_bad_input_fails_the_check_that_names_it(
    change: dict[str, object], check: str, severity: str, tmp_path: Path
) -> None:
    checks = check_incoming(incoming(**change), tmp_path)
    assert failed(checks) == [("segment", check, severity)]
    found = checks.filter(~pl.col("is_passed")).row(0, named=True)
    assert (found["checked_count"], found["failed_count"], found["found"]) == (2, 1, "1 of 2 failed")


@pytest.mark.parametrize("text", ["[EMAIL] or [CARD]", "order 4111 1111 1111 1112", "call @zoo at 10.30"])
def test_what_only_looks_like_personal_data_passes(text: str, tmp_path: Path) -> None:
    assert failed(check_incoming(incoming(text=text), tmp_path)) == []


def test_an_empty_lake_passes(tmp_path: Path) -> None:
    checks = check_incoming({name: table.empty() for name, table in schema.LAKE.items()}, tmp_path)
    assert failed(checks) == []
    assert set(checks["found"]) == {"no rows"}


def test_outcomes_may_come_before_their_conversation(tmp_path: Path) -> None:
    frames = {name: table.empty() for name, table in schema.LAKE.items()}
    assert failed(check_incoming(frames | {"feedback": incoming()["feedback"]}, tmp_path)) == []


def test_good_tables_pass_every_check(tmp_path: Path) -> None:
    assert failed(check_published(published(), tmp_path)) == []


@pytest.mark.parametrize(
    ("table", "change", "check"),
    [
        ("conversation", {"turn_count": 3}, "turn_count is the number of turns"),
        ("conversation", {"agent_turn_count": 2}, "agents' and customers' turns are among the turns"),
        ("marker", {"turn_index": 7}, "a marker has its turn"),
        ("marker", {"end_char": 99}, "spans lie within the text"),
        ("marker", {"words": "another"}, "words are the text's own"),
        ("outcome", {"csat": 5.5}, "csat lies in 1..5"),
        ("outcome", {"is_csat_positive": False}, "a positive rating is a 4 or a 5"),
        ("outcome", {"conversation_id": "c9"}, "an outcome has its conversation"),
        ("commitment", {"status": "kept"}, "a promise kept says when"),
        ("commitment", {"status": "forgotten"}, "status is one we know"),
        ("conversation_wide", {"talk_share": 1.2}, "shares lie in 0..1"),
        ("conversation_wide", {"talk_share": None}, "a value is null exactly where a reason is given"),
    ],
)
def test_a_broken_table_is_not_published(table: str, change: dict[str, object], check: str, tmp_path: Path) -> None:
    tables = published()
    tables[table] = tables[table].with_columns(pl.lit(value).alias(name) for name, value in change.items())
    assert (table, check, "critical") in failed(check_published(tables, tmp_path))


def test_a_key_that_comes_twice_is_not_published(tmp_path: Path) -> None:
    tables = published()
    tables["turn"] = pl.concat([tables["turn"], tables["turn"].head(1)])
    assert ("turn", "keys are unique", "critical") in failed(check_published(tables, tmp_path))


def test_what_is_looked_at_in_parts_is_judged_as_a_whole(tmp_path: Path) -> None:
    suite = gate.incoming(tmp_path)
    assert suite.look(incoming())
    assert not suite.look(incoming(speaker="operator"))
    assert not suite.look(incoming())
    found = suite.judged().filter(pl.col("check") == "speaker is a role we know").row(0, named=True)
    assert (found["is_passed"], found["checked_count"], found["failed_count"]) == (False, 6, 1)


def test_fewer_rows_than_published_before_are_a_warning(tmp_path: Path) -> None:
    before, now = (Sizes({"conversation": 1, "turn": turns, "outcome": 1}, 5_000) for turns in (120, 2))
    checks = check_published(published(), tmp_path, before, now)
    assert failed(checks) == [("turn", "rows have not fallen", "warning")]
    assert checks.filter(~pl.col("is_passed"))["found"].item() == "118 of 120 failed"


def test_metrics_measured_less_widely_are_a_warning(tmp_path: Path) -> None:
    before, now = (Sizes({"conversation": 1, "turn": 2, "outcome": 1}, share) for share in (5_000, 3_000))
    assert failed(check_published(published(), tmp_path, before, now)) == [
        ("conversation_wide", "metrics are measured as widely", "warning")
    ]


def test_a_key_that_comes_twice_over_the_whole_is_not_published() -> None:
    same = Sizes({"turn": 2}, 1)
    (unique,) = [one for one in over_the_whole(same, same, {"turn": (2, 1)}) if "unique" in one.rule.check]
    assert (unique.rule.severity, unique.failed, unique.allowed) == ("critical", 1, 0)


def test_no_word_of_a_conversation_is_written(tmp_path: Path) -> None:
    bad = incoming(speaker=WORD, text=f"{WORD}@example.org", end_ms=-5)
    tables = published()
    tables["marker"] = tables["marker"].with_columns(words=pl.lit(f"no {WORD}"), marker=pl.lit(None, pl.String))
    assert failed(check_incoming(bad, tmp_path))
    assert failed(check_published(tables, tmp_path))
    assert WORD not in written(tmp_path)


def test_the_docs_open_without_a_network(tmp_path: Path) -> None:
    check_incoming(incoming(), tmp_path)
    docs = written(tmp_path / "incoming")
    assert "speaker is a role we know" in docs
    assert "Expectation Validation Result" in docs
    for fetched in ('src="http', 'src=\\"http', "src='http", '<link rel="stylesheet" href="http', "url('http"):
        assert fetched not in docs


def test_a_second_run_replaces_the_results_of_the_first(tmp_path: Path) -> None:
    check_incoming(incoming(start_ms=-1), tmp_path)
    check_incoming(incoming(), tmp_path)
    assert '"is_passed": false' not in (tmp_path / "incoming" / "results.json").read_text()
    assert len(list((tmp_path / "incoming" / "validations").rglob("heard-segment.html"))) == 1
    assert datetime.fromisoformat(check_incoming(incoming(), tmp_path)["checked_at"][0].isoformat())
