"""A reader finds a guide, uses it and passes it on: in three languages, on a small phone, with and without JavaScript."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from .places import BY_KEY, LANGUAGES

GUIDE = BY_KEY["first-residence-permit"]
DIRECTIONS = {"ar": "rtl", "fr": "ltr", "en": "ltr"}
TEXT_SIZE = "() => parseFloat(getComputedStyle(document.querySelector('.steps p')).fontSize)"

pytestmark = [
    pytest.mark.parametrize("scripts", [True, False], ids=["JavaScript", "no-JavaScript"]),
    pytest.mark.parametrize("language", LANGUAGES),
]


@pytest.fixture
def page(phone, language, scripts) -> Page:
    return phone(language, java_script_enabled=scripts).new_page()


def test_a_reader_goes_from_the_root_to_a_guide_in_her_language(page, site, language):
    page.goto("/")
    expect(page).to_have_url(f"{site}/{language}/")
    page.locator('.card[href$="/guides/residence/"]').click()
    expect(page).to_have_url(f"{site}/{language}/guides/residence/")
    page.locator(f'.card[href$="/{GUIDE.key}/"]').click()
    expect(page).to_have_url(site + GUIDE.path(language))
    expect(page.locator("html")).to_have_attribute("lang", language)
    expect(page.locator("html")).to_have_attribute("dir", DIRECTIONS[language])
    expect(page.locator("h1")).to_have_text(re.sub(r"\{\w+:([^}]+)\}", r"\1", GUIDE.title(language)))


@pytest.mark.parametrize(
    "rest", ["", "guides/", "guides/health/", "guides/residence/first-residence-permit/", "about/"]
)
def test_the_language_switch_keeps_the_page(page, site, language, rest):
    page.goto(f"/{language}/{rest}")
    for other in [*(code for code in LANGUAGES if code != language), language]:
        page.locator(f'.languages a[lang="{other}"]').click()
        expect(page).to_have_url(f"{site}/{other}/{rest}")
        expect(page.locator("html")).to_have_attribute("lang", other)


def test_the_first_link_of_every_page_leads_to_numbers_that_call(page, site, language):
    for rest in (
        "",
        "guides/",
        "guides/residence/",
        "guides/residence/first-residence-permit/",
        "offline/",
        "nowhere/",
    ):
        page.goto(f"/{language}/{rest}")
        first = page.locator("a, button, input, summary").first
        expect(first).to_have_attribute("href", f"/{language}/emergency/")
        expect(first).to_be_in_viewport(ratio=1)
    page.locator("a").first.click()
    expect(page).to_have_url(f"{site}/{language}/emergency/")
    for number in ("19", "177", "15"):
        link = page.locator(f'.numbers a[href="tel:{number}"]').first
        expect(link).to_have_text(number)
        assert link.bounding_box()["height"] >= 44
    expect(page.locator('.numbers a[href="tel:19"]').first).to_be_visible()


def test_a_document_can_be_ticked_off(page, language):
    page.goto(GUIDE.path(language))
    boxes = page.locator(".documents input")
    assert boxes.count() >= 2
    page.locator(".documents label").first.click()
    expect(boxes.first).to_be_checked()
    expect(boxes.nth(1)).not_to_be_checked()
    page.locator(".documents label").first.click()
    expect(boxes.first).not_to_be_checked()


def test_larger_text_is_larger_by_a_fifth_and_fits_the_phone(page, language):
    page.goto(GUIDE.path(language))
    before = page.evaluate(TEXT_SIZE)
    page.locator("label.tool-larger").click()
    expect(page.locator("#larger")).to_be_checked()
    assert page.evaluate(TEXT_SIZE) >= 1.2 * before - 0.1
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.locator("label.tool-larger").click()
    assert page.evaluate(TEXT_SIZE) == before


def test_larger_text_lasts_from_page_to_page_where_scripts_run(page, language, scripts):
    page.goto(GUIDE.path(language))
    page.locator("label.tool-larger").click()
    page.goto(BY_KEY["renew-residence-permit"].path(language))
    expect(page.locator("#larger")).to_be_checked(checked=scripts)


def test_what_is_shared_is_the_canonical_address(page, language):
    page.goto(GUIDE.path(language))
    canonical = page.locator('link[rel="canonical"]').get_attribute("href")
    assert urlsplit(canonical).path == GUIDE.path(language)
    page.locator(".share summary").click()
    whatsapp = page.locator('.share a[href^="https://wa.me/"]')
    message = page.locator('.share a[href^="sms:"]')
    expect(whatsapp).to_be_visible()
    for link, field in ((whatsapp, "text"), (message, "body")):
        words = parse_qs(urlsplit(link.get_attribute("href")).query)[field][0]
        assert words.endswith(f" {canonical}")
        assert link.bounding_box()["height"] >= 44
    expect(page.locator("#address")).to_have_attribute("href", canonical)


def test_buttons_that_need_scripts_are_not_there_without_them(page, language, scripts):
    page.goto(GUIDE.path(language))
    for name in ("print", "keep"):
        expect(page.locator(f"#{name}")).to_be_visible(visible=scripts)
    page.locator(".share summary").click()
    expect(page.locator("#copy")).to_be_visible(visible=scripts)


def test_a_false_address_answers_with_topics_and_numbers(page, language):
    answer = page.goto(f"/{language}/guides/nothing/like-this/")
    assert answer.status == 404
    expect(page.locator("html")).to_have_attribute("lang", language)
    expect(page.locator("h1")).to_be_visible()
    assert page.locator(".card").count() >= 6
    expect(page.locator('.numbers a[href="tel:19"]')).to_be_visible()
    page.locator("a.button").click()
    assert urlsplit(page.url).path == f"/{language}/"
