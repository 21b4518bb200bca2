"""What a row of a partner's spreadsheet wants of one record, and what the record's model and its editors say to that."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from services.models import Location, Organisation, Service
from services.sheets.columns import NAMES, Column
from services.sheets.exporting import Told
from services.taxonomy import Confidence

from .cells import name_of

PREFIX: dict[Any, str] = {Service: "", Organisation: "organisation_", Location: "place_"}
KEY_COLUMN: dict[Any, str] = {Service: "key", Organisation: "organisation", Location: "places"}
LANGUAGES = [code for code, _name in settings.LANGUAGES]


@dataclass(frozen=True)
class Difference:
    """What a column says before and after, as an export writes it."""

    column: str
    old: str
    new: str


@dataclass
class Wish:
    """A record that a row makes or changes: `record` is as it shall be. Nothing is saved, no record of others touched.

    `fields`: those of the record that change. `parts`, `joins`, `places`: the rows, the records and the keys of places that
    a service shall have, where they change.
    """

    record: Any
    new: bool
    row: int
    differences: list[Difference] = field(default_factory=list)
    fields: set[str] = field(default_factory=set)
    parts: dict[str, list[Any]] = field(default_factory=dict)
    joins: dict[str, list[Any]] = field(default_factory=dict)
    places: list[str] | None = None

    def __post_init__(self) -> None:
        self.is_hidden = isinstance(self.record, Location) and self.record.hidden
        self._own = self.new
        self.told = teller(self.record)

    def set(self, column: Column, value: Any) -> None:
        """Give the record this value, and remember the difference if an export would tell it."""
        if not self._own:
            self.record, self._own = copy.copy(self.record), True
            self.told = teller(self.record)
        old = self.told.cell(column)
        setattr(self.record, name_of(column), value)
        new = self.told.cell(column)
        if new != old:
            self.fields.add(name_of(column))
            self.differences.append(Difference(column.name, old, new))

    def faults(self) -> Iterator[tuple[str, str]]:
        """(column, reason): what the model refuses of the changed fields, and what editors are working on."""
        record, kind = self.record, type(self.record)
        if not self.new and (reason := obstacle(record)):
            yield KEY_COLUMN[kind], reason
        if kind is not Location and not any(record.text("name", code) for code in LANGUAGES):
            yield f"{PREFIX[kind]}name_{settings.LANGUAGE_CODE}", _("A name in at least one language is needed.")
        checked = {*self.fields, "key"} if self.new else self.fields
        exclude = {one.name for one in record._meta.concrete_fields if one.is_relation or one.name not in checked}
        for check in (lambda: record.clean_fields(exclude=exclude), record.clean):
            try:
                check()
            except ValidationError as error:
                for name, reasons in error.message_dict.items():
                    column = f"{PREFIX[kind]}{name}"
                    yield (column if name != "key" and column in NAMES else KEY_COLUMN[kind]), " ".join(reasons)


def obstacle(record: Any) -> str:
    """Why an import may not change this record; empty if it may."""
    if record.locked:
        return _("An editor has locked it.")
    if record.has_unpublished_changes:
        return _("An editor has a draft of it that is not published yet.")
    if not record.live:
        return _("It is not published. Publish it first, in the CMS.")
    return ""


def is_untold(place: Location) -> bool:
    """Whether files for readers leave this place out."""
    return place.hidden or not place.live or place.confidence == Confidence.C


def teller(record: Any) -> Told:
    """What an export for editors says of this record, always as it is at the moment of asking."""
    if isinstance(record, Organisation):
        record = SimpleNamespace(organisation=record, places=Listed(()))
    elif isinstance(record, Location):
        record = SimpleNamespace(places=Listed((SimpleNamespace(location=record, sort_order=0, pk=0),)))
    return Told(record, for_editors=True)


class Listed(tuple[Any, ...]):
    """Rows as the manager of a relation gives them."""

    __slots__ = ()

    def all(self) -> Listed:
        return self
