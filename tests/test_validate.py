"""Labels against detectors: the figures are worked by hand."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from flows.validate import LabelError, scores, validate

KEYS = ["corpus", "marker", "language", "judged", "positives", "true_positives", "false_positives", "false_negatives"]
KEYS += ["precision", "recall", "f1", "f1_low", "f1_high", "kappa"]


def labelled(folder: Path, rows: list[tuple[str, str | None, str, str, bool | None]]) -> Path:
    path = folder / "calls.dev.parquet"
    names = ["conversation_id", "speaker", "language", "text", "gold_apology"]
    pl.DataFrame(rows, schema=names, orient="row").write_parquet(path)
    return path


def test_each_row_of_labels_counts_once(tmp_path: Path):
    path = labelled(
        tmp_path,
        [
            ("a", None, "en", "I apologise for the delay.", True),
            ("a", None, "en", "Sorry about that.", False),
            ("b", None, "en", "Forgive the wait, if you will be so kind.", True),
            ("b", None, "en", "It is blue.", False),
            ("b", None, "en", "Sorry.", None),
            ("c", None, "fr", "Toutes mes excuses.", True),
            ("d", None, "de", "Tut mir leid.", True),
        ],
    )
    english, french, overall = validate([path])
    assert list(english) == KEYS
    assert [english[key] for key in KEYS[:8]] == ["calls", "apology", "en", 4, 2, 1, 1, 1]
    assert (english["precision"], english["recall"], english["f1"], english["kappa"]) == (0.5, 0.5, 0.5, 0)
    assert (french["language"], french["f1"]) == ("fr", 1)
    assert (overall["language"], overall["judged"], overall["true_positives"]) == (None, 5, 2)


def test_what_a_customer_says_is_no_agents_apology(tmp_path: Path):
    path = labelled(tmp_path, [("a", "customer", "en", "I apologise.", False), ("a", "agent", "en", "Sorry.", True)])
    assert validate([path])[0]["precision"] == 1


def test_the_interval_is_over_conversations_and_repeats():
    one_conversation = scores(np.array([[8, 1, 1, 5]]))
    assert one_conversation["f1_low"] == one_conversation["f1"] == one_conversation["f1_high"] == 16 / 18
    many = scores(np.array([[8, 0, 0, 5], [0, 4, 4, 5], [5, 1, 0, 9]]))
    assert many["f1_low"] < many["f1"] < many["f1_high"]
    assert many == scores(np.array([[8, 0, 0, 5], [0, 4, 4, 5], [5, 1, 0, 9]]))


def test_nothing_to_divide_by_is_null():
    nothing = scores(np.array([[0, 0, 0, 7]]))
    assert [nothing[key] for key in ("precision", "recall", "f1", "f1_low", "f1_high", "kappa")] == [None] * 6


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"text", "x.parquet: no Parquet file; expected turns with gold_<marker> columns. Check the path."),
        (None, "x.parquet: no column conversation_id; expected those of the common input. Add it."),
    ],
)
def test_labels_that_cannot_be_read_are_one_line(tmp_path: Path, content: bytes | None, message: str):
    path = tmp_path / "x.parquet"
    if content:
        path.write_bytes(content)
    else:
        pl.DataFrame({"text": ["a"]}).write_parquet(path)
    with pytest.raises(LabelError) as error:
        validate([path])
    assert str(error.value) == message
