"""Editors look after the directory in the CMS: lists, filters, spreadsheets, many records at once, reports; and who may."""

from __future__ import annotations

import csv
import datetime
import io
import json
import re

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from services import search
from services.models import (
    Category,
    Location,
    MissedSearch,
    Organisation,
    Report,
    Service,
    SynonymGroup,
)
from tests.people import enter

from .directory_rows import (
    CMS,
    add,
    bulk,
    edit,
    found,
    make_location,
    make_organisation,
    make_service,
    speak,
)

# Lists ---------------------------------------------------------------------------------------------------------------


def listed(editor: Client, query: str, kind: str = "service") -> list[str]:
    answer = editor.get(f"{CMS}/{kind}/?{query}")
    assert answer.status_code == 200
    return sorted(record.key for record in answer.context["object_list"])


@pytest.fixture
def three(city) -> list[Service]:
    """Services that differ in everything that the list is narrowed by."""
    Service.objects.all().delete()
    shelter = make_location("abri", city, hidden=True)
    make_service("plain")
    make_service("hidden", places=(shelter,), confidence="C", name_ar="")
    make_service(
        "known",
        checked_on=datetime.date(2026, 11, 1),
        capacity="full",
        suspended_until=datetime.date(2999, 1, 1),
        organisation=make_organisation("ministry", kind="public"),
        live=False,
        category=Category.objects.order_by("pk").last(),
    )
    return list(Service.objects.all())


@pytest.mark.parametrize(
    ("query", "keys"),
    [
        ("", ["hidden", "known", "plain"]),
        ("confirmed=yes", ["known"]),
        ("confirmed=no", ["hidden", "plain"]),
        ("confidence=C", ["hidden"]),
        ("capacity=full", ["known"]),
        ("hidden=yes", ["hidden"]),
        ("hidden=no", ["known", "plain"]),
        ("suspended=yes", ["known"]),
        ("organisation__kind=public", ["known"]),
        ("language_ar=missing", ["hidden"]),
        ("language_ar=current", ["known", "plain"]),
        ("language_fr=missing", []),
        ("state=draft", ["known"]),
        ("state=live", ["hidden", "plain"]),
        ("q=دروس", ["known", "plain"]),
        ("q=Relay", ["hidden", "known", "plain"]),
        ("q=nothing-like-this", []),
    ],
)
def test_the_list_is_narrowed(editor, three, query, keys):
    assert listed(editor, query) == keys


def test_the_list_is_narrowed_by_region_also_of_hidden_places(editor, three, city):
    assert listed(editor, f"region={city.region_id}") == ["hidden"]
    assert listed(editor, f"category={three[-1].category_id}&q={three[-1].key}") == [three[-1].key]


def test_the_list_shows_the_state_of_each_language_in_words(editor, three, django_user_model):
    speak(django_user_model, "en")
    text = editor.get(f"{CMS}/service/?q=hidden").content.decode()
    assert re.search(r"language-state-missing\"><bdi>العربية</bdi>: missing", text)
    assert re.search(r"language-state-current\"><bdi>Français</bdi>: up to date", text)


@pytest.mark.parametrize("kind", ["service", "organisation", "location"])
def test_a_list_asks_the_database_the_same_for_one_row_and_for_many(
    editor, city, kind, django_assert_num_queries, django_assert_max_num_queries
):
    Service.objects.all().delete()
    Location.objects.all().delete()
    Organisation.objects.all().delete()
    address = f"{CMS}/{kind}/"

    def make(number: int) -> None:
        organisation = make_organisation(f"o{number}")
        place = make_location(f"p{number}", city, organisation=organisation)
        service = make_service(f"s{number}", organisation=organisation, places=(place,), live=number % 3 > 0)
        service.save_revision(clean=False)
        service.areas.add(city)

    make(0)
    editor.get(address)
    with django_assert_max_num_queries(30) as one:
        editor.get(address)
    for number in range(1, 45):
        make(number)
    with django_assert_num_queries(len(one.captured_queries)):
        assert len(editor.get(address).context["object_list"]) > 40


def test_a_place_is_chosen_by_a_word_of_its_name_in_any_language(editor, city):
    make_location("salle", city, name_fr="Salle des fêtes", name_ar="قاعة الحفلات")
    make_location("other", city)
    for words in ("fêtes", "الحفلات"):
        answer = editor.get("/cms/snippets/choose/services/location/results/", {"q": words})
        assert [place.key for place in answer.context["results"]] == ["salle"]
    assert 'name="q"' in editor.get("/cms/snippets/choose/services/location/").json()["html"]


# Spreadsheets --------------------------------------------------------------------------------------------------------


def test_the_list_as_csv_holds_what_is_narrowed_and_no_formula(editor, three):
    Service.objects.filter(key="plain").update(name_fr="=HYPERLINK(1)")
    answer = editor.get(f"{CMS}/service/?export=csv&confirmed=no")
    text = b"".join(answer.streaming_content).decode("utf-8")
    assert text.startswith("\ufeff")
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert len(rows) == 2
    assert {"'=HYPERLINK(1)", "Cours de français"} <= {value for row in rows for value in row.values()}


def test_the_list_as_xlsx_holds_texts_only(editor, three):
    Service.objects.filter(key="plain").update(name_fr="+1+1")
    answer = editor.get(f"{CMS}/service/?export=xlsx")
    sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert "'+1+1" in {cell.value for cell in cells}
    assert "f" not in {cell.data_type for cell in cells}


@pytest.mark.parametrize("kind", ["organisation", "location"])
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_every_list_of_records_has_its_spreadsheet(editor, kind, form):
    answer = editor.get(f"{CMS}/{kind}/?export={form}")
    assert len(b"".join(answer.streaming_content)) > 1000


# Many at once --------------------------------------------------------------------------------------------------------


def test_many_are_confirmed_at_once_and_each_keeps_a_version_of_it(editor, django_user_model):
    services = [make_service("one"), make_service("two")]
    bulk(editor, "confirm", services)
    for service in services:
        service.refresh_from_db()
        assert service.checked_on == timezone.localdate()
        assert service.checked_by.username == "editor"
        assert service.live_revision.user.username == "editor"


def test_capacity_and_suspension_of_many(editor):
    services = [make_service("one"), make_service("two")]
    bulk(editor, "capacity", services, capacity="full")
    bulk(editor, "suspend", services, until="2999-01-01")
    for service in Service.objects.filter(key__in=["one", "two"]):
        assert (service.capacity, service.capacity_since) == ("full", timezone.localdate())
        assert service.is_suspended
    bulk(editor, "suspend", services, until="")
    assert not any(service.is_suspended for service in Service.objects.filter(key__in=["one", "two"]))


def test_a_change_of_many_leaves_drafts_drafts(editor):
    service = make_service()
    edit(editor, service, "action-none", name_fr="Pas encore")
    bulk(editor, "capacity", [service], capacity="open")
    service.refresh_from_db()
    assert (service.name_fr, service.capacity) == ("Cours de français", "open")
    draft = service.get_latest_revision_as_object()
    assert (draft.name_fr, draft.capacity) == ("Pas encore", "open")
    assert service.has_unpublished_changes


def test_many_are_taken_off_line_and_published_again_and_what_is_wrong_stays_off(editor, own_index):
    services = [make_service(key, name_fr="Atelier zellige") for key in ("one", "two")]
    for service in services:
        edit(editor, service)
    bulk(editor, "unpublish", services)
    assert Service.objects.filter(key__in=["one", "two"], live=True).count() == 0
    search.work()
    assert not {"one", "two"} & set(found("zellige"))
    edit(editor, services[0], "action-none", name_fr="", name_ar="", name_en="")
    bulk(editor, "publish", services)
    assert list(Service.objects.filter(key__in=["one", "two"], live=True).values_list("key", flat=True)) == ["two"]
    search.work()
    assert {"one", "two"} & set(found("zellige")) == {"two"}


def test_all_of_the_list_means_all_of_the_narrowed_list(editor, three):
    address = f"/cms/bulk/services/service/capacity/?id=all&next={CMS}/service/%3Fconfirmed%3Dno%26q%3Dplain"
    editor.post(address, {"capacity": "limited"})
    assert list(Service.objects.filter(capacity="limited").values_list("key", flat=True)) == ["plain"]


# Search and reports --------------------------------------------------------------------------------------------------


def test_synonyms_are_kept_by_editors(editor):
    given = {"key": "zellige", "words_fr": "mosaïque\nzellige*", "words_ar": "زليج", "darija": "zlij"}
    assert add(editor, "synonymgroup", "action-create", **given).status_code == 302
    assert SynonymGroup.objects.get(key="zellige").words_ar == "زليج"


def test_searches_without_result_are_listed_only_with_words_and_nobody_makes_any(editor):
    MissedSearch.objects.create(language="fr", week="2026-11-16", digest="a", words="dentiste gratuit", times=12)
    MissedSearch.objects.create(language="fr", week="2026-11-16", digest="rare-digest", times=3)
    answer = editor.get(f"{CMS}/missedsearch/")
    assert "dentiste gratuit" in answer.content.decode()
    assert len(answer.context["object_list"]) == 1
    assert editor.get(f"{CMS}/missedsearch/add/").status_code == 302
    assert editor.get(f"{CMS}/missedsearch/edit/{MissedSearch.objects.first().pk}/").status_code == 302


def test_reports_are_read_newest_first_and_answered_but_not_rewritten(editor):
    service = make_service()
    old = Report.objects.create(service=service, about="phone", words="Faux numéro", language="fr", once="1")
    new = Report.objects.create(about="missing", words="Un dentiste", language="fr", once="2")
    Report.objects.filter(pk=old.pk).update(written_on="2026-01-01")
    answer = editor.get(f"{CMS}/report/")
    assert [report.pk for report in answer.context["object_list"]] == [new.pk, old.pk]
    assert [one.pk for one in editor.get(f"{CMS}/report/?about=phone").context["object_list"]] == [old.pk]
    edit(editor, old, "action-edit", state="handled", words="Tout va bien")
    bulk(editor, "nonsense", [new])
    assert list(Report.objects.order_by("pk").values_list("state", "words")) == [
        ("handled", "Faux numéro"),
        ("nonsense", "Un dentiste"),
    ]
    assert editor.get(f"{CMS}/report/add/").status_code == 302


def test_what_readers_wrote_keeps_its_direction_in_an_arabic_cms_and_its_language_and_day_are_said(
    editor, django_user_model
):
    speak(django_user_model, "ar")
    report = Report.objects.create(about="phone", words="Faux numéro.", language="fr", once="1")
    Report.objects.filter(pk=report.pk).update(written_on="2026-11-21")
    MissedSearch.objects.create(language="en", week="2026-11-16", digest="a", words="free dentist?", times=12)
    SynonymGroup.objects.create(key="aa-first", words_ar="زليج\nفسيفساء", darija="zlij\nzellij")
    reports, missed, synonyms = (
        editor.get(f"{CMS}/{name}/").content.decode() for name in ("report", "missedsearch", "synonymgroup")
    )
    assert '<span dir="auto">Faux numéro.</span>' in reports
    assert "Français" in reports
    assert "2026-11-21)" not in reports, "hyphens and digits after Arabic letters are read backwards"
    assert "نونبر" in reports
    assert '<span dir="auto">free dentist?</span>' in missed
    assert "English" in missed
    assert '<span dir="auto">زليج · فسيفساء</span>' in synonyms
    assert '<span dir="auto">zlij · zellij</span>' in synonyms


def test_the_menu_names_the_import_with_one_short_word(editor, django_user_model):
    for language, label in (("fr", "Import"), ("ar", "استيراد")):
        speak(django_user_model, language)
        labels = re.findall(r'"label": "([^"]+)"', editor.get("/cms/").content.decode())
        assert label in [json.loads(f'"{one}"') for one in labels]


# Who may -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def member(django_user_model):
    def make(group: str) -> Client:
        user = django_user_model.objects.create_user(group, password="a long password 2026")
        user.groups.add(Group.objects.get(name=group))
        return enter(Client(), user)

    return make


def test_directory_editors_write_drafts_and_publishers_publish_them(member):
    service = make_service()
    edit(member("Directory editors"), service, "action-publish", name_fr="Cours du soir")
    service.refresh_from_db()
    assert (service.name_fr, service.has_unpublished_changes) == ("Cours de français", True)
    bulk(member("Directory publishers"), "publish", [service])
    service.refresh_from_db()
    assert service.name_fr == "Cours du soir"


def test_directory_editors_change_nothing_that_readers_see_by_many_at_once(member):
    service = make_service()
    client = member("Directory editors")
    for action, given in (("confirm", {}), ("capacity", {"capacity": "full"}), ("unpublish", {}), ("delete", {})):
        bulk(client, action, [service], **given)
    service.refresh_from_db()
    assert (service.live, service.capacity, service.checked_on) == (True, "unknown", None)


@pytest.mark.parametrize("group", ["Editors", "Moderators"])
def test_editors_of_guides_do_not_see_the_directory(member, group):
    assert member(group).get(f"{CMS}/location/").status_code == 302


@pytest.mark.parametrize(
    "path", ["service/", "location/", "service/?export=csv", "report/", "missedsearch/", "organisation/add/"]
)
def test_a_stranger_sees_nothing_of_it(reader, path):
    answer = reader.get(f"{CMS}/{path}")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/cms/login/")
