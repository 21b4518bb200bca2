"""A guide that is missing in a language is shown in another, said so, and marked as that language. Never a 404."""

from __future__ import annotations

import pytest
from wagtail.models import Page

from portal.models import GuidePage

NOTICES = {"ar": "هذه الصفحة غير متوفرة بعد بلغتك", "en": "This page is not yet written in your language"}


@pytest.mark.parametrize("language", ["ar", "en"])
def test_a_missing_guide_is_shown_in_french_with_a_notice_and_its_own_direction(reader, language):
    GuidePage.objects.get(slug="find-a-job", locale__language_code=language).unpublish()
    answer = reader.get(f"/{language}/guides/employment/find-a-job/")
    text = answer.content.decode()
    assert answer.status_code == 200
    assert NOTICES[language] in text
    assert '<article lang="fr" dir="ltr">' in text
    assert "Que faire, étape par étape" in text, "the headings are in the language of the text"
    assert f'<html lang="{language}"' in text
    assert 'rel="canonical" href="http://localhost:8000/fr/' in text


def test_a_guide_that_exists_only_in_arabic_is_found_in_every_list(reader):
    for language in ("fr", "en"):
        GuidePage.objects.get(slug="find-a-job", locale__language_code=language).unpublish()
    arabic = GuidePage.objects.get(slug="find-a-job", locale__language_code="ar")
    for path in ("/fr/guides/", "/fr/guides/employment/"):
        text = reader.get(path).content.decode()
        assert arabic.title in text
        assert 'href="/fr/guides/employment/find-a-job/"' in text
    shown = reader.get("/fr/guides/employment/find-a-job/").content.decode()
    assert '<article lang="ar" dir="rtl">' in shown
    assert "vous la lisez en" in shown.lower()


@pytest.mark.parametrize("path", ["", "guides/", "guides/health/", "about/", "emergency/"])
def test_every_kind_of_page_falls_back(reader, path):
    for page in Page.objects.filter(locale__language_code="en", depth__gt=1):
        page.specific.unpublish()
    answer = reader.get(f"/en/{path}")
    assert answer.status_code == 200
    assert NOTICES["en"] in answer.content.decode()


def test_a_guide_that_no_language_has_does_not_exist(reader):
    for page in GuidePage.objects.filter(slug="find-a-job"):
        page.unpublish()
    assert reader.get("/fr/guides/employment/find-a-job/").status_code == 404
    assert "find-a-job" not in reader.get("/fr/guides/").content.decode()


def test_a_private_guide_is_as_if_it_did_not_exist(reader):
    from wagtail.models import PageViewRestriction

    page = GuidePage.objects.get(slug="find-a-job", locale__language_code="fr")
    PageViewRestriction.objects.create(page=page.page_ptr, restriction_type="login")
    assert '<article lang="fr"' not in reader.get("/fr/guides/employment/find-a-job/").content.decode()
