"""Which hours a service has on a day: the week, Ramadan, holidays, dated exceptions, the Friday prayer. Pure functions.

All times are by the clock on the wall in Morocco. What nobody has said is unknown, and is never guessed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple

from .holidays import DAY, Calendar, Holiday, calendar

SPECIAL = timedelta(days=7)  # dated hours for at most a week were given for those very days, holidays among them
FRIDAY = 4
PRAYER = (time(12), time(14, 30))


class Season(StrEnum):
    ALWAYS = "always"
    RAMADAN = "ramadan"
    OUTSIDE_RAMADAN = "outside_ramadan"


class Answer(StrEnum):
    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Reason(StrEnum):
    """Why a day or a moment is as it is."""

    ORDINARY = "ordinary"
    DATED = "dated"
    HOLIDAY = "holiday"
    PRAYER = "prayer"
    NOT_GIVEN = "not_given"
    RAMADAN_NOT_KNOWN = "ramadan_not_known"


@dataclass(frozen=True, slots=True)
class Weekly:
    """An interval of a weekday (Monday is 0). `closes` at or before `opens` is on the next day."""

    weekday: int
    opens: time
    closes: time
    season: Season = Season.ALWAYS
    valid_from: date | None = None
    valid_to: date | None = None

    def is_valid(self, day: date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class Dated:
    """Days that differ: closed, or open from `opens` to `closes`. `message` is the caller's and only handed on."""

    first: date
    last: date
    opens: time | None = None
    closes: time | None = None
    message: object = None


@dataclass(frozen=True, slots=True)
class Hours:
    """Everything that is known of the hours of one service. Nothing given: unknown, not closed."""

    weekly: tuple[Weekly, ...] = ()
    dated: tuple[Dated, ...] = ()
    around_the_clock: bool = False
    friday_prayer: bool = False
    closed_on_holidays: Answer = Answer.UNKNOWN


class Span(NamedTuple):
    """An interval by the clock on the wall, its end not included."""

    opens: datetime
    closes: datetime


@dataclass(frozen=True, slots=True)
class Day:
    """The intervals that begin on a day, and why. `is_known` false: nobody can say; `spans` is then empty.

    `may_move`: the day is as it is because of a feast or a fast that is only expected, and may differ by one day.
    `prayer`: the Friday prayer was cut out of the intervals. `message` is that of the dated exception.
    """

    date: date
    spans: tuple[Span, ...]
    reason: Reason
    is_known: bool = True
    holiday: Holiday | None = None
    message: object = None
    may_move: bool = False
    prayer: bool = False


def day(hours: Hours, date: date, holidays: Calendar | None = None) -> Day:
    """The intervals that begin on this date, joined and in order, and the reason for them.

    Dated hours come first; then “day and night”, which means holidays too unless somebody said that it closes on them;
    then holidays; then the week. On a holiday of which nobody said whether it closes, hours that it would have are
    unknown. Dated hours for more than SPECIAL are a season, and holidays are still holidays in it.

    Friday prayer: from 12:00 to 14:30 is cut out of hours that run through all of it. No text fixes the minutes: decree
    2-05-916 of 20 July 2005, article 1, makes the midday pause of public offices ninety minutes on Fridays, for the
    prayer; true noon falls between about 12:50 and 14:20 by the clock (an hour earlier in Ramadan) from Oujda to
    Dakhla. Hours that begin, end or pause inside those times were given by somebody who knew them, and stay.
    """
    holidays = holidays or calendar()
    found = _before_prayer(hours, date, holidays)
    spans = found.spans
    for friday in (date, date + DAY) if hours.friday_prayer else ():
        if spans and spans[-1].closes.date() >= friday and closes_for_prayer(hours, friday, holidays):
            spans = _without_prayer(spans, friday)
    return found if spans == found.spans else replace(found, spans=spans, prayer=True)


def closes_for_prayer(hours: Hours, friday: date, holidays: Calendar) -> bool:
    """Whether this is a Friday on which the prayer interrupts the hours."""
    if not hours.friday_prayer or friday.weekday() != FRIDAY:
        return False
    begins, ends = (datetime.combine(friday, moment) for moment in PRAYER)
    beside = (*_before_prayer(hours, friday - DAY, holidays).spans, *_before_prayer(hours, friday, holidays).spans)
    return any(span.opens <= begins and span.closes >= ends for span in joined(beside))


def joined(spans: Iterable[Span]) -> tuple[Span, ...]:
    """In order, and one where they overlap or touch."""
    found: list[Span] = []
    for span in sorted(spans):
        if found and span.opens <= found[-1].closes:
            found[-1] = Span(found[-1].opens, max(found[-1].closes, span.closes))
        else:
            found.append(span)
    return tuple(found)


def _before_prayer(hours: Hours, date: date, holidays: Calendar) -> Day:
    dated = _dated_rows(hours, date) if hours.dated else []
    if any(row.opens is None for row in dated):
        return _dated_day(date, dated)
    given_for_this_day = dated and dated[0].last - dated[0].first < SPECIAL
    holiday = None if given_for_this_day else holidays.holiday(date)
    closed_then = hours.closed_on_holidays
    if holiday and closed_then == Answer.YES:
        return Day(date, (), Reason.HOLIDAY, holiday=holiday, may_move=holiday.expected)
    if dated:
        found = _dated_day(date, dated)
    elif hours.around_the_clock:
        return Day(date, (_span(date, time(), time()),), Reason.ORDINARY, holiday=holiday)
    else:
        found = _weekly_day(hours, date, holidays)
    if holiday and closed_then == Answer.UNKNOWN and found.spans:
        return Day(date, (), Reason.HOLIDAY, is_known=False, holiday=holiday, may_move=holiday.expected)
    return replace(found, holiday=holiday) if holiday else found


def _dated_rows(hours: Hours, date: date) -> list[Dated]:
    """The exceptions of this date: of several, those of the shortest time, which know it best."""
    rows = [row for row in hours.dated if row.first <= date <= row.last]
    shortest = min((row.last - row.first for row in rows), default=None)
    return [row for row in rows if row.last - row.first == shortest]


def _dated_day(date: date, rows: list[Dated]) -> Day:
    """Closed if one of these rows says so, else open in all their hours."""
    message = next((row.message for row in rows if row.message), None)
    if any(row.opens is None for row in rows):
        return Day(date, (), Reason.DATED, message=message)
    spans = joined(
        _span(date, row.opens, row.closes) for row in rows if row.opens is not None and row.closes is not None
    )
    return Day(date, spans, Reason.DATED, message=message)


def _weekly_day(hours: Hours, date: date, holidays: Calendar) -> Day:
    """By the week. Hours of Ramadan replace those of all year, they do not add to them."""
    rows = [row for row in hours.weekly if row.is_valid(date)]
    is_seasonal = any(row.season != Season.ALWAYS for row in rows)
    may_move = False
    if is_seasonal:
        fast = holidays.is_ramadan(date)
        if fast is None:
            return Day(date, (), Reason.RAMADAN_NOT_KNOWN, is_known=False)
        may_move = holidays.ramadan_may_differ(date)
        rows = _of_season(rows, is_ramadan=fast)
    if not rows:
        return Day(date, (), Reason.NOT_GIVEN, is_known=False, may_move=may_move)
    spans = joined(_span(date, row.opens, row.closes) for row in rows if row.weekday == date.weekday())
    return Day(date, spans, Reason.ORDINARY, may_move=may_move)


def _of_season(rows: list[Weekly], *, is_ramadan: bool) -> list[Weekly]:
    if is_ramadan:
        return [row for row in rows if row.season == Season.RAMADAN] or [
            row for row in rows if row.season == Season.ALWAYS
        ]
    return [row for row in rows if row.season != Season.RAMADAN]


def _without_prayer(spans: tuple[Span, ...], friday: date) -> tuple[Span, ...]:
    begins, ends = (datetime.combine(friday, moment) for moment in PRAYER)
    before = (Span(span.opens, min(span.closes, begins)) for span in spans)
    after = (Span(max(span.opens, ends), span.closes) for span in spans)
    return joined(piece for piece in (*before, *after) if piece.opens < piece.closes)


def _span(date: date, opens: time, closes: time) -> Span:
    return Span(datetime.combine(date, opens), datetime.combine(date if closes > opens else date + DAY, closes))
