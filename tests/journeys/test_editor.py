"""An editor changes a sentence of a French guide in the CMS; every worker shows it at once, and the translations say that they are older."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests import prepared
from tests.people import code_now

PASSWORD = "a long password of an editor"
GUIDE = "guides/employment/find-a-job/"
SENTENCE = "Une phrase que l’éditrice vient d’écrire."
OLDER = {"ar": "تغير هذا الجزء في النص الأصلي", "en": "This part was changed in the original"}


@pytest.fixture(scope="module")
def newsroom() -> Iterator[str]:
    """A site of its own, with an editor who has an account."""
    folder = prepared.copy_of_site(prepared.BUILD / f"newsroom-{os.getpid()}")
    account = {
        "DJANGO_SUPERUSER_USERNAME": "editor",
        "DJANGO_SUPERUSER_PASSWORD": PASSWORD,
        "DJANGO_SUPERUSER_EMAIL": "e@example.org",
    }
    command = [sys.executable, "manage.py", "createsuperuser", "--noinput"]
    subprocess.run(
        command, cwd=prepared.ROOT, env=prepared.environment(folder, **account), check=True, capture_output=True
    )
    with prepared.serving(folder) as address:
        yield address
    shutil.rmtree(folder, ignore_errors=True)


def read(address: str, times: int = 1) -> list[str]:
    """What several readers get, one after the other, from whichever worker answers."""
    return [urllib.request.urlopen(address, timeout=10).read().decode() for _each in range(times)]


def sign_in(page: Page, newsroom: str) -> None:
    page.goto(f"{newsroom}/cms/login/")
    page.fill("input[name=login]", "editor")
    page.fill("input[name=password]", PASSWORD)
    page.click("button.button")
    page.wait_for_url("**/set-up/")
    secret = (page.text_content(".code-words") or "").replace(" ", "")
    page.fill("input[name=code]", code_now(secret=secret))
    page.click("button.button")
    page.click(".codes ~ p .button")
    page.wait_for_url("**/cms/")


def page_of(page: Page, newsroom: str, language: str) -> str:
    """The editing address of the guide in this language, found as an editor finds it: from page to page."""
    title = {"fr": "Trouver un emploi", "ar": "البحث عن عمل", "en": "Find a job"}[language]
    page.goto(f"{newsroom}/cms/pages/search/?q={title}")
    return page.locator(f'a[href*="/edit/"]:has-text("{title}")').first.get_attribute("href", timeout=5000) or ""


def test_a_sentence_published_in_french_shows_at_once_and_marks_the_other_languages(browser: Browser, newsroom: str):
    before = {language: read(f"{newsroom}/{language}/{GUIDE}", 4)[0] for language in ("fr", "ar", "en")}
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    sign_in(page, newsroom)
    page.goto(f"{newsroom}{page_of(page, newsroom, 'fr')}")
    first = page.locator('textarea[name="in_short-0-value-text"]')
    first.fill(SENTENCE)
    page.locator('footer [data-w-dropdown-target="toggle"]').last.click()
    with page.expect_navigation():
        page.locator('button[name="action-publish"]').click()

    assert all(SENTENCE in text for text in read(f"{newsroom}/fr/{GUIDE}", 12)), "every worker, at once"
    assert all(SENTENCE in text for text in read(f"{newsroom}/fr/guides/employment/", 8)), (
        "the topic's list shows it too"
    )
    for language in ("ar", "en"):
        texts = read(f"{newsroom}/{language}/{GUIDE}", 6)
        assert all(text.count(OLDER[language]) == 1 and SENTENCE not in text for text in texts)
        assert OLDER[language] not in before[language]

    page.goto(f"{newsroom}/cms/")
    assert "البحث عن عمل" in page.content(), "the CMS lists what is older"
    page.goto(f"{newsroom}{page_of(page, newsroom, 'ar')}")
    assert page.locator(".messages .warning").count() == 1
    page.close()


@pytest.mark.parametrize(("language", "direction"), [("ar", "rtl"), ("fr", "ltr"), ("en", "ltr")])
def test_the_door_of_the_cms_can_be_read_in_each_language(
    browser: Browser, newsroom: str, language: str, direction: str
):
    context = browser.new_context(locale=language)
    page = context.new_page()
    page.goto(f"{newsroom}/cms/login/")
    assert page.locator("html").get_attribute("dir") == direction
    assert page.locator("html").get_attribute("lang") == language
    context.close()
