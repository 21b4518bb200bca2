"""Checks one row of a partner's spreadsheet against the database: what it wants of which records, and why it is refused.

A cell that says what an export would say changes nothing, so a file that comes back unchanged is always accepted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from services.hsds.texts import ordered
from services.models import Location, Organisation, Service
from services.sheets.columns import COLUMNS, Column, Holds
from services.sheets.spreadsheet import join_list, split_list

from .cells import CellRefused, cleaned, clears, model_of, read_cell, tidy, with_plain_digits
from .known import Known
from .parts import GROUPED, GROUPS, PartRefused, read_group, told
from .wishes import KEY_COLUMN, Difference, Wish, is_untold

JOINS = {"terms": "terms", "areas": "places"}  # relation of a service → list of Known
LINKS = {"category": "categories", "place_city": "places", "place_province": "places"}
NOT_PLAIN = {"key", "organisation", "places", *JOINS, *GROUPED}
PLAIN: dict[Any, list[Column]] = {
    model: [one for one in COLUMNS if one.name not in NOT_PLAIN and model_of(one) is model]
    for model in (Service, Organisation, Location)
}
NEEDED = ("organisation", "category")  # by a new service
SOURCE = ("source", "source_date", "confidence")
BY_NAME = {column.name: column for column in COLUMNS}
LANGUAGES = [code for code, _name in settings.LANGUAGES]


class Row:
    """One row: `wishes` after `check`, or `refused` as (column, reason)."""

    def __init__(self, number: int, cells: Mapping[str, str], known: Known) -> None:
        self.number, self.known = number, known
        self.cells = {name: cell for name, cell in cells.items() if cell.strip()}
        self.refused: list[tuple[str, str]] = []
        self.wishes: list[Wish] = []

    def check(self) -> None:
        """Organisation and place first, for the service names them."""
        key = cleaned(self.cells.get("key", ""))
        if not key:
            self.refuse("key", _("A row without a key describes no service."))
            return
        service = self.known.services.get(key)
        organisation = self.organisation(service)
        self.place(organisation)
        if service is None:
            self.new_service(key, organisation)
        else:
            self.add(service, organisation)
        for wish in self.wishes:
            self.refused += wish.faults()

    def refuse(self, column: str, reason: str) -> None:
        self.refused.append((column, reason))

    def organisation(self, service: Service | None) -> Organisation | None:
        """The organisation that the row names, known or new; described if the row describes it."""
        key = cleaned(self.cells.get("organisation", "")) or (service.organisation.key if service else "")
        if not key:
            return None
        known = self.known.organisations.get(key)
        if known is None and service is not None and service.organisation.key == key:
            known = service.organisation
        cells = self.told_of(PLAIN[Organisation])
        named = any(cells.get(f"organisation_name_{code}") for code in LANGUAGES)
        if known is None and not named and not self.known.is_described("organisation", key):
            self.refuse("organisation", _("There is no organisation “%(key)s”.") % {"key": key[:80]})
            return None
        return self.describe("organisation", key, known or Organisation(key=key), cells)

    def place(self, organisation: Organisation | None) -> None:
        """The place that the row describes, if it names exactly one."""
        cells = self.told_of(PLAIN[Location])
        keys = self.named_places()
        if len(keys) != 1:
            for name in cells.keys() - {"place_hidden"}:
                self.refuse(name, _("This describes a place only where “places” names exactly one."))
            return
        known = self.known.locations.get(keys[0])
        located = cells.get("place_city") or cells.get("place_province")
        if known is None and not located and not self.known.is_described("place", keys[0]):
            self.refuse("places", _("There is no place “%(key)s”. A new one needs its city.") % {"key": keys[0][:80]})
            return
        if known is not None and known.hidden and not self.stays_hidden(cells.get("place_hidden", "yes")):
            self.refuse("place_hidden", _("A hidden address stays hidden: only an editor may show it, in the CMS."))
        self.describe("place", keys[0], known or Location(key=keys[0], organisation=organisation), cells)

    @staticmethod
    def stays_hidden(cell: str) -> bool:
        try:
            return bool(read_cell(BY_NAME["place_hidden"], cell))
        except CellRefused:
            return True  # refused for itself

    def describe(self, kind: str, key: str, record: Any, cells: Mapping[str, str]) -> Any:
        """The record as the row wants it; a wish if this row is the first to describe it."""
        if not cells:
            return record
        other = self.known.describe(kind, key, self.number, tuple(cells.items()))
        if other is not None:
            if not other.same:
                reason = _("Row %(row)d describes “%(key)s” in other words.") % {"row": other.row, "key": key[:80]}
                self.refuse(KEY_COLUMN[type(record)], reason)
            return record
        wish = Wish(record, record.pk is None, self.number)
        if wish.new:
            self.give_source(record)
        self.fill(wish, PLAIN[type(record)], cells)
        if wish.new or wish.differences:
            self.wishes.append(wish)
        return wish.record

    def give_source(self, record: Any) -> None:
        """A new organisation or place is known from where the row is known from."""
        for name in SOURCE:
            try:
                setattr(record, name, read_cell(BY_NAME[name], self.cells[name]))
            except (KeyError, CellRefused):
                continue  # refused for the service, if it is wrong

    def new_service(self, key: str, organisation: Organisation | None) -> None:
        for name in NEEDED:
            if name not in self.cells:
                self.refuse(name, _("A new service needs this column."))
        if not any(self.cells.get(f"name_{code}", "-") != "-" for code in LANGUAGES):
            self.refuse(f"name_{settings.LANGUAGE_CODE}", _("A name in at least one language is needed."))
        if key in self.known.taken:
            self.refuse("key", _("Another record had this key once. Choose another."))
        if not self.refused and organisation is not None:
            try:
                category = self.linked(BY_NAME["category"], self.cells["category"])
            except CellRefused as error:
                self.refuse("category", str(error))
                return
            self.add(Service(key=key, organisation=organisation, category=category), organisation, new=True)

    def add(self, service: Service, organisation: Organisation | None, *, new: bool = False) -> None:
        """The wish of the service itself, if the row changes anything of it."""
        wish = Wish(service, new, self.number)
        if new:
            wish.differences += [Difference(name, "", wish.told.cell(BY_NAME[name])) for name in NEEDED]
        if organisation is not None and organisation.key != service.organisation.key:
            wish.set(BY_NAME["organisation"], organisation)
        self.fill(wish, PLAIN[Service], self.cells)
        old = None if new else service
        for relation, of in JOINS.items():
            self.join(wish, old, relation, getattr(self.known, of))
        self.places(wish, old)
        for relation in GROUPS:
            self.group(wish, old, relation)
        if new or wish.differences:
            self.wishes.append(wish)

    def told_of(self, columns: Iterable[Column]) -> dict[str, str]:
        return {one.name: self.cells[one.name] for one in columns if one.name in self.cells}

    def fill(self, wish: Wish, columns: Iterable[Column], cells: Mapping[str, str]) -> None:
        """Give the record of the wish the values of these columns."""
        for column in columns:
            cell = cells.get(column.name, "")
            if not cell or (cleaned(cell) == tidy(wish.told.cell(column)) and not clears(cell)):
                continue
            try:
                wish.set(column, self.linked(column, cell) if column.holds is Holds.KEY else read_cell(column, cell))
            except CellRefused as error:
                self.refuse(column.name, str(error))

    def linked(self, column: Column, cell: str) -> Any:
        """The record of a list that the cell names by its key."""
        if clears(cell) and column.name != "category":
            return None
        key = cleaned(cell)
        if (found := getattr(self.known, LINKS[column.name]).get(key)) is None:
            raise CellRefused(_("There is no “%(key)s”.") % {"key": key[:80]})
        return found

    def join(self, wish: Wish, service: Service | None, relation: str, known: Mapping[str, Any]) -> None:
        """The terms or the areas that the row names."""
        if not (cell := self.cells.get(relation)):
            return
        keys = [] if clears(cell) else sorted({one for one in split_list(with_plain_digits(cleaned(cell))) if one})
        old = sorted(one.code for one in getattr(service, relation).all()) if service else []
        missing = [key for key in keys if key not in known]
        if missing:
            self.refuse(relation, _("There is no “%(key)s”.") % {"key": ", ".join(missing)[:200]})
        elif keys != old:
            wish.joins[relation] = [known[key] for key in keys]
            wish.differences.append(Difference(relation, join_list(old), join_list(keys)))

    def named_places(self) -> list[str]:
        cell = self.cells.get("places", "")
        return [] if clears(cell) else [key for key in dict.fromkeys(split_list(cleaned(cell))) if key]

    def places(self, wish: Wish, service: Service | None) -> None:
        """The places that the row names, and those that no reader's file can name: a service is not taken away from them."""
        if not self.cells.get("places"):
            return
        keys = self.named_places()
        now = [link.location for link in ordered(service.places)] if service else []
        kept = [one.key for one in now if one.key not in keys and is_untold(one)]
        missing = [key for key in keys if key not in self.known.locations and not self.known.is_described("place", key)]
        if missing and len(keys) > 1:
            self.refuse("places", _("There is no “%(key)s”.") % {"key": ", ".join(missing)[:200]})
        elif [one.key for one in now if one.key not in kept] != keys:
            wish.places = [*keys, *kept]
            old = join_list(one.key for one in now)
            wish.differences.append(Difference("places", old, join_list(wish.places)))

    def group(self, wish: Wish, service: Service | None, relation: str) -> None:
        """The rows of one kind below the service."""
        columns = [BY_NAME[name] for name in GROUPS[relation][1]]
        now = ordered(getattr(service, relation)) if service else []
        old = {column.name: told(relation, now, column) for column in columns}
        given = {one.name: self.cells[one.name] for one in columns if one.name in self.cells}
        if all(cleaned(cell) == tidy(old[name]) and not clears(cell) for name, cell in given.items()):
            return
        try:
            rows = read_group(relation, service, given)
        except PartRefused as error:
            self.refuse(error.column, str(error))
            return
        new = {column.name: told(relation, rows, column) for column in columns}
        if new != old:
            wish.parts[relation] = rows
            wish.differences += [Difference(name, old[name], new[name]) for name in new if new[name] != old[name]]
