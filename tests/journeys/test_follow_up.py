"""Following one's own request on a borrowed phone: three languages, with and without JavaScript; nothing stays (scenario 53)."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from .. import prepared
from .places import LANGUAGES
from .test_exit import BOTH, Screen

PIN = "482916"
MAKE = """
import logging, django
django.setup()
from tests.referral.follow_up.opening import followed
print(followed("journey").code)
"""
IN_JOURNEY = re.compile(r"/j/[\w.-]+/(ar|fr|en)/follow-up/$")


@pytest.fixture(scope="module")
def code(site_folder: Path, site: str) -> str:
    """A code that opens a case of this site."""
    made = subprocess.run(
        [sys.executable, "-c", MAKE], cwd=prepared.ROOT, env=prepared.environment(site_folder), text=True,
        capture_output=True, check=True,
    )  # fmt: skip
    return made.stdout.split()[-1]


def open_with(page: Page, language: str, code: str, pin: str = PIN) -> None:
    """From a page that tells nothing to the form; code and PIN typed and sent."""
    page.goto(f"/{language}/about/")
    page.goto(f"/{language}/follow-up/")
    assert IN_JOURNEY.search(page.url)
    page.locator("#code").fill(code)
    page.locator("#pin").fill(pin)
    page.locator("form.report button").click()


def shows_nothing(page: Page, screen: Screen) -> None:
    text = screen.evaluate("document.title + document.body.textContent + location.href")
    assert "standing-now" not in screen.evaluate("document.body.innerHTML")
    assert PIN not in text


@BOTH
@pytest.mark.parametrize("language", LANGUAGES)
def test_somebody_opens_it_says_that_nothing_came_and_closes_it(phone, code, scripts, language):
    context = phone(language, java_script_enabled=scripts)
    page = context.new_page()
    open_with(page, language, code.lower())
    expect(page.locator(".standing-now")).to_be_visible()
    assert page.title() == "Dalil"
    assert code not in page.url
    assert PIN not in page.url
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.locator(".button-second").click()
    expect(page.locator(".notice")).to_be_visible()
    page.locator("#closing").click()
    expect(page.locator("#code")).to_be_visible()
    assert page.locator("#code").input_value() == ""
    assert context.cookies() == []
    screen = Screen(page)
    for _press in range(4):
        if screen.back():
            shows_nothing(page, screen)


@BOTH
def test_scenario_53_quick_exit_leaves_nothing_behind(phone, neutral, code, scripts):
    context = phone("fr", java_script_enabled=scripts)
    page = context.new_page()
    open_with(page, "fr", code)
    expect(page.locator(".standing-now")).to_be_visible()
    address = page.url
    page.locator("#exit").click()
    page.wait_for_url(f"{neutral.address}**")
    screen, presses = Screen(page), 0
    while presses < 10 and screen.back():
        shows_nothing(page, screen)
        presses += 1
    assert context.cookies() == []
    again = context.new_page()
    again.goto(address)
    assert again.url == f"{neutral.address}fr/"


def test_scenario_53_a_page_left_for_three_minutes_is_gone(phone, code):
    """The clock of the page is Playwright's, so that nobody waits."""
    page = phone("ar").new_page()
    page.clock.install()
    open_with(page, "ar", code)
    expect(page.locator(".standing-now")).to_be_visible()
    page.clock.fast_forward(179_000)
    expect(page.locator(".standing-now")).to_be_visible()
    page.clock.fast_forward(2_000)
    expect(page.locator("#code")).to_be_visible()
    screen = Screen(page)
    if screen.back():
        shows_nothing(page, screen)


def test_scenario_53_without_javascript_the_page_goes_by_itself_too(phone, code):
    """The browser's own clock: the page says 180 seconds; the test shortens them on the way, and waits."""
    page = phone("fr", java_script_enabled=False).new_page()

    def sooner(route) -> None:
        answer = route.fetch(max_redirects=0)
        route.fulfill(response=answer, body=answer.text().replace('content="180; url', 'content="2; url'))

    page.route(
        lambda url: "follow-up" in url,
        lambda route: sooner(route) if route.request.method == "POST" else route.continue_(),
    )
    open_with(page, "fr", code)
    expect(page.locator(".standing-now")).to_be_visible()
    expect(page.locator("#code")).to_be_visible(timeout=15_000)
    screen = Screen(page)
    if screen.back():
        shows_nothing(page, screen)


def test_back_from_another_page_shows_nothing(phone, code):
    page = phone("fr").new_page()
    open_with(page, "fr", code)
    expect(page.locator(".standing-now")).to_be_visible()
    page.locator(".to-search").click()
    page.wait_for_url("**/search/")
    screen = Screen(page)
    assert screen.back()
    page.wait_for_timeout(500)
    shows_nothing(page, screen)


@BOTH
def test_nothing_of_it_is_kept_by_the_browser(phone, code, scripts):
    """Not even by a phone on which the service worker stands between."""
    context = phone("fr", java_script_enabled=scripts)
    page = context.new_page()
    open_with(page, "fr", code)
    expect(page.locator(".standing-now")).to_be_visible()
    kept = page.evaluate(
        """async () => {
          const found = [];
          for (const name of await caches.keys()) {
            for (const request of await (await caches.open(name)).keys()) { found.push(request.url); }
          }
          return found.concat(Object.keys(localStorage), Object.keys(sessionStorage));
        }"""
    )
    assert not [one for one in kept if "follow-up" in one]
    for field in ("#code", "#pin"):
        page.goto("/fr/follow-up/")
        assert page.locator(field).get_attribute("autocomplete") == "off"
        assert page.locator(field).get_attribute("type") == "text", (
            "a password field makes the browser offer to keep it"
        )
