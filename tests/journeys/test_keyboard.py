"""With a keyboard alone: everything can be reached, in the order in which it is read, and one sees where one is."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from .places import BY_KEY, LANGUAGES

GUIDE = BY_KEY["first-residence-permit"]
# What has the focus: which it is, its outline and its place on the page.
FOCUSED = """() => {
  const here = document.activeElement;
  const style = getComputedStyle(here), [box] = here.getClientRects(), all = [...document.querySelectorAll('*')];
  return {
    tag: here.tagName, id: here.id, name: (here.textContent || here.getAttribute('aria-label') || here.tagName).trim().slice(0, 40),
    outline: style.outlineStyle === 'none' ? 0 : parseFloat(style.outlineWidth),
    colour: style.outlineColor, place: all.indexOf(here), width: box.width, height: box.height,
    seen: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    covered: !here.contains(document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2)),
  };
}"""
FOCUSABLES = """() => [...document.querySelectorAll('a[href], button, input, select, textarea, summary')]
  .filter(each => getComputedStyle(each).visibility !== 'hidden' && each.getClientRects().length)
  .filter(each => each.tagName === 'SUMMARY' || !each.closest('details:not([open])')).length"""


@pytest.fixture(params=LANGUAGES)
def language(request) -> str:
    return request.param


@pytest.fixture
def page(phone, language) -> Page:
    return phone(language).new_page()


def walk(page: Page) -> list[dict[str, Any]]:
    """Press Tab until the focus leaves the page; what had the focus at each press."""
    stops = []
    for _press in range(250):
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUSED)
        if stop["tag"] in ("BODY", "HTML"):
            return stops
        stops.append(stop)
    raise AssertionError("the focus never leaves the page")


@pytest.mark.parametrize(
    "rest", ["", "guides/health/mental-health/", "offline/", GUIDE.path("fr").removeprefix("/fr/")]
)
def test_every_stop_is_seen_and_stands_in_reading_order(page, language, rest):
    page.goto(f"/{language}/{rest}")
    page.wait_for_load_state("networkidle")
    expected = page.evaluate(FOCUSABLES)
    stops = walk(page)
    assert len(stops) == expected
    assert [stop["name"] for stop in stops if stop["outline"] < 2] == []
    assert [stop["name"] for stop in stops if not stop["seen"] or min(stop["width"], stop["height"]) < 16] == []
    assert [stop["name"] for stop in stops if stop["covered"]] == [], "something covers what has the focus"
    places = [stop["place"] for stop in stops]
    assert places == sorted(places)


def test_the_skip_link_appears_and_leads_to_the_content(page, language):
    page.goto(GUIDE.path(language))
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    box = page.locator(".skip").bounding_box()
    assert box["height"] >= 24
    assert box["width"] >= 100
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_the_tools_work_by_key(page, language):
    page.goto(GUIDE.path(language))
    page.evaluate("window.print = () => { window.printed = true; }")
    page.locator("#larger").focus()
    page.keyboard.press("Space")
    expect(page.locator("#larger")).to_be_checked()
    page.locator("#print").focus()
    page.keyboard.press("Enter")
    assert page.evaluate("window.printed") is True
    page.locator("#keep").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#keep")).to_have_attribute("aria-pressed", "true")


def test_sharing_opens_by_enter_and_closes_again(page, language):
    page.goto(GUIDE.path(language))
    page.locator(".share summary").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".share #address")).to_be_visible()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.href").startswith("https://wa.me/")
    page.locator(".share summary").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".share #address")).to_be_hidden()


def test_a_document_is_ticked_off_by_the_space_bar(page, language):
    page.goto(GUIDE.path(language))
    page.locator(".documents input").first.focus()
    page.keyboard.press("Space")
    expect(page.locator(".documents input").first).to_be_checked()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_outline_differs_from_what_is_behind_it(page, language, scheme):
    """3:1 at least between the outline and the ground of the page (WCAG 1.4.11)."""
    page.emulate_media(color_scheme=scheme)
    page.goto(GUIDE.path(language))
    page.locator(".crumbs a").first.focus()
    outline, ground = page.evaluate(
        """() => [getComputedStyle(document.activeElement).outlineColor,
                  getComputedStyle(document.documentElement).backgroundColor]"""
    )
    assert contrast(outline, ground) >= 3


def contrast(one: str, other: str) -> float:
    """The contrast of two colours such as “rgb(1, 2, 3)”, as WCAG defines it."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    parts = [int(part) / 255 for part in colour.split("(")[1].rstrip(")").split(",")[:3]]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
