"""Working hours over time zones, daylight saving and holidays."""

from datetime import date, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.calendar import Calendar, CalendarError, add_hours

PARIS = Calendar("Europe/Paris")
moments = st.datetimes(datetime(2023, 1, 1), datetime(2026, 12, 31))


def times(*texts: str | None) -> pl.Series:
    return pl.Series([text and datetime.fromisoformat(text) for text in texts], dtype=pl.Datetime("us"))


def worked(calendar: Calendar, start: str, end: str) -> float:
    return calendar.business_seconds(times(start), times(end))[0]


def test_a_night_between_two_working_days_does_not_count():
    # Monday 17:00 to Tuesday 10:00: one hour, then one hour.
    assert worked(Calendar(), "2024-03-04T17:00", "2024-03-05T10:00") == 2 * 3600


def test_a_weekend_does_not_count():
    # Friday 17:30 to Monday 09:15.
    assert worked(Calendar(), "2024-03-01T17:30", "2024-03-04T09:15") == 45 * 60


def test_hours_are_those_of_the_wall_clock_before_and_after_daylight_saving():
    # In Paris 09:00 is 08:00 UTC until 30 March 2024 and 07:00 UTC from 31 March.
    assert worked(PARIS, "2024-03-29T07:00", "2024-03-29T09:00") == 3600
    assert worked(PARIS, "2024-04-02T06:00", "2024-04-02T08:00") == 3600


def test_a_round_the_clock_day_is_23_hours_in_spring_and_25_in_autumn():
    always = Calendar("Europe/Paris", "Mon-Sun 00:00-24:00")
    assert worked(always, "2024-03-30T23:00", "2024-03-31T22:00") == 23 * 3600
    assert worked(always, "2024-10-26T22:00", "2024-10-27T23:00") == 25 * 3600


def test_hours_that_the_clock_skips_are_not_counted_twice():
    split = Calendar("Europe/Paris", "Sun 01:00-02:30, Sun 03:00-04:00")
    # 31 March 2024 has no 02:00-03:00: from 00:00 UTC (01:00) to 02:00 UTC (04:00) are two hours.
    assert worked(split, "2024-03-30T12:00", "2024-03-31T12:00") == 2 * 3600


def test_holidays_by_day_and_by_country():
    # 1 May 2024, a Wednesday, is a holiday in France; 2 May is closed by its own day.
    calendar = Calendar("UTC", holidays=("FR", "2024-05-02"))
    assert worked(calendar, "2024-04-30T17:00", "2024-05-03T10:00") == 2 * 3600
    assert not calendar.is_working_day(date(2024, 5, 1))


def test_several_ranges_and_a_lunch_break():
    calendar = Calendar("UTC", "Mon-Fri 09:00-12:00, Mon-Fri 13:00-18:00, Sat 10:00-13:00")
    assert worked(calendar, "2024-03-08T11:00", "2024-03-09T11:00") == (1 + 5 + 1) * 3600


def test_ranges_that_overlap_count_once():
    calendar = Calendar("UTC", "Mon-Fri 09:00-18:00, Mon 08:00-10:00")
    assert worked(calendar, "2024-03-04T00:00", "2024-03-05T00:00") == 10 * 3600


def test_null_moments_give_null():
    result = Calendar().business_seconds(times("2024-03-04T10:00", None), times(None, "2024-03-04T10:00"))
    assert result.to_list() == [None, None]
    assert Calendar().is_working_time(times(None)).to_list() == [None]
    assert Calendar().business_seconds(times(), times()).to_list() == []


def test_is_working_time_begins_at_the_opening_and_ends_before_the_closing():
    at = times("2024-03-04T08:59:59", "2024-03-04T09:00", "2024-03-04T17:59:59", "2024-03-04T18:00", "2024-03-03T12:00")
    assert Calendar().is_working_time(at).to_list() == [False, True, True, False, False]


def test_add_hours_gives_the_day_of_the_calendars_zone():
    turns = pl.DataFrame({"said_at": times("2024-03-04T23:30", None)})
    assert add_hours(turns, PARIS).rows() == [
        (datetime(2024, 3, 4, 23, 30), date(2024, 3, 5), False),
        (None, None, None),
    ]


def test_the_end_of_a_working_day():
    calendar = Calendar("UTC", "Mon-Fri 09:00-18:00, Sat 10:00-13:00", ("2024-03-05",))
    assert calendar.end_of_working_day(date(2024, 3, 4)) == datetime(2024, 3, 4, 18)
    assert calendar.end_of_working_day(date(2024, 3, 9)) == datetime(2024, 3, 9, 13)
    # A holiday and a Sunday have no hours: they end at midnight.
    assert calendar.end_of_working_day(date(2024, 3, 5)) == datetime(2024, 3, 6)
    assert calendar.end_of_working_day(date(2024, 3, 10)) == datetime(2024, 3, 11)


def test_working_days_are_counted_from_the_next_day_on():
    calendar = Calendar(holidays=("2024-03-05",))
    assert calendar.add_working_days(date(2024, 3, 1), 3) == date(2024, 3, 7)  # Fri -> Mon, Wed, Thu
    assert calendar.add_working_days(date(2024, 3, 2), 1) == date(2024, 3, 4)  # Sat -> Mon


@pytest.mark.parametrize("zone", ["", "Europe", "Europe/Atlantis", "../etc"])
def test_a_zone_that_is_none_is_refused(zone: str):
    with pytest.raises(CalendarError, match="time_zone"):
        Calendar(zone)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (
            {"time_zone": "Paris"},
            "heard.toml, [calendar] time_zone: found 'Paris'; expected an IANA zone such as Europe/Paris. "
            "Change it there.",
        ),
        (
            {"hours": "weekdays"},
            "heard.toml, [calendar] hours: found 'weekdays'; expected days and hours such as "
            "'Mon-Fri 09:00-18:00, Sat 10:00-13:00'. Change it there.",
        ),
        (
            {"hours": "Mon 22:00-06:00"},
            "heard.toml, [calendar] hours: found 'Mon 22:00-06:00'; expected days and hours such as "
            "'Mon-Fri 09:00-18:00, Sat 10:00-13:00', each ending after it begins and by 24:00. Change it there.",
        ),
        (
            {"holidays": ["Narnia"]},
            "heard.toml, [calendar] holidays: found 'Narnia'; expected ISO days (2026-12-24) or country codes "
            "(FR, DE-BY). Change it there.",
        ),
        (
            {"holidays": ["2024-02-30"]},
            "heard.toml, [calendar] holidays: found '2024-02-30'; expected a day that exists. Change it there.",
        ),
        (
            {"holidays": "FR"},
            'heard.toml, [calendar] holidays: found \'FR\'; expected a list such as ["FR", "2026-12-24"]. '
            "Change it there.",
        ),
        (
            {"zone": "UTC"},
            "heard.toml, [calendar] zone: found 'UTC'; expected only time_zone, hours and holidays here. "
            "Change it there.",
        ),
    ],
)
def test_a_bad_setting_is_told_in_one_line(settings: dict[str, object], message: str):
    with pytest.raises(CalendarError) as error:
        Calendar.from_settings(settings)
    assert str(error.value) == message


def test_settings_that_are_not_there_keep_their_defaults():
    assert Calendar.from_settings({}) == Calendar()
    assert Calendar.from_settings({"holidays": [date(2024, 12, 24)]}).holidays == ("2024-12-24",)


@given(moments, moments, moments)
def test_business_seconds_add_up(a: datetime, b: datetime, c: datetime):
    series = [pl.Series([at], dtype=pl.Datetime("us")) for at in (a, b, c)]
    ab, bc, ac = (PARIS.business_seconds(series[i], series[j])[0] for i, j in ((0, 1), (1, 2), (0, 2)))
    assert ab + bc == pytest.approx(ac, abs=1e-6)


@given(moments, st.timedeltas(timedelta(0), timedelta(days=60)))
def test_business_seconds_lie_between_nothing_and_the_time_that_passed(start: datetime, length: timedelta):
    a, b = (pl.Series([at], dtype=pl.Datetime("us")) for at in (start, start + length))
    assert 0 <= PARIS.business_seconds(a, b)[0] <= length.total_seconds()


@given(moments)
def test_the_wall_clock_and_back_is_the_same_moment_or_an_hour_before(at: datetime):
    assert at - PARIS.to_utc(PARIS.to_local(at)) in (timedelta(0), timedelta(hours=1))
