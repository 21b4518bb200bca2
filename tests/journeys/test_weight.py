"""On a slow line: a guide is one small answer, nothing stands before it, nothing moves, nobody else is asked."""

from __future__ import annotations

import gzip
import urllib.request
from urllib.parse import urlsplit

import brotli
import pytest
from playwright.sync_api import Page, Request

from .places import BY_KEY, GUIDES, LANGUAGES

HTML_LIMIT = 14 * 1024  # what fits into the first flight of a new connection
VISIT_LIMIT = 40 * 1024
STILL = 0.002  # a sign may be painted a moment before the word beside it; whatever moves content is more
SAMPLED = [
    BY_KEY[key]
    for key in (
        "emergency-numbers", "first-residence-permit", "see-a-doctor", "mental-health", "work-contract", "judicial-aid",
    )
]  # fmt: skip
ENCODINGS = {"gzip": gzip.decompress, "br": brotli.decompress}
SHIFTS = """() => new Promise(done => new PerformanceObserver(list => done(
    list.getEntries().reduce((sum, each) => sum + each.value, 0))).observe({type: 'layout-shift', buffered: true})
    || setTimeout(() => done(0), 300))"""
TIMES = """() => {
  const [page] = performance.getEntriesByType('navigation'), parts = performance.getEntriesByType('resource');
  const files = parts.filter(each => !each.name.startsWith('data:'));
  return {
    early: 1 + files.filter(each => each.startTime < page.domContentLoadedEventStart).length,
    blocking: files.filter(each => each.renderBlockingStatus === 'blocking').map(each => each.name),
  };
}"""


def on_the_wire(address: str, encoding: str) -> tuple[int, str]:
    """How many bytes the answer's body is in this encoding, and what it says."""
    request = urllib.request.Request(address, headers={"Accept-Encoding": encoding, "Accept": "text/html"})
    with urllib.request.urlopen(request, timeout=20) as answer:
        body = answer.read()
        assert answer.headers["Content-Encoding"] == encoding
    return len(body), ENCODINGS[encoding](body).decode()


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_guide_is_at_most_fourteen_kilobytes_with_its_style(site, language, encoding):
    sizes = {}
    for guide in GUIDES:
        sizes[str(guide)], text = on_the_wire(site + guide.path(language), encoding)
        assert text.count("<style>") == 2, "one style sheet, and one line for browsers without JavaScript"
        assert 'rel="stylesheet"' not in text
    too_large = {name: size for name, size in sizes.items() if size > HTML_LIMIT}
    assert not too_large


@pytest.fixture
def asked() -> list[Request]:
    """Every request of the page, in order."""
    return []


@pytest.fixture
def complaints() -> list[str]:
    """What the browser said in its console: refusals of the site's policy among it."""
    return []


@pytest.fixture
def page(phone, asked, complaints) -> Page:
    opened = phone().new_page()
    opened.on("request", lambda request: asked.append(request))
    opened.on("console", lambda message: complaints.append(message.text))
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    return opened


def shift_of(page: Page) -> float:
    """How far the page moves while it loads; the least of four loads, for a busy machine may paint in pieces."""
    found = page.evaluate(SHIFTS)
    for _again in range(3):
        if found > STILL:
            page.reload(wait_until="networkidle")
            found = min(found, page.evaluate(SHIFTS))
    return found


@pytest.mark.parametrize("guide", SAMPLED, ids=str)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_first_visit_is_light_and_nothing_moves(page, asked, complaints, site, guide, language):
    page.goto(guide.path(language))
    page.wait_for_load_state("networkidle")
    times = page.evaluate(TIMES)
    assert times["early"] <= 3
    assert times["blocking"] == []
    sizes = {request.url: request.sizes()["responseBodySize"] for request in asked if not request.redirected_to}
    assert sum(sizes.values()) <= VISIT_LIMIT
    assert any(size > 4000 for size in sizes.values()), "the guide itself was measured"
    assert {urlsplit(address).netloc for address in sizes} == {urlsplit(site).netloc}
    assert shift_of(page) <= STILL
    assert page.context.cookies() == []
    assert complaints == []


@pytest.mark.parametrize("rest", ["", "guides/", "guides/health/", "offline/", "about/", "components/", "nowhere/"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_other_page_asks_anybody_else_or_breaks_the_policy(page, asked, complaints, site, language, rest):
    page.goto(f"/{language}/{rest}")
    page.wait_for_load_state("networkidle")
    assert {urlsplit(request.url).netloc for request in asked} == {urlsplit(site).netloc}
    assert shift_of(page) <= STILL
    assert [text for text in complaints if "404 (Not Found)" not in text] == []
    assert page.context.cookies() == []


def test_a_second_visit_asks_again_and_is_told_that_nothing_changed(page, asked):
    page.goto(BY_KEY["see-a-doctor"].path("ar"))
    asked.clear()
    page.goto("/ar/about/")
    page.goto(BY_KEY["see-a-doctor"].path("ar"))
    again = next(request for request in asked if request.url.endswith("/see-a-doctor/"))
    assert again.sizes()["responseBodySize"] == 0


def test_what_moves_would_be_noticed(page):
    page.goto("/fr/guides/")
    page.evaluate("document.querySelector('h1').style.marginBottom = '3rem'")
    page.wait_for_timeout(100)
    assert page.evaluate(SHIFTS) > STILL


def test_a_larger_page_would_be_noticed(site):
    """The style sheet alone is more than nothing: what is measured is the answer as it travels."""
    small, text = on_the_wire(f"{site}/fr/", "gzip")
    assert len(text.encode()) > 2 * small > 4000
