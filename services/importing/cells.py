"""Reads one cell of a partner's spreadsheet: what kind of value its column holds, and why it is refused.

Digits may be Arabic or Persian. Signs that cannot be seen and change the order of letters are taken out. Choices are known by
their value or by their label in any language of the site. What can be read in two ways is refused, not guessed.
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from wagtail.models import DraftStateMixin

from services.models import Location, Organisation, Service
from services.sheets.columns import Column, Holds
from services.sheets.spreadsheet import plain_cell, split_list
from services.taxonomy import Answer

CLEAR = "-"
PREFIXES: dict[str, type[DraftStateMixin]] = {"organisation_": Organisation, "place_": Location}
UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffe\uffff]")
LINE_ENDS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
DIGITS = {ord(sign): str(unicodedata.digit(sign)) for sign in "٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹"} | {ord("٫"): ".", ord("؛"): ";"}
ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[ T]00:00(?::00(?:\.0+)?)?)?")
OTHER_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
SERIAL = re.compile(r"[3-7]\d{4}")  # of a day in spreadsheets: 1982 to 2118
FIRST_SERIAL = datetime.date(1899, 12, 30)
SPOILT = re.compile(r"[ÃÂØÙÐ][\x80-\xbf‚-›€™Œ-ž¡-¿§\u0152-\u0192]")
SWITCHES = {"true": "yes", "false": "no", "1": "yes", "0": "no", "vrai": "yes", "faux": "no"}
NOT_AFTER_TODAY = ("capacity_since", "checked_on")


class CellRefused(ValueError):
    """This cell cannot be read, or may not say this. The message says why, in the active language."""


def tidy(text: str) -> str:
    """The text without what cannot be seen, with one kind of line end."""
    return unicodedata.normalize("NFC", UNSEEN.sub("", LINE_ENDS.sub("\n", text))).strip()


def cleaned(cell: str) -> str:
    """The same of a cell: also without the apostrophe of `safe_cell`."""
    return tidy(plain_cell(cell))


def clears(cell: str) -> bool:
    """Whether the cell says that what stands in the database is to go: a single hyphen."""
    return cell.strip() == CLEAR


def with_plain_digits(text: str) -> str:
    return text.translate(DIGITS)


def model_of(column: Column) -> type[models.Model]:
    """The model that a column without parts describes."""
    return next((model for prefix, model in PREFIXES.items() if column.name.startswith(prefix)), Service)


def name_of(column: Column) -> str:
    """The name of its field."""
    prefix = next((prefix for prefix in PREFIXES if column.name.startswith(prefix)), "")
    return column.name.removeprefix(prefix)


def read_cell(column: Column, cell: str) -> Any:
    """The value for the model. Raises CellRefused."""
    field: Any = model_of(column)._meta.get_field(name_of(column))
    if clears(cell):
        return _cleared(column, field)
    text = cleaned(cell)
    if column.holds is Holds.TEXT:
        return read_text(text, lines=isinstance(field, models.TextField))
    return READERS[column.holds](column, with_plain_digits(text))


def read_text(text: str, *, lines: bool = False) -> str:
    """Plain text; in one line unless told. Refuses letters that a wrong encoding has spoilt."""
    if "\ufffd" in text or _is_spoilt(text):
        raise CellRefused(_("The letters are spoilt: “%(text)s”. Save the file as “CSV UTF-8”.") % {"text": text[:40]})
    return text if lines else " ".join(text.split("\n"))


def read_choice(choices: dict[str, str], text: str) -> str:
    """The value of a list that the text names, by itself or by a label of it."""
    if (value := choices.get(text.casefold())) is None:
        known = ", ".join(dict.fromkeys(choices.values()))
        raise CellRefused(_("“%(text)s” is not one of: %(known)s.") % {"text": text[:80], "known": known})
    return value


def read_day(text: str) -> datetime.date:
    """A day: 2026-11-03, 13/11/2026, or a spreadsheet's serial number. 03/11/2026 could be two days and is refused."""
    try:
        if found := ISO_DAY.fullmatch(text):
            return datetime.date(*(int(part) for part in found.groups()))
        if SERIAL.fullmatch(text):
            return FIRST_SERIAL + datetime.timedelta(days=int(text))
        if (found := OTHER_DAY.fullmatch(text)) and (int(found[1]) > 12 or found[1] == found[2]):
            return datetime.date(int(found[3]), int(found[2]), int(found[1]))
    except ValueError:
        pass
    raise CellRefused(_("“%(text)s” is not a day. Write it such as 2026-11-30.") % {"text": text[:40]})


def labels(values: Iterable[tuple[str, Any]]) -> dict[str, str]:
    """Value of each value and of each label, small letters, in every language; labels of two values are left out."""
    values = tuple(values)
    found: dict[str, str] = {}
    twice = set()
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            for value, label in values:
                if found.setdefault(str(label).casefold(), value) != value:
                    twice.add(str(label).casefold())
    return {name: value for name, value in found.items() if name not in twice} | {
        value.casefold(): value for value, _label in values
    }


@cache
def _choices(column: Column) -> dict[str, str]:
    field: Any = model_of(column)._meta.get_field(name_of(column))
    return labels(field.values if column.holds is Holds.LIST_OF_CHOICES else field.choices)


@cache
def _answers() -> dict[str, str]:
    return labels(one for one in Answer.choices if one[0] != Answer.UNKNOWN) | SWITCHES


def read_yes(text: str) -> bool:
    """Yes or no, in any language, or a truth value of a spreadsheet. Raises CellRefused."""
    return read_choice(_answers(), text) == "yes"


def _whole_number(_column: Column, text: str) -> int:
    if not re.fullmatch(r"-?\d{1,6}(\.0+)?", text):
        raise CellRefused(_("“%(text)s” is not a whole number.") % {"text": text[:40]})
    return int(text.partition(".")[0])


def _number(_column: Column, text: str) -> float:
    plain = text.replace(",", ".") if text.count(",") == 1 and "." not in text else text
    if not re.fullmatch(r"[+-]?\d{1,4}(\.\d{1,20})?", plain):
        raise CellRefused(_("“%(text)s” is not a number such as 34.0209.") % {"text": text[:40]})
    return float(plain)


def _day(column: Column, text: str) -> datetime.date:
    day = read_day(text)
    if column.name in NOT_AFTER_TODAY and day > timezone.localdate():
        raise CellRefused(_("This day has not come yet."))
    return day


def _several(column: Column, text: str) -> list[str]:
    found = {read_choice(_choices(column), part) for part in split_list(text) if part}
    return [value for value in column.choices if value in found]


READERS = {
    Holds.CHOICE: lambda column, text: read_choice(_choices(column), text),
    Holds.YES: lambda _column, text: read_yes(text),
    Holds.WHOLE_NUMBER: _whole_number,
    Holds.NUMBER: _number,
    Holds.DAY: _day,
    Holds.LIST_OF_CHOICES: _several,
}


def _cleared(column: Column, field: Any) -> Any:
    """What a field holds where nothing is known."""
    if column.holds is Holds.TEXT:
        return ""
    if column.holds is Holds.LIST_OF_CHOICES:
        return []
    if column.holds is Holds.CHOICE and field.default in ("unknown", "none"):
        return field.default
    if field.null:
        return None
    raise CellRefused(_("This cannot be left without a value."))


def _is_spoilt(text: str) -> bool:
    """Whether these are letters of UTF-8 that were read as Windows-1252 or Latin-1: “Ã©”, “Ø§Ù„”."""
    if any("\x80" <= sign <= "\x9f" for sign in text):
        return True
    return len(SPOILT.findall(text)) > (2 if "Â" not in text and "Ã" not in text else 0)
