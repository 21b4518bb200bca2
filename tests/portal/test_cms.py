"""The CMS: in three languages, from the right in Arabic, and nothing of it for strangers."""

from __future__ import annotations

import pytest
from django.test import Client
from wagtail.models import Locale
from wagtail.users.models import UserProfile

from portal import zones
from portal.models import GuidePage


@pytest.mark.parametrize(("language", "direction"), [("ar", "rtl"), ("fr", "ltr"), ("en", "ltr")])
def test_the_cms_speaks_the_editors_language_and_writes_from_its_side(editor, django_user_model, language, direction):
    UserProfile.objects.update_or_create(
        user=django_user_model.objects.get(), defaults={"preferred_language": language}
    )
    text = editor.get("/cms/").content.decode()
    assert f'lang="{language}"' in text
    assert f'dir="{direction}"' in text


@pytest.mark.parametrize("header", ["ar", "fr", "en"])
def test_the_door_of_the_cms_speaks_the_language_of_the_browser(db, header):
    answer = Client().get("/cms/login/", headers={"accept-language": header}, follow=True)
    assert f'lang="{header}"' in answer.content.decode()


def test_a_stranger_is_sent_to_the_door(db):
    answer = Client().get("/cms/pages/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/cms/login/")


def test_the_cookies_of_staff_go_to_staff_pages_alone(editor):
    answer = editor.get("/cms/")
    assert {cookie["path"] for cookie in answer.cookies.values()} <= set(zones.staff_paths())


def test_every_part_of_a_guide_has_its_own_field_in_the_editor(editor):
    page = GuidePage.objects.get(slug="see-a-doctor", locale__language_code="fr")
    text = editor.get(f"/cms/pages/{page.pk}/edit/").content.decode()
    for name in (
        "in_short",
        "who_for",
        "documents",
        "steps",
        "deadlines",
        "rights",
        "problems",
        "beware",
        "related",
        "checked_on",
    ):
        assert f'data-contentpath="{name}"' in text


@pytest.mark.parametrize("kind", ["guide", "topic", "statement", "home"])
def test_an_editor_sees_a_preview_as_readers_will(editor, kind):
    from wagtail.models import Page

    slug = {"guide": "see-a-doctor", "topic": "health", "statement": "about", "home": "home"}[kind]
    page = Page.objects.get(slug=slug, locale=Locale.objects.get(language_code="fr")).specific
    answer = page.make_preview_request()
    assert answer.status_code == 200
    assert page.title[:8] in answer.content.decode().replace("&#x27;", "'")


def test_the_list_of_sources_can_be_opened_and_searched(editor):
    answer = editor.get("/cms/snippets/portal/source/")
    assert answer.status_code == 200
    assert "02-03" in answer.content.decode()


def test_the_cms_calls_nobody(editor):
    text = editor.get("/cms/").content.decode()
    assert "gravatar" not in text
    assert "releases.wagtail" not in text
