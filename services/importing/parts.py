"""Reads the cells of the rows below a service: phones, hours, days that differ, documents, costs (sheets/columns.py tells how they look).

A value that says what a row of the database says keeps that row, with what no column holds of it (source, identity).
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from modeltranslation.utils import build_localized_fieldname

from services.hsds.texts import ordered
from services.models import DatedHours, OpeningHours, RequiredDocument, Service, ServiceCost, ServicePhone
from services.phone_numbers import international
from services.sheets.columns import COLUMNS, Column
from services.sheets.exporting import PARTS
from services.sheets.spreadsheet import split_list

from .cells import CellRefused, cleaned, clears, read_text, tidy, with_plain_digits
from .values import amount, dated_hours, hours, if_you_have_it, phone

Cells = Mapping[str, str]
Rows = list[Any]
BY_NAME = {column.name: column for column in COLUMNS}
LANGUAGES = [code for code, _name in settings.LANGUAGES]
MOST = 100  # rows below a service


class PartRefused(CellRefused):
    """As CellRefused, with the column that is at fault."""

    def __init__(self, column: str, reason: str) -> None:
        super().__init__(reason)
        self.column = column


def read_phones(old: Rows, cells: Cells) -> Rows:
    """Phones, and their notes in each language. Notes that the file does not give stay with their number."""
    rows = _matched(ServicePhone, old, cells, "phones", phone)
    numbers = [international(row.number) for row in rows]
    if len(set(numbers)) < len(numbers):
        raise PartRefused("phones", _("The same number stands here twice."))
    return _with_texts(rows, cells, "phone_notes", "note")


def read_hours(old: Rows, cells: Cells) -> Rows:
    return _matched(OpeningHours, old, cells, "hours", hours)


def read_dated_hours(old: Rows, cells: Cells) -> Rows:
    """Days that differ, and their messages in each language."""
    rows = _matched(DatedHours, old, cells, "dated_hours", dated_hours)
    return _with_texts(rows, cells, "dated_messages", "message")


def read_documents(old: Rows, cells: Cells) -> Rows:
    rows = _side_by_side(RequiredDocument, old, cells, "documents", "name")
    return _with_values(rows, cells, "documents_if_you_have_it", "if_you_have_it", if_you_have_it)


def read_costs(old: Rows, cells: Cells) -> Rows:
    rows = _side_by_side(ServiceCost, old, cells, "costs", "label")
    return _with_values(rows, cells, "costs_amount", "amount", amount)


Reader = Callable[[Rows, Cells], Rows]
# relation → its reader and the names of its columns
GROUPS: dict[str, tuple[Reader, tuple[str, ...]]] = {
    "phones": (read_phones, ("phones", *(f"phone_notes_{code}" for code in LANGUAGES))),
    "hours": (read_hours, ("hours",)),
    "dated_hours": (read_dated_hours, ("dated_hours", *(f"dated_messages_{code}" for code in LANGUAGES))),
    "documents": (read_documents, (*(f"documents_{code}" for code in LANGUAGES), "documents_if_you_have_it")),
    "costs": (read_costs, (*(f"costs_{code}" for code in LANGUAGES), "costs_amount")),
}
GROUPED = frozenset(name for _reader, names in GROUPS.values() for name in names)


class Shown:
    """Rows as exporting.PARTS asks a service for them."""

    def __init__(self, relation: str, rows: Rows) -> None:
        for number, row in enumerate(rows):
            row.sort_order = number
        setattr(self, relation, self)
        self.rows = rows

    def all(self) -> Rows:
        return self.rows


def told(relation: str, rows: Rows, column: Column) -> str:
    """What an export would say of these rows in this column."""
    shown: Any = Shown(relation, rows)
    return PARTS[column.field](shown, column.language)


def read_group(relation: str, service: Service | None, cells: Cells) -> Rows:
    """The rows that the service shall have. Raises PartRefused."""
    old = [copy.copy(row) for row in ordered(getattr(service, relation))] if service else []
    reader, names = GROUPS[relation]
    rows = reader(old, cells)
    if len(rows) > MOST:
        raise PartRefused(names[0], _("More than %(limit)d values.") % {"limit": MOST})
    for row in rows:
        fields = {field.name for field in row._meta.concrete_fields}
        untranslated = {name for name in fields if f"{name}_{LANGUAGES[0]}" in fields}
        try:
            row.clean_fields(exclude={"service", "sort_order", *untranslated})
            row.clean()
        except ValidationError as error:
            raise PartRefused(names[0], " ".join(error.messages)) from error
    return rows


def _matched(model: Any, old: Rows, cells: Cells, name: str, read: Callable[[str, Rows], dict[str, Any]]) -> Rows:
    """A row a value of this column; the row of the database that says the same, where there is one."""
    if not (cell := cells.get(name)):
        return old
    if clears(cell):
        return []
    by_text = {tidy(told(name, [row], BY_NAME[name])): row for row in reversed(old)}
    rows, left = [], list(old)
    for part in split_list(with_plain_digits(cleaned(cell))):
        if not part:
            continue
        row = by_text.get(part)
        if row is None or row not in left:
            values = _refusing(name, read, part, left)
            row = values.pop("row", None) or model()
            for field, value in values.items():
                setattr(row, field, value)
        if row in left:
            left.remove(row)
        rows.append(row)
    return rows


def _refusing(name: str, read: Callable[[str, Rows], dict[str, Any]], part: str, left: Rows) -> dict[str, Any]:
    try:
        return read(part, left)
    except CellRefused as error:
        raise PartRefused(name, str(error)) from error


def _texts(cells: Cells, name: str) -> list[str] | None:
    """The values of a parallel column; None if the file does not give it."""
    if not (cell := cells.get(name)):
        return None
    if clears(cell):
        return []
    try:
        return [read_text(part) for part in split_list(cleaned(cell))]
    except CellRefused as error:
        raise PartRefused(name, str(error)) from error


def _with_texts(rows: Rows, cells: Cells, name: str, field: str) -> Rows:
    """The rows, with the parallel texts that the file gives."""
    for language in LANGUAGES:
        texts = _texts(cells, f"{name}_{language}")
        if texts is None:
            continue
        _fits(f"{name}_{language}", texts, rows)
        for row, text in zip(rows, [*texts, *[""] * len(rows)], strict=False):
            setattr(row, build_localized_fieldname(field, language), text)
    return rows


def _fits(name: str, values: Iterable[str], rows: Rows) -> None:
    if len(list(values)) > len(rows):
        raise PartRefused(name, _("More values here than in the column that it belongs to."))


def _side_by_side(model: Any, old: Rows, cells: Cells, name: str, field: str) -> Rows:
    """Rows whose only name is their text: they are told apart by their position."""
    given = {code: texts for code in LANGUAGES if (texts := _texts(cells, f"{name}_{code}")) is not None}
    if not given:
        return old
    count = max(len(texts) for texts in given.values())
    kept = {code for code in LANGUAGES if code not in given and any(_said(row, field, code) for row in old)}
    if kept and count != len(old):
        missing = ", ".join(f"{name}_{code}" for code in sorted(kept))
        reason = _("Their number changes. Give these columns too, or a hyphen in them: %(columns)s.")
        raise PartRefused(f"{name}_{next(iter(given))}", reason % {"columns": missing})
    rows = [*old, *(model() for _new in range(count - len(old)))]
    for code, texts in given.items():
        for row, text in zip(rows, [*texts, *[""] * len(rows)], strict=False):
            setattr(row, build_localized_fieldname(field, code), text)
    return [row for row in rows if any(_said(row, field, code) for code in LANGUAGES)]


def _said(row: Any, field: str, language: str) -> str:
    return getattr(row, build_localized_fieldname(field, language)) or ""


def _with_values(rows: Rows, cells: Cells, name: str, field: str, read: Callable[[str], Any]) -> Rows:
    """The rows, with the parallel values that the file gives."""
    values = _texts(cells, name)
    if values is None:
        return rows
    _fits(name, values, rows)
    for row, value in zip(rows, [*values, *[""] * len(rows)], strict=False):
        try:
            setattr(row, field, read(with_plain_digits(value)))
        except CellRefused as error:
            raise PartRefused(name, str(error)) from error
    return rows
