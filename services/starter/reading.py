"""Reads the files of the starter directory, and says every fault with file, line and reason. No Django, no database."""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

DATA = Path(__file__).parents[1] / "data"
SEVERAL = ";"  # between the values of one cell
UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


class DirectoryFaults(Exception):
    """The starter directory cannot be loaded; one `file:line: reason` a fault. Nothing was written."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = list(faults)
        super().__init__("\n".join(self.faults))


@dataclass(frozen=True)
class Row:
    """A row of a file, and the line on which it begins."""

    file: Path
    line: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    def several(self, column: str) -> list[str]:
        """The values of a cell that holds several."""
        return [part.strip() for part in self.cells[column].split(SEVERAL) if part.strip()]

    def fault(self, reason: str) -> str:
        return f"{self.file}:{self.line}: {reason}"


@dataclass(frozen=True)
class Shape:
    """What a file holds: its columns, those that make a row unique, and those that name rows of other files."""

    columns: tuple[str, ...]
    key: tuple[str, ...]
    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # column → files whose key it holds
    needed: bool = True


def _shape(columns: str, key: str, *, needed: bool = True, **names: str) -> Shape:
    return Shape(tuple(columns.split()), tuple(key.split()), {c: tuple(f.split()) for c, f in names.items()}, needed)


NAMES = "name_en name_fr name_ar"
PROVENANCE = "source source_date"
PLACES = "regions.csv provinces.csv"
TEXTS = "id field language text"
SHAPES = {
    "regions.csv": _shape(f"code hcp_code {NAMES} capital capital_province_code lat lon source", "code"),
    "provinces.csv": _shape(
        f"code region_code parent_code hcp_code kind {NAMES} lat lon source",
        "code",
        region_code="regions.csv",
        parent_code=PLACES,
    ),
    "categories.csv": _shape(f"key {NAMES} guide_topic icon position", "key"),
    "taxonomy.csv": _shape(
        "code parent_code label_en label_fr label_ar category open_eligibility_nearest unhcr_sector_nearest",
        "code",
        parent_code="taxonomy.csv",
        category="categories.csv",
    ),
    "organisations.csv": _shape(f"id {NAMES} kind description_en website email {PROVENANCE} confidence", "id"),
    "locations.csv": _shape(
        f"id organization_id {NAMES} address_en address_fr city province lat lon precision hidden {PROVENANCE} confidence",
        "id",
        organization_id="organisations.csv",
        city="provinces.csv",
        province="provinces.csv",
    ),
    "services.csv": _shape(
        f"id organization_id {NAMES} category description_en description_fr eligibility_en fees_en hours_text_en reach areas"
        " welcome welcomes women_only minimum_age maximum_age free access around_the_clock languages"
        f" {PROVENANCE} confidence",
        "id",
        organization_id="organisations.csv",
        category="categories.csv",
        areas=PLACES,
    ),
    "service_at_location.csv": _shape(
        "id service_id location_id",
        "service_id location_id",
        service_id="services.csv",
        location_id="locations.csv",
    ),
    "phones.csv": _shape(
        f"id service_id number kind note_en note_fr note_ar {PROVENANCE}", "id", service_id="services.csv"
    ),
    "hours.csv": _shape(
        "service_id weekday opens closes season", "service_id weekday opens season", service_id="services.csv"
    ),
    "synonyms.csv": _shape("key topic words_fr words_ar words_en darija", "key"),
    "texts_services.csv": _shape(TEXTS, "id field language", needed=False, id="services.csv"),
    "texts_locations.csv": _shape(TEXTS, "id field language", needed=False, id="locations.csv"),
    "texts_organisations.csv": _shape(TEXTS, "id field language", needed=False, id="organisations.csv"),
}


def read_directory(folder: Path = DATA) -> dict[str, list[Row]]:
    """The rows of every file. Refuses all files if one of them has a fault of form, of keys or of references."""
    faults: list[str] = []
    files: dict[str, list[Row]] = {}
    for name, shape in SHAPES.items():
        files[name] = []
        path = folder / name
        if path.exists():
            files[name] = _read_file(path, shape, faults)
        elif shape.needed:
            faults.append(f"{path}:1: the file is missing")
    for name, shape in SHAPES.items():
        faults += _faults_of_keys(files[name], shape)
        faults += _faults_of_references(files, name, shape)
    if faults:
        raise DirectoryFaults(faults)
    return files


def digest_of(folder: Path, *also: Path) -> str:
    """A digest that changes when one of the files does, or one of `also`."""
    paths = [path for name in SHAPES if (path := folder / name).exists()]
    digest = hashlib.sha256()
    for path in (*paths, *also):
        digest.update(f"{path.name}\0".encode() + path.read_bytes())
    return digest.hexdigest()


def _read_file(path: Path, shape: Shape, faults: list[str]) -> list[Row]:
    """The rows of a file that have the right number of cells; the others become faults."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        faults.append(f"{path}:{line}: not UTF-8: {error.reason}")
        return []
    reader = csv.reader(text.splitlines(keepends=True), strict=True)
    rows: list[Row] = []
    try:
        header = next(reader, [])
        if wrong := _faults_of_header(header, shape):
            faults += [f"{path}:1: {reason}" for reason in wrong]
            return []
        line = reader.line_num + 1
        for cells in reader:
            if cells and len(cells) != len(header):
                faults.append(f"{path}:{line}: {len(cells)} cells where the header has {len(header)}")
            elif cells:
                row = Row(path, line, {column: cell.strip() for column, cell in zip(header, cells, strict=True)})
                faults += [row.fault(f"{c}: a character that nobody can see") for c in header if UNSEEN.search(row[c])]
                rows.append(row)
            line = reader.line_num + 1
    except csv.Error as error:
        faults.append(f"{path}:{reader.line_num}: {error}")
    return rows


def _faults_of_header(header: list[str], shape: Shape) -> list[str]:
    missing = [f"the column “{name}” is missing" for name in shape.columns if name not in header]
    unknown = [f"an unknown column “{name}”" for name in header if name not in shape.columns]
    twice = [f"the column “{name}” stands twice" for name in sorted({n for n in header if header.count(n) > 1})]
    return missing + unknown + twice


def _faults_of_keys(rows: list[Row], shape: Shape) -> Iterator[str]:
    seen: dict[tuple[str, ...], int] = {}
    for row in rows:
        key = tuple(row[column] for column in shape.key)
        if not all(key):
            yield row.fault(f"“{' + '.join(shape.key)}” is empty")
        elif key in seen:
            yield row.fault(f"{' + '.join(key)} stands already on line {seen[key]}")
        else:
            seen[key] = row.line


def _faults_of_references(files: dict[str, list[Row]], name: str, shape: Shape) -> Iterator[str]:
    for column, targets in shape.names.items():
        known = {row[SHAPES[target].key[0]] for target in targets for row in files[target]}
        for row in files[name]:
            for value in row.several(column):
                if value not in known:
                    yield row.fault(f"{column}: “{value}” is not in {' or '.join(targets)}")
