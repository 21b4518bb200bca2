"""“Open now” as terms of a search index: few terms a service, and a query of terms only. Pure functions.

A service is indexed with the pattern of its week, and with where the coming days differ from it: more hours than the
pattern, or fewer. A query asks for a term of the pattern or of “more” at the moment, and for none of “fewer”.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple

from .holidays import DAY, Calendar, calendar
from .opening import ZONE, Hours, spans_between

QUARTER = timedelta(minutes=15)
QUARTERS = 96  # of a day
# Runs of quarters that one term stands for: the day, four hours, an hour, a quarter of an hour.
LENGTHS = {"d": 96, "b": 16, "h": 4, "q": 1}


class Terms(NamedTuple):
    """A service is open if it has any of `any_of` and none of `none_of`."""

    any_of: tuple[str, ...]
    none_of: tuple[str, ...]


def index_tokens(hours: Hours, first_day: date, days: int, holidays: Calendar | None = None) -> list[str]:
    """The terms of a service for queries about moments on these days; index it again before they are over.

    A quarter of an hour counts as open if all of it is (so 09:10 counts from 09:15, and 16:50 until 16:45): a service
    is never found open when it is closed. Where all times are whole quarters, the terms say exactly what `is_open`
    says. Times are by the clock on the wall; of an hour that the clock repeats, see `now_tokens`. Unknown is not open.
    Letters and digits only, so that every analyser leaves a term whole: “w4h09” Friday from nine to ten, “m20261121q40”
    more on that date, “f20261118d” fewer on all that day.
    """
    same_but_for_messages = replace(hours, dated=tuple(replace(row, message=None) for row in hours.dated))
    return list(_index_tokens(same_but_for_messages, first_day, days, holidays or calendar()))


@lru_cache(maxsize=4096)  # many services keep the hours of public offices
def _index_tokens(hours: Hours, first_day: date, days: int, holidays: Calendar) -> tuple[str, ...]:
    dates = [first_day + number * DAY for number in range(days)]
    open_on = _open_quarters(hours, dates, holidays)
    tokens: list[str] = []
    for weekday in range(7):
        same = [(day, open_on[day]) for day in dates if day.weekday() == weekday]
        usual = Counter(quarters for _day, quarters in same).most_common(1)[0][0] if same else 0
        tokens += _tokens(f"w{weekday}", usual)
        for day, quarters in same:
            tokens += _tokens(f"m{day:%Y%m%d}", quarters & ~usual) + _tokens(f"f{day:%Y%m%d}", usual & ~quarters)
    return tuple(tokens)


def now_tokens(at: datetime) -> Terms:
    """The terms to ask for at this moment. Raises ValueError if `at` has no time zone.

    The hour that the clock shows twice when Ramadan time begins counts as its last quarter the second time: hours end
    when the clock first shows their end.
    """
    if at.tzinfo is None:
        raise ValueError("A moment without a time zone is not a moment.")
    local = at.astimezone(ZONE)
    number = (local.hour * 60 + local.minute) // 15
    while local.fold and _repeats(local, number + 1):
        number += 1
    runs = [_name(letter, number // length) for letter, length in LENGTHS.items()]
    day = f"{local:%Y%m%d}"
    usual, more, fewer = ([prefix + run for run in runs] for prefix in (f"w{local.weekday()}", f"m{day}", f"f{day}"))
    return Terms((*usual, *more), tuple(fewer))


def _open_quarters(hours: Hours, dates: list[date], holidays: Calendar) -> dict[date, int]:
    """Of each date the quarters in which it is open, as the bits of a number."""
    found = dict.fromkeys(dates, 0)
    if not dates:
        return found
    for span in spans_between(hours, dates[0] - DAY, dates[-1], holidays):
        day = span.opens.date()
        while day <= span.closes.date():
            midnight = datetime.combine(day, time())
            begins = max(-((midnight - span.opens) // QUARTER), 0)
            ends = min((span.closes - midnight) // QUARTER, QUARTERS)
            if day in found and begins < ends:
                found[day] |= (1 << ends) - (1 << begins)
            day += DAY
    return found


def _tokens(prefix: str, quarters: int) -> list[str]:
    """The fewest runs that make up these quarters."""
    tokens: list[str] = []
    if not quarters:
        return tokens
    for letter, length in LENGTHS.items():
        for number in range(QUARTERS // length):
            run = ((1 << length) - 1) << (number * length)
            if quarters & run == run:
                tokens.append(prefix + _name(letter, number))
                quarters &= ~run
    return tokens


def _name(letter: str, number: int) -> str:
    return letter if letter == "d" else f"{letter}{number:02}"


def _repeats(local: datetime, number: int) -> bool:
    """Whether this quarter of the day is one that the clock shows twice."""
    wall = datetime.combine(local.date(), time()) + number * QUARTER
    return wall.replace(tzinfo=ZONE).utcoffset() != wall.replace(tzinfo=ZONE, fold=1).utcoffset()
