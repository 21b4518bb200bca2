"""Whether a service is open at a moment, until when, and when it opens next. Pure functions.

Clocks in Morocco show UTC+1, and UTC+0 around Ramadan (decree 2-18-855 of 26 October 2018); the change is that of the
time zone database. What nobody has said is unknown, and is never guessed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import StrEnum
from zoneinfo import ZoneInfo

from .holidays import DAY, Calendar, calendar
from .opening_days import (
    PRAYER,
    Answer,
    Dated,
    Day,
    Hours,
    Reason,
    Season,
    Span,
    Weekly,
    closes_for_prayer,
    day,
)

__all__ = [
    "ZONE",
    "Answer",
    "Dated",
    "Day",
    "Hours",
    "Reason",
    "Season",
    "Span",
    "State",
    "Status",
    "Weekly",
    "day",
    "is_open",
    "state",
    "week",
]

ZONE = ZoneInfo("Africa/Casablanca")
HORIZON = 14 * DAY  # how far the next opening is looked for


class Status(StrEnum):
    OPEN = "open"
    CLOSED = "closed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class State:
    """Open, closed or unknown at a moment. Times are in ZONE.

    Open: `until` is the first moment at which it is no longer known to be open; None: not within HORIZON days.
    Closed: `opens_at` is the first moment at which it is open; None: not within HORIZON days. `unsure` is the first
    later day before it of which nobody can say whether it is open.
    """

    status: Status
    reason: Reason
    day: Day
    until: datetime | None = None
    opens_at: datetime | None = None
    unsure: Day | None = None


def state(hours: Hours, at: datetime, holidays: Calendar | None = None) -> State:
    """What to tell a reader at this moment. Raises ValueError if `at` has no time zone."""
    holidays, local = holidays or calendar(), _local(at)
    moment, limit = at.astimezone(UTC), local.date() + HORIZON
    today = day(hours, local.date(), holidays)
    opens_at = None
    for opens, closes in _intervals(hours, today.date - DAY, limit, holidays):
        if opens <= moment < closes:
            until = closes.astimezone(ZONE) if closes < instant(datetime.combine(limit + DAY, time())) else None
            return State(Status.OPEN, today.reason, today, until=until)
        if opens > moment:
            opens_at = opens.astimezone(ZONE)
            break
    if not today.is_known:
        return State(Status.UNKNOWN, today.reason, today)
    in_prayer = PRAYER[0] <= local.time() < PRAYER[1] and closes_for_prayer(hours, today.date, holidays)
    reason = Reason.PRAYER if in_prayer else today.reason
    unsure = _first_unsure(hours, today.date + DAY, opens_at.date() if opens_at else limit, holidays)
    return State(Status.CLOSED, reason, today, opens_at=opens_at, unsure=unsure)


def is_open(hours: Hours, at: datetime, holidays: Calendar | None = None) -> bool:
    """Whether it is known to be open at this moment. Raises ValueError if `at` has no time zone."""
    holidays, moment, today = holidays or calendar(), at.astimezone(UTC), _local(at).date()
    return any(opens <= moment < closes for opens, closes in _intervals(hours, today - DAY, today, holidays))


def week(hours: Hours, first_day: date, holidays: Calendar | None = None) -> tuple[Day, ...]:
    """Seven days from this one, for a table."""
    holidays = holidays or calendar()
    return tuple(day(hours, first_day + number * DAY, holidays) for number in range(7))


def spans_between(hours: Hours, first: date, last: date, holidays: Calendar) -> Iterator[Span]:
    """The intervals that begin on these days, joined where they touch, in order, by the clock on the wall."""
    current: Span | None = None
    for number in range((last - first).days + 1):
        for span in day(hours, first + number * DAY, holidays).spans:
            if current and span.opens <= current.closes:
                current = Span(current.opens, max(current.closes, span.closes))
                continue
            if current:
                yield current
            current = span
    if current:
        yield current


def instant(wall: datetime) -> datetime:
    """When the clock on the wall first shows this, in UTC. A time that the clock leaps over: the moment of the leap.

    So later times never come before earlier ones, and no interval is negative on the days on which clocks change.
    """
    found = wall.replace(tzinfo=ZONE).astimezone(UTC)
    if found.astimezone(ZONE).replace(tzinfo=None) == wall:
        return found
    before = wall.replace(tzinfo=ZONE, fold=1).astimezone(UTC)  # before the leap by as much as `found` is after it
    offset = before.astimezone(ZONE).utcoffset()
    while found - before > datetime.resolution:
        middle = before + (found - before) / 2
        before, found = (middle, found) if middle.astimezone(ZONE).utcoffset() == offset else (before, middle)
    return found


def _intervals(hours: Hours, first: date, last: date, holidays: Calendar) -> Iterator[tuple[datetime, datetime]]:
    for span in spans_between(hours, first, last, holidays):
        opens, closes = instant(span.opens), instant(span.closes)
        if opens < closes:
            yield opens, closes


def _first_unsure(hours: Hours, first: date, last: date, holidays: Calendar) -> Day | None:
    days = (day(hours, first + number * DAY, holidays) for number in range((last - first).days + 1))
    return next((found for found in days if not found.is_known), None)


def _local(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("A moment without a time zone is not a moment.")
    return at.astimezone(ZONE)
