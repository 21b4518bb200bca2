"""The directory as spreadsheets that people edit and send back, and as HSDS files for partners.

Readers' files hold what readers may see. Files for editors hold every record, hidden addresses and confidence C included:
keep them as you keep the database.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from typing import Any, BinaryIO

from django.db.models import QuerySet
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from services.hsds.texts import ordered
from services.models import DatedHours, Location, OpeningHours, Service
from services.models.records import Translated
from services.taxonomy import Confidence, Season

from .columns import COLUMNS, Column, Holds
from .spreadsheet import join_list, safe_cell

CHUNK = 500
LONGEST_CELL = 32_767  # characters, in XLSX


class CellTooLong(ValueError):
    """A text is longer than a cell of XLSX may be; cutting it would lose it. CSV holds it."""


def records(*, for_editors: bool) -> QuerySet[Service]:
    """Every service, or those that readers may see, by key."""
    rows = Service.objects.all() if for_editors else Service.objects.shown()
    return rows.with_parts().order_by("key")


def columns(language: str = "") -> tuple[Column, ...]:
    """All columns, or those without texts in other languages than this one."""
    return tuple(column for column in COLUMNS if not language or column.language in ("", language))


def rows(wanted: Iterable[Column], *, for_editors: bool) -> Iterator[list[str]]:
    """The head, then a row a service, as plain texts. Memory does not grow with the number of services."""
    wanted = tuple(wanted)
    yield [column.name for column in wanted]
    for service in records(for_editors=for_editors).iterator(chunk_size=CHUNK):
        told = Told(service, for_editors=for_editors)
        yield [told.cell(column) for column in wanted]


def write_csv(to: BinaryIO, table: Iterable[list[str]]) -> None:
    """UTF-8 with a mark at its head, so that spreadsheets read Arabic; no cell runs as a formula."""
    text = io.TextIOWrapper(to, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerows([safe_cell(cell) for cell in row] for row in table)
    text.detach()


def write_xlsx(to: BinaryIO, table: Iterable[list[str]]) -> None:
    """One sheet of texts; no cell runs as a formula. Raises CellTooLong."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("services")
    sheet.freeze_panes = "B2"
    for row in table:
        cells = [ILLEGAL_CHARACTERS_RE.sub("", safe_cell(cell)) for cell in row]
        if any(len(cell) > LONGEST_CELL for cell in cells):
            sheet.close()
            raise CellTooLong(f"a text of “{row[0]}” is too long for XLSX; export CSV")
        sheet.append(cells)
    book.save(to)


class Told:
    """What a service tells in each column."""

    def __init__(self, service: Service, *, for_editors: bool) -> None:
        self.service = service
        places = [link.location for link in ordered(service.places)]
        self.any_hidden = any(place.hidden for place in places)
        self.places = [place for place in places if for_editors or _may_be_told(place)]

    def cell(self, column: Column) -> str:
        if column.field in PARTS:
            return PARTS[column.field](self.service, column.language)
        if column.field == "places":
            return join_list(place.key for place in self.places)
        if column.field == "place_hidden":
            return self._hidden()
        if column.name.startswith("place_"):
            return _told_by(self.places[0], column, "place_") if len(self.places) == 1 else ""
        if column.name.startswith("organisation_"):
            return _told_by(self.service.organisation, column, "organisation_")
        return _told_by(self.service, column)

    def _hidden(self) -> str:
        """Of the one place that is named; “yes” too where none is, because it may not be."""
        if len(self.places) == 1:
            return _plain(self.places[0].hidden)
        return "yes" if self.any_hidden and not self.places else ""


def _may_be_told(place: Location) -> bool:
    return not place.hidden and place.live and place.confidence != Confidence.C


def _told_by(record: Translated, column: Column, prefix: str = "") -> str:
    if column.language:
        return record.text(column.field.removeprefix(prefix), column.language)
    value = getattr(record, column.name.removeprefix(prefix))
    if column.holds is Holds.KEY and value is not None and not isinstance(value, str):
        return str(getattr(value, "key", None) or value.code)
    return _plain(value)


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return join_list(value)
    return "" if value is None else str(value)


def _texts(rows_of: Callable[[Service], Iterable[Any]], field: str) -> Callable[[Service, str], str]:
    """A parallel column: this text of each row, in one language."""
    return lambda service, language: join_list(getattr(row, f"{field}_{language}") or "" for row in rows_of(service))


def _hours(row: OpeningHours) -> str:
    season = "" if row.season == Season.ALWAYS else f"{row.season} "
    dates = f" {_plain(row.valid_from)}/{_plain(row.valid_to)}" if row.valid_from or row.valid_to else ""
    return f"{season}{row.weekday} {row.opens:%H:%M}-{row.closes:%H:%M}{dates}"


def _dated_hours(row: DatedHours) -> str:
    days = str(row.first) if row.first == row.last else f"{row.first}/{row.last}"
    return f"{days} {row.opens:%H:%M}-{row.closes:%H:%M}" if row.opens and row.closes else f"{days} closed"


PARTS: dict[str, Callable[[Service, str], str]] = {
    "terms": lambda service, _language: join_list(sorted(term.code for term in service.terms.all())),
    "areas": lambda service, _language: join_list(sorted(area.code for area in service.areas.all())),
    "phones": lambda service, _language: join_list(f"{row.number} ({row.kind})" for row in ordered(service.phones)),
    "phone_notes": _texts(lambda service: ordered(service.phones), "note"),
    "hours": lambda service, _language: join_list(_hours(row) for row in ordered(service.hours)),
    "dated_hours": lambda service, _language: join_list(_dated_hours(row) for row in ordered(service.dated_hours)),
    "dated_messages": _texts(lambda service: ordered(service.dated_hours), "message"),
    "documents": _texts(lambda service: ordered(service.documents), "name"),
    "documents_if_you_have_it": lambda service, _language: join_list(
        _plain(row.if_you_have_it) for row in ordered(service.documents)
    ),
    "costs": _texts(lambda service: ordered(service.costs), "label"),
    "costs_amount": lambda service, _language: join_list(_plain(row.amount) for row in ordered(service.costs)),
}
