"""HSDS as files: JSON, one page that holds every service; and the tabular package, a CSV a table with its description."""

from __future__ import annotations

import csv
import json
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from services.models.records import NAMESPACE

from . import finding, mapping, vocabulary
from .answering import CHUNK, envelope, text
from .shapes import CHOICES, MAY_BE_EMPTY, SHAPES, Field, Shape
from .texts import Plain, derived

LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the same date in every package, so that equal directories make equal files
REFERENCES = {
    "organization_id": "organization",
    "program_id": "program",
    "service_id": "service",
    "location_id": "location",
    "service_at_location_id": "service_at_location",
    "contact_id": "contact",
    "phone_id": "phone",
    "taxonomy_id": "taxonomy",
    "taxonomy_term_id": "taxonomy_term",
}


def write_json(to: BinaryIO, language: str) -> None:
    """Every service with everything that belongs to it, as the page that the API would give if it held all of them."""
    rows = finding.with_everything(finding.shown_services()).order_by("key")
    to.write(b'{"contents":[')
    total = 0
    for total, record in enumerate(rows.iterator(chunk_size=CHUNK), start=1):
        to.write((",\n" if total > 1 else "\n").encode() + text(mapping.full_service(record, language)).encode())
    page = envelope([], total, 1, max(total, 1)) | {"size": total, "empty": not total}
    del page["contents"]
    to.write(f"\n],{text(page)[1:]}\n".encode())


def write_package(to: BinaryIO, language: str) -> None:
    """A zip of one CSV a table of HSDS and datapackage.json (Frictionless tabular data package).

    For programs: cells are as they are, phone numbers begin with “+”. People who open tables want `export_services xlsx`.
    """
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as package:
        tables = Tables(Path(folder), language)
        for name, plain in objects(language):
            tables.add(name, plain)
        tables.close()
        _put(package, "datapackage.json", json.dumps(description(language), ensure_ascii=False, indent=1).encode())
        for shape in SHAPES.values():
            _put(package, shape.path, (Path(folder) / shape.path).read_bytes())


def objects(language: str) -> Iterator[tuple[str, Plain]]:
    """What the tables are made of: taxonomies, terms, organisations, services, each with what is inside it."""
    for plain in vocabulary.taxonomies(language):
        yield "taxonomy", plain
    for plain in vocabulary.terms(language):
        yield "taxonomy_term", plain
    organizations = finding.with_everything_of_organization(finding.organizations(""))
    for organization in organizations.iterator(chunk_size=CHUNK):
        yield "organization", mapping.full_organization(organization, language)
    services = finding.with_everything(finding.shown_services()).order_by("key")
    for service in services.iterator(chunk_size=CHUNK):
        yield "service", mapping.full_service(service, language, with_organization=False)


class Tables:
    """Open CSV files, one a table. A row that stands in several objects, such as a location, is written once."""

    def __init__(self, folder: Path, language: str) -> None:
        self.seen: set[tuple[str, str]] = set()
        self.files = {
            name: (folder / shape.path).open("w", encoding="utf-8", newline="") for name, shape in SHAPES.items()
        }
        self.writers = {name: csv.writer(file) for name, file in self.files.items()}
        for name, shape in SHAPES.items():
            self.writers[name].writerow([field.name for field in shape.fields])
        for name, shape in SHAPES.items():
            about = {"id": derived(NAMESPACE, "table", name, language), "name": shape.path}
            self.add("meta_table_description", about | {"language": language, "character_set": "UTF-8"})

    def add(self, name: str, plain: Plain) -> None:
        if (name, plain["id"]) in self.seen:
            return
        self.seen.add((name, plain["id"]))
        shape = SHAPES[name]
        self.writers[name].writerow([plain.get(field.name, "") for field in shape.fields])
        for key, target in shape.one.items():
            if key in plain:
                self.add(target, plain[key])
        for key, target in shape.many.items():
            for child in plain.get(key, ()):
                self.add(target, child)

    def close(self) -> None:
        for file in self.files.values():
            file.close()


def description(language: str) -> dict[str, Any]:
    """datapackage.json, of the field lists. Texts that HSDS requires and nobody may know are allowed to be empty."""
    return {
        "name": "human_services_data",
        "title": "Dalil: services for migrants in Morocco, as Open Referral HSDS 3.0",
        "profile": "tabular-data-package",
        "version": "3.0.0",
        "languages": [language],
        "resources": [_resource(shape) for shape in SHAPES.values()],
    }


def _resource(shape: Shape) -> dict[str, Any]:
    keys = [
        {"fields": field.name, "reference": {"resource": REFERENCES[field.name], "fields": "id"}}
        for field in shape.fields
        if field.name in REFERENCES
    ]
    schema: dict[str, Any] = {"primaryKey": "id", "fields": [_field(shape, field) for field in shape.fields]}
    return {
        "name": shape.name,
        "path": shape.path,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "profile": "tabular-data-resource",
        "schema": schema | ({"foreignKeys": keys} if keys else {}),
    }


def _field(shape: Shape, field: Field) -> dict[str, Any]:
    plain: dict[str, Any] = {"name": field.name, "type": field.type}
    if field.type in ("uuid", "email", "uri"):
        plain |= {"type": "string", "format": field.type}
    required = field.required and (shape.name, field.name) not in MAY_BE_EMPTY
    constraints: dict[str, Any] = {"required": required, "unique": field.name == "id"}
    if choices := CHOICES.get((shape.name, field.name)):
        constraints["enum"] = list(choices)
    return plain | {"constraints": constraints}


def _put(package: zipfile.ZipFile, name: str, content: bytes) -> None:
    entry = zipfile.ZipInfo(name, LONG_AGO)
    entry.compress_type = zipfile.ZIP_DEFLATED
    with package.open(entry, "w") as file:
        file.write(content)
