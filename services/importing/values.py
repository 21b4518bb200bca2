"""Reads one value of a cell with several: a phone, hours of a weekday, days that differ, an amount."""

from __future__ import annotations

import datetime
import re
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from services.models.phones import NUMBER
from services.phone_numbers import international
from services.taxonomy import PhoneKind, Season, Weekday

from .cells import CellRefused, labels, read_choice, read_day, read_yes

PHONE = re.compile(r"(?P<number>.*?)\s*(?:\((?P<kind>[^()]*[^\W\d][^()]*)\))?")
TIMES = r"(?P<opens>\d{1,2}[:h]\d{2})\s*[-–]\s*(?P<closes>\d{1,2}[:h]\d{2})"
DAY = r"\d{4}-\d{2}-\d{2}"
HOURS = re.compile(
    rf"(?:(?P<season>\w+)\s+)?(?P<day>[A-Za-z]{{2}})\s+{TIMES}(?:\s+(?P<first>{DAY})?/(?P<last>{DAY})?)?"
)
DATED = re.compile(rf"(?P<first>{DAY})(?:/(?P<last>{DAY}))?\s+(?:closed|{TIMES})")


@cache
def _kinds() -> dict[str, str]:
    return labels(PhoneKind.choices)


def phone(part: str, left: list[Any]) -> dict[str, Any]:
    """The values of “+212537545400 (voice)”; `row`: the one of those left that has this number. Raises CellRefused."""
    found = PHONE.fullmatch(part)
    number = _number(found["number"] if found else part)
    row = next((row for row in left if international(row.number) == international(number)), None)
    usual = PhoneKind.SHORT_CODE if len(number) <= 5 else PhoneKind.VOICE
    kind = row.kind if row else usual
    if found and found["kind"]:
        kind = read_choice(_kinds(), found["kind"].strip())
    return {"row": row, "kind": kind} | ({} if row else {"number": number})


def _number(text: str) -> str:
    """Digits as dialled. Puts back the zero or the plus that a spreadsheet took from a number of this country."""
    if re.search(r"\d[.,]?\d*[eE]\+?\d+", text):
        raise CellRefused(
            _("“%(text)s”: the spreadsheet has rounded this number. Format the column as text.") % {"text": text[:40]}
        )
    digits = re.sub(r"[\s\u00a0\u202f./_()‐‑–-]|\.0$", "", text.replace("(0)", ""))
    if digits.startswith("00"):
        digits = f"+{digits[2:]}"
    if re.fullmatch(r"[5-8]\d{8}", digits):
        digits = f"+212{digits}"
    elif re.fullmatch(r"212[5-8]\d{8}", digits):
        digits = f"+{digits}"
    try:
        NUMBER(digits)
    except ValidationError as error:
        reason = " ".join(str(message) for message in error.messages)
        raise CellRefused(_("“%(text)s”: %(reason)s") % {"text": text[:40], "reason": reason}) from error
    return digits


def hours(part: str, _left: list[Any]) -> dict[str, Any]:
    """The values of “ramadan MO 09:00-12:00 2026-02-18/2026-03-19”. Raises CellRefused."""
    found = HOURS.fullmatch(part)
    season = (found["season"] or Season.ALWAYS).casefold() if found else ""
    if not found or found["day"].upper() not in Weekday.values or season not in Season.values:
        raise CellRefused(_("“%(text)s” are not hours. Write them such as MO 09:00-12:00.") % {"text": part[:60]})
    days = {"valid_from": found["first"], "valid_to": found["last"]}
    return {
        "weekday": found["day"].upper(),
        "season": season,
        **_times(found, part),
        **{name: read_day(day) if day else None for name, day in days.items()},
    }


def dated_hours(part: str, _left: list[Any]) -> dict[str, Any]:
    """The values of “2026-12-24 09:00-12:00” or “2026-12-25/2026-12-31 closed”. Raises CellRefused."""
    if not (found := DATED.fullmatch(part)):
        example = "2026-12-24 09:00-12:00; 2026-12-25/2026-12-31 closed"
        raise CellRefused(
            _("“%(text)s” are not days. Write them such as %(example)s.") % {"text": part[:60], "example": example}
        )
    times = _times(found, part) if found["opens"] else {"opens": None, "closes": None}
    first = read_day(found["first"])
    return {"first": first, "last": read_day(found["last"]) if found["last"] else first, **times}


def _times(found: re.Match[str], part: str) -> dict[str, datetime.time]:
    try:
        return {name: _time(found[name]) for name in ("opens", "closes")}
    except ValueError as error:
        raise CellRefused(_("“%(text)s”: there is no such time of day.") % {"text": part[:60]}) from error


def _time(text: str) -> datetime.time:
    """24:00 is the midnight at which the next day begins."""
    hour, minute = (int(part) for part in re.split("[:h]", text))
    return datetime.time(0 if (hour, minute) == (24, 0) else hour, minute)


def if_you_have_it(text: str) -> bool:
    """Yes or no; no if the cell says nothing. Raises CellRefused."""
    return read_yes(text) if text else False


def amount(text: str) -> Decimal | None:
    """An amount in dirhams with two decimals; None if the cell says nothing. Raises CellRefused."""
    if not text:
        return None
    try:
        found = Decimal(text.replace(",", "."))
        rounded = found.quantize(Decimal("0.01"))
    except InvalidOperation:
        found, rounded = Decimal(-1), Decimal(0)
    if found < 0 or found != rounded:
        raise CellRefused(_("“%(text)s” is not an amount in dirhams, such as 150.00.") % {"text": text[:40]})
    return rounded
