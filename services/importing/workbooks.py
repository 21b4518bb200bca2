"""Reads the one sheet of an XLSX file that holds the directory. Formulas, merged cells and macros are refused, as are bombs."""

from __future__ import annotations

import datetime
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

import openpyxl
from defusedxml.common import DefusedXmlException
from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import WINDOWS_EPOCH

from .encodings import FileRefused

MOST_UNPACKED = 256 * 2**20
MOST_PARTS = 2000
CHUNK = 1000
SCANNED = 2**18
KEY = "key"
DAMAGED = (
    zipfile.BadZipFile, zlib.error, ParseError, DefusedXmlException, KeyError, ValueError, TypeError, IndexError,
    AttributeError, OSError, EOFError, NotImplementedError, RuntimeError,
)  # fmt: skip

Row = tuple[int, list[str], dict[int, str]]


def workbook_lines(path: Path) -> Iterator[Row]:
    """(row number, cells as texts, faults by index) of the visible sheet whose head names a key. Raises FileRefused."""
    try:
        with zipfile.ZipFile(path) as archive:
            _check_parts(archive)
        with path.open("rb") as file:
            book = _quietly(lambda: openpyxl.load_workbook(file, read_only=True, keep_links=False))
            _check_dates(book)
            sheet = _sheet(book)
            _check_merged(book, sheet)
            yield from _rows(sheet)
    except FileRefused:
        raise
    except DAMAGED as error:
        raise FileRefused(_("The file is damaged or incomplete.")) from error


def _check_parts(archive: zipfile.ZipFile) -> None:
    """Refuse what would be dangerous or endless to open, before anything is unpacked into memory."""
    parts = archive.infolist()
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise FileRefused(_("The file is too large once it is unpacked. Divide it."))
    names = {part.filename.lower() for part in parts}
    if any(name.endswith("vbaproject.bin") for name in names) or any("macrosheets/" in name for name in names):
        raise FileRefused(_("Files with macros are not opened. Save it as .xlsx without macros, or as CSV."))
    if "xl/workbook.xml" not in names:
        raise FileRefused(_("The file is not a spreadsheet, whatever its name says."))
    for part in parts:
        if part.filename.lower().endswith((".xml", ".rels")) and _holds(archive, part.filename, b"<!DOCTYPE"):
            raise FileRefused(_("The file is damaged or incomplete."))


def _holds(archive: zipfile.ZipFile, name: str, wanted: bytes) -> bool:
    """Whether these bytes stand in this part, read piece by piece; signs of two bytes count as one."""
    before = b""
    with archive.open(name) as part:
        while data := part.read(SCANNED):
            piece = before + data.replace(b"\0", b"")
            if wanted in piece:
                return True
            before = piece[-len(wanted) :]
    return False


def _check_dates(book: Any) -> None:
    if book.epoch != WINDOWS_EPOCH:
        raise FileRefused(_("The file counts dates from 1904. Save it with dates from 1900, or as CSV."))


def _check_merged(book: Any, sheet: Any) -> None:
    part = str(sheet._worksheet_path).lstrip("/")  # openpyxl has no name for it where it reads row by row
    if _holds(book._archive, part, b"<mergeCell "):
        raise FileRefused(_("The sheet has merged cells. Unmerge them: each row describes one service."))


def _sheet(book: Any) -> Any:
    """The one visible sheet whose first row names a key."""
    found = []
    for sheet in book.worksheets:
        if sheet.sheet_state == "visible":
            sheet.reset_dimensions()
            first = next(_rows(sheet), (0, [], {}))
            if KEY in (cell.strip().casefold() for cell in first[1]):
                found.append(sheet)
    if len(found) != 1:
        raise FileRefused(
            _("The file must have exactly one visible sheet whose first row names the columns; “key” is one of them.")
        )
    return found[0]


def _rows(sheet: Any) -> Iterator[Row]:
    rows = sheet.iter_rows()
    number = 0
    while chunk := _quietly(lambda: list(islice(rows, CHUNK))):
        for row in chunk:
            number += 1
            cells, faults = [], {}
            for index, cell in enumerate(row):
                text, fault = _text(cell)
                cells.append(text)
                if fault:
                    faults[index] = f"{get_column_letter(index + 1)}{number}: {fault}"
            while cells and not cells[-1] and len(cells) - 1 not in faults:
                cells.pop()
            if cells:
                yield number, cells, faults


def _text(cell: Any) -> tuple[str, str]:
    """(the text of a cell, why it cannot be read)."""
    value = cell.value
    if value is None:
        return "", ""
    if cell.data_type == "f":
        return "", _("A formula. Paste its value instead.")
    if cell.data_type == "e":
        return "", _("An error of the spreadsheet: %(value)s.") % {"value": value}
    return _of_value(value)


def _of_value(value: Any) -> tuple[str, str]:
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        value = value.date()
    for kind, told in AS_TEXT.items():
        if isinstance(value, kind):
            return told(value), ""
    return "", _("Neither a text, a number nor a date.")


def _number(value: float) -> str:
    return str(int(value)) if value.is_integer() and abs(value) < 10**15 else str(value)


# In this order: a truth value is a whole number too, a moment is a day too.
AS_TEXT: dict[type, Callable[[Any], str]] = {
    str: str,
    bool: lambda value: "yes" if value else "no",
    int: str,
    float: _number,
    datetime.datetime: lambda value: value.isoformat(" "),
    datetime.date: lambda value: value.isoformat(),
    datetime.time: lambda value: f"{value:%H:%M}",
}


def _quietly(read: Any) -> Any:
    """Without openpyxl's warnings about styles and extensions, which are nothing to us."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return read()
