"""Deadlines in Morocco: working days and working time by its clock and holidays, and hours that never stop. Pure functions.

Working time is Monday to Friday, 09:00 to 16:30, except public holidays of `services/data/holidays.toml`, those that are
only expected included. Beyond the years that the table covers only the fixed holidays are known. Clocks show UTC+1, and
UTC+0 around Ramadan. Every moment taken has a time zone (else ValueError); every moment given is in ZONE.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from services.hours.holidays import DAY, Calendar, calendar
from services.hours.opening import ZONE, Answer, Hours, Weekly, day, instant

OPENS, CLOSES = time(9), time(16, 30)
WORKING_HOURS = Hours(
    weekly=tuple(Weekly(weekday, OPENS, CLOSES) for weekday in range(5)), closed_on_holidays=Answer.YES
)
LONGEST = 366  # working days: more is a mistake, not a limit
HORIZON = 100 * 366  # calendar days looked through


def local(moment: datetime) -> datetime:
    """The same moment by the clock in Morocco. Raises ValueError for a moment without a time zone."""
    if moment.tzinfo is None:
        raise ValueError("A moment without a time zone is not a moment.")
    return moment.astimezone(ZONE)


def is_working_day(date: date, holidays: Calendar | None = None) -> bool:
    """Whether offices work on this date."""
    return bool(day(WORKING_HOURS, date, holidays or calendar()).spans)


def add_hours(start: datetime, hours: float) -> datetime:
    """So many hours that really pass, at night, on Sundays and across a change of clocks too."""
    return (local(start).astimezone(UTC) + timedelta(hours=hours)).astimezone(ZONE)


def add_days(start: datetime, days: int) -> datetime:
    """The same time by the clock so many calendar days later; a time that the clock leaps over: the moment of the leap."""
    begin = local(start)
    return instant(begin.replace(tzinfo=None, fold=0) + days * DAY).astimezone(ZONE) if days else begin


def end_of_day(start: datetime) -> datetime:
    """The midnight that ends this day in Morocco: “the same day” is before it."""
    return instant(datetime.combine(local(start).date() + DAY, time())).astimezone(ZONE)


def add_working_days(start: datetime, days: int, holidays: Calendar | None = None) -> datetime:
    """The close of the working day that comes `days` working days after the one on which it starts to count.

    It starts to count on the day of `start` if that is before the close of a working day, else on the next working day.
    So 2 working days from Monday 10:00, or from Sunday: Wednesday 16:30. Raises ValueError for days below 0 or above LONGEST.
    """
    if not 0 <= days <= LONGEST:
        raise ValueError(f"{days} working days: from 0 to {LONGEST}.")
    for number, (_opens, closes) in enumerate(_working_spans(start, holidays)):
        if number == days:
            return closes
    raise AssertionError("working days do not end")


def add_working_time(start: datetime, amount: timedelta, holidays: Calendar | None = None) -> datetime:
    """The moment at which so much working time has passed; none: `start` itself. Raises ValueError for a negative amount."""
    if amount < timedelta():
        raise ValueError("Working time cannot be negative.")
    if not amount:
        return local(start)
    for opens, closes in _working_spans(start, holidays):
        if amount <= (length := closes.astimezone(UTC) - opens.astimezone(UTC)):
            return (opens.astimezone(UTC) + amount).astimezone(ZONE)
        amount -= length
    raise AssertionError("working days do not end")


def working_time_between(start: datetime, end: datetime, holidays: Calendar | None = None) -> timedelta:
    """How much working time lies between; nothing if `end` is not after `start`."""
    limit, total = local(end).astimezone(UTC), timedelta()
    for opens, closes in _working_spans(start, holidays):
        if opens.astimezone(UTC) >= limit:
            break
        total += min(closes.astimezone(UTC), limit) - opens.astimezone(UTC)
    return total


def _working_spans(start: datetime, holidays: Calendar | None) -> Iterator[tuple[datetime, datetime]]:
    """Working time from `start` on, a span a working day, the first one cut at `start`, for a hundred years."""
    known, begin = holidays or calendar(), local(start)
    today = begin.date()
    for number in range(HORIZON):
        for span in day(WORKING_HOURS, today + number * DAY, known).spans:
            opens, closes = instant(span.opens).astimezone(ZONE), instant(span.closes).astimezone(ZONE)
            if begin.astimezone(UTC) < closes.astimezone(UTC):
                yield max(opens, begin, key=lambda moment: moment.astimezone(UTC)), closes
