"""The directory as files: spreadsheets that come back, and HSDS packages that another program can load."""

from __future__ import annotations

import csv
import datetime
import io
import json
import uuid
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.conf import settings as site
from django.core.management import CommandError, call_command

from services.hsds.shapes import SHAPES
from services.models import Location, Organisation, Service
from services.sheets.columns import COLUMNS, NAMES, Holds
from services.sheets.spreadsheet import plain_cell, split_list

from .hsds import making
from .hsds.conftest import _loaded, checker, directory, empty, schemas  # noqa: F401  (fixtures)

LANGUAGES = [code for code, _name in site.LANGUAGES]
READ = {
    "date": datetime.date.fromisoformat,
    "datetime": datetime.datetime.fromisoformat,
    "time": datetime.time.fromisoformat,
    "number": float,
    "uuid": uuid.UUID,
}


def export(folder: Path, name: str, *options: str) -> Path:
    file = folder / f"out.{name}"
    call_command("export_services", name, "--output", str(file), *options)
    return file


def csv_rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as text:
        return [{name: plain_cell(cell) for name, cell in row.items()} for row in csv.DictReader(text)]


def xlsx_rows(file: Path) -> list[dict[str, str]]:
    book = openpyxl.load_workbook(file, read_only=True)
    head, *rows = book.active.iter_rows(values_only=True)
    book.close()
    return [{name: plain_cell(cell or "") for name, cell in zip(head, row, strict=True)} for row in rows]


@pytest.mark.usefixtures("directory")
def test_csv_and_xlsx_hold_the_same_cells(tmp_path):
    making.everything()
    assert csv_rows(export(tmp_path, "csv")) == xlsx_rows(export(tmp_path, "xlsx"))


@pytest.mark.usefixtures("directory")
def test_columns_are_the_published_ones_in_their_order(tmp_path):
    rows = csv_rows(export(tmp_path, "csv"))
    assert tuple(rows[0]) == NAMES
    assert len(set(NAMES)) == len(NAMES)
    assert [row["key"] for row in rows] == list(Service.objects.shown().order_by("key").values_list("key", flat=True))


@pytest.mark.usefixtures("directory")
def test_every_cell_holds_what_its_column_promises(tmp_path):
    making.everything()
    rows = csv_rows(export(tmp_path, "csv", "--for-editors"))
    for row in rows:
        for column in COLUMNS:
            cell = row[column.name]
            if column.holds is Holds.CHOICE and cell:
                assert cell in column.choices
            elif column.holds is Holds.LIST_OF_CHOICES:
                assert set(split_list(cell)) <= set(column.choices)
            elif column.holds is Holds.YES:
                assert cell in ("yes", "no", "")
            elif column.holds is Holds.DAY and cell:
                datetime.date.fromisoformat(cell)
            elif column.holds in (Holds.NUMBER, Holds.WHOLE_NUMBER) and cell:
                float(cell)


@pytest.mark.usefixtures("empty")
def test_a_row_tells_all_that_is_known(tmp_path):
    making.everything()
    row = csv_rows(export(tmp_path, "csv"))[0]
    assert {name: row[name] for name in ROW} == ROW


ROW = {
    "key": "tout",
    "organisation": "maison",
    "organisation_name_fr": "La Maison",
    "category": "tests",
    "terms": "991",
    "description_fr": "Une description ; avec un point-virgule\\",
    "description_en": "=1+1",
    "areas": "GN-98; MA-98",
    "welcome": "only",
    "welcomes": "refugee; woman",
    "women_only": "yes",
    "minimum_age": "18",
    "languages": "fr; wo",
    "capacity_since": "2026-11-01",
    "phones": "+212500000001 (voice); +212600000002 (whatsapp)",
    "phone_notes_fr": "le matin;",
    "hours": "MO 09:00-12:00; ramadan TU 10:00-12:00; WE 22:00-02:00 2026-01-01/2026-03-31",
    "dated_hours": "2026-12-24 09:00-12:00; 2026-12-25/2026-12-31 closed",
    "dated_messages_fr": "; Congés",
    "documents_fr": "Passeport; Ordonnance",
    "documents_ar": "جواز السفر;",
    "documents_if_you_have_it": "no; yes",
    "costs_fr": "Timbre",
    "costs_amount": "100.00",
    "places": "loc-tout",
    "place_address_fr": "1, rue de l’Exemple",
    "place_city": "GN-98",
    "place_province": "MA-XYZ",
    "place_latitude": "34.0",
    "place_precision": "exact",
    "place_hidden": "no",
    "confidence": "A",
    "checked_on": "2026-10-03",
}


@pytest.mark.usefixtures("empty")
def test_no_cell_of_a_file_runs_as_a_formula(tmp_path):
    making.everything()
    text = export(tmp_path, "csv").read_text(encoding="utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
    assert "'=1+1" in cells
    assert not [cell for cell in cells if cell[:1] in tuple("=+-@\t\r\n")]
    sheet = openpyxl.load_workbook(export(tmp_path, "xlsx")).active
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None} == {"s"}


@pytest.mark.usefixtures("empty")
def test_a_control_character_does_not_break_a_workbook(tmp_path):
    making.service("a", description_fr="avant\x0bapres")
    assert xlsx_rows(export(tmp_path, "xlsx"))[0]["description_fr"] == "avantapres"


@pytest.mark.usefixtures("empty")
def test_a_text_too_long_for_a_workbook_is_refused_rather_than_cut(tmp_path):
    making.service("a", description_fr="x" * 40_000)
    with pytest.raises(CommandError, match="export CSV"):
        export(tmp_path, "xlsx")
    assert list(tmp_path.iterdir()) == []
    assert len(csv_rows(export(tmp_path, "csv"))[0]["description_fr"]) == 40_000


@pytest.mark.usefixtures("empty")
def test_hidden_places_and_unsure_records_are_for_editors_only(tmp_path):
    making.shelter()
    making.service("vague", confidence="C")
    making.service("brouillon", live=False)
    (row,) = csv_rows(export(tmp_path, "csv"))
    assert {name: cell for name, cell in row.items() if name.startswith("place") and cell} == {"place_hidden": "yes"}
    file = export(tmp_path, "csv", "--for-editors")
    rows = {row["key"]: row for row in csv_rows(file)}
    assert set(rows) == {"refuge-femmes", "vague", "brouillon"}
    assert rows["refuge-femmes"]["place_address_fr"] == "17 rue du Secret"
    assert file.stat().st_mode & 0o077 == 0  # nobody else on the machine reads it


@pytest.mark.usefixtures("empty")
def test_a_service_with_several_places_names_them_and_describes_none(tmp_path):
    record = making.everything()
    making.place(record, making.location("loc-zwei"))
    (row,) = csv_rows(export(tmp_path, "csv"))
    assert row["places"] == "loc-tout; loc-zwei"
    assert not any(cell for name, cell in row.items() if name.startswith("place_"))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.usefixtures("empty")
def test_a_file_of_one_language_has_its_texts_only(tmp_path, language):
    making.everything()
    names = set(csv_rows(export(tmp_path, "csv", "--language", language))[0])
    assert f"name_{language}" in names
    assert not {f"name_{other}" for other in LANGUAGES if other != language} & names
    assert "key" in names


@pytest.mark.parametrize("name", ["csv", "hsds-json", "hsds-tabular"])
@pytest.mark.usefixtures("directory")
def test_the_same_directory_makes_the_same_file(tmp_path, name):
    assert export(tmp_path, name).read_bytes() == export(tmp_path, name).read_bytes()


@pytest.mark.parametrize("language", LANGUAGES)
def test_hsds_json_is_a_valid_page_of_everything(directory, checker, tmp_path, language):  # noqa: F811 (a fixture)
    page = json.loads(export(tmp_path, "hsds-json", "--language", language).read_text())
    assert page["total_items"] == Service.objects.shown().count() > 100
    assert checker("services", page, True) == []


def test_hsds_json_of_an_empty_directory_is_valid(empty, checker, tmp_path):  # noqa: F811 (a fixture)
    assert checker("services", json.loads(export(tmp_path, "hsds-json").read_text()), True) == []


def package(folder: Path, *options: str) -> tuple[dict[str, Any], dict[str, list[dict[str, str]]]]:
    """datapackage.json and the rows of each table."""
    with zipfile.ZipFile(export(folder, "hsds-tabular", *options)) as parts:
        described = json.loads(parts.read("datapackage.json"))
        tables = {
            one["name"]: list(csv.DictReader(io.StringIO(parts.read(one["path"]).decode(), newline="")))
            for one in described["resources"]
        }
    return described, tables


@pytest.mark.usefixtures("directory")
def test_the_tabular_package_keeps_its_own_rules(tmp_path):
    """Types, required and unique values, enumerations and references: what `frictionless validate` looks at."""
    making.everything()
    making.shelter()
    described, tables = package(tmp_path)
    assert len(tables["service"]) == Service.objects.shown().count()
    assert len(tables["organization"]) == Organisation.objects.shown().count()
    for resource in described["resources"]:
        rows, schema = tables[resource["name"]], resource["schema"]
        assert schema["primaryKey"] == "id"
        for field in schema["fields"]:
            values = [row[field["name"]] for row in rows]
            given = [value for value in values if value]
            rules = field["constraints"]
            assert not rules["required"] or len(given) == len(values), (resource["name"], field["name"])
            assert not rules["unique"] or len(set(values)) == len(values)
            assert set(given) <= set(rules.get("enum", given))
            read = READ.get(field.get("format", field["type"]), str)
            assert all(read(value) is not None for value in given)
        for key in schema.get("foreignKeys", ()):
            known = {row["id"] for row in tables[key["reference"]["resource"]]}
            assert {row[key["fields"]] for row in rows if row[key["fields"]]} <= known, (resource["name"], key)


@pytest.mark.usefixtures("directory")
def test_the_tabular_package_has_the_official_tables(tmp_path, schemas):  # noqa: F811 (a fixture)
    official = json.loads((schemas.parent / "datapackage.json").read_text())
    described, tables = package(tmp_path)
    for ours, theirs in zip(described["resources"], official["resources"], strict=True):
        assert (ours["name"], ours["path"]) == (theirs["name"], theirs["path"])
        assert [field["name"] for field in ours["schema"]["fields"]] == [f["name"] for f in theirs["schema"]["fields"]]
        keys = {(one["fields"], one["reference"]["resource"]) for one in ours["schema"].get("foreignKeys", ())}
        assert keys >= {
            (one["fields"], one["reference"]["resource"]) for one in theirs["schema"].get("foreignKeys", ())
        }
    assert set(tables) == set(SHAPES)
    assert {row["language"] for row in tables["meta_table_description"]} == {site.LANGUAGE_CODE}


@pytest.mark.usefixtures("empty")
def test_hsds_files_are_never_for_editors(tmp_path):
    with pytest.raises(CommandError, match="for partners"):
        export(tmp_path, "hsds-json", "--for-editors")


def test_a_folder_that_is_not_there_is_said(db, tmp_path):
    with pytest.raises(CommandError, match="cannot be written"):
        export(tmp_path / "nowhere", "csv")


@pytest.mark.usefixtures("directory")
def test_an_export_asks_as_many_queries_for_few_as_for_many(tmp_path, django_assert_max_num_queries):
    with django_assert_max_num_queries(30):
        export(tmp_path, "csv", "--for-editors")


@pytest.mark.usefixtures("empty")
def test_a_place_that_readers_may_not_see_is_not_in_their_file(tmp_path):
    making.everything()
    Location.objects.update(confidence="C")
    (row,) = csv_rows(export(tmp_path, "csv"))
    assert row["places"] == row["place_address_fr"] == ""
