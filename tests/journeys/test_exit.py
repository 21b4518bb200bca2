"""Leaving quickly: a sensitive guide, once left, is not shown again, and nothing tells that it was read (trust A19, A20)."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Error, Page, expect

from .places import BY_KEY, LANGUAGES, SENSITIVE

JOURNEY = re.compile(r"/j/[\w.-]+/(ar|fr|en)/d/[0-9a-f]{12}/$")
FOCUSABLE = "a[href], button, input, summary"
BOTH = pytest.mark.parametrize("scripts", [True, False], ids=["JavaScript", "no-JavaScript"])
BEFORE_MAIN = """selector => {
  const all = [...document.querySelectorAll(selector)];
  return [all.findIndex(each => each.id === 'exit'), all.findIndex(each => each.closest('main'))];
}"""


class Screen:
    """What the phone shows, asked of the browser itself: Playwright loses sight of pages that come back from memory."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.browser = page.context.new_cdp_session(page)

    def evaluate(self, expression: str) -> Any:
        answer = self.browser.send("Runtime.evaluate", {"expression": expression, "returnByValue": True})
        return answer["result"].get("value")

    def history(self) -> tuple[int, list[dict[str, Any]]]:
        found = self.browser.send("Page.getNavigationHistory")
        return found["currentIndex"], found["entries"]

    def back(self) -> bool:
        """Press Back and wait for what comes; False where nothing is before."""
        here, entries = self.history()
        if here == 0:
            return False
        self.evaluate(f"window.left = {here}")
        self.browser.send("Page.navigateToHistoryEntry", {"entryId": entries[here - 1]["id"]})
        for _look in range(200):
            self.page.wait_for_timeout(25)
            if self.has_arrived(here):
                return True
        raise AssertionError("Back led nowhere")

    def has_arrived(self, left: int) -> bool:
        try:
            return self.evaluate(f"document.readyState === 'complete' && window.left !== {left}") is True
        except Error:  # between two pages
            return False

    def says_nothing_of_a_journey(self, language: str) -> None:
        """Neither its address, nor words of a sensitive guide, in the page or in its title."""
        text, address = self.evaluate("[document.title + document.body.textContent, location.href]")
        assert "/j/" not in address
        told = [words for guide in SENSITIVE for words in guide.wording(language) if words in text]
        assert not told, f"{address} still says {told[:3]}"


def enter(page: Page, language: str, key: str = "mental-health") -> str:
    """Open a page that tells nothing, then a sensitive guide; returns the address at which the guide is read."""
    page.goto(f"/{language}/about/")
    page.goto(BY_KEY[key].path(language))
    expect(page.locator("#exit")).to_be_visible()
    return page.url


def wander(page: Page) -> None:
    """Four steps further, by links alone: topic, another sensitive guide, its related guide, the home page."""
    prefix = page.url.split("/d/")[0]
    for link in (".crumbs li:last-child a", '.card[href*="/d/"] >> nth=-1', ".related a >> nth=0", ".brand"):
        page.locator(link).click()
        page.wait_for_load_state("load")
        assert page.url.startswith(f"{prefix}/"), "the journey was left"


@BOTH
@pytest.mark.parametrize("guide", SENSITIVE, ids=str)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_way_out_is_in_sight_and_tells_nothing(phone, scripts, guide, language):
    page = phone(language, java_script_enabled=scripts).new_page()
    page.goto(guide.path(language))
    assert JOURNEY.search(urlsplit(page.url).path)
    assert page.title() == "Dalil"
    box = page.locator("#exit").bounding_box()
    assert (box["x"], box["width"]) == (0, 320)
    assert box["height"] >= 44
    assert box["y"] + box["height"] <= 640
    place, first_of_main = page.evaluate(BEFORE_MAIN, FOCUSABLE)
    assert 0 < place < first_of_main
    page.locator("footer a").last.scroll_into_view_if_needed()
    expect(page.locator("#exit")).to_be_in_viewport(ratio=1)


def test_this_browser_keeps_pages_in_memory(phone):
    """Otherwise the tests below would prove nothing about Back; and they would not see what it shows."""
    page = phone().new_page()
    screen = Screen(page)
    page.goto("/fr/guides/residence/")
    screen.evaluate("window.addEventListener('pageshow', event => { window.restored = event.persisted; })")
    page.locator(".card").first.click()
    page.wait_for_url("**/which-residence-permit/")
    assert screen.back()
    assert screen.evaluate("window.restored") is True


def test_this_test_would_see_a_sensitive_guide(phone):
    page = phone().new_page()
    enter(page, "fr")
    with pytest.raises(AssertionError, match="/j/"):
        Screen(page).says_nothing_of_a_journey("fr")
    page.evaluate("history.replaceState({}, '', '/fr/')")
    with pytest.raises(AssertionError, match="still says"):
        Screen(page).says_nothing_of_a_journey("fr")


@BOTH
@pytest.mark.parametrize("depth", [1, 5])
@pytest.mark.parametrize("language", LANGUAGES)
def test_back_shows_nothing_of_what_was_left(phone, neutral, scripts, depth, language):
    page = phone(language, java_script_enabled=scripts).new_page()
    enter(page, language)
    if depth > 1:
        wander(page)
        page.locator('.card[href$="/guides/health/"]').click()
        page.locator('.card[href*="/d/"]').first.click()
        expect(page.locator("#exit")).to_be_visible()
    screen = Screen(page)
    page.locator("#exit").click()
    page.wait_for_url(f"{neutral.address}{language}/")
    presses = 0
    while presses < 10 and screen.back():
        screen.says_nothing_of_a_journey(language)
        presses += 1
    assert presses >= 2
    titles = " ".join(entry["title"] for entry in screen.history()[1])
    assert not [guide for guide in SENSITIVE if guide.title(language) in titles]


@BOTH
@pytest.mark.parametrize("language", LANGUAGES)
def test_an_address_that_was_left_answers_with_the_neutral_site_from_then_on(phone, neutral, scripts, language):
    context = phone(language, java_script_enabled=scripts)
    page = context.new_page()
    read = enter(page, language, "if-you-are-arrested")
    page.locator("#exit").click()
    page.wait_for_url(f"{neutral.address}**")
    again = context.new_page()
    for address in (read, read.split("/d/")[0] + "/guides/health/"):
        again.goto(address)
        assert again.url == f"{neutral.address}{language}/"


def test_shift_three_times_leaves(phone, neutral):
    page = phone().new_page()
    enter(page, "fr")
    for _press in range(2):
        page.keyboard.press("Shift")
    page.wait_for_timeout(100)
    assert "/j/" in page.url, "twice is not enough"
    page.keyboard.press("Shift")
    page.wait_for_url(f"{neutral.address}**")
    screen = Screen(page)
    assert screen.back()
    screen.says_nothing_of_a_journey("fr")


def test_shift_held_down_does_not_leave(phone):
    """Where a held key repeats, somebody who marks text with Shift would lose the page."""
    page = phone().new_page()
    address = enter(page, "fr")
    for _repeat in range(5):
        page.keyboard.down("Shift")
    page.keyboard.up("Shift")
    page.wait_for_timeout(300)
    assert page.url == address
    assert page.locator("main").is_visible()


def test_the_page_is_covered_at_once_while_the_network_is_slow(phone, neutral):
    page = phone().new_page()
    enter(page, "ar")
    neutral.delay = 3.0
    passed = page.evaluate(
        """() => new Promise(done => {
          const start = performance.now();
          document.getElementById('exit').click();
          const look = () => document.body.textContent.trim() || document.title !== 'Dalil'
            ? requestAnimationFrame(look) : done(performance.now() - start);
          look();
        })"""
    )
    assert passed < 300
    page.wait_for_url(f"{neutral.address}**", wait_until="commit")


@BOTH
def test_nothing_of_a_sensitive_guide_is_stored(phone, scripts):
    """Not even by a phone that keeps other guides: the service worker stands between, and lets it through."""
    context = phone(java_script_enabled=scripts)
    page = context.new_page()
    if scripts:
        page.goto(BY_KEY["see-a-doctor"].path("fr"))
        page.locator("#keep").click()
        expect(page.locator("#keep")).to_have_attribute("aria-pressed", "true")
    enter(page, "fr")
    expect(page.locator("#keep")).to_have_count(0)
    assert context.cookies() == []
    kept = page.evaluate(
        """async () => {
          const found = [];
          for (const name of await caches.keys()) {
            for (const request of await (await caches.open(name)).keys()) { found.push(new URL(request.url).pathname); }
          }
          return found.concat(Object.keys(localStorage), Object.keys(sessionStorage));
        }"""
    )
    assert not [path for path in kept if path.startswith("/j/") or any(guide.key in path for guide in SENSITIVE)]
    assert any("see-a-doctor" in path for path in kept) is scripts
    stored = page.request.get(BY_KEY["mental-health"].path("fr"), headers={"Accept": "text/html"}, max_redirects=0)
    assert stored.headers["cache-control"] == "no-store"
