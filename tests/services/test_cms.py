"""Editors write the directory in the CMS: a tab a language, mistakes beside their fields, drafts, versions, previews."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.utils import timezone

from services import search
from services.models import (
    Category,
    IndexJob,
    Organisation,
    Service,
    ServicePhone,
    ServicePlace,
)

from .directory_rows import (
    CMS,
    add,
    edit,
    form_of,
    found,
    make_location,
    make_organisation,
    make_service,
    speak,
)

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
def test_a_mistake_is_shown_beside_its_field_and_what_was_typed_stays(editor, django_user_model, changes, field, said):
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


def test_a_draft_moves_neither_the_day_of_change_nor_the_state_of_languages_that_partners_and_lists_go_by(editor):
    service = make_service()
    before = Service.objects.values("modified_at", "made_from", "language_marks").get(pk=service.pk)
    edit(editor, service, "action-none", name_fr="Pas encore", name_ar="")
    assert Service.objects.values("modified_at", "made_from", "language_marks").get(pk=service.pk) == before


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


def test_the_cms_may_frame_the_preview_that_keeps_the_policy_of_readers(editor):
    service = make_service()
    typed = form_of(editor.get(f"{CMS}/service/edit/{service.pk}/").content.decode())
    address = f"{CMS}/service/preview/{service.pk}/"
    assert editor.post(address, {**typed, "name_ar": "عنوان لم ينشر"}).json()["is_valid"]
    answer = editor.get(f"{address}?mode=ar")
    assert "عنوان لم ينشر" in answer.content.decode()
    assert "frame-ancestors 'self'" in answer["Content-Security-Policy"]
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert answer["X-Frame-Options"] == "SAMEORIGIN"


def test_a_locked_record_cannot_be_changed(editor, django_user_model):
    other = django_user_model.objects.create_superuser("other", "o@example.org", "a long password 2026")
    service = make_service(locked=True, locked_by=other, locked_at=timezone.now())
    edit(editor, service, name_fr="Autre")
    service.refresh_from_db()
    assert service.name_fr == "Cours de français"
