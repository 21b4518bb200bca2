"""Editors keep the directory in the CMS: forms in each language, drafts, history, lists, filters, spreadsheets, many at once."""

from __future__ import annotations

import csv
import datetime
import io
import re
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook
from wagtail.users.models import UserProfile

from services import search
from services.models import (
    Category,
    IndexJob,
    Location,
    MissedSearch,
    Organisation,
    Place,
    Report,
    Service,
    ServicePhone,
    ServicePlace,
    SynonymGroup,
)

from .directory_rows import form_of, make_location, make_organisation, make_service

CMS = "/cms/snippets/services"


@pytest.fixture
def own_index(settings, tmp_path) -> None:
    """An index of this test's own, with what the database holds."""
    settings.SEARCH_DIR = tmp_path / "index"
    search.rebuild(lambda _said: None)


@pytest.fixture
def city(db) -> Place:
    return Place.objects.filter(kind="city", parent__isnull=False).first()


def edit(editor: Client, record: Any, action: str = "action-publish", **changes: Any) -> Any:
    """Open the form of a record, change some of it, send it back."""
    address = f"{CMS}/{record._meta.model_name}/edit/{record.pk}/"
    typed = form_of(editor.get(address).content.decode())
    return editor.post(address, {**typed, **changes, action: "yes"})


def add(editor: Client, name: str, action: str = "action-publish", /, **given: Any) -> Any:
    address = f"{CMS}/{name}/add/"
    return editor.post(address, {**form_of(editor.get(address).content.decode()), **given, action: "yes"})


def speak(django_user_model, language: str) -> None:
    for user in django_user_model.objects.all():
        UserProfile.objects.update_or_create(user=user, defaults={"preferred_language": language})


def found(words: str, language: str = "fr") -> list[str]:
    hits = search.search(search.Query(words, language, {"kind": ("service",)})).hits
    return [hit.identifier for hit in hits]


# Forms ---------------------------------------------------------------------------------------------------------------


def test_each_language_has_its_tab_and_its_inputs_their_direction(editor, settings):
    text = editor.get(f"{CMS}/service/edit/{make_service().pk}/").content.decode()
    for code, name in settings.LANGUAGES:
        field = re.search(rf'<input[^>]*name="name_{code}"[^>]*>', text)[0]
        assert f'dir="{"rtl" if code == "ar" else "ltr"}"' in field
        assert f'lang="{code}"' in field
        assert re.search(rf'role="tab"[^>]*>\s*{name}', text)


def test_a_service_is_added_published_and_found(editor, city, own_index):
    organisation, place = make_organisation(), make_location("salle", city)
    given = {
        "organisation": organisation.pk,
        "category": Category.objects.first().pk,
        "name_fr": "Atelier de mosaïque zellige",
        "welcome": "only",
        "welcomes": ["woman", "minor"],
        "languages": ["fr", "wo"],
        "places-TOTAL_FORMS": 1,
        "places-0-location": place.pk,
        "places-0-ORDER": 1,
        "phones-TOTAL_FORMS": 1,
        "phones-0-number": "+212537000000",
        "phones-0-kind": "voice",
        "phones-0-ORDER": 1,
        "hours-TOTAL_FORMS": 1,
        "hours-0-weekday": "MO",
        "hours-0-opens": "09:00",
        "hours-0-closes": "12:00",
        "hours-0-season": "always",
        "hours-0-ORDER": 1,
    }
    answer = add(editor, "service", **given)
    assert answer.status_code == 302, answer.context["form"].errors
    service = Service.objects.get(name_fr="Atelier de mosaïque zellige")
    assert (service.live, service.key) == (True, "atelier-de-mosaique-zellige")
    assert (service.welcomes, service.languages) == (["minor", "woman"], ["fr", "wo"])
    assert [str(phone) for phone in service.phones.all()] == ["+212537000000"]
    assert service.places.get().location == place
    assert search.work() > 0
    assert found("mosaïque zellige")[0] == service.key


def test_a_key_is_never_taken_twice_and_never_changes(editor):
    make_organisation("le-relais")
    add(editor, "organisation", name_fr="Le Relais", kind="association")
    made = Organisation.objects.get(key="le-relais-2")
    edit(editor, made, name_fr="Un autre nom", key="another")
    made.refresh_from_db()
    assert (made.key, made.name_fr) == ("le-relais-2", "Un autre nom")


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"minimum_age": 30, "maximum_age": 20}, "maximum_age", "L’âge"),
        ({"welcome": "only", "welcomes": []}, "welcomes", "pour qui"),
        ({"name_fr": ""}, "name_fr", "obligatoire"),
        ({"checked_on": "2999-01-01"}, "checked_on", ""),
        ({"website": "ftp//nowhere"}, "website", ""),
    ],
)
def test_a_mistake_is_shown_beside_its_field_and_what_was_typed_stays(
    editor, django_user_model, changes, field, said
):
    speak(django_user_model, "fr")
    service = make_service()
    answer = edit(editor, service, description_fr="Une phrase encore jamais écrite.", **changes)
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == [field]
    text = answer.content.decode()
    assert "Une phrase encore jamais écrite." in text
    assert re.search(rf'id="[^"]*{field}[^"]*-errors"', text)
    service.refresh_from_db()
    assert service.description_fr in (None, "")


def test_a_mistake_in_a_row_is_shown_beside_it(editor):
    rows = {
        "dated_hours-TOTAL_FORMS": 1,
        "dated_hours-0-first": "2026-12-25",
        "dated_hours-0-last": "2026-12-24",
        "dated_hours-0-ORDER": 1,
        "phones-TOTAL_FORMS": 1,
        "phones-0-number": "call me",
        "phones-0-kind": "voice",
        "phones-0-ORDER": 1,
        "contacts-TOTAL_FORMS": 1,
        "contacts-0-title_fr": "Assistante sociale",
        "contacts-0-name": "Amina",
        "contacts-0-ORDER": 1,
    }
    answer = edit(editor, make_service(), **rows)
    sets = answer.context["form"].formsets
    assert list(sets["dated_hours"].errors[0]) == ["last"]
    assert list(sets["phones"].errors[0]) == ["number"]
    assert list(sets["contacts"].errors[0]) == ["name"]


def test_a_place_named_twice_is_refused_and_not_an_error_of_the_server(editor, city):
    place = make_location("salle", city)
    service = make_service(places=(place,))
    typed = {"places-TOTAL_FORMS": 2, "places-1-location": place.pk, "places-1-ORDER": 2, "places-1-id": ""}
    answer = edit(editor, service, **typed)
    assert answer.status_code == 200
    assert ServicePlace.objects.filter(service=service).count() == 1


def test_half_a_point_is_refused_beside_its_field(editor, city):
    answer = edit(editor, make_location("salle", city), latitude="34.0")
    assert list(answer.context["form"].errors) == ["longitude"]


def test_a_draft_may_lack_what_a_published_record_needs(editor):
    service = make_service()
    assert edit(editor, service, "action-none", name_fr="").status_code == 302
    service.refresh_from_db()
    assert service.has_unpublished_changes
    assert service.name_fr == "Cours de français"


def test_confirmed_today_writes_down_the_day_and_who(editor, django_user_model):
    service = make_service()
    edit(editor, service, confirm_today="on")
    service.refresh_from_db()
    assert service.checked_on == timezone.localdate()
    assert service.checked_by == django_user_model.objects.get(username="editor")
    edit(editor, service, checked_on="")
    service.refresh_from_db()
    assert (service.checked_on, service.checked_by) == (None, None)


def test_a_service_that_is_being_added_is_saved_only_when_the_editor_says_so(editor):
    assert "data-w-autosave-interval-value" not in editor.get(f"{CMS}/service/add/").content.decode()


# Languages -----------------------------------------------------------------------------------------------------------


def test_a_changed_french_text_makes_the_others_outdated_until_they_are_translated_or_read_again(editor):
    service = make_service()
    edit(editor, service, name_fr="Cours de français du soir", name_en="French lessons in the evening")
    service.refresh_from_db()
    assert service.language_states() == {"ar": "outdated", "fr": "current", "en": "current"}
    assert service.language_marks == "ar:outdated fr:current en:current"
    text = editor.get(f"{CMS}/service/edit/{service.pk}/").content.decode()
    assert re.findall(r'name="accepted" value="(\w+)"', text) == ["ar"]
    edit(editor, service, accepted="ar")
    service.refresh_from_db()
    assert service.language_states()["ar"] == "current"


def test_a_translation_typed_in_one_draft_is_older_than_french_typed_in_the_next(editor):
    service = make_service()
    edit(editor, service, "action-none", name_ar="درس جديد")
    edit(editor, service, "action-publish", name_fr="Un nouveau cours")
    service.refresh_from_db()
    assert service.language_states()["ar"] == "outdated"


def test_the_form_says_what_a_language_lacks(editor, django_user_model):
    speak(django_user_model, "en")
    service = make_service(description_fr="Le soir.", name_ar="")
    text = editor.get(f"{CMS}/service/edit/{service.pk}/").content.decode()
    assert re.search(r"Missing in this language:</strong> Name, Description", text)


@pytest.mark.parametrize(("language", "direction"), [("ar", "rtl"), ("fr", "ltr"), ("en", "ltr")])
def test_the_forms_and_lists_speak_the_editors_language(editor, django_user_model, language, direction):
    speak(django_user_model, language)
    service = make_service()
    for address in (f"{CMS}/service/", f"{CMS}/service/edit/{service.pk}/", f"{CMS}/service/history/{service.pk}/"):
        text = editor.get(address).content.decode()
        assert f'lang="{language}"' in text
        assert f'dir="{direction}"' in text
    listed = editor.get(f"{CMS}/service/?q=relais-cours").content.decode()
    assert {"ar": "دروس الفرنسية", "fr": "Cours de français", "en": "French lessons"}[language] in listed


# Drafts, publication, history ----------------------------------------------------------------------------------------


def test_a_draft_changes_nothing_for_readers_until_it_is_published(editor, reader, own_index):
    service = make_service()
    search.work()
    IndexJob.objects.all().delete()
    rows = {"phones-TOTAL_FORMS": 1, "phones-0-number": "0537000000", "phones-0-kind": "voice", "phones-0-ORDER": 1}
    edit(editor, service, "action-none", name_fr="Cours de calligraphie", **rows)
    assert IndexJob.objects.count() == 0
    assert not ServicePhone.objects.filter(service=service).exists()
    assert "calligraphie" not in reader.get(f"/fr/services/{service.key}/").content.decode()
    assert service.key not in found("calligraphie")

    edit(editor, service, "action-publish")
    assert IndexJob.objects.filter(kind="service", identifier=service.key).exists()
    page = reader.get(f"/fr/services/{service.key}/").content.decode()
    assert "calligraphie" in page
    assert "0537000000" in page.replace(" ", "").replace("\u00a0", "")
    search.work()
    assert found("calligraphie")[0] == service.key


def test_publication_its_rows_and_the_job_for_the_index_come_together_or_not_at_all(editor, monkeypatch):
    service = make_service()
    IndexJob.objects.all().delete()

    def fail(*_args: Any, **_named: Any) -> None:
        raise RuntimeError("the power went")

    monkeypatch.setattr("services.changes.changed", fail)
    rows = {"phones-TOTAL_FORMS": 1, "phones-0-number": "0537000000", "phones-0-kind": "voice", "phones-0-ORDER": 1}
    with pytest.raises(RuntimeError):
        edit(editor, service, name_fr="Cours de calligraphie", **rows)
    service.refresh_from_db()
    assert service.name_fr == "Cours de français"
    assert not ServicePhone.objects.filter(service=service).exists()
    assert service.revisions.count() == 0
    assert IndexJob.objects.count() == 0


@pytest.mark.parametrize("kind", ["service", "organisation", "location"])
def test_history_and_comparison_show_each_language_and_the_rows(editor, city, kind):
    place = make_location("salle", city)
    record: Any = {"service": make_service, "organisation": make_organisation, "location": lambda: place}[kind]()
    edit(editor, record)
    phones = {"phones-TOTAL_FORMS": 1, "phones-0-number": "0537000000", "phones-0-kind": "voice", "phones-0-ORDER": 1}
    edit(editor, record, name_ar="اسم آخر", **({} if kind == "location" else phones))
    record.refresh_from_db()
    first, second = record.revisions.order_by("pk").values_list("pk", flat=True)
    assert editor.get(f"{CMS}/{kind}/history/{record.pk}/").status_code == 200
    text = editor.get(f"{CMS}/{kind}/history/{record.pk}/revisions/compare/{first}...{second}/").content.decode()
    assert "[ar]" in text
    assert "اسم آخر" in re.sub(r"<[^>]+>", "", text)
    if kind != "location":
        assert "0537000000" in text


def test_the_comparison_shows_values_of_lists_by_name(editor, django_user_model):
    speak(django_user_model, "en")
    service = make_service()
    edit(editor, service, languages=["fr"])
    edit(editor, service, languages=["fr", "wo"])
    first, second = service.revisions.order_by("pk").values_list("pk", flat=True)
    text = editor.get(f"{CMS}/service/history/{service.pk}/revisions/compare/{first}...{second}/").content.decode()
    assert "French, Wolof" in re.sub(r"<[^>]+>", "", text)


def test_an_editor_looks_at_the_page_in_each_language_before_it_is_published(editor, settings):
    service = make_service()
    service.name_ar = "عنوان لم ينشر"
    for code, _name in settings.LANGUAGES:
        text = service.make_preview_request(preview_mode=code).content.decode()
        assert f'lang="{code}"' in text
        assert service.text("name", code) in text


def test_a_locked_record_cannot_be_changed(editor, django_user_model):
    other = django_user_model.objects.create_superuser("other", "o@example.org", "a long password 2026")
    service = make_service(locked=True, locked_by=other, locked_at=timezone.now())
    edit(editor, service, name_fr="Autre")
    service.refresh_from_db()
    assert service.name_fr == "Cours de français"


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


def bulk(editor: Client, action: str, records: list[Any], **given: Any) -> Any:
    ids = "&".join(f"id={record.pk}" for record in records)
    address = f"/cms/bulk/services/{records[0]._meta.model_name}/{action}/?{ids}&next={CMS}/service/"
    shown = editor.get(address)
    assert shown.status_code == 200, shown
    return editor.post(address, given)


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


# Who may -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def member(django_user_model):
    def make(group: str) -> Client:
        user = django_user_model.objects.create_user(group, password="a long password 2026")
        user.groups.add(Group.objects.get(name=group))
        client = Client()
        client.force_login(user)
        return client

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
