"""Understanding: how found questions and summaries are counted; the rules' word is taken."""

from tests.talk import measured, talk, value, why_null

CHAT = talk("""
    10:00 customer  It never came.
    10:01 agent     When did you order it? And what?
    10:03 customer  A lamp.
    10:04 agent     In May?
    10:06 customer  Yes.
    10:07 agent     Fine.
    10:09 customer  Thanks.
    10:10 agent     Goodbye.
    10:12 customer  Bye.
    10:13 agent     Bye.
""")


def test_each_question_counts() -> None:
    found = {1: "question question open_question", 3: "question follow_up_question"}
    assert value("question_count", CHAT, marked=found) == 3
    assert value("open_question_share", CHAT, marked=found) == 1 / 3
    assert value("follow_up_question_share", CHAT, marked=found) == 1 / 3


def test_an_open_question_is_a_question() -> None:
    found = {1: "question open_question open_question", 3: "open_question"}
    assert value("open_question_share", CHAT, marked=found) == 1


def test_without_a_question_there_is_no_share() -> None:
    assert why_null("open_question_share", CHAT, marked={}) == "nothing_to_measure"


def test_paraphrases_count_turns() -> None:
    found = {1: "paraphrase paraphrase", 3: "paraphrase"}
    assert value("paraphrase_count", CHAT, marked=found) == 2
    assert value("paraphrase_per_100_turns", CHAT, marked=found) == 40


def test_a_closing_summary_is_in_the_last_quarter() -> None:
    assert value("has_closing_summary", CHAT, marked={7: "summary"}) is True
    assert value("has_closing_summary", CHAT, marked={5: "summary"}) is False


def test_a_language_without_rules_is_not_measurable() -> None:
    row = measured(talk("10:00 customer  Saluton.\n10:01 agent  Kiel vi fartas?", language="eo"))
    for metric in ("question_count", "has_closing_summary", "validation_count", "distress_share", "boundary_count"):
        assert (row[metric], row[f"{metric}_why_null"]) == (None, "not_measurable")
    assert row["reply_seconds"] == 60
