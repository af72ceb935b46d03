"""What was said stays text on the dashboard, and numbers are said as people say them."""

from html.parser import HTMLParser

import plotly.graph_objects as go
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard import charts, quotes, say
from dashboard.find import fold
from dashboard.snippets import marked as snippet
from dashboard.transcript import marked, transcript
from tests.dashboard_home import HOSTILE_TEAM, HOSTILE_TEXT
from transforms.conversations import words_to_search


class Reader(HTMLParser):
    """The text and the tags that a browser would see."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words, self.tags, self.attributes = "", set(), set()

    def handle_data(self, data: str) -> None:
        self.words += data

    def handle_starttag(self, tag: str, attrs: list) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}


def seen(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    reader.close()
    return reader


def span(marker: str, start: int | None, end: int | None) -> dict:
    return {"turn_index": 0, "marker": marker, "start_char": start, "end_char": end, "rule": "r<1>", "confidence": 0.9}


def turn(text: str) -> dict:
    times = {
        "conversation_id": "c",
        "start_seconds": 0.0,
        "end_seconds": 2.0,
        "sent_at": None,
        "gap_seconds": None,
        "overlap_seconds": 0.5,
    }
    return {
        "conversation_id": "c",
        "turn_index": 0,
        "speaker": "agent",
        "kind": "message",
        "text": text,
        "is_backchannel": False,
        **times,
    }


COLORS = {"validation": 0, "sympathy": 1, "interruption": 2}


def test_the_words_of_a_marker_are_marked_where_they_stand() -> None:
    html = marked("Oh, I see why!", [span("validation", 4, 13)], COLORS, {"validation": "the feeling is real"})
    assert html.startswith('Oh, <mark class="evidence c0"')
    assert "validation: the feeling is real (rule r&lt;1&gt;, precision 0.90)" in html
    assert html.endswith("</mark>!")


def test_where_two_markers_cross_the_shared_piece_names_both() -> None:
    html = marked("abcdef", [span("validation", 0, 4), span("sympathy", 2, 6)], COLORS, {})
    titles = [piece.split("data-means")[0] for piece in html.split("<mark")[1:]]
    assert [title.count("rule") for title in titles] == [1, 2, 1]


@given(st.text(max_size=60), st.integers(0, 60), st.integers(0, 60))
def test_whatever_was_said_and_wherever_a_marker_stands_no_tag_comes_from_the_words(
    text: str, one: int, two: int
) -> None:
    html = marked(text, [span("validation", min(one, two), max(one, two))], COLORS, {})
    read = seen(html)
    assert read.tags <= {"mark", "span"}
    assert read.words.replace("validation", "") == text.replace("\r", "\r").replace("validation", "")


def test_a_hostile_turn_is_text_in_the_transcript() -> None:
    markers = [span("validation", 0, 5), span("interruption", None, None)]
    read = seen(transcript([turn(HOSTILE_TEXT)], markers, COLORS, {"validation": '"><script>'}))
    assert read.tags == {"div", "b", "span", "p", "mark", "a"}
    assert not {name for name in read.attributes if name.startswith("on")}
    assert HOSTILE_TEXT[5:] in read.words
    assert "0.50 s both speak" in read.words


def test_where_words_were_removed_what_they_showed_stands_beside_the_turn() -> None:
    html = transcript([turn("")], [span("validation", 0, 5)], COLORS, {})
    assert '<span class="chip c0"' in html and "<mark" not in html


def test_a_hostile_turn_is_text_in_a_list_of_conversations() -> None:
    read = seen(snippet(HOSTILE_TEXT, "so ANGRY"))
    assert read.tags == {"mark"}
    assert "I am so angry &lt;b&gt;" in read.words


def test_no_name_from_outside_is_markup_in_a_figure() -> None:
    rows = pl.DataFrame({"group": [HOSTILE_TEAM], "n": [9], "value": [0.5], "low": [0.4], "high": [0.6]})
    spans = pl.DataFrame({"lane": ["agent"], "start": [0.0], "end": [2.0], "text": [HOSTILE_TEXT]})
    for figure in (charts.groups(rows, "yes/no", HOSTILE_TEAM, "team"), charts.timeline(spans)):
        assert not seen(_labels(figure)).tags - {"br", "extra"}


def _labels(figure: go.Figure) -> str:
    traces = [[trace.name, trace.hovertemplate, *(trace.text or ()), *(trace.y or ())] for trace in figure.data]
    titles = [figure.layout.xaxis.title.text, figure.layout.yaxis.title.text]
    return " ".join(str(label) for label in [*titles, *(label for trace in traces for label in trace)])


def test_markdown_of_a_name_is_escaped() -> None:
    assert say.plain("**a** [b](c) $d$ :red[e] <f>\n# g") == (r"\*\*a\*\* \[b\]\(c\) \$d\$ \:red\[e\] \<f\> \# g")


def test_a_promise_stands_in_the_sentence_that_made_it() -> None:
    text = "Hello again. I will call you back on Monday & not later! Thank you."
    assert quotes.sentence(text, "I will call you back") == "I will call you back on Monday & not later!"
    assert quotes.marked("back on Monday & not later", "Monday") == "back on <mark>Monday</mark> &amp; not later"
    assert quotes.sentence("", "I will call") == "I will call"


@given(st.text(max_size=30))
def test_words_looked_for_are_folded_as_the_stored_ones(text: str) -> None:
    stored = words_to_search(pl.DataFrame({"conversation_id": ["c", "c"], "text": [text, "and more"]}))
    assert stored["text_folded"].to_list() == [f"{fold(text)}\nand more"]


@pytest.mark.parametrize(
    ("amount", "unit", "words"),
    [
        (0.5234, "share 0..1", "52.3 %"),
        (1.0, "yes/no", "100.0 %"),
        (0.52, "seconds", "0.52 s"),
        (-1.25, "seconds", "−1.25 s"),
        (125, "seconds", "2 min 05 s"),
        (59.97, "seconds", "1 min 00 s"),
        (3599.6, "seconds", "1 h 00 min"),
        (7380, "seconds", "2 h 03 min"),
        (260000, "seconds", "3.0 days"),
        (12345.6, "count", "12,346"),
        (2.0, "count", "2"),
        (2.345, "count", "2.35"),
        (None, "count", "–"),
    ],
)
def test_an_amount_is_said_in_its_unit(amount: float | None, unit: str, words: str) -> None:
    assert say.value(amount, unit) == words
