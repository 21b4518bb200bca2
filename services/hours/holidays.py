"""Public holidays of Morocco and the days of Ramadan, read from a table that operators can correct. Nothing of Django."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

TABLE = Path(__file__).parents[1] / "data" / "holidays.toml"
DAY = timedelta(days=1)


class WrongTable(ValueError):
    """The table of holidays cannot be used; the text says where it is wrong."""


@dataclass(frozen=True, slots=True)
class Holiday:
    """A public holiday on a day. `expected`: computed, so it may move by one day. `names` by language."""

    key: str
    expected: bool = False
    names: Mapping[str, str] = field(default_factory=dict, compare=False)


@dataclass(frozen=True, slots=True)
class Fixed:
    """A holiday on the same day of each year, from the year `since`."""

    since: int
    holiday: Holiday


@dataclass(frozen=True, slots=True)
class Ramadan:
    """First and last day of a fast, both included."""

    first: date
    last: date
    expected: bool


@dataclass(frozen=True, eq=False)
class Calendar:
    """Which days are holidays and which are in Ramadan. Two of them are the same only if they are one object.

    Outside `first`..`last` it knows the fixed holidays only, and `is_ramadan` answers None: nobody knows from here.
    """

    first: date
    last: date
    fixed: Mapping[tuple[int, int], Fixed]  # by month and day
    moving: Mapping[date, Holiday]
    ramadans: tuple[Ramadan, ...]

    def covers(self, day: date) -> bool:
        """Whether moving holidays and Ramadan are known on this day."""
        return self.first <= day <= self.last

    def holiday(self, day: date) -> Holiday | None:
        """The holiday of this day; a feast of the moon before a fixed one where both fall on it."""
        if found := self.moving.get(day):
            return found
        fixed = self.fixed.get((day.month, day.day))
        return fixed.holiday if fixed and day.year >= fixed.since else None

    def is_ramadan(self, day: date) -> bool | None:
        """Whether this day is one of the fast; None where the table does not reach."""
        if not self.covers(day):
            return None
        return any(month.first <= day <= month.last for month in self.ramadans)

    def ramadan_may_differ(self, day: date) -> bool:
        """Whether a fast that is only expected would count this day otherwise if it began or ended one day off."""
        return any(
            month.expected and (month.first in (day, day + DAY) or month.last in (day, day - DAY))
            for month in self.ramadans
        )


def calendar(path: Path = TABLE) -> Calendar:
    """The calendar of this table, read again whenever the file has changed. Raises WrongTable."""
    return _calendar_of(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=4)
def _calendar_of(path: Path, _changed: int) -> Calendar:
    return parse(path.read_text(encoding="utf-8"))


def parse(text: str) -> Calendar:
    """The calendar in this TOML. Raises WrongTable for a missing value, a year without a feast, a fast of odd length."""
    try:
        table = tomllib.loads(text)
        found = Calendar(
            first=table["covers"]["first"],
            last=table["covers"]["last"],
            fixed=dict(_fixed(row) for row in table["fixed"]),
            moving=_moving(table["moving"]),
            ramadans=tuple(Ramadan(row["first"], row["last"], row["expected"]) for row in table["ramadan"]),
        )
    except (AttributeError, KeyError, TypeError, ValueError) as problem:
        raise WrongTable(f"The table of holidays cannot be read: {problem!r}") from problem
    _check(table, found)
    return found


def _fixed(row: Mapping[str, Any]) -> tuple[tuple[int, int], Fixed]:
    month, day = (int(part) for part in row["on"].split("-"))
    return (month, day), Fixed(row.get("since", 0), Holiday(row["key"], names=row["name"]))


def _moving(rows: list[Mapping[str, Any]]) -> dict[date, Holiday]:
    return {
        when["first"] + number * DAY: Holiday(row["key"], when["expected"], row["name"])
        for row in rows
        for when in row["dates"]
        for number in range(row["days"])
    }


def _check(table: Mapping[str, Any], found: Calendar) -> None:
    for row in table["moving"]:
        years = {when["first"].year for when in row["dates"]}
        for year in range(found.first.year, found.last.year + 1):
            if year not in years:
                raise WrongTable(f"{row['key']} has no day in {year}, which the table says it covers.")
    for month in found.ramadans:
        if (month.last - month.first).days + 1 not in {29, 30}:
            raise WrongTable(f"The fast that begins on {month.first} has neither 29 nor 30 days.")
