"""What the rows of a partner's spreadsheet may name: lists that are read once, records that are read a chunk at a time."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from services.models import Category, Location, Organisation, Place, Service, Term
from services.models.records import NAMESPACE
from services.sheets.spreadsheet import split_list

from .cells import cleaned


class Described(NamedTuple):
    """Which row has described a record, and whether with the same words."""

    row: int
    same: bool


class Known:
    """`services`, `organisations`, `locations`: by key, those that the chunk names. `taken`: keys whose UUID is another's."""

    services: dict[str, Service]
    organisations: dict[str, Organisation]
    locations: dict[str, Location]
    taken: set[str]

    def __init__(self) -> None:
        self.categories = {one.key: one for one in Category.objects.all()}
        self.terms = {one.code: one for one in Term.objects.all()}
        self.places = {one.code: one for one in Place.objects.all()}
        self._described: dict[tuple[str, str], tuple[bytes, int]] = {}

    def read(self, rows: Collection[Mapping[str, str]]) -> None:
        """Read what these rows name: the same number of queries for any number of them."""
        named = [{name: cleaned(row.get(name, "")) for name in ("key", "organisation", "places")} for row in rows]
        keys = {row["key"] for row in named}
        places = {key for row in named for key in split_list(row["places"])}
        self.services = _by_key(Service.objects.filter(key__in=keys).with_parts())
        self.organisations = _by_key(Organisation.objects.filter(key__in={row["organisation"] for row in named}))
        self.locations = _by_key(Location.objects.filter(key__in=places).select_related("city", "province"))
        ids = {uuid.uuid5(NAMESPACE, f"service:{key}"): key for key in keys - self.services.keys()}
        self.taken = {ids[one] for one in Service.objects.filter(uuid__in=ids).values_list("uuid", flat=True)}

    def is_described(self, kind: str, key: str) -> bool:
        """Whether a row before has described this record."""
        return (kind, key) in self._described

    def describe(self, kind: str, key: str, row: int, words: Any) -> Described | None:
        """The description by a row before; None if this row is the first, which is remembered."""
        said = hashlib.sha256(repr(words).encode()).digest()[:12]
        before = self._described.get((kind, key))
        if before is None:
            self._described[kind, key] = said, row
            return None
        return Described(before[1], before[0] == said)


def _by_key(records: Any) -> dict[str, Any]:
    return {one.key: one for one in records}
