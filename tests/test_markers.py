"""Markers over conversations: who speaks, which language, what the turns around decide, and the engine itself."""

import re
from itertools import pairwise

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms import schema
from transforms.context import CONDITIONS, Talk
from transforms.fold import fold, fold_letter
from transforms.markers import BACKCHANNELS, MARKERS, add_markers, find, is_unfinished, marks_as_words
from transforms.rulebook import RULES, Marker, Pattern
from transforms.spans import WHOLE, Span, apart, taking_in

LINE = re.compile(r"(\w+)\s+(.*)")


def talk(text: str, language: str = "en", **columns: str) -> pl.DataFrame:
    """A conversation from lines such as `agent  Good morning.`"""
    said = [found.groups() for line in text.strip().splitlines() if (found := LINE.match(line.strip()))]
    turns = pl.DataFrame(
        {"speaker": [speaker for speaker, _ in said], "text": [words for _, words in said]},
        schema={"speaker": pl.String, "text": pl.String},
    )
    facts = {"conversation_id": "c", "kind": "message", "language": language} | columns
    return turns.with_columns(pl.lit(value).alias(name) for name, value in facts.items()).with_columns(
        turn_index=pl.int_range(pl.len())
    )


def words(turns: pl.DataFrame, marker: str) -> list[str]:
    return find(turns).filter(marker=marker)["words"].to_list()


def test_the_words_of_a_promise_hold_its_time():
    turns = talk("agent  Thank you. I'll call you back tomorrow at 3 pm. Goodbye.")
    assert words(turns, "commitment") == ["I'll call you back tomorrow at 3 pm"]


def test_a_time_before_the_promise_belongs_to_it():
    assert words(talk("agent  Demain matin, je vous rappelle.", "fr"), "commitment") == [
        "Demain matin, je vous rappelle"
    ]


def test_only_the_one_whose_behaviour_it_is():
    turns = talk("""
        customer  I'm sorry for the delay.
        agent     I'm sorry for the delay.
        supervisor  I'm sorry for the delay.
        bot       I'm sorry for the delay.
    """)
    assert find(turns).filter(marker="apology")["turn_index"].to_list() == [1]


def test_where_the_speaker_is_null_it_counts_as_either():
    turns = talk("agent  I'm so sorry for the delay, this is ridiculous").with_columns(speaker=pl.lit(None, pl.String))
    assert {"apology", "distress"} <= set(find(turns)["marker"])


def test_notes_and_events_were_not_said():
    assert find(talk("agent  I'm sorry for the delay.", kind="note")).is_empty()


def test_a_region_is_read_by_the_rules_of_its_language():
    assert words(talk("agent  I apologise for the delay.", "en-GB"), "apology") == ["I apologise"[2:]]


def test_counts_are_zero_where_none_and_null_without_rules():
    turns = pl.concat([talk("agent  I am sorry. So sorry."), talk("agent  Tut mir leid.", "de", conversation_id="d")])
    counted = add_markers(turns, find(turns))
    assert counted["apology_count"].to_list() == [2, None]
    assert counted["refusal_count"].to_list() == [0, None]
    assert counted["apology_count"].dtype == pl.Int64
    assert [name for name in MARKERS if f"{name}_count" not in counted.columns] == []


def test_a_marker_that_a_language_lacks_is_null():
    turns = talk("agent  Lo siento mucho.", "es")
    counted = add_markers(turns, find(turns))
    assert counted["apology_count"].item() == 1
    assert counted["humour_count"].item() is None


def test_without_turns_there_are_no_markers():
    empty = talk("agent  x").clear()
    assert find(empty).is_empty()
    assert add_markers(empty, find(empty)).is_empty()


def test_the_frame_is_the_table_of_the_schema():
    found = find(talk("agent  I'm sorry."))
    assert dict(found.schema) == schema.MARKER.dtypes
    assert found["rule"].item() == "en.apology"


def test_the_kind_of_distress_stands_in_the_rule():
    turns = talk("customer  nobody listens to me")
    assert find(turns).filter(marker="distress")["rule"].to_list() == ["en.distress.unheard"]


def test_capitals_accents_and_apostrophes_make_no_difference():
    for text in ("DÉSOLÉ POUR L’ATTENTE", "desole pour l'attente", "Désolé pour l'attente"):
        assert words(talk(f"agent  {text}", "fr"), "apology") == [text[:6]]


def test_typos_and_speech_make_no_difference():
    assert words(talk("agent  ill um call you uh back tomorrow"), "commitment") == ["ill um call you uh back tomorrow"]


def test_a_follow_up_question_takes_up_a_word_of_the_turn_before():
    turns = talk("""
        customer  The printer eats the paper.
        agent     Which paper do you use?
        customer  The thick one.
        agent     What is your name?
    """)
    assert find(turns).filter(marker="follow_up_question")["turn_index"].to_list() == [1]


@pytest.mark.parametrize(
    ("language", "text", "questions"),
    [
        (
            "en",
            "I understand how frustrating that must be. What is your order number?",
            ["What is your order number?"],
        ),
        (
            "en",
            "Would you like me to get another one sent to you?",
            ["Would you like me to get another one sent to you?"],
        ),
        ("en", "How about you? Give me your date of birth?", ["How about you?", "Give me your date of birth?"]),
        ("en", "Does 3 p.m. suit you, or 4.30? OK.", ["Does 3 p.m. suit you, or 4.30?"]),
        ("en", "Really?! What??? Wow.", ["Really?", "What?"]),
        ("en", "I will tell you what I know whether or not they are there?", None),
        ("en", "what is your name and what is your address", ["what is your name", "and what is your address"]),
        ("en", "so could you tell me what it shows, I will note it", ["so could you tell me what it shows"]),
        ("fr", "Quel message voyez-vous ?", ["Quel message voyez-vous ?"]),
        ("fr", "D'accord. Et que voyez-vous à l'écran ? Merci.", ["Et que voyez-vous à l'écran ?"]),
    ],
)
def test_a_question_is_one_from_its_start_to_its_mark(language: str, text: str, questions: list[str] | None):
    assert words(talk(f"agent  {text}", language), "question") == (questions or [text])


def test_each_question_is_either_open_or_closed():
    turns = talk("agent  What happened? Did it stop? Could you describe the noise? Which one? No. I see what happened.")
    found = find(turns)
    span = ["start_char", "end_char"]
    asked = {name: set(found.filter(marker=name).select(span).rows()) for name in MARKERS if name.endswith("question")}
    assert (len(asked["open_question"]), len(asked["closed_question"])) == (2, 2)
    assert asked["open_question"] | asked["closed_question"] == asked["question"]
    assert asked["clarifying_question"] == {(58, 68)}


@pytest.mark.parametrize(
    ("speaker", "marker", "text", "shown"),
    [
        (
            "customer",
            "escalation_request",
            "I do not call, I want to speak to your manager.",
            "I want to speak to your manager",
        ),
        ("customer", "distress", "So it is the blue one. Where is my parcel?!! Hello?", "parcel?!!"),
        ("agent", "appreciation", "Thank you for calling Fernwood Home, my name is Ann.", "Thank you for calling"),
        (
            "agent",
            "expectation",
            "It is Friday. Your parcel will arrive on Monday. Bye.",
            "Your parcel will arrive on Monday",
        ),
    ],
)
def test_a_span_is_the_words_that_show_it(speaker: str, marker: str, text: str, shown: str):
    assert words(talk(f"{speaker}  {text}"), marker) == [shown]


def test_a_repeated_complaint_needs_an_earlier_one_of_the_same_customer():
    turns = talk("""
        customer  my washing machine is broken and leaks water
        agent     your washing machine is broken and leaks water, I see
        customer  yes the washing machine still leaks
        customer  and the invoice is not correct
    """)
    assert find(turns).filter(marker="repeated_complaint")["turn_index"].to_list() == [2]


def test_a_private_question_is_no_prying_when_the_topic_calls_for_it():
    turns = talk("agent  Are you pregnant?")
    assert words(turns, "prying") == ["Are you pregnant"]
    assert words(turns.with_columns(topic=pl.lit("Pregnant travellers")), "prying") == []


def test_humour_counts_when_the_customer_laughs():
    assert words(talk("agent  It must be hungry.\ncustomer  haha maybe"), "humour") == ["It must be hungry"]
    assert words(talk("agent  It must be hungry.\ncustomer  Not funny."), "humour") == []


@pytest.mark.parametrize(
    ("language", "text", "is_one"),
    [
        ("en", "Uh-huh.", True),
        ("en", "OK, I see", True),
        ("en", "I see your order", False),
        ("fr", "D’accord.", True),
        ("fr", "Très bien", True),
        ("fr", "très bien je regarde", False),
    ],
)
def test_backchannels_are_known_in_text_as_it_was_stored(language: str, text: str, is_one: bool):
    assert pl.Series([text]).str.contains(BACKCHANNELS[language]).item() is is_one


def test_unfinished_is_unknown_without_rules():
    assert is_unfinished("Ich wollte nur", "de") is None


def test_of_two_spans_that_overlap_the_first_stays_then_the_longest():
    spans = [Span(5, 9), Span(0, 3), Span(0, 6), Span(6, 8)]
    assert apart(spans) == [Span(0, 6), Span(6, 8)]


def test_two_promises_keep_their_own_times():
    turns = talk("agent  i'll call you tomorrow and i'll send the form on friday")
    assert words(turns, "commitment") == ["i'll call you tomorrow", "i'll send the form on friday"]


# The slow, obvious way: every pattern on every turn, letter by letter, in the order of the file.
def slow_fold(text: str) -> str:
    return "".join(fold_letter(letter) for letter in text)


def slow_spans(marker: Marker, code: str, said: Talk, row: int) -> set[Span]:
    text = said.folded[row]
    edges = ' \n,;:|"(-.'

    def all_of(pattern: Pattern | None, where: str) -> list[Span]:
        found = []
        for match in pattern.regex.finditer(where) if pattern else ():
            start, end = match.span()
            while start < end and where[start] in edges + "!?":
                start += 1
            while end > start and where[end - 1] in edges:
                end -= 1
            if start < end:
                found.append(Span(start, end))
        return found

    back = all_of(marker.unless, text)
    fired: list[Span] = []
    for rule in marker.rules:
        spans = all_of(rule.pattern, said.text[row] if rule.is_cased else text)
        spans = [Span(span.start, span.end, rule.name) for span in spans if not span.overlaps(back)]
        if marker.takes_in:
            spans = taking_in(RULES[code].words[marker.takes_in].regex, text, spans)
        fired += [s for s in spans if rule.where is None or CONDITIONS[rule.where](said, row, s.start, s.end)]
    return set(apart(WHOLE[marker.whole](text, fired) if marker.whole else fired))


PIECES = [
    example for code in ("en", "fr") for marker in RULES[code].markers.values() for example in marker.facts["examples"]
]
LINES = [line.split(": ", 1)[-1] for piece in PIECES for line in ([piece] if isinstance(piece, str) else piece)]
odd = st.text(st.sampled_from("aeéÉè’'‘ -.,!?…\n\t\u00a0🙂😂ßİıœŒＡé́هn\u200d0…"), max_size=12)
said = st.lists(st.one_of(st.sampled_from(LINES), odd, st.text(max_size=20)), max_size=4).map("".join)
shouted = st.one_of(said, said.map(str.upper), said.map(str.title), said.map(lambda text: text.replace("'", "’")))


@settings(max_examples=30)
@given(
    st.lists(st.tuples(st.sampled_from(["agent", "customer"]), shouted), min_size=1, max_size=4),
    st.sampled_from(["en", "fr"]),
)
def test_the_engine_finds_what_the_slow_way_finds(turns: list[tuple[str, str]], code: str):
    speakers, texts = [speaker for speaker, _ in turns], [text for _, text in turns]
    frame = pl.DataFrame({"speaker": speakers, "text": texts}).with_columns(
        conversation_id=pl.lit("c"), kind=pl.lit("message"), language=pl.lit(code), turn_index=pl.int_range(pl.len())
    )
    slow = Talk(
        ["c"] * len(turns),
        list(speakers),
        texts,
        [marks_as_words(slow_fold(text)) for text in texts],
        [RULES[code]] * len(turns),
        [None] * len(turns),
    )
    found = find(frame)
    for name, marker in RULES[code].markers.items():
        if marker.of or marker.without:
            continue
        fast = found.filter(marker=name).select("turn_index", "start_char", "end_char").rows()
        expected = [
            (row, span.start, span.end)
            for row, speaker in enumerate(speakers)
            if speaker == marker.speaker
            for span in slow_spans(marker, code, slow, row)
        ]
        assert sorted(fast) == sorted(expected), name
    for row, start, end, shown in found.select("turn_index", "start_char", "end_char", "words").rows():
        assert texts[row][start:end] == shown != ""
    for _, same in found.group_by("turn_index", "marker"):
        ordered = same.sort("start_char").select("start_char", "end_char").rows()
        assert all(before[1] <= after[0] for before, after in pairwise(ordered))


@given(st.text())
def test_folding_keeps_every_letter_in_its_place(text: str):
    assert fold([text, "x"]) == [slow_fold(text), "x"]
    assert len(fold([text])[0]) == len(text)


def test_a_very_long_text_ends():
    text = "I'll " + "word, " * 20_000 + "tomorrow?" + "!" * 20_000
    assert find(talk(f"agent  {text}")).height >= 1
    assert find(talk(f"customer  {text.upper()}")).height >= 1
