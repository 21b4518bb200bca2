"""Working time in Morocco: each rule by an example, and what must hold from any moment, holidays and Ramadan included."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from referral.states.clock import (
    add_days,
    add_hours,
    add_working_days,
    add_working_time,
    end_of_day,
    is_working_day,
    local,
    working_time_between,
)
from services.hours.holidays import DAY, calendar, parse
from services.hours.opening import ZONE

HOUR = timedelta(hours=1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


wall = datetime.fromisoformat  # what a clock on the wall shows: no time zone
moments = some.datetimes(wall("2025-01-02"), wall("2031-06-01"), timezones=some.just(UTC))
# The clock goes back on 15 February 2026 (a Sunday) and forward on 22 March 2026: time zone database, 03:00 and 02:00.


@pytest.mark.parametrize(
    ("start", "days", "wanted"),
    [
        ("2026-11-23 10:00", 2, "2026-11-25 16:30"),  # Monday to Wednesday
        ("2026-11-23 10:00", 0, "2026-11-23 16:30"),
        ("2026-11-23 07:00", 2, "2026-11-25 16:30"),  # before the opening: that day counts
        ("2026-11-23 16:29", 2, "2026-11-25 16:30"),
        ("2026-11-23 16:30", 2, "2026-11-26 16:30"),  # at the close: from the next opening
        ("2026-11-23 22:00", 2, "2026-11-26 16:30"),
        ("2026-11-21 12:00", 2, "2026-11-25 16:30"),  # Saturday counts from Monday
        ("2026-11-20 10:00", 2, "2026-11-24 16:30"),  # Friday, over the week-end
        ("2026-11-20 17:00", 5, "2026-11-30 16:30"),
        ("2026-11-17 10:00", 1, "2026-11-19 16:30"),  # 18 November is Independence Day
        ("2026-11-18 10:00", 1, "2026-11-20 16:30"),  # begun on the holiday itself
        ("2026-03-19 10:00", 1, "2026-03-23 16:30"),  # Aïd Al Fitr 20 and 21, and the clock changes on the 22nd
        ("2026-02-13 10:00", 1, "2026-02-16 16:30"),  # the clock goes back on the 15th
        ("2026-12-31 18:00", 0, "2027-01-04 16:30"),  # New Year's Day, then the week-end
    ],
)
def test_working_days_end_at_the_close_of_a_day(start, days, wanted):
    assert add_working_days(at(start), days) == at(wanted)


def test_the_close_is_half_past_four_by_the_clock_on_the_wall_before_and_in_ramadan():
    before, fast = add_working_days(at("2026-02-12 10:00"), 1), add_working_days(at("2026-02-12 10:00"), 2)
    assert (before.date(), fast.date()) == (date(2026, 2, 13), date(2026, 2, 16))
    assert before.time() == fast.time() == time(16, 30)
    assert (before.astimezone(UTC).hour, fast.astimezone(UTC).hour) == (15, 16)


def test_hours_really_pass_at_night_on_sundays_and_across_a_change_of_clocks():
    assert add_hours(at("2026-11-21 23:30"), 1) == at("2026-11-22 00:30")
    back = add_hours(at("2026-02-14 12:00"), 24)
    forward = add_hours(at("2026-03-21 12:00"), 24)
    assert (f"{back:%d %H:%M}", f"{forward:%d %H:%M}") == ("15 11:00", "22 13:00")
    assert back.astimezone(UTC) - at("2026-02-14 12:00").astimezone(UTC) == 24 * HOUR


def test_days_keep_the_time_of_the_clock_and_a_time_that_it_leaps_over_is_the_moment_of_the_leap():
    assert f"{add_days(at('2026-02-10 12:00'), 14):%m-%d %H:%M}" == "02-24 12:00"
    assert f"{add_days(at('2026-03-15 02:30'), 7):%m-%d %H:%M}" == "03-22 03:00"
    assert f"{end_of_day(at('2026-02-15 01:00')):%m-%d %H:%M}" == "02-16 00:00"


def test_working_time_runs_only_in_working_hours():
    friday = at("2026-11-20 15:30")
    assert add_working_time(friday, HOUR) == at("2026-11-20 16:30")
    assert add_working_time(friday, 2 * HOUR) == at("2026-11-23 10:00")
    assert working_time_between(friday, at("2026-11-23 10:00")) == 2 * HOUR
    assert working_time_between(at("2026-11-21 08:00"), at("2026-11-22 20:00")) == timedelta()


def test_holidays_are_those_of_the_table_that_is_given():
    text = """moving = []
ramadan = []
[covers]
first = 2026-01-01
last = 2026-12-31
[[fixed]]
key = "a"
on = "11-24"
name = {}
"""
    table = parse(text)
    assert add_working_days(at("2026-11-23 10:00"), 1, table) == at("2026-11-25 16:30")
    assert add_working_days(at("2026-11-17 10:00"), 1, table) == at("2026-11-18 16:30")


def test_a_moment_without_a_time_zone_is_refused_everywhere():
    naive = wall("2026-11-23 10:00")
    for refused in (
        lambda: local(naive),
        lambda: add_hours(naive, 1),
        lambda: add_days(naive, 1),
        lambda: end_of_day(naive),
        lambda: add_working_days(naive, 1),
        lambda: add_working_time(naive, HOUR),
        lambda: working_time_between(naive, at("2026-11-23 10:00")),
        lambda: working_time_between(at("2026-11-23 10:00"), naive),
    ):
        with pytest.raises(ValueError, match="without a time zone"):
            refused()


def test_impossible_amounts_are_refused():
    for refused in (
        lambda: add_working_days(at("2026-11-23 10:00"), -1),
        lambda: add_working_days(at("2026-11-23 10:00"), 367),
    ):
        with pytest.raises(ValueError, match="working days"):
            refused()
    with pytest.raises(ValueError, match="negative"):
        add_working_time(at("2026-11-23 10:00"), -HOUR)


@given(moments, some.integers(0, 15))
def test_a_deadline_in_working_days_is_the_close_of_a_working_day_after_exactly_so_many(start, days):
    end = add_working_days(start, days)
    assert end > start
    assert end.tzinfo is ZONE
    assert end.time() == time(16, 30)
    assert end.weekday() < 5
    assert calendar().holiday(end.date()) is None
    first = local(start).date() if local(start).time() < time(16, 30) else local(start).date() + DAY
    between = [first + number * DAY for number in range((end.date() - first).days + 1)]
    assert sum(is_working_day(found) for found in between) == days + 1


@given(moments, some.timedeltas(timedelta(), timedelta(days=20)), some.integers(0, 10))
def test_who_starts_later_never_has_to_end_earlier(start, later, days):
    other = start + later
    assert add_working_days(start, days) <= add_working_days(other, days)
    assert add_working_days(start, days) < add_working_days(start, days + 1)
    assert add_hours(start, days) <= add_hours(other, days)
    assert add_days(start, days).astimezone(UTC) <= add_days(other, days).astimezone(UTC)
    assert add_working_time(start, days * HOUR) <= add_working_time(other, days * HOUR)


@given(moments, some.timedeltas(timedelta(), timedelta(hours=80)))
def test_working_time_added_is_the_working_time_between(start, amount):
    end = add_working_time(start, amount)
    assert working_time_between(start, end) == amount
    assert end.astimezone(UTC) >= start


@given(moments, some.integers(0, 1000))
def test_hours_are_hours_in_any_season(start, hours):
    assert add_hours(start, hours).astimezone(UTC) - start == hours * HOUR
