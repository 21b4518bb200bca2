"""Partners' spreadsheets come in whole or not at all: clean ones, dirty ones, and those that come back unchanged."""

from __future__ import annotations

import csv
import datetime
import io
import zipfile
from itertools import islice

import openpyxl
import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wagtail.models import ModelLogEntry, Revision

from services import importing
from services.cms import import_uploads
from services.importing import Source, files, planning
from services.models import IndexJob, Location, Organisation, RequiredDocument, Service, ServiceCost, ServicePhone
from services.sheets import exporting
from services.sheets.spreadsheet import join_list, safe_cell
from services.taxonomy import Confidence
from tests.people import enter

from .directory import add_phone, add_place, make_organisation, make_service

HEAD = ["key", "organisation", "category", "name_fr", "name_ar", "phones"]
ROW = ["desk-one", "test-helpers", "legal_aid", "Guichet d’écoute", "شباك الاستماع", "+212537000001 (voice)"]
LANGUAGE = "en"


@pytest.fixture(autouse=True)
def _english(db):
    with translation.override(LANGUAGE):
        make_organisation()
        yield


def table(*rows, head=HEAD, separator=","):
    to = io.StringIO(newline="")
    csv.writer(to, delimiter=separator).writerows([head, *rows])
    return to.getvalue()


def changed(row=ROW, **cells):
    return [cells.get(name, cell) for name, cell in zip(HEAD, row, strict=True)]


@pytest.fixture
def send(tmp_path):
    """Write a file; what it would do."""

    def plan(content, name="partner.csv", *, do=False):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        source = Source(path, name)
        report = importing.plan([source])
        return importing.apply([source], report.digest) if do and report.can_be_applied else report

    return plan


def workbook(*rows, head=HEAD, change=None):
    book = openpyxl.Workbook()
    book.active.append(head)
    for row in rows:
        book.active.append(row)
    if change:
        change(book)
    to = io.BytesIO()
    book.save(to)
    return to.getvalue()


def dump():
    """Every row of every table that an import may touch."""
    models = [*apps.get_app_config("services").get_models(include_auto_created=True), Revision, ModelLogEntry]
    with translation.override(LANGUAGE):  # a name without its language is that of the reader
        return {model.__name__: list(model._base_manager.order_by("pk").values()) for model in models}


def reasons(report):
    return [(one.row, one.column) for one in report.refused]


# What a good file does ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_every_encoding_and_separator_of_spreadsheets_is_read(send, encoding, separator):
    report = send(table(ROW, separator=separator).encode(encoding), do=True)
    assert (report.created, report.refused) == (1, [])
    assert Service.objects.get(key="desk-one").name_ar == "شباك الاستماع"


def test_french_of_windows_is_read(send):
    send(table(changed(name_ar="", name_fr="École d’été – Œuvre « À Fès »")).encode("cp1252"), do=True)
    assert Service.objects.get(key="desk-one").name_fr == "École d’été – Œuvre « À Fès »"


def test_arabic_of_windows_is_read(send):
    rows = table(changed(name_fr="Guichet d'été", name_ar="مكتب الاستقبال في المغرب"))
    send(rows.encode("cp1256"), do=True)
    service = Service.objects.get(key="desk-one")
    assert (service.name_fr, service.name_ar) == ("Guichet d'été", "مكتب الاستقبال في المغرب")


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("مكتب الاستقبال في المغرب", "iso8859_6"),
        ("école été", "mac_roman"),
        ("école été", "cp850"),
        ("школа", "cp1251"),
        ("שלום", "cp1255"),
    ],
)
def test_letters_that_could_be_others_are_refused_not_guessed(send, text, encoding):
    report = send(table(changed(name_fr=text, name_ar="")).encode(encoding))
    assert "not certain" in report.refused[0].reason


def test_a_file_of_utf_8_with_one_byte_broken_is_refused(send):
    report = send(table(ROW).encode().replace("é".encode(), b"\xe9", 1))
    assert report.refused[0].row == 0


def test_letters_that_were_spoilt_before_are_refused(send):
    report = send(table(changed(name_fr="écoute".encode().decode("cp1252"))))
    assert reasons(report) == [(2, "name_fr")]


def test_a_new_service_is_published_with_its_organisation_its_place_and_its_parts(send):
    rabat = Location.objects.exclude(city=None).first().city
    extra = {
        "organisation": "new-helpers", "organisation_name_fr": "Nouveaux", "places": "new-door", "place_city": rabat.code,
        "place_address_fr": "1 rue Neuve", "hours": "MO 09:00-12:00; ramadan TU 10:00–14:00", "languages": "French; ary",
        "documents_fr": "Passeport; Photo", "documents_ar": "جواز السفر; صورة", "costs_fr": "Timbre", "costs_amount": "20",
        "dated_hours": "2026-12-25/2026-12-31 closed", "dated_messages_fr": "Congés", "free": "Oui", "minimum_age": "١٨",
        "source": "https://example.org", "confidence": "A",
    }  # fmt: skip
    head = [*HEAD, *(name for name in extra if name not in HEAD)]
    row = [extra.get(name) or dict(zip(HEAD, ROW, strict=True))[name] for name in head]
    report = send(table(row, head=head), do=True)
    assert (report.created, report.refused) == (3, [])
    service = Service.objects.get(key="desk-one")
    assert (service.live, service.free, service.minimum_age, service.languages) == (True, "yes", 18, ["ary", "fr"])
    assert service.places.get().location.address_fr == "1 rue Neuve"
    assert service.organisation.source == "https://example.org"
    assert [(one.weekday, one.season) for one in service.hours.all()] == [("MO", "always"), ("TU", "ramadan")]
    assert [one.name_ar for one in service.documents.all()] == ["جواز السفر", "صورة"]
    assert service.costs.get().amount == 20
    assert service.dated_hours.get().message_fr == "Congés"
    assert Service.objects.shown().filter(key="desk-one").exists()
    assert send(table(row, head=head)).unchanged == 1


def test_a_change_leaves_a_version_a_word_in_the_history_and_a_job_for_the_search(send, django_user_model):
    service = make_service(description_fr="Avant", description_ar="قبل")
    before = service.modified_at
    IndexJob.objects.all().delete()
    report = send(table([service.key, "Après"], head=["key", "description_fr"]), do=True)
    assert report.changed == 1
    service.refresh_from_db()
    assert service.description_fr == "Après"
    assert service.modified_at > before
    assert service.language_states()["ar"] == "outdated"
    assert service.latest_revision.content["description_fr"] == "Après"
    assert service.latest_revision == service.live_revision
    entry = ModelLogEntry.objects.get(action="services.import")
    assert (entry.object_id, entry.data["columns"]) == (str(service.pk), ["description_fr"])
    assert set(IndexJob.objects.values_list("identifier", flat=True)) == {service.key}


def test_a_change_of_an_organisation_tells_the_search_of_all_its_services(send):
    one, two = make_service("one"), make_service("two")
    IndexJob.objects.all().delete()
    head = ["key", "organisation", "organisation_name_en"]
    send(table(["one", one.organisation.key, "Helping hands"], head=head), do=True)
    assert {"one", "two"} == set(IndexJob.objects.values_list("identifier", flat=True))
    two.organisation.refresh_from_db()
    assert two.organisation.name_en == "Helping hands"


def test_a_missing_column_and_an_empty_cell_leave_what_is_known_and_a_hyphen_clears_it(send):
    service = make_service(description_fr="Reste", fees_fr="Part", minimum_age=5)
    add_phone(service)
    head = ["key", "description_fr", "fees_fr", "minimum_age", "phones"]
    send(table([service.key, "", "-", "-", "-"], head=head), do=True)
    service.refresh_from_db()
    assert (service.description_fr, service.fees_fr, service.minimum_age) == ("Reste", "", None)
    assert not ServicePhone.objects.filter(service=service).exists()


def test_a_phone_that_stays_keeps_its_source_and_its_notes(send):
    service = make_service()
    old = add_phone(service, "0537000000", source="leaflet", note_fr="Matin")
    send(table([service.key, "+212537000009; +212537000000"], head=["key", "phones"]), do=True)
    phones = list(ServicePhone.objects.filter(service=service).order_by("sort_order"))
    assert [one.number for one in phones] == ["+212537000009", "0537000000"]
    assert (phones[1].uuid, phones[1].source, phones[1].note_fr) == (old.uuid, "leaflet", "Matin")


@pytest.mark.parametrize(
    ("written", "number"),
    [("537000001", "+212537000001"), ("212537000001", "+212537000001"), ("00212 537-00-00-01", "+212537000001"),
     ("05.37.00.00.01", "0537000001"), ("(+212) (0)537 000001", "+212537000001"), ("٠٥٣٧٠٠٠٠٠١", "0537000001"),
     ("۲۵۱۱", "2511"), ("'+212537000001 (WhatsApp)", "+212537000001")],
)  # fmt: skip
def test_numbers_are_repaired_where_only_one_number_can_be_meant(send, written, number):
    send(table(changed(phones=written)), do=True)
    assert ServicePhone.objects.get(service__key="desk-one").number == number


@pytest.mark.parametrize("written", ["2.12537E+11", "37000001", "5370000011234567", "call us", "+0537000001"])
def test_numbers_that_could_be_others_are_refused(send, written):
    assert reasons(send(table(changed(phones=written)))) == [(2, "phones")]


@pytest.mark.parametrize(
    ("written", "day"),
    [("2026-10-31", "2026-10-31"), ("31/10/2026", "2026-10-31"), ("46000", "2025-12-09"), ("٢٠٢٦-١٠-٣١", "2026-10-31"),
     ("2026-10-31 00:00:00", "2026-10-31")],
)  # fmt: skip
def test_days_are_read_in_the_ways_of_spreadsheets(send, written, day):
    service = make_service()
    send(table([service.key, written], head=["key", "checked_on"]), do=True)
    service.refresh_from_db()
    assert service.checked_on == datetime.date.fromisoformat(day)


@pytest.mark.parametrize("written", ["03/04/2026", "2026-02-30", "31.02.2026", "soon", "1", "2999-01-01", "99999"])
def test_days_that_are_none_or_could_be_others_are_refused(send, written):
    service = make_service()
    assert reasons(send(table([service.key, written], head=["key", "checked_on"]))) == [(2, "checked_on")]


# Dirty files ---------------------------------------------------------------------------------------------------------


def merged(book):
    book.active.merge_cells("D2:E2")


def formula(book):
    book.active["D2"] = "=A2&B2"


def hidden_sheet(book):
    book.create_sheet("notes").sheet_state = "hidden"
    book["notes"].append(HEAD)
    book["notes"].merge_cells("A2:B2")


def two_sheets(book):
    book.create_sheet("again").append(HEAD)


def with_part(content, name, data=b"x"):
    to = io.BytesIO(content)
    with zipfile.ZipFile(to, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return to.getvalue()


def with_doctype():
    made = workbook(ROW)
    to = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(made)) as old, zipfile.ZipFile(to, "w") as new:
        for part in old.infolist():
            data = old.read(part)
            if part.filename == "xl/worksheets/sheet1.xml":
                data = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>' + data
            new.writestr(part, data)
    return to.getvalue()


DIRTY_FILES = {
    "empty": (b"", "a.csv"),
    "only spaces": (b"\n , \n", "a.csv"),
    "nul": (table(ROW).encode().replace(b"Guichet", b"Gui\0het"), "a.csv"),
    "half of utf-16": (table(ROW).encode("utf-16")[:-1], "a.csv"),
    "utf-32": (table(ROW).encode("utf-32"), "a.csv"),
    "an unclosed quote": (table(ROW) + '"open,\n', "a.csv"),
    "cut off in a row": (table(ROW)[:-40], "a.csv"),
    "another separator": (table(ROW, separator="|"), "a.csv"),
    "no head": (",".join(ROW), "a.csv"),
    "an unknown column": (table([*ROW, "x"], head=[*HEAD, "telephone"]), "a.csv"),
    "a column twice": (table([*ROW, "x"], head=[*HEAD, "name_fr"]), "a.csv"),
    "a picture": (b"\xff\xd8\xff\xe0" + b"JFIF" * 100, "photo.csv"),
    "a picture called xlsx": (b"\xff\xd8\xff\xe0" + b"JFIF" * 100, "photo.xlsx"),
    "a text called xlsx": (table(ROW), "a.xlsx"),
    "old excel": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "a.xls"),
    "macros by name": (workbook(ROW), "a.xlsm"),
    "macros by content": (with_part(workbook(ROW), "xl/vbaProject.bin"), "a.xlsx"),
    "truncated": (workbook(ROW)[:-400], "a.xlsx"),
    "cut in half": (workbook(ROW)[:2000], "a.xlsx"),
    "a zip of something else": (with_part(b"", "readme.txt"), "a.xlsx"),
    "merged cells": (workbook(ROW, change=merged), "a.xlsx"),
    "two sheets": (workbook(ROW, change=two_sheets), "a.xlsx"),
    "entities": (with_doctype(), "a.xlsx"),
    "a bomb": (with_part(workbook(ROW), "xl/bomb.xml", b"\0" * (300 * 2**20)), "a.xlsx"),
}


@pytest.mark.parametrize(("content", "name"), DIRTY_FILES.values(), ids=DIRTY_FILES)
def test_a_dirty_file_is_refused_as_a_whole_with_a_sentence(send, content, name):
    before = dump()
    report = send(content, name, do=True)
    assert [(one.row, bool(one.reason)) for one in report.refused] == [(0, True)] or report.refused[0].row in (0, 1, 3)
    assert (report.created, report.changed) in ((0, 0), (1, 0))
    assert dump() == before


DIRTY_ROWS = {
    "the head once more": (HEAD, "key"),
    "no key": (changed(key=""), "key"),
    "a key with spaces": (changed(key="Desk One"), "key"),
    "an unknown category": (changed(category="legal"), "category"),
    "an unknown organisation": (changed(organisation="nobody"), "organisation"),
    "no name": (changed(name_fr="", name_ar=""), "name_fr"),
    "a name too long": (changed(name_fr="a" * 201), "name_fr"),
    "too many cells": ([*ROW, "more"], ""),
    "the same number twice": (changed(phones="0537000001; +212537000001"), "phones"),
    "an unknown kind of phone": (changed(phones="0537000001 (fax)"), "phones"),
}


@pytest.mark.parametrize(("row", "column"), DIRTY_ROWS.values(), ids=DIRTY_ROWS)
def test_a_dirty_row_is_refused_with_its_number_and_column_and_nothing_of_the_file_is_loaded(send, row, column):
    before = dump()
    report = send(table(changed(key="good-one"), row), do=True)
    assert (3, column) in reasons(report)
    assert dump() == before


DIRTY_CELLS = [
    ("welcome", "all of them"), ("welcomes", "refugee; martian"), ("languages", "klingon"), ("minimum_age", "-3"),
    ("minimum_age", "121"), ("minimum_age", "a lot"), ("women_only", "maybe"), ("email", "nobody"), ("website", "javascript:alert(1)"),
    ("hours", "MO 25:00-26:00"), ("hours", "every day"), ("hours", "XX 09:00-10:00"), ("dated_hours", "2026-12-31/2026-12-01 closed"),
    ("terms", "nothing"), ("areas", "atlantis"), ("places", "nowhere"), ("confidence", "D"), ("category", "-"),
    ("costs_amount", "12"), ("phone_notes_fr", "a; b"), ("place_address_fr", "rue sans lieu"), ("capacity_since", "2999-01-01"),
]  # fmt: skip


@pytest.mark.parametrize(("column", "cell"), DIRTY_CELLS)
def test_a_cell_that_breaks_a_rule_changes_nothing(send, column, cell):
    service = make_service()
    before = dump()
    report = send(table([service.key, cell], head=["key", column]), do=True)
    assert [(one.row, one.column) for one in report.refused] == [(2, column)]
    assert dump() == before


def test_a_choice_is_known_by_its_label_in_any_language(send):
    service = make_service()
    head = ["key", "welcome", "access", "accepts_referrals"]
    send(table([service.key, "Everyone is welcome", "Sur rendez-vous uniquement", "نعم"], head=head))
    report = send(table([service.key, "everyone", "Call first", "YES"], head=head), do=True)
    assert report.changed == 1
    service.refresh_from_db()
    assert (service.welcome, service.access, service.accepts_referrals) == ("everyone", "call_first", "yes")


def test_a_key_twice_is_refused_where_it_comes_again(send):
    assert reasons(send(table(ROW, ROW))) == [(3, "key")]


def test_rows_are_counted_as_the_spreadsheet_counts_them(send):
    multiline = changed(name_fr="Un\r\nDeux")
    report = send(table(multiline, ["", "", "", "", "", ""], changed(key="bad key")))
    assert (4, "key") in reasons(report)


def test_a_formula_is_refused_with_its_address(send):
    report = send(workbook(ROW, change=formula), "a.xlsx")
    assert reasons(report) == [(2, "name_fr")]
    assert "D2" in report.refused[0].reason


def test_hidden_sheets_are_not_read(send):
    assert send(workbook(ROW, change=hidden_sheet), "a.xlsx").created == 1


def test_dates_numbers_and_truth_values_of_a_workbook_are_read(send):
    service = make_service()
    day = datetime.datetime(2026, 10, 3)  # noqa: DTZ001 (a spreadsheet's day has no zone)
    row = [service.key, day, 18, True, 2511, "A"]
    head = ["key", "checked_on", "minimum_age", "women_only", "phones", "confidence"]
    report = send(workbook(row, head=head), "a.xlsx", do=True)
    assert report.refused == []
    service.refresh_from_db()
    assert (service.checked_on, service.minimum_age, service.women_only) == (datetime.date(2026, 10, 3), 18, True)
    assert service.phones.get().number == "2511"


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "=cmd|' /C calc'!A0", "'; DROP TABLE services_service; --", "{{ 7*7 }}"]
)
def test_markup_and_formulas_in_texts_stay_texts(send, reader, text):
    send(table(changed(name_fr=text)), do=True)
    assert Service.objects.get(key="desk-one").name_fr == text
    page = reader.get("/fr/services/desk-one/").content.decode()
    assert "<script>alert(1)" not in page
    assert send(exported(for_editors=True)).changed == 0


def test_signs_that_turn_letters_round_are_taken_out(send):
    send(table(changed(name_fr="Aide\u202e gpj.exe\u2069\u200f\x07")), do=True)
    assert Service.objects.get(key="desk-one").name_fr == "Aide gpj.exe"


def test_a_hundred_thousand_rows_are_read_and_one_more_is_refused(send, tmp_path):
    path = tmp_path / "long.csv"
    with path.open("w", encoding="utf-8") as file:
        file.write("key,fees_fr\n")
        file.writelines(f"nobody-{number},x\n" for number in range(100_001))
    found = files.lines(path)
    assert sum(1 for _line in islice(found, 100_001)) == 100_001  # the head and 100,000 rows
    with pytest.raises(files.FileRefused, match="100000"):
        next(found)


def test_a_file_that_is_too_large_is_not_opened(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "MOST_BYTES", 10)
    path = tmp_path / "large.csv"
    path.write_text(table(ROW), encoding="utf-8")
    assert "larger" in importing.plan([Source(path, "large.csv")]).refused[0].reason


def test_each_chunk_takes_the_same_number_of_statements(send, django_assert_max_num_queries):
    city = Location.objects.exclude(city=None).first().city.code
    head = [*HEAD, "places", "place_city"]
    rows = [
        [f"bulk-{number}", "test-helpers", "legal_aid", f"Guichet {number}", "", "2511", f"bulk-{number}", city]
        for number in range(40)
    ]
    with django_assert_max_num_queries(25):
        assert send(table(*rows, head=head)).created == 80


def test_rows_that_share_a_new_organisation_and_place_are_read_alike_before_and_during_the_import(send, monkeypatch):
    monkeypatch.setattr(planning, "CHUNK", 2)
    city = Location.objects.exclude(city=None).first().city.code
    head = ["key", "organisation", "organisation_name_fr", "category", "name_fr", "places", "place_city"]
    rows = [
        [f"desk-{number}", "new-helpers", "Nouveaux", "legal_aid", f"Guichet {number}", "new-door", city]
        for number in range(5)
    ]
    rows.append(["desk-9", "new-helpers", "", "legal_aid", "Guichet 9", "new-door", ""])
    report = send(table(*rows, head=head), do=True)
    assert (report.created, report.refused) == (8, [])
    assert Location.objects.get(key="new-door").services.count() == 6
    assert send(table(*rows, head=head)).unchanged == 6


# What editors are at work on, and what is hidden -----------------------------------------------------------------------


@pytest.mark.parametrize("state", [{"locked": True}, {"has_unpublished_changes": True}, {"live": False}])
def test_what_an_editor_is_at_work_on_is_refused_unless_it_stays_as_it_is(send, state):
    service = make_service()
    Service.objects.filter(pk=service.pk).update(**state)
    assert reasons(send(table([service.key, "Autre"], head=["key", "name_fr"]))) == [(2, "key")]
    assert send(table([service.key, service.name_fr], head=["key", "name_fr"])).unchanged == 1


def test_a_locked_organisation_is_refused(send):
    service = make_service()
    Organisation.objects.update(locked=True)
    head = ["key", "organisation", "organisation_name_fr"]
    assert reasons(send(table([service.key, service.organisation.key, "Autre"], head=head))) == [(2, "organisation")]


def test_two_rows_may_not_describe_an_organisation_differently(send):
    one, two = make_service("one"), make_service("two")
    head = ["key", "organisation", "organisation_name_fr"]
    rows = [["one", one.organisation.key, "Nom A"], ["two", two.organisation.key, "Nom B"]]
    assert reasons(send(table(*rows, head=head))) == [(3, "organisation")]


def test_a_hidden_address_stays_hidden_and_is_not_told_in_the_difference(send):
    service = make_service()
    place = add_place(service, hidden=True, address_fr="9 rue Secrète")
    head = ["key", "places", "place_hidden", "place_address_fr"]
    assert reasons(send(table([service.key, place.key, "no", ""], head=head))) == [(2, "place_hidden")]
    report = send(table([service.key, place.key, "", "10 rue Secrète"], head=head))
    assert report.changed == 1
    assert "Secrète" not in repr(report)


def test_an_import_takes_no_service_away_from_a_hidden_place(send):
    service = make_service()
    add_place(service, key="refuge", hidden=True)
    open_place = Location.objects.filter(hidden=False, live=True).exclude(confidence=Confidence.C).first()
    send(table([service.key, open_place.key], head=["key", "places"]), do=True)
    assert {link.location.key for link in service.places.all()} == {"refuge", open_place.key}


def test_a_database_that_changed_meanwhile_is_not_overwritten(tmp_path):
    service = make_service()
    path = tmp_path / "a.csv"
    path.write_text(table([service.key, "Autre"], head=["key", "name_fr"]), encoding="utf-8")
    report = importing.plan([Source(path, "a.csv")])
    service.save()
    before = dump()
    with pytest.raises(importing.DatabaseChanged):
        importing.apply([Source(path, "a.csv")], report.digest)
    assert dump() == before


# Out and in again ------------------------------------------------------------------------------------------------------


def exported(*, for_editors, xlsx=False):
    to = io.BytesIO()
    write = exporting.write_xlsx if xlsx else exporting.write_csv
    write(to, exporting.rows(exporting.columns(), for_editors=for_editors))
    return to.getvalue()


@pytest.mark.parametrize("for_editors", [True, False])
@pytest.mark.parametrize("xlsx", [True, False])
def test_what_goes_out_and_comes_back_changes_nothing(send, for_editors, xlsx):
    rich = make_service("rich", fees_fr="-", alert_en="'=1+1", how_to_fr="a\r\n\r\nb\tc ; d\\", email="a@example.org")
    add_phone(rich, "0537000000", note_fr="a; b\\", note_ar="ملاحظة")
    add_place(rich, hidden=True)
    RequiredDocument.objects.create(service=rich, name_fr="- ; -", name_ar="وثيقة")
    RequiredDocument.objects.create(service=rich, name_en="Only English", if_you_have_it=True, sort_order=1)
    ServiceCost.objects.create(service=rich, label_fr="Timbre", amount="12.50")
    name = "a.xlsx" if xlsx else "a.csv"
    report = send(exported(for_editors=for_editors, xlsx=xlsx), name)
    assert (report.created, report.changed, report.refused) == (0, 0, [])
    assert report.unchanged >= 150


TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=60)
SLOW = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


def export_of(key):
    told = exporting.Told(exporting.records(for_editors=True).get(key=key), for_editors=True)
    row = [safe_cell(told.cell(column)) for column in exporting.columns()]
    return table(row, head=[column.name for column in exporting.columns()])


@SLOW
@given(TEXTS, TEXTS, TEXTS)
def test_any_texts_of_the_database_go_out_and_in_unchanged(send, one, two, three):
    Service.objects.filter(key="any").delete()
    service = make_service("any", description_fr=one, how_to_ar=two, fees_en=two[:50])
    add_phone(service, note_fr=three)
    RequiredDocument.objects.create(service=service, name_fr=three, name_ar=one)
    report = send(export_of("any"))
    assert (report.changed, report.refused) == (0, [])


@SLOW
@given(TEXTS, TEXTS)
def test_what_was_imported_goes_out_and_in_unchanged(send, one, two):
    Service.objects.filter(key="any").delete()
    head = [*HEAD, "description_fr", "documents_fr"]
    row = [*changed(key="any"), safe_cell(one), safe_cell(join_list([two, "x"]))]
    report = send(table(row, head=head), do=True)
    if not report.refused:
        again = send(export_of("any"))
        assert (again.changed, again.refused) == (0, [])


# The command -----------------------------------------------------------------------------------------------------------


def run(*arguments):
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("import_services", *map(str, arguments), "--language", LANGUAGE, stdout=out, stderr=err)
    except CommandError as error:
        return error.returncode, out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def test_the_command_shows_the_difference_and_a_rehearsal_changes_nothing(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(table(ROW), encoding="utf-8")
    before = dump()
    code, out, _err = run(path, "--dry-run")
    assert (code, dump()) == (0, before)
    assert "name_fr: – → “Guichet d’écoute”" in out
    assert run(path)[0] == 0
    assert Service.objects.filter(key="desk-one").exists()


def test_the_command_imports_all_files_or_none(tmp_path):
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_text(table(ROW), encoding="utf-8")
    bad.write_text(table(changed(key="other", category="x")), encoding="utf-8")
    before = dump()
    code, _out, err = run(good, bad)
    assert (code, dump()) == (1, before)
    assert "bad.csv:2:category" in err


# The screen ------------------------------------------------------------------------------------------------------------


def upload(client, content, name="a.csv"):
    return client.post(reverse("services_import"), {"file": SimpleUploadedFile(name, content)}, follow=True)


def test_an_editor_reads_the_difference_then_confirms_it(editor):
    before = dump()
    page = upload(editor, table(ROW).encode())
    assert "Guichet d’écoute" in page.content.decode()
    assert dump() == before
    address = page.redirect_chain[-1][0]
    done = editor.post(address, {"digest": page.context["report"].digest})
    assert done.status_code == 200
    service = Service.objects.get(key="desk-one")
    assert service.latest_revision.user.username == "editor"
    assert editor.get(address, follow=True).redirect_chain[-1][0] == reverse("services_import")


def test_a_screen_whose_database_has_changed_is_shown_anew(editor):
    service = make_service()
    page = upload(editor, table([service.key, "Autre"], head=["key", "name_fr"]).encode())
    service.save()
    address = page.redirect_chain[-1][0]
    again = editor.post(address, {"digest": page.context["report"].digest}, follow=True)
    assert again.redirect_chain[-1][0] == address
    service.refresh_from_db()
    assert service.name_fr == "Guichet Xylophone"


def test_the_screen_escapes_what_the_file_says(editor):
    page = upload(
        editor, table(changed(name_fr="<img src=x onerror=alert(1)>", category="<b>x")).encode()
    ).content.decode()
    assert "<img src=x" not in page
    assert "<b>x" not in page


def test_a_file_belongs_to_who_sent_it_and_only_publishers_may_send_one(editor, django_user_model, client):
    page = upload(editor, table(ROW).encode())
    other = django_user_model.objects.create_superuser("other", "other@example.org", "a long password 2026")
    enter(client, other)
    assert client.get(page.redirect_chain[-1][0]).status_code == 302
    nobody = django_user_model.objects.create_user("nobody", "nobody@example.org", "a long password 2026")
    enter(client, nobody)
    assert client.get(reverse("services_import")).status_code in (302, 403)


@pytest.mark.parametrize(("group", "status"), [("Directory publishers", 200), ("Directory editors", 302)])
def test_who_may_publish_records_may_import_them(client, django_user_model, group, status):
    member = django_user_model.objects.create_user("member", "member@example.org", "a long password 2026")
    member.groups.add(Group.objects.get(name=group))
    enter(client, member)
    assert client.get(reverse("services_import")).status_code == status


def test_a_file_that_is_too_large_for_the_screen_is_refused_in_a_sentence(editor, monkeypatch):
    monkeypatch.setattr(import_uploads, "MOST_BYTES", 10)
    page = upload(editor, table(ROW).encode())
    assert page.redirect_chain == []
    assert page.context["form"].errors["file"]
