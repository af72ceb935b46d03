"""When a promise is due, by its own words. Said on Wednesday 6 March 2024 at 10:00 in Paris unless told otherwise."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.calendar import Calendar
from transforms.due import assumed_due_at, due_at
from transforms.fold import fold
from transforms.promise_words import words_of

PARIS = Calendar("Europe/Paris")
WEDNESDAY = "2024-03-06 10:00"


def due(language: str, text: str, said: str = WEDNESDAY, calendar: Calendar = PARIS) -> str | None:
    """The due time on the calendar's wall clock."""
    words = words_of(language)
    assert words
    moment = due_at(fold([text])[0], calendar.to_utc(datetime.fromisoformat(said)), calendar, words.when)
    return f"{calendar.to_local(moment):%Y-%m-%d %H:%M}" if moment else None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I'll call you today", "2024-03-06 18:00"),
        ("later this afternoon", "2024-03-06 18:00"),
        ("tonight", "2024-03-07 00:00"),
        ("tomorrow", "2024-03-07 18:00"),
        ("tomorrow morning", "2024-03-07 12:00"),
        ("tomorrow at noon", "2024-03-07 12:00"),
        ("tomorrow at 5", "2024-03-07 17:00"),
        ("five pm tomorrow", "2024-03-07 17:00"),
        ("at 10 o'clock", "2024-03-07 10:00"),
        ("at 3:30 p.m.", "2024-03-06 15:30"),
        ("by Friday 5 pm", "2024-03-08 17:00"),
        ("by 5pm on Friday", "2024-03-08 17:00"),
        ("on Wednesday", "2024-03-06 18:00"),
        ("first thing Monday morning", "2024-03-11 12:00"),
        ("by Monday or Tuesday", "2024-03-12 18:00"),
        ("within 24 hours", "2024-03-07 10:00"),
        ("within twenty-four hours", "2024-03-07 10:00"),
        ("in the next 24 to 48 hours", "2024-03-08 10:00"),
        ("in half an hour", "2024-03-06 10:30"),
        ("within the hour", "2024-03-06 11:00"),
        ("in a couple of hours", "2024-03-06 12:00"),
        ("in three days", "2024-03-10 00:00"),  # a Saturday has no hours: it ends at midnight
        ("in two business days", "2024-03-08 18:00"),
        ("within 3-5 working days", "2024-03-13 18:00"),
        ("within 48 business hours", "2024-03-08 18:00"),
        ("within 4 business hours", "2024-03-06 14:00"),
        ("by the end of the day", "2024-03-06 18:00"),
        ("by end of day tomorrow", "2024-03-07 18:00"),
        ("by end of the week", "2024-03-08 18:00"),
        ("next week", "2024-03-15 18:00"),
        ("by the end of the month", "2024-03-29 18:00"),
        ("over the weekend", "2024-03-11 00:00"),
        ("on March 15th", "2024-03-15 18:00"),
        ("on the 2nd", "2024-04-02 18:00"),
        ("by 2024-03-08", "2024-03-08 18:00"),
        ("in a moment", "2024-03-06 10:05"),
        ("I'll send it over to you", None),
        ("we may need five people", None),
        ("I'll have it done by 5 people", None),
        ("we're here 24/7", None),
    ],
)
def test_english(text: str, expected: str | None):
    assert due("en", text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("je vous rappelle aujourd’hui", "2024-03-06 18:00"),
        ("dans la journée", "2024-03-06 18:00"),
        ("cet après-midi", "2024-03-06 18:00"),
        ("ce soir", "2024-03-07 00:00"),
        ("avant ce soir", "2024-03-06 18:00"),
        ("demain", "2024-03-07 18:00"),
        ("DEMAIN MATIN", "2024-03-07 12:00"),
        ("d'ici demain midi", "2024-03-07 12:00"),
        ("dans la matinée de demain", "2024-03-07 12:00"),
        ("après-demain", "2024-03-08 18:00"),
        ("d’ici vendredi", "2024-03-08 18:00"),
        ("vendredi 17h", "2024-03-08 17:00"),
        ("vendredi à 17 h 30", "2024-03-08 17:30"),
        ("lundi prochain", "2024-03-11 18:00"),
        ("avant 17h", "2024-03-06 17:00"),
        ("entre 14h et 16h demain", "2024-03-07 16:00"),
        ("sous 24 heures", "2024-03-07 10:00"),
        ("sous vingt-quatre heures", "2024-03-07 10:00"),
        ("dans les 48 h", "2024-03-08 10:00"),
        ("d'ici 48h", "2024-03-08 10:00"),
        ("d'ici une demi-heure", "2024-03-06 10:30"),
        ("dans un quart d'heure", "2024-03-06 10:15"),
        ("dans l'heure", "2024-03-06 11:00"),
        ("sous deux jours ouvrés", "2024-03-08 18:00"),
        ("sous 3 à 5 jours ouvrables", "2024-03-13 18:00"),
        ("sous 48 heures ouvrées", "2024-03-08 18:00"),
        ("avant la fin de la semaine", "2024-03-08 18:00"),
        ("en début de semaine prochaine", "2024-03-15 18:00"),
        ("le 15 mars", "2024-03-15 18:00"),
        ("le 1er avril", "2024-04-01 18:00"),
        ("je vous envoie la facture", None),
        ("nous sommes ouverts 24h/24", None),
    ],
)
def test_french(text: str, expected: str | None):
    assert due("fr", text) == expected


def test_a_named_day_is_the_next_one_whose_moment_lies_after_the_promise():
    assert due("en", "by Friday 5 pm", said="2024-03-08 16:00") == "2024-03-08 17:00"
    assert due("en", "by Friday 5 pm", said="2024-03-08 17:00") == "2024-03-15 17:00"
    assert due("en", "by Friday", said="2024-03-08 18:30") == "2024-03-15 18:00"
    assert due("fr", "avant la fin de la semaine", said="2024-03-09 10:00") == "2024-03-15 18:00"


def test_today_said_after_hours_is_due_at_midnight():
    assert due("en", "today", said="2024-03-06 19:00") == "2024-03-07 00:00"


def test_a_time_that_lies_behind_is_no_due_time():
    assert due("en", "the order you placed this morning", said="2024-03-06 15:00") is None


def test_holidays_move_working_days_and_the_end_of_the_week():
    good_friday = Calendar("Europe/Paris", holidays=("2024-03-29", "2024-04-01"))
    assert due("en", "in two business days", "2024-03-28 10:00", good_friday) == "2024-04-03 18:00"
    assert due("en", "by the end of the week", "2024-03-26 10:00", good_friday) == "2024-03-28 18:00"


def test_hours_run_on_the_wall_clock_when_it_is_set_forward():
    # The night to 31 March 2024 has no 02:00-03:00 in Paris.
    assert due("en", "within 24 hours", "2024-03-30 12:00") == "2024-03-31 12:00"
    assert due("en", "tomorrow at 10 am", "2024-03-30 12:00") == "2024-03-31 10:00"
    words = words_of("en")
    assert words
    # 31 March, 10:00 in Paris is 08:00 UTC; the day before, 09:00 UTC.
    assert due_at("tomorrow at 10 am", datetime(2024, 3, 30, 11), PARIS, words.when) == datetime(2024, 3, 31, 8)


def test_no_time_is_three_working_days():
    friday = datetime(2024, 3, 1, 16)
    assert assumed_due_at(friday, Calendar()) == datetime(2024, 3, 6, 18)
    assert assumed_due_at(friday, Calendar(holidays=("2024-03-04",))) == datetime(2024, 3, 7, 18)


WORDS = ["today", "tomorrow", "friday at 9", "within 24 hours", "by noon", "in a week", "tonight", "in a moment"]


@given(st.sampled_from(WORDS), st.datetimes(datetime(2023, 1, 1), datetime(2026, 12, 31)))
def test_due_is_after_made(text: str, made: datetime):
    words = words_of("en")
    assert words
    moment = due_at(text, made, PARIS, words.when)
    # The hour that the clock takes back in autumn is the only one from which a wall clock can point behind itself.
    assert moment is None or moment > made
    assert assumed_due_at(made, PARIS) > made


@given(st.text(max_size=200), st.sampled_from(["en", "fr"]))
def test_any_text_can_be_read(text: str, language: str):
    words = words_of(language)
    assert words
    moment = due_at(fold([text])[0], datetime(2024, 3, 6, 9), Calendar(), words.when)
    assert moment is None or moment - datetime(2024, 3, 6, 9) < timedelta(days=365 * 100)
