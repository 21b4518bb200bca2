"""Brings partners' spreadsheets into the directory: all that they say, or nothing.

`plan` reads files and tells what they would create, change and leave, and each refused cell with its row and reason; it writes
nothing. `apply` does what a plan told, in one transaction, unless the database has changed since. The columns are those of
sheets/columns.py, in any order; unknown ones are refused, missing ones leave their values as they are. An empty cell leaves the value
too (partners send half-filled files); a cell with a single hyphen `-` clears it. A record that an editor has locked, drafted or
unpublished is refused, not overwritten. A new service is published at once. `checked_on` given by a file is the word of
who imports it: `checked_by` becomes that account, or nobody.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from django.db import DataError, IntegrityError, transaction
from django.utils.translation import gettext as _

from services.models import Location
from services.sheets.columns import NAMES

from .files import MOST_ROWS, FileRefused, Line, lines
from .known import Known
from .rows import Row
from .wishes import Difference, Wish
from .writing import Writer

CHUNK = 250
MOST_TOLD = 500  # records and refusals that a report names; all are counted
NOT_OF_HIDDEN = {"place_city", "place_province", "place_hidden", "place_accessible", "place_precision"}
MASK = "•••"


class DatabaseChanged(Exception):
    """Somebody has changed a record since the plan was made: make it again."""


@dataclass(frozen=True)
class Source:
    """A file, its name as the sender wrote it, and how many services it may hold."""

    path: Path
    name: str
    most_rows: int = MOST_ROWS


@dataclass(frozen=True)
class Refusal:
    """Why nothing is imported. `row` 0: the whole file; `column` empty: the whole row."""

    file: str
    row: int
    column: str
    reason: str


@dataclass(frozen=True)
class Told:
    """A record that is created or changed; `kind` in words of the active language."""

    file: str
    row: int
    kind: str
    key: str
    new: bool
    differences: tuple[Difference, ...]


@dataclass
class Report:
    """What files would do, or have done. `digest` tells two plans apart, also where only the database differs."""

    rows: int = 0
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    refused_rows: int = 0
    told: list[Told] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    digest: str = ""

    @property
    def can_be_applied(self) -> bool:
        return not self.refused and bool(self.created or self.changed)

    def refuse(self, file: str, row: int, reasons: Iterable[tuple[str, str]]) -> None:
        self.refused_rows += 1
        for column, reason in reasons:
            if len(self.refused) < MOST_TOLD:
                self.refused.append(Refusal(file, row, column, reason))


def plan(sources: Sequence[Source]) -> Report:
    """What these files would do. Reasons and labels are in the active language."""
    return _Importer(None).run(sources)


def apply(sources: Sequence[Source], digest: str, user: Any = None) -> Report:
    """Do what the plan with this digest told, whole or not at all. `user`: whose word it is; None for a command.

    Raises DatabaseChanged. The report has refusals, and nothing is written, if the database itself refuses a row.
    """
    try:
        with transaction.atomic():
            report = _Importer(Writer(user)).run(sources)
            if report.digest != digest:
                raise DatabaseChanged(_("The directory has changed since these differences were shown."))
            if report.refused:
                transaction.set_rollback(True)
    except (DataError, IntegrityError) as error:
        report = Report()
        report.refuse("", 0, [("", _("The database refuses it: %(reason)s") % {"reason": error})])
    return report


class _Importer:
    """One reading of the files, in chunks: memory does not grow with the number of rows, but for their keys."""

    def __init__(self, writer: Writer | None) -> None:
        self.writer = writer
        self.known = Known()
        self.report = Report()
        self.keys: dict[str, tuple[str, int]] = {}
        self.digest = hashlib.sha256()

    def run(self, sources: Sequence[Source]) -> Report:
        for source in sources:
            try:
                self.file(source)
            except FileRefused as error:
                self.report.refuse(source.name, 0, [("", str(error))])
        if self.writer:
            self.writer.finish()
        self.report.digest = self.digest.hexdigest()
        return self.report

    def file(self, source: Source) -> None:
        found = lines(source.path, source.name, source.most_rows)
        head = _head(next(found))
        while chunk := list(islice(found, CHUNK)):
            self.chunk(source.name, head, chunk)

    def chunk(self, file: str, head: list[str], chunk: list[Line]) -> None:
        rows = []
        for line in chunk:
            self.report.rows += 1
            if faults := list(self.unreadable(file, head, line)):
                self.report.refuse(file, line.number, faults)
            else:
                rows.append((line.number, dict(zip(head, line.cells, strict=False))))
        self.known.read([cells for _number, cells in rows])
        wishes = []
        for number, cells in rows:
            row = Row(number, cells, self.known)
            row.check()
            if row.refused:
                self.report.refuse(file, number, row.refused)
            else:
                self.count(file, row)
                wishes += row.wishes
        if self.writer and not self.report.refused:
            self.writer.write(wishes)

    def unreadable(self, file: str, head: list[str], line: Line) -> Iterator[tuple[str, str]]:
        """What is wrong with a row before anybody asks what it means."""
        for index, reason in line.faults.items():
            yield (head[index] if index < len(head) else ""), reason
        if any(cell.strip() for cell in line.cells[len(head) :]):
            yield "", _("More cells than columns: a separator or a quote is wrong.")
        key = line.cells[head.index("key")].strip() if len(line.cells) > head.index("key") else ""
        if key == "key":
            yield "key", _("The names of the columns stand here once more.")
        elif key and (before := self.keys.setdefault(key, (file, line.number))) != (file, line.number):
            yield "key", _("Row %(row)d of %(file)s has this key too.") % {"row": before[1], "file": before[0]}

    def count(self, file: str, row: Row) -> None:
        report = self.report
        if not row.wishes:
            report.unchanged += 1
        for wish in row.wishes:
            report.created += wish.new
            report.changed += not wish.new
            told = _told(file, wish)
            stamp = "" if wish.new else wish.record.modified_at.isoformat()
            self.digest.update(repr((type(wish.record).__name__, told.key, told.new, stamp, wish.differences)).encode())
            if len(report.told) < MOST_TOLD:
                report.told.append(told)


def _told(file: str, wish: Wish) -> Told:
    """For people: what tells where a hidden place is is masked, for the difference is printed and shown."""
    record = wish.record
    hidden = isinstance(record, Location) and (record.hidden or wish.is_hidden)
    differences = tuple(
        Difference(one.column, one.old and MASK, one.new and MASK)
        if hidden and one.column not in NOT_OF_HIDDEN
        else one
        for one in wish.differences
    )
    return Told(file, wish.row, str(record._meta.verbose_name), record.key, wish.new, differences)


def _head(line: Line) -> list[str]:
    """The names of the columns. Raises FileRefused."""
    names = [cell.strip().lstrip("\ufeff").casefold() for cell in line.cells]
    while names and not names[-1]:
        names.pop()
    if "key" not in names:
        raise FileRefused(
            _("The first row must name the columns; one of them is “key”. Is the separator , ; or a tab?")
        )
    if unknown := [name or "–" for name in names if name not in NAMES]:
        raise FileRefused(_("Unknown columns: %(columns)s.") % {"columns": ", ".join(unknown)[:500]})
    if twice := {name for name in names if names.count(name) > 1}:
        raise FileRefused(_("Columns that stand here twice: %(columns)s.") % {"columns": ", ".join(sorted(twice))})
    return names
