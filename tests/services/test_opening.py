"""Opening hours: each rule by an example, and what must hold for any hours at any moment."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from services.hours.open_now import index_tokens, now_tokens
from services.hours.opening import (
    ZONE,
    Answer,
    Dated,
    Hours,
    Reason,
    Season,
    Status,
    Weekly,
    day,
    instant,
    is_open,
    state,
    week,
)

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
WORKING_DAYS = range(5)


def office(
    opens: str = "09:00", closes: str = "17:00", days: object = WORKING_DAYS, **more: object
) -> tuple[Weekly, ...]:
    return tuple(Weekly(number, time.fromisoformat(opens), time.fromisoformat(closes), **more) for number in days)


def at(text: str, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE, fold=fold)


wall = datetime.fromisoformat  # what a clock on the wall shows: no time zone


def times(hours: Hours, on: str) -> list[str]:
    return [f"{span.opens:%H:%M}-{span.closes:%H:%M}" for span in day(hours, date.fromisoformat(on)).spans]


# Examples ------------------------------------------------------------------------------------------------------------


def test_it_is_open_until_the_end_of_the_interval_and_opens_at_the_beginning_of_the_next():
    hours = Hours(office("09:00", "12:00") + office("14:00", "17:00"))
    assert state(hours, at("2026-11-23 10:00")).until == at("2026-11-23 12:00")
    assert state(hours, at("2026-11-23 12:00")).opens_at == at("2026-11-23 14:00")
    assert state(hours, at("2026-11-27 17:00")).opens_at == at("2026-11-30 09:00")
    assert is_open(hours, at("2026-11-23 09:00"))
    assert not is_open(hours, at("2026-11-23 17:00"))


def test_an_interval_past_midnight_belongs_to_the_evening_on_which_it_begins():
    hours = Hours((Weekly(5, time(20), time(2)),))
    assert state(hours, at("2026-11-22 01:00")).until == at("2026-11-22 02:00")
    assert times(hours, "2026-11-22") == []
    assert times(hours, "2026-11-21") == ["20:00-02:00"]
    shut_on_sunday = Hours(hours.weekly, (Dated(date(2026, 11, 22), date(2026, 11, 22)),))
    assert is_open(shut_on_sunday, at("2026-11-22 01:00")), "the night began on Saturday"


def test_no_hours_at_all_are_unknown_not_closed():
    found = state(Hours(), at("2026-11-23 10:00"))
    assert (found.status, found.reason) == (Status.UNKNOWN, Reason.NOT_GIVEN)


def test_hours_that_were_valid_until_a_day_are_unknown_after_it():
    hours = Hours(office(valid_to=date(2026, 11, 24)))
    assert is_open(hours, at("2026-11-24 10:00"))
    assert state(hours, at("2026-11-25 10:00")).status == Status.UNKNOWN
    assert state(Hours(office(valid_from=date(2026, 11, 25))), at("2026-11-24 10:00")).status == Status.UNKNOWN


def test_hours_of_ramadan_replace_those_of_all_year():
    hours = Hours(office() + office("10:00", "15:00", season=Season.RAMADAN))
    assert times(hours, "2027-02-05") == ["09:00-17:00"]
    assert times(hours, "2027-02-09") == ["10:00-15:00"]
    assert times(hours, "2027-03-12") == ["09:00-17:00"]
    assert day(hours, date(2027, 2, 8)).may_move, "the fast is only expected to begin on this day"
    assert not day(hours, date(2027, 2, 15)).may_move


def test_hours_outside_ramadan_add_to_those_of_all_year():
    hours = Hours(office("09:00", "12:00") + office("14:00", "17:00", season=Season.OUTSIDE_RAMADAN))
    assert times(hours, "2027-02-05") == ["09:00-12:00", "14:00-17:00"]
    assert times(hours, "2027-02-09") == ["09:00-12:00"]


def test_hours_of_one_season_only_say_nothing_of_the_other():
    assert state(Hours(office(season=Season.RAMADAN)), at("2026-11-23 10:00")).status == Status.UNKNOWN


def test_beyond_the_table_seasonal_hours_are_unknown_and_others_stand():
    assert (
        state(Hours(office(season=Season.OUTSIDE_RAMADAN)), at("2034-05-02 10:00")).reason == Reason.RAMADAN_NOT_KNOWN
    )
    assert is_open(Hours(office()), at("2034-05-02 10:00"))
    assert state(Hours(office(), closed_on_holidays=Answer.YES), at("2034-05-01 10:00")).day.holiday.key == "labour_day"


def test_a_dated_exception_closes_or_changes_days_and_carries_its_message_untouched():
    message = object()
    hours = Hours(
        office(),
        (
            Dated(date(2026, 11, 23), date(2026, 11, 24), message=message),
            Dated(date(2026, 11, 25), date(2026, 11, 25), time(10), time(12)),
            Dated(date(2026, 11, 25), date(2026, 11, 25), time(15), time(16)),
        ),
    )
    found = state(hours, at("2026-11-23 10:00"))
    assert (found.status, found.reason, found.opens_at) == (Status.CLOSED, Reason.DATED, at("2026-11-25 10:00"))
    assert found.day.message is message
    assert times(hours, "2026-11-25") == ["10:00-12:00", "15:00-16:00"]


def test_the_shorter_of_two_exceptions_knows_better():
    hours = Hours(
        office(),
        (
            Dated(date(2026, 7, 1), date(2026, 8, 31), time(9), time(14)),
            Dated(date(2026, 8, 10), date(2026, 8, 12)),
        ),
    )
    assert times(hours, "2026-08-07") == ["09:00-14:00"]
    assert times(hours, "2026-08-11") == []


def test_on_a_holiday_it_is_closed_open_or_unknown_as_somebody_said():
    moment = at("2026-11-18 10:00")
    shut = state(Hours(office(), closed_on_holidays=Answer.YES), moment)
    assert (shut.status, shut.reason, shut.day.holiday.key) == (Status.CLOSED, Reason.HOLIDAY, "independence_day")
    assert shut.opens_at == at("2026-11-19 09:00")
    assert is_open(Hours(office(), closed_on_holidays=Answer.NO), moment)
    unsaid = state(Hours(office()), moment)
    assert (unsaid.status, unsaid.reason, unsaid.until, unsaid.opens_at) == (Status.UNKNOWN, Reason.HOLIDAY, None, None)


def test_before_a_holiday_of_which_nobody_knows_the_next_opening_names_the_doubt():
    found = state(Hours(office()), at("2026-11-17 20:00"))
    assert found.opens_at == at("2026-11-19 09:00")
    assert found.unsure.holiday.key == "independence_day"


def test_a_day_without_hours_is_closed_on_a_holiday_too_whatever_the_answer():
    assert state(Hours(office()), at("2027-08-14 10:00")).status == Status.CLOSED, "a Saturday"


def test_hours_given_for_a_holiday_hold_on_it_but_those_of_a_summer_do_not():
    one_day = Hours(office(), (Dated(date(2026, 7, 30), date(2026, 7, 30), time(10), time(12)),))
    assert is_open(one_day, at("2026-07-30 11:00"))
    summer = Hours(office(), (Dated(date(2026, 7, 1), date(2026, 8, 31), time(8), time(14)),))
    assert state(summer, at("2026-07-30 11:00")).status == Status.UNKNOWN
    assert is_open(summer, at("2026-07-29 11:00"))


def test_day_and_night_means_holidays_too_unless_somebody_said_otherwise():
    found = state(Hours(around_the_clock=True), at("2026-11-18 03:00"))
    assert (found.status, found.until) == (Status.OPEN, None)
    shut = Hours(around_the_clock=True, closed_on_holidays=Answer.YES)
    assert state(shut, at("2026-11-17 03:00")).until == at("2026-11-18 00:00")
    assert state(shut, at("2026-11-18 03:00")).status == Status.CLOSED


def test_the_friday_prayer_interrupts_hours_that_run_through_it():
    hours = Hours(office(), friday_prayer=True)
    assert times(hours, "2026-11-20") == ["09:00-12:00", "14:30-17:00"]
    assert times(hours, "2026-11-19") == ["09:00-17:00"]
    found = state(hours, at("2026-11-20 13:00"))
    assert (found.reason, found.opens_at) == (Reason.PRAYER, at("2026-11-20 14:30"))
    assert state(hours, at("2026-11-20 18:00")).reason == Reason.ORDINARY


def test_hours_that_already_pause_for_the_prayer_stay_as_they_were_given():
    hours = Hours(office("09:00", "12:30") + office("14:00", "17:00"), friday_prayer=True)
    assert times(hours, "2026-11-20") == ["09:00-12:30", "14:00-17:00"]


def test_the_prayer_interrupts_day_and_night_and_nights_that_reach_into_friday():
    assert state(Hours(around_the_clock=True, friday_prayer=True), at("2026-11-20 13:00")).reason == Reason.PRAYER
    long = Hours((Weekly(3, time(15), time(14, 45)),), friday_prayer=True)
    assert times(long, "2026-11-19") == ["15:00-12:00", "14:30-14:45"]
    assert state(long, at("2026-11-20 13:00")).reason == Reason.PRAYER


def test_a_time_that_the_clock_leaps_over_is_the_moment_of_the_leap():
    leap = datetime(2026, 3, 22, 2, tzinfo=UTC)
    assert instant(wall("2026-03-22 02:00")) == instant(wall("2026-03-22 02:30")) == leap
    nothing_left = Hours((Weekly(6, time(2, 15), time(2, 45)),))
    assert not any(is_open(nothing_left, leap + number * MINUTE) for number in range(-120, 120))


def test_hours_end_when_the_clock_first_shows_their_end():
    hours = Hours((Weekly(6, time(1), time(2, 30)),))
    assert is_open(hours, at("2026-02-15 02:15"))
    assert not is_open(hours, at("2026-02-15 02:15", fold=1)), "the clock shows it a second time"
    assert state(hours, at("2026-02-15 01:15")).until == at("2026-02-15 02:30")


def test_a_week_is_seven_days_in_order():
    assert [found.date for found in week(Hours(office()), date(2026, 11, 28))] == [
        date(2026, 11, 28) + number * DAY for number in range(7)
    ]


def test_a_moment_without_a_time_zone_is_refused():
    for ask in (lambda: state(Hours(), wall("2026-01-01")), lambda: now_tokens(wall("2026-01-01"))):
        with pytest.raises(ValueError, match="time zone"):
            ask()


def found_by(tokens: list[str], moment: datetime) -> bool:
    asked = now_tokens(moment)
    return bool(set(tokens) & set(asked.any_of)) and not set(tokens) & set(asked.none_of)


def test_a_quarter_that_is_only_partly_open_is_not_found_as_open():
    tokens = index_tokens(Hours(office("09:10", "16:50")), date(2026, 11, 23), 7)
    asked = ("09:05", "09:12", "09:15", "16:44", "16:46", "16:51")
    assert [found_by(tokens, at(f"2026-11-23 {moment}")) for moment in asked] == [
        False,
        False,
        True,
        True,
        False,
        False,
    ]


def test_terms_of_one_date_add_hours_that_the_week_does_not_have():
    dated = Dated(date(2026, 11, 28), date(2026, 11, 28), time(22), time(1, 15))
    tokens = index_tokens(Hours(office(), (dated,)), date(2026, 11, 23), 14)
    assert found_by(tokens, at("2026-11-28 22:00"))
    assert found_by(tokens, at("2026-11-29 01:14"))
    assert not found_by(tokens, at("2026-11-29 01:15"))
    assert not found_by(tokens, at("2026-12-05 22:00"))


@pytest.mark.parametrize("closes", ["02:00", "02:30", "03:00", "04:00"])
def test_terms_are_right_in_the_hour_that_the_clock_repeats_and_in_the_one_it_leaps_over(closes):
    hours = Hours(office("01:00", closes, days=[6]))
    tokens = index_tokens(hours, date(2026, 2, 8), 60)
    for change in (datetime(2026, 2, 15, 2, tzinfo=UTC), datetime(2026, 3, 22, 2, tzinfo=UTC)):
        for number in range(-180, 180, 5):
            moment = change + number * MINUTE
            assert found_by(tokens, moment) == is_open(hours, moment), moment.astimezone(ZONE)


def test_an_office_takes_few_terms_and_day_and_night_seven():
    assert len(index_tokens(Hours(office(), friday_prayer=True), date(2026, 11, 16), 28)) < 60
    assert len(index_tokens(Hours(around_the_clock=True), date(2026, 11, 16), 28)) == 7
    assert index_tokens(Hours(), date(2026, 11, 16), 28) == []


# For any hours at any moment -----------------------------------------------------------------------------------------

CHANGES = ("2026-02-15T02:00", "2026-03-22T02:00", "2027-02-07T02:00", "2030-12-22T02:00", "2034-12-17T02:00")
moments = some.one_of(
    some.datetimes(wall("2020-01-01"), wall("2035-12-31"), timezones=some.just(UTC)),
    some.datetimes(wall("2026-01-01"), wall("2027-12-31"), timezones=some.just(UTC)),
    some.builds(
        lambda text, minutes: datetime.fromisoformat(text).replace(tzinfo=UTC) + minutes * MINUTE,
        some.sampled_from(CHANGES),
        some.integers(-300, 300),
    ),
)
clock = some.integers(0, 1439).map(lambda number: time(number // 60, number % 60))
quarter_clock = some.integers(0, 95).map(lambda number: time(number // 4, number % 4 * 15))
days = some.dates(date(2025, 12, 1), date(2028, 1, 31))
winter = some.dates(date(2026, 2, 1), date(2026, 3, 31))  # a Ramadan, a feast, both changes of the clock


def any_hours(times: some.SearchStrategy[time], days: some.SearchStrategy[date] = days) -> some.SearchStrategy[Hours]:
    weekly = some.builds(
        Weekly,
        some.integers(0, 6),
        times,
        times,
        some.sampled_from(Season),
        some.none() | days,
        some.none() | days,
    )
    pairs = some.one_of(some.just((None, None)), some.tuples(times, times))
    dated = some.builds(
        lambda first, length, pair: Dated(first, first + length * DAY, *pair), days, some.integers(0, 40), pairs
    )
    return some.builds(
        Hours,
        some.lists(weekly, max_size=8).map(tuple),
        some.lists(dated, max_size=3).map(tuple),
        some.booleans(),
        some.booleans(),
        some.sampled_from(Answer),
    )


@settings(max_examples=250, deadline=None)
@given(any_hours(clock), moments)
def test_it_is_open_when_some_interval_of_the_days_around_covers_the_moment(hours, moment):
    today = moment.astimezone(ZONE).date()
    spans = [span for number in (-1, 0) for span in day(hours, today + number * DAY).spans]
    covered = any(instant(span.opens) <= moment < instant(span.closes) for span in spans)
    found = state(hours, moment)
    assert is_open(hours, moment) == covered == (found.status == Status.OPEN)
    assert found.status == Status.OPEN or found.status == (
        Status.CLOSED if day(hours, today).is_known else Status.UNKNOWN
    )


@settings(max_examples=250, deadline=None)
@given(any_hours(clock), moments, some.floats(0, 1))
def test_until_is_the_first_moment_at_which_it_is_not_open(hours, moment, part):
    found = state(hours, moment)
    if found.status == Status.OPEN:
        end = found.until or moment + 13 * DAY
        assert moment < end
        assert is_open(hours, moment + (end - moment) * part * 0.999)
        assert is_open(hours, end - timedelta(microseconds=1))
        assert found.until is None or not is_open(hours, found.until)


@settings(max_examples=250, deadline=None)
@given(any_hours(clock), moments, some.floats(0, 1))
def test_opens_at_is_the_first_moment_at_which_it_is_open(hours, moment, part):
    found = state(hours, moment)
    if found.status == Status.CLOSED:
        end = found.opens_at or moment + 13 * DAY
        assert moment < end
        assert not is_open(hours, moment + (end - moment) * part * 0.999)
        assert not is_open(hours, end - timedelta(microseconds=1)) or found.opens_at is None
        assert found.opens_at is None or is_open(hours, found.opens_at)
        assert found.unsure is None or (not found.unsure.is_known and found.unsure.date <= end.astimezone(ZONE).date())


@settings(max_examples=150, deadline=None)
@given(any_hours(clock), some.data(), moments)
def test_two_adjacent_intervals_are_one(hours, data, moment):
    if not hours.weekly:
        return
    row = hours.weekly[0]
    length = ((row.closes.hour - row.opens.hour) * 60 + row.closes.minute - row.opens.minute) % 1440 or 1440
    until_midnight = 1440 - row.opens.hour * 60 - row.opens.minute
    cut = data.draw(some.integers(1, min(length, until_midnight) - 1 or 1))
    if cut >= min(length, until_midnight):
        return
    middle = (datetime.combine(date(2026, 1, 1), row.opens) + cut * MINUTE).time()
    parts = (
        Weekly(row.weekday, row.opens, middle, row.season, row.valid_from, row.valid_to),
        Weekly(row.weekday, middle, row.closes, row.season, row.valid_from, row.valid_to),
    )
    split = Hours(
        (*parts, *hours.weekly[1:]),
        hours.dated,
        hours.around_the_clock,
        hours.friday_prayer,
        hours.closed_on_holidays,
    )
    assert state(split, moment) == state(hours, moment)
    assert week(split, moment.date()) == week(hours, moment.date())


@settings(max_examples=100, deadline=None)
@given(some.booleans(), some.sampled_from(Answer), moments)
def test_what_nobody_has_said_stays_unknown(prayer, answer, moment):
    hours = Hours(friday_prayer=prayer, closed_on_holidays=answer)
    found = state(hours, moment)
    assert found.status == (
        Status.CLOSED if found.reason == Reason.HOLIDAY and answer == Answer.YES else Status.UNKNOWN
    )
    assert not is_open(hours, moment)


@settings(max_examples=150, deadline=None)
@given(some.datetimes(wall("2020-01-01"), wall("2035-12-31")), some.integers(0, 4000))
def test_a_later_time_on_the_wall_is_never_an_earlier_moment(wall, minutes):
    assert instant(wall) <= instant(wall + minutes * MINUTE)


@settings(max_examples=150, deadline=None)
@given(any_hours(quarter_clock, winter), winter, some.lists(some.integers(0, 21 * 96 - 1), min_size=20, max_size=60))
def test_the_terms_say_what_is_open_in_each_quarter_of_an_hour(hours, first_day, quarters):
    tokens = index_tokens(hours, first_day, 21)
    start = instant(datetime.combine(first_day, time()))
    for moment in [start + number * timedelta(minutes=15) + MINUTE for number in quarters]:
        if moment.astimezone(ZONE).date() < first_day + 21 * DAY:
            assert found_by(tokens, moment) == is_open(hours, moment), moment.astimezone(ZONE)


@settings(max_examples=100, deadline=None)
@given(any_hours(clock, winter), winter, some.lists(some.integers(0, 7 * 1440 - 61), min_size=20, max_size=80))
def test_the_terms_never_say_open_when_it_is_closed(hours, first_day, minutes):
    tokens = index_tokens(hours, first_day, 7)
    start = instant(datetime.combine(first_day, time()))
    for moment in [start + number * MINUTE for number in minutes]:
        assert is_open(hours, moment) or not found_by(tokens, moment), moment.astimezone(ZONE)
