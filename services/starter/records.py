"""What the starter files say, as records that are not saved yet. Refuses what the models refuse, with file, line, reason."""

from __future__ import annotations

import datetime
import hashlib
import json
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from services import models as tables
from services.models.records import NAMESPACE, translated_fields
from services.taxonomy import PlaceKind

from .reading import DirectoryFaults, Row

Rows = dict[str, list[Row]]
LANGUAGES_OF_FILES = ("en", "fr", "ar")


@dataclass
class Part:
    """A row below a record, such as a phone of a service: its values, and the location that it names."""

    row: Row
    values: dict[str, Any]
    location: str = ""


@dataclass
class Wanted:
    """A record as the files have it. `links`: kind and key of one other record a field; `several`: of any number."""

    kind: str
    model: type[models.Model]
    key: str
    row: Row
    values: dict[str, Any]
    links: dict[str, tuple[str, str]] = field(default_factory=dict)
    several: dict[str, tuple[str, list[str]]] = field(default_factory=dict)
    parts: dict[str, list[Part]] = field(default_factory=dict)

    @property
    def mark(self) -> str:
        return f"{self.kind}:{self.key}"

    def digest(self) -> str:
        """Changes when the files say something else of this record."""
        parts = {name: [(part.values, part.location) for part in rows] for name, rows in self.parts.items()}
        text = json.dumps([self.values, self.links, self.several, parts], sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()

    def faults(self) -> Iterator[str]:
        """What the models refuse, of the record and of its parts."""
        yield from _refused(self.row, self.model(**self.values), self.links)
        for name, rows in self.parts.items():
            for part in rows:
                relation: Any = self.model._meta.get_field(name)
                piece = relation.related_model(**part.values)
                yield from _refused(part.row, piece, (relation.field.name, "location"))


def wanted_records(files: Rows) -> list[list[Wanted]]:
    """Every record in the order of writing: each list names only records of lists before it.

    Raises DirectoryFaults with every value that cannot be read and every record that a model refuses.
    """
    faults: list[str] = []
    lists: list[list[Wanted]] = []
    for name, build in BUILDERS:
        made = []
        for row in files[name]:
            try:
                made.append(build(row, files))
            except ValueError as error:
                faults.append(str(error))
        lists.append(made)
    regions, places, categories, terms, organisations, locations, services, synonyms = lists
    faults += _add_texts(locations, files["texts_locations.csv"])
    faults += _add_texts(organisations, files["texts_organisations.csv"])
    faults += _add_texts(services, files["texts_services.csv"])
    faults += [fault for made in lists for wanted in made for fault in wanted.faults()]
    if faults:
        raise DirectoryFaults(faults)
    provinces = [wanted for wanted in places if wanted.values["kind"] != PlaceKind.CITY]
    cities = [wanted for wanted in places if wanted.values["kind"] == PlaceKind.CITY]
    themes = [wanted for wanted in terms if not wanted.links]
    terms = [wanted for wanted in terms if wanted.links]
    return [regions, provinces, cities, categories, themes, terms, organisations, locations, services, synonyms]


def identity(*names: str) -> uuid.UUID:
    """The same UUID for the same thing in every database."""
    return uuid.uuid5(NAMESPACE, ":".join(names))


def _refused(row: Row, record: models.Model, exclude: Iterable[str]) -> Iterator[str]:
    for check in (lambda: record.clean_fields(exclude=set(exclude)), record.clean):
        try:
            check()
        except ValidationError as error:
            for name, reasons in error.message_dict.items() if hasattr(error, "error_dict") else [("", error.messages)]:
                yield from (row.fault(f"{name}: {reason}") for reason in reasons)


def _add_texts(records: list[Wanted], rows: list[Row]) -> Iterator[str]:
    """Put the words of translators in place of those of the main files. What is hidden gets none: its name is a city."""
    known = {wanted.key: wanted for wanted in records}
    for row in rows:
        if not (wanted := known.get(row["id"])) or wanted.values.get("hidden"):
            continue
        if row["field"] not in translated_fields(wanted.model) or row["language"] not in LANGUAGES_OF_FILES:
            yield row.fault(f"there is no text “{row['field']}” in “{row['language']}”")
        elif not row["text"]:
            yield row.fault("the text is empty")
        else:
            wanted.values[f"{row['field']}_{row['language']}"] = row["text"]


def _texts(row: Row, model: type[models.Model]) -> dict[str, Any]:
    """Every text of this model in every language of the files; None where they have none."""
    columns = [f"{name}_{code}" for name in translated_fields(model) for code in LANGUAGES_OF_FILES]
    return {column: row.cells.get(column) or None for column in columns}


def _names(row: Row, prefix: str = "name") -> dict[str, Any]:
    return {f"name_{code}": row[f"{prefix}_{code}"] or None for code in LANGUAGES_OF_FILES}


def _number(row: Row, column: str, kind: Callable[[str], Any] = float) -> Any:
    try:
        return kind(row[column]) if row[column] else None
    except ValueError:
        raise ValueError(row.fault(f"{column}: “{row[column]}” is not a number")) from None


def _yes(row: Row, column: str) -> bool:
    if row[column] not in ("yes", "no"):
        raise ValueError(row.fault(f"{column}: “{row[column]}” is neither yes nor no"))
    return row[column] == "yes"


def _time(row: Row, column: str) -> datetime.time:
    try:
        return datetime.datetime.strptime(row[column], "%H:%M").time()  # noqa: DTZ007 (a time of day has no zone)
    except ValueError:
        raise ValueError(row.fault(f"{column}: “{row[column]}” is not a time such as 09:00")) from None


def _sourced(row: Row) -> dict[str, str]:
    return {name: row[name] for name in ("source", "source_date", "confidence")}


def _point(row: Row) -> dict[str, float | None]:
    return {"latitude": _number(row, "lat"), "longitude": _number(row, "lon")}


def _link(kind: str, key: str) -> tuple[str, str]:
    return kind, key


def _region(row: Row, _files: Rows) -> Wanted:
    values = {"code": row["code"], "kind": PlaceKind.REGION, "hcp_code": row["hcp_code"], "source": row["source"]}
    return Wanted("place", tables.Place, row["code"], row, values | _names(row) | _point(row))


def _place(row: Row, _files: Rows) -> Wanted:
    values = {name: row[name] for name in ("code", "kind", "hcp_code", "source")}
    links = {"parent": _link("place", row["parent_code"]), "region": _link("place", row["region_code"])}
    return Wanted("place", tables.Place, row["code"], row, values | _names(row) | _point(row), links)


def _category(row: Row, _files: Rows) -> Wanted:
    values: dict[str, Any] = {name: row[name] for name in ("key", "guide_topic", "icon")}
    values |= {"position": _number(row, "position", int), "uuid": identity("category", row["key"])}
    return Wanted("category", tables.Category, row["key"], row, values | _names(row))


def _term(row: Row, _files: Rows) -> Wanted:
    values: dict[str, Any] = {"code": row["code"], "uuid": identity("term", row["code"])}
    values["open_eligibility"] = row["open_eligibility_nearest"]
    values["unhcr_sector"] = row["unhcr_sector_nearest"]
    links = {"parent": _link("term", row["parent_code"])} if row["parent_code"] else {}
    several = {"categories": ("category", row.several("category"))}
    return Wanted("term", tables.Term, row["code"], row, values | _names(row, "label"), links, several)


def _organisation(row: Row, _files: Rows) -> Wanted:
    values = {name: row[name] for name in ("kind", "website", "email")}
    values |= {"key": row["id"]} | _texts(row, tables.Organisation) | _sourced(row)
    return Wanted("organisation", tables.Organisation, row["id"], row, values)


def _location(row: Row, _files: Rows) -> Wanted:
    values: dict[str, Any] = {"key": row["id"], "precision": row["precision"], "hidden": _yes(row, "hidden")}
    values |= _texts(row, tables.Location) | _point(row) | _sourced(row)
    if values["hidden"] and any(row[name] for name in ("address_en", "address_fr")):
        raise ValueError(row.fault("the address of a hidden location is not written in these files"))
    links = {"organisation": _link("organisation", row["organization_id"])}
    links |= {name: _link("place", row[name]) for name in ("city", "province") if row[name]}
    return Wanted("location", tables.Location, row["id"], row, values, links)


def _service(row: Row, files: Rows) -> Wanted:
    values: dict[str, Any] = {name: row[name] for name in ("reach", "welcome", "free", "access")}
    values |= {"key": row["id"]} | _texts(row, tables.Service) | _sourced(row)
    values |= {name: _yes(row, name) for name in ("women_only", "around_the_clock")}
    values |= {name: _number(row, name, int) for name in ("minimum_age", "maximum_age")}
    values |= {name: row.several(name) for name in ("welcomes", "languages")}
    links = {
        "organisation": _link("organisation", row["organization_id"]),
        "category": _link("category", row["category"]),
    }
    several = {"areas": ("place", row.several("areas")), "terms": ("term", [])}
    parts = {
        name: [build(part) for part in files[file] if part["service_id"] == row["id"]]
        for name, file, build in (
            ("places", "service_at_location.csv", _service_place),
            ("phones", "phones.csv", _phone),
            ("hours", "hours.csv", _hours),
        )
    }
    return Wanted("service", tables.Service, row["id"], row, values, links, several, parts)


def _service_place(row: Row) -> Part:
    return Part(row, {"uuid": identity("serviceplace", row["service_id"], row["location_id"])}, row["location_id"])


def _phone(row: Row) -> Part:
    values: dict[str, Any] = {name: row[name] for name in ("number", "kind", "source", "source_date")}
    return Part(row, values | _texts(row, tables.ServicePhone) | {"uuid": identity("phone", row["id"])})


def _hours(row: Row) -> Part:
    names = [row[name] for name in ("service_id", "weekday", "opens", "season")]
    values = {"weekday": row["weekday"], "season": row["season"], "uuid": identity("hours", *names)}
    return Part(row, values | {name: _time(row, name) for name in ("opens", "closes")})


def _synonym(row: Row, _files: Rows) -> Wanted:
    values = {"key": row["key"], "topic": row["topic"], "darija": _words(row.several("darija"))}
    for code in LANGUAGES_OF_FILES:
        values[f"words_{code}"] = _words(row.several(f"words_{code}"))
    return Wanted("synonym", tables.SynonymGroup, row["key"], row, values)


def _words(words: list[str]) -> str:
    """One a line, each once."""
    once: dict[str, str] = {}
    for word in words:
        once.setdefault(word.strip().casefold(), word.strip())
    return "\n".join(once.values())


BUILDERS: tuple[tuple[str, Callable[[Row, Rows], Wanted]], ...] = (
    ("regions.csv", _region),
    ("provinces.csv", _place),
    ("categories.csv", _category),
    ("taxonomy.csv", _term),
    ("organisations.csv", _organisation),
    ("locations.csv", _location),
    ("services.csv", _service),
    ("synonyms.csv", _synonym),
)
