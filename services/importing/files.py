"""Reads a partner's spreadsheet, row by row: CSV in the encodings that spreadsheets write, and XLSX.

What cannot be read for certain is refused: a wrong guess of an encoding would load broken letters. Memory does not grow with
the number of rows, but for the shared texts of an XLSX file, which MOST_UNPACKED bounds.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.translation import gettext as _

from .encodings import FileRefused, encoding_of
from .workbooks import workbook_lines

__all__ = ["FileRefused", "Line", "lines"]

MOST_BYTES = 64 * 2**20  # of a file
MOST_ROWS = 100_000  # of services in a file
SEPARATORS = (",", ";", "\t")
NOT_SPREADSHEETS = (b"\xff\xd8\xff", b"\x89PNG", b"%PDF", b"GIF8", b"\x1f\x8b", b"Rar!", b"RIFF", b"BM")
ZIP, OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True)
class Line:
    """A row as the spreadsheet numbers it, from 1. `faults`: why the cell with this index cannot be read."""

    number: int
    cells: list[str]
    faults: dict[int, str] = field(default_factory=dict)


def lines(path: Path, name: str = "", most_rows: int = MOST_ROWS) -> Iterator[Line]:
    """The rows that hold anything, the head first. `name`: as its sender called the file.

    Raises FileRefused, at once or while reading, with a sentence in the active language.
    """
    suffix = Path(name or path.name).suffix.lower()
    if path.stat().st_size > MOST_BYTES:
        raise FileRefused(_("The file is larger than %(limit)d MB. Divide it.") % {"limit": MOST_BYTES // 2**20})
    with path.open("rb") as file:
        start = file.read(8)
    if not start:
        raise FileRefused(_("The file is empty."))
    if suffix in (".xlsm", ".xltm", ".xlsb", ".xlam"):
        raise FileRefused(_("Files with macros are not opened. Save it as .xlsx without macros, or as CSV."))
    if start.startswith(OLD_EXCEL):
        raise FileRefused(_("The file is an old or a protected Excel file. Save it as .xlsx without a password."))
    if start.startswith(NOT_SPREADSHEETS):
        raise FileRefused(_("The file is not a spreadsheet, whatever its name says."))
    if start.startswith(ZIP):
        found: Iterator[Line] = (Line(*row) for row in workbook_lines(path))
    elif suffix == ".xlsx":
        raise FileRefused(_("The file is damaged or incomplete."))
    else:
        found = _csv_lines(path)
    return _bounded(found, most_rows)


def _bounded(found: Iterator[Line], most_rows: int) -> Iterator[Line]:
    """Without empty rows; refuses more than `most_rows` below the head."""
    count = 0
    for line in found:
        if not line.faults and not any(cell.strip() for cell in line.cells):
            continue
        count += 1
        if count > most_rows + 1:
            raise FileRefused(_("The file has more than %(limit)d rows. Divide it.") % {"limit": most_rows})
        yield line
    if not count:
        raise FileRefused(_("The file is empty."))


def _csv_lines(path: Path) -> Iterator[Line]:
    encoding = encoding_of(path)
    with path.open(encoding=encoding, newline="") as text:
        first = text.readline(100_000)
        if stated := first.strip().lower().removeprefix("sep=") if first.lower().startswith("sep=") else "":
            separator = stated[0]
        else:
            separator = _separator(first)
            text.seek(0)
        rows = csv.reader(text, delimiter=separator, strict=True)
        number, width, last = (1 if stated else 0), 0, 0
        while (cells := _next(rows, number + 1)) is not None:
            number += 1
            width, last = width or len(cells), len(cells)
            yield Line(number, cells)
    if last < width and not _ends_with_a_line(path):
        raise FileRefused(_("The file is damaged or incomplete."))


def _next(rows: Iterator[list[str]], number: int) -> list[str] | None:
    """The cells of the next row; None after the last. Raises FileRefused."""
    try:
        cells = next(rows, None)
    except csv.Error as error:
        raise FileRefused(_("Row %(row)d: quotes are not closed, or a cell is too long.") % {"row": number}) from error
    except UnicodeError as error:
        raise FileRefused(_("The file is damaged or incomplete.")) from error
    if any("\0" in cell for cell in cells or ()):
        raise FileRefused(_("Row %(row)d holds bytes that are no text. Save the file again.") % {"row": number})
    return cells


def _ends_with_a_line(path: Path) -> bool:
    """Whether a line end, in one byte or two, is the last sign: a file that was cut off has none."""
    with path.open("rb") as file:
        file.seek(-2, 2)
        return file.read().replace(b"\0", b"").endswith((b"\n", b"\r"))


def _separator(first: str) -> str:
    """The sign that stands between the names of columns; a comma if there is only one column."""
    counts = {sign: first.count(sign) for sign in SEPARATORS}
    return max(SEPARATORS, key=lambda sign: counts[sign])
