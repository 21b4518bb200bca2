"""The table of holidays: complete, near what can be computed otherwise, and safe where it ends."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime, timedelta

import pytest

from services.checks import the_table_of_holidays_reaches_far_enough
from services.hours import holidays
from services.hours.opening import ZONE

DAY = timedelta(days=1)
YEARS = range(2025, 2032)
# Month and day of the Hijri calendar on which each begins.
BEGINNINGS = {"hijri_new_year": (1, 1), "mawlid": (3, 12), "eid_al_fitr": (10, 1), "eid_al_adha": (12, 10)}


def tabular(year: int, month: int, day: int) -> date:
    """A day of the arithmetical Hijri calendar (leap years 2, 5, 7, 10, 13, 16, 18, 21, 24, 26, 29 of 30; 16 July 622)."""
    days = (year - 1) * 354 + (3 + 11 * year) // 30 + 29 * (month - 1) + month // 2 + day
    return date(622, 7, 19) + (days - 1) * DAY


def beginnings(key: str) -> list[date]:
    moving = holidays.calendar().moving
    return sorted(
        day for day, found in moving.items() if found.key == key and getattr(moving.get(day - DAY), "key", "") != key
    )


def clock_changes(year: int) -> list[tuple[date, float]]:
    """Days of a year on which the clock of Morocco changes, with the new distance from UTC in hours."""
    found = []
    for number in range(366):
        noon = datetime(year, 1, 1, 12, tzinfo=UTC) + number * DAY
        before, after = ((noon + shift).astimezone(ZONE).utcoffset() for shift in (-DAY, timedelta()))
        if before != after:
            found.append((noon.date(), after.total_seconds() / 3600))
    return found


@pytest.mark.parametrize("key", BEGINNINGS)
def test_each_feast_of_the_moon_is_within_a_day_of_the_arithmetical_calendar(key):
    found = beginnings(key)
    assert [day.year for day in found] == list(YEARS)
    for day in found:
        nearest = min(
            (tabular(year, *BEGINNINGS[key]) for year in range(1446, 1454)), key=lambda other: abs(other - day)
        )
        assert abs(day - nearest) <= DAY, day


def test_each_fast_lies_between_the_clock_changes_that_the_time_zone_database_expects():
    """Clocks go back on the last Sunday before Ramadan and forward on the first Sunday after it (tz, file africa)."""
    changes = [change for year in range(2025, 2033) for change in clock_changes(year)]
    backs = [day for day, offset in changes if offset == 0]
    forwards = [day for day, offset in changes if offset == 1]
    for month in holidays.calendar().ramadans:
        back = max(day for day in backs if day <= month.first)
        forward = min(day for day in forwards if day > back)
        assert back <= month.first <= back + 8 * DAY
        assert month.last < forward <= month.last + 9 * DAY


def test_the_feast_follows_the_fast():
    feasts = beginnings("eid_al_fitr")
    for month in holidays.calendar().ramadans:
        if month.last.year in YEARS:
            assert month.last + DAY in feasts


def test_every_holiday_has_a_name_in_every_language_of_the_site(settings):
    calendar = holidays.calendar()
    for found in [*calendar.moving.values(), *(fixed.holiday for fixed in calendar.fixed.values())]:
        assert all(found.names.get(code) for code, _name in settings.LANGUAGES), found.key


def test_new_holidays_begin_in_their_year():
    calendar = holidays.calendar()
    assert calendar.holiday(date(2025, 10, 31)) is None
    assert calendar.holiday(date(2026, 10, 31)).key == "unity_day"
    assert calendar.holiday(date(2023, 1, 14)) is None


def test_announced_days_stand_and_computed_ones_are_expected():
    calendar = holidays.calendar()
    assert not calendar.holiday(date(2026, 3, 20)).expected
    assert calendar.holiday(date(2027, 3, 10)).expected
    assert calendar.holiday(date(2027, 3, 11)).key == "eid_al_fitr", "two days"
    assert not calendar.holiday(date(2027, 5, 1)).expected


def test_outside_the_table_fixed_holidays_are_known_and_ramadan_is_not():
    calendar = holidays.calendar()
    for day in (date(2024, 5, 1), date(2032, 5, 1)):
        assert not calendar.covers(day)
        assert calendar.is_ramadan(day) is None
        assert calendar.holiday(day).key == "labour_day"


def test_a_corrected_table_is_read_without_a_restart(tmp_path):
    table = tmp_path / "holidays.toml"
    text = holidays.TABLE.read_text(encoding="utf-8")
    table.write_text(text, encoding="utf-8")
    first = holidays.calendar(table)
    assert holidays.calendar(table) is first
    table.write_text(
        text.replace("{ first = 2027-03-10, expected = true }", "{ first = 2027-03-11, expected = false }"),
        encoding="utf-8",
    )
    os.utime(table, (1, 1))
    assert holidays.calendar(table).holiday(date(2027, 3, 10)) is None
    assert not holidays.calendar(table).holiday(date(2027, 3, 12)).expected


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("[covers]", "[other]"),
        ("last = 2031-12-31", "last = 2032-12-31"),
        ("last = 2027-03-09", "last = 2027-03-29"),
        ('on = "01-11"', 'on = "x"'),
        ('on = "01-11"', "on = 11"),
        ("[[fixed]]", "[[fixed"),
    ],
)
def test_a_table_with_a_mistake_is_refused(old, new):
    text = holidays.TABLE.read_text(encoding="utf-8")
    assert old in text
    with pytest.raises(holidays.WrongTable):
        holidays.parse(text.replace(old, new, 1))


@pytest.mark.parametrize(("today", "warned"), [(date(2026, 11, 21), []), (date(2031, 8, 1), ["services.W001"])])
def test_operators_are_warned_before_the_table_ends(monkeypatch, today, warned):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_given, **_named: today)
    assert [message.id for message in the_table_of_holidays_reaches_far_enough()] == warned


def test_operators_are_told_of_a_table_that_cannot_be_read(monkeypatch, tmp_path):
    broken = tmp_path / "holidays.toml"
    broken.write_text("[covers]", encoding="utf-8")
    monkeypatch.setattr(holidays, "calendar", lambda: holidays._calendar_of(broken, 0))
    assert [message.id for message in the_table_of_holidays_reaches_far_enough()] == ["services.E001"]
