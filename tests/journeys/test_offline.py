"""Kept for offline: only after the reader asks, said so when shown, never a sensitive guide, all deleted at one touch."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from .places import BY_KEY, LANGUAGES, SENSITIVE

GUIDE = BY_KEY["see-a-doctor"]
STORED = """async () => {
  const kept = [];
  for (const name of await caches.keys()) {
    const requests = await (await caches.open(name)).keys();
    kept.push(...requests.map(each => new URL(each.url).pathname));
  }
  return {
    caches: await caches.keys(), kept, workers: (await navigator.serviceWorker.getRegistrations()).length,
    storage: [...Object.keys(localStorage), ...Object.keys(sessionStorage)],
    databases: (await indexedDB.databases()).map(each => each.name), cookies: document.cookie,
  };
}"""
NOTHING = {"caches": [], "kept": [], "workers": 0, "storage": [], "databases": [], "cookies": ""}


@pytest.fixture(params=LANGUAGES)
def language(request) -> str:
    return request.param


@pytest.fixture
def context(phone, language) -> BrowserContext:
    return phone(language)


@pytest.fixture
def page(context) -> Page:
    return context.new_page()


def stored(page: Page) -> dict[str, Any]:
    """What this browser holds of the site."""
    return page.evaluate(STORED)


def keep(page: Page, path: str) -> None:
    """Open a guide and keep it."""
    page.goto(path)
    page.locator("#keep").click()
    expect(page.locator("#keep")).to_have_attribute("aria-pressed", "true")


def keep_everything(page: Page, language: str) -> list[str]:
    """Keep a whole language; returns the addresses that the site names for it."""
    page.goto(f"/{language}/offline/")
    addresses = page.evaluate("path => fetch(path).then(answer => answer.json())", f"/{language}/offline/pages.json")
    page.locator("#keep-all").click()
    expect(page.locator("#kept-pages a")).to_have_count(len(addresses["addresses"]), timeout=60_000)
    return addresses["addresses"]


@pytest.mark.parametrize("rest", ["", f"guides/{GUIDE}/", "offline/", "emergency/", "guides/health/mental-health/"])
def test_nothing_is_stored_before_the_reader_asks(context, page, language, rest):
    page.goto(f"/{language}/{rest}")
    if GUIDE.key in rest:
        expect(page.locator("#keep")).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert stored(page) == NOTHING
    assert context.cookies() == []


def test_a_kept_guide_opens_without_a_network_and_says_that_it_is_a_copy(context, page, language):
    keep(page, GUIDE.path(language))
    expect(page.locator("#keep span")).to_have_text(page.locator("#keep").get_attribute("data-kept"))
    context.set_offline(True)
    page.reload()
    expect(page.locator("h1")).to_have_text(GUIDE.title(language))
    expect(page.locator("#kept")).to_be_visible()
    expect(page.locator("#kept-on")).to_have_text(datetime.datetime.now(datetime.UTC).date().isoformat())
    expect(page.locator("#keep")).to_have_attribute("aria-pressed", "true")


def test_a_kept_guide_read_without_a_network_keeps_its_tools(context, page, language):
    keep(page, GUIDE.path(language))
    context.set_offline(True)
    page.reload()
    page.locator("label.tool-larger").click()
    expect(page.locator("#larger")).to_be_checked()
    expect(page.locator("#print")).to_be_visible()


def test_with_a_network_again_no_line_says_copy(context, page, language):
    keep(page, GUIDE.path(language))
    context.set_offline(True)
    page.reload()
    expect(page.locator("#kept")).to_be_visible()
    context.set_offline(False)
    page.reload()
    expect(page.locator("h1")).to_have_text(GUIDE.title(language))
    expect(page.locator("#kept")).to_be_hidden()


def test_another_page_without_a_network_shows_what_is_kept(context, page, language):
    keep(page, GUIDE.path(language))
    page.goto(f"/{language}/offline/")
    heading = page.locator("h1").inner_text()
    context.set_offline(True)
    page.goto(f"/{language}/guides/residence/")
    expect(page.locator("h1")).to_have_text(heading)
    link = page.locator("#kept-pages a", has_text=GUIDE.title(language))
    expect(link).to_have_attribute("lang", language)
    link.click()
    expect(page.locator("h1")).to_have_text(GUIDE.title(language))


def test_the_root_without_a_network_shows_what_is_kept(context, page, language):
    """The address that the sign on a first screen opens."""
    keep(page, GUIDE.path(language))
    context.set_offline(True)
    page.goto("/")
    expect(page.locator("#kept-pages a", has_text=GUIDE.title(language))).to_be_visible()


def test_keeping_everything_keeps_every_page_of_the_language_and_no_sensitive_one(context, page, language):
    addresses = keep_everything(page, language)
    kept = stored(page)["kept"]
    assert set(addresses) <= set(kept)
    assert len(addresses) >= 36
    assert not [path for path in kept if path.startswith("/j/") or any(guide.key in path for guide in SENSITIVE)]
    assert not [path for path in kept if path.endswith("/") and not path.startswith(f"/{language}/")]
    context.set_offline(True)
    for guide in ("going-to-court", "emergency-numbers"):
        page.goto(BY_KEY[guide].path(language))
        expect(page.locator("h1")).to_have_text(BY_KEY[guide].title(language))
        expect(page.locator("#kept")).to_be_visible()


def test_what_could_not_be_fetched_is_said(page, language):
    addresses = [f"/{language}/guides/", f"/{language}/guides/nowhere/", f"/{language}/about/"]
    page.route("**/pages.json", lambda route: route.fulfill(json={"addresses": addresses, "about_kb": 30}))
    page.goto(f"/{language}/offline/")
    page.locator("#keep-all").click()
    expect(page.locator("#progress")).to_have_text(page.locator("#offline").get_attribute("data-failed"))
    kept = stored(page)["kept"]
    assert [path in kept for path in addresses] == [True, False, True]


def test_one_touch_deletes_everything(page, language):
    keep(page, GUIDE.path(language))
    page.goto(f"/{language}/offline/")
    assert stored(page)["workers"] == 1
    page.locator("#delete-all").click()
    expect(page.locator("#kept-pages a")).to_have_count(0)
    expect(page.locator("#kept-pages")).to_have_text(page.locator("#offline").get_attribute("data-none"))
    page.goto(f"/{language}/")
    assert stored(page) == NOTHING
    page.goto(GUIDE.path(language))
    expect(page.locator("#keep")).to_have_attribute("aria-pressed", "false")


def test_a_guide_can_be_let_go_again(page, language):
    keep(page, GUIDE.path(language))
    page.locator("#keep").click()
    expect(page.locator("#keep")).to_have_attribute("aria-pressed", "false")
    assert GUIDE.path(language) not in stored(page)["kept"]


def test_a_sensitive_guide_cannot_be_kept(page, language):
    for guide in SENSITIVE:
        page.goto(guide.path(language))
        expect(page.locator("#print")).to_be_visible()
        expect(page.locator("#keep")).to_have_count(0)


def test_a_guide_that_became_sensitive_is_no_longer_kept(page, language):
    """A guide kept in the past, and marked sensitive since: the next reading with a network forgets it."""
    keep(page, GUIDE.path(language))
    path = SENSITIVE[0].path(language)
    page.evaluate("path => caches.open('kept').then(cache => cache.put(path, new Response('old')))", path)
    page.goto(path)
    expect(page.locator("#exit")).to_be_visible()
    assert path not in stored(page)["kept"]
