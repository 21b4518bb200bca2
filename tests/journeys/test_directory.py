"""A reader finds who can help: in three languages, on a small phone, with and without JavaScript, near or by region."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, Route, expect

from .measuring import LANGUAGE_OF_LETTERS, NUMBERS_IN_ORDER, OVERFLOW
from .places import LANGUAGES

WORDS = {"ar": "طبيب", "fr": "médecin", "en": "doctor"}
BEGINNINGS = {"ar": "طب", "fr": "avo", "en": "law"}
NONSENSE = {"ar": "ضغظثذض", "fr": "zzxxqqww", "en": "zzxxqqww"}
SCREENS = (
    "services/",
    "services/unhcr-register/",
    "services/unhcr-register/report/",
    "search/",
    "services/?region=MA-04&category=health",
)
PLACE = {"latitude": 34.020882, "longitude": -6.841650}
OPEN_ALL = "document.querySelectorAll('details').forEach(each => { each.open = true; })"


@pytest.fixture(params=LANGUAGES)
def language(request) -> str:
    return request.param


@pytest.fixture
def page(phone, language) -> Page:
    return phone(language, bypass_csp=True).new_page()


def screens(language: str) -> list[str]:
    return [
        f"/{language}/{rest}" for rest in (*SCREENS, *(f"search/?q={words[language]}" for words in (WORDS, NONSENSE)))
    ]


@pytest.mark.parametrize("scripts", [True, False], ids=["JavaScript", "no-JavaScript"])
def test_a_reader_goes_from_the_home_page_to_a_service_that_she_can_call(phone, language, scripts):
    page = phone(language, java_script_enabled=scripts).new_page()
    page.goto(f"/{language}/")
    page.locator("#q").fill(WORDS[language])
    page.locator("#q").press("Enter")
    expect(page).to_have_url(re.compile(rf"/{language}/search/\?q="))
    expect(page.locator(f'.answers a[href^="/{language}/guides/health/see-a-doctor/"]').first).to_be_visible()
    page.locator('.row[id^="s-"] h3 a').first.click()
    expect(page).to_have_url(re.compile(rf"/{language}/services/[\w-]+/$"))
    expect(page.locator("html")).to_have_attribute("lang", language)
    page.locator('.crumbs a[href*="category="]').click()
    assert page.locator(".row").count() > 0


@pytest.mark.parametrize("scripts", [True, False], ids=["JavaScript", "no-JavaScript"])
def test_filters_narrow_the_list_and_are_taken_away_again(phone, language, scripts):
    page = phone(language, java_script_enabled=scripts).new_page()
    page.goto(f"/{language}/services/")
    group = page.locator("details.filter").nth(1)
    group.locator("summary").click()
    choice = group.locator("li").first
    count = re.search(r"\((\d+)\)", choice.inner_text())[1]
    choice.locator("a").click()
    expect(page.locator(".found bdi")).to_have_text(count)
    page.locator(".chips a.chip", has_text="×").click()
    expect(page).to_have_url(re.compile(rf"/{language}/services/\??$"))


def test_near_me_asks_after_a_tap_and_sends_about_a_kilometre(phone, language):
    context = phone(language, geolocation=PLACE, permissions=["geolocation"])
    page = context.new_page()
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url))
    page.goto(f"/{language}/services/")
    assert not [address for address in sent if "near" in address]
    page.locator("#near").click()
    expect(page).to_have_url(re.compile(r"near=34\.02,-6\.84$"))
    assert not [address for address in sent if "34.020" in address or "-6.841" in address]
    assert page.evaluate("[document.cookie, localStorage.length, sessionStorage.length]") == ["", 0, 0]


def test_who_does_not_want_to_say_where_she_is_chooses_a_region(phone, language):
    page = phone(language).new_page()
    page.goto(f"/{language}/services/")
    before = page.locator("#near-note").inner_text()
    page.evaluate("() => { navigator.geolocation.getCurrentPosition = (found, failed) => failed(); }")
    page.locator("#near").click()
    expect(page.locator("#near-note")).not_to_have_text(before)
    expect(page.locator("#near")).to_be_enabled()


def test_without_javascript_nothing_asks_where_the_reader_is(phone, language):
    page = phone(language, java_script_enabled=False).new_page()
    page.goto(f"/{language}/services/")
    expect(page.locator("#near")).to_be_hidden()
    expect(page.locator("#near-note")).to_be_hidden()


def test_suggestions_are_chosen_with_the_keyboard(page, language):
    page.goto(f"/{language}/search/")
    box = page.locator("#q")
    box.press_sequentially(BEGINNINGS[language], delay=30)
    expect(page.locator("#suggestions")).to_be_visible()
    expect(box).to_have_attribute("aria-expanded", "true")
    box.press("ArrowDown")
    first = page.locator("#suggestions li").first
    expect(first).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", "suggestion-0")
    expect(box).to_have_value(first.inner_text())
    box.press("Escape")
    expect(page.locator("#suggestions")).to_be_hidden()
    expect(box).to_have_value(BEGINNINGS[language])
    expect(box).to_have_attribute("aria-expanded", "false")


def test_a_touched_suggestion_is_searched_for(page, language):
    page.goto(f"/{language}/search/")
    page.locator("#q").press_sequentially(BEGINNINGS[language], delay=30)
    first = page.locator("#suggestions li").first
    words = first.inner_text()
    first.click()
    expect(page).to_have_url(re.compile(r"\?q="))
    expect(page.locator("#q")).to_have_value(words)


def test_typing_works_while_suggestions_do_not_come(page, language):
    def fail(route: Route) -> None:
        route.abort()

    page.route("**/api/suggest*", fail)
    page.goto(f"/{language}/search/")
    page.locator("#q").press_sequentially(WORDS[language], delay=20)
    page.locator("#q").press("Enter")
    expect(page).to_have_url(re.compile(r"\?q="))


def test_a_mistake_is_reported_by_a_real_browser(page, language):
    """A browser sends `Origin: null` here, for pages tell nobody where they come from; the test client cannot see it."""
    page.goto(f"/{language}/services/unhcr-register/")
    page.locator('a[href$="/report/"]').click()
    page.locator("fieldset label").nth(1).click()
    page.wait_for_timeout(3200)  # nobody is faster
    page.locator("form.report button").click()
    expect(page).to_have_url(re.compile(r"/report/\?sent=yes$"))
    expect(page.locator('[role="status"]')).to_be_visible()


@pytest.mark.parametrize("width", [240, 320, 768, 1280])
def test_no_screen_is_wider_than_the_phone(page, language, width):
    page.set_viewport_size({"width": width, "height": 700})
    faults = {}
    for path in screens(language):
        page.goto(path)
        page.evaluate(OPEN_ALL)
        faults[path] = page.evaluate(OVERFLOW)
    assert {path: found for path, found in faults.items() if found} == {}


def test_numbers_and_foreign_words_are_marked(page, language):
    for path in screens(language):
        page.goto(path)
        page.evaluate(OPEN_ALL)
        assert page.evaluate(NUMBERS_IN_ORDER)[1] == [], path
        assert page.evaluate(LANGUAGE_OF_LETTERS) == [], path


def test_the_page_of_a_service_fits_on_one_sheet(phone, language):
    page = phone(language, viewport={"width": 794, "height": 1123}).new_page()
    page.goto(f"/{language}/services/unhcr-register/")
    sheet = page.pdf(format="A4", prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", sheet)) == 1
