"""Arabic is a first language here: mirrored, isolated, typeset for its letters, marked run by run (trust A4–A10)."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page

from .measuring import LANGUAGE_OF_LETTERS, MIRRORS, NUMBERS_IN_ORDER, OVERFLOW, PLACES, TYPE
from .places import GUIDES, LANGUAGES

OTHERS = ("", "guides/", "guides/health/", "emergency/", "offline/", "about/", "privacy/", "accessibility/", "components/", "nowhere/")  # fmt: skip
SPACING = "*{line-height:1.5 !important;letter-spacing:.12em !important;word-spacing:.16em !important}p{margin-bottom:2em !important}"
ARABIC_INDIC = re.compile("[\u0660-\u0669\u06f0-\u06f9]")


def paths(language: str) -> list[str]:
    """Every guide and every other kind of page in this language."""
    return [guide.path(language) for guide in GUIDES] + [f"/{language}/{rest}" for rest in OTHERS]


@pytest.fixture
def page(phone) -> Page:
    return phone("ar", bypass_csp=True).new_page()


@pytest.mark.parametrize("width", [320, 1280])
def test_the_arabic_page_is_the_mirror_of_the_french_one(page, width):
    """Same boxes, seen in a mirror, to two pixels: start in Arabic is the right."""
    page.set_viewport_size({"width": width, "height": 800})
    starts = {}
    for language in ("fr", "ar"):
        page.goto(f"/{language}/guides/residence/first-residence-permit/")
        guide = page.evaluate(
            PLACES,
            [
                ".brand .icon",
                ".crumbs li",
                "h1",
                ".in-short",
                ".part h2 .icon",
                ".steps > li",
                ".documents input",
                ".tools",
            ],
        )
        page.goto(f"/{language}/")
        starts[language] = guide | page.evaluate(PLACES, [".card", ".card > .icon", ".numbers .tel", ".hero h1"])
    for place, start in starts["fr"].items():
        assert abs(start - starts["ar"][place]) <= 2, place
    assert len(starts["fr"]) == 12


def test_numbers_are_read_from_left_to_right(page):
    """Telephone numbers, laws such as 02-03, ranges and amounts: each sign stands right of the one before it."""
    counted, faults = 0, []
    for path in paths("ar"):
        page.goto(path)
        page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true; })")
        count, wrong = page.evaluate(NUMBERS_IN_ORDER)
        counted += count
        faults += [f"{path}: {text}" for text in wrong]
    assert not faults, "\n".join(faults)
    assert counted > 300


def test_a_number_without_isolation_would_be_noticed(page):
    page.goto("/ar/about/")
    page.evaluate("document.querySelector('main p').textContent = 'القانون 02-03 ثم 537 11 22 212+'")
    assert page.evaluate(NUMBERS_IN_ORDER)[1]


def test_digits_are_those_of_morocco(page):
    for path in paths("ar"):
        page.goto(path)
        assert not ARABIC_INDIC.search(page.content()), path


def test_arabic_type_is_large_open_and_upright(page):
    faults = []
    for path in paths("ar"):
        page.goto(path)
        faults += [f"{path}: {fault}" for fault in page.evaluate(TYPE)]
    assert not faults, "\n".join(faults)


def test_only_signs_with_a_direction_are_mirrored(page):
    seen = set()
    for path, turned in (
        ("/ar/components/", True),
        ("/ar/guides/health/mental-health/", True),
        ("/fr/components/", False),
    ):
        page.goto(path)
        for name, directed, scale in page.evaluate(MIRRORS):
            assert scale == (-1 if directed and turned else 1), f"{path}: {name}"
            seen.add((directed, turned))
    assert seen == {(True, True), (False, True), (True, False), (False, False)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_letter_stands_in_an_element_of_its_language(page, language):
    faults = []
    for path in paths(language):
        page.goto(path)
        faults += [f"{path}: {fault}" for fault in page.evaluate(LANGUAGE_OF_LETTERS)]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_is_wider_than_a_small_phone(page, language):
    """240 CSS pixels is a feature phone; 320 is also a screen of 1280 at 400 % (WCAG 1.4.10)."""
    faults = []
    for path in paths(language):
        page.goto(path)
        page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true; })")
        for width in (240, 320):
            page.set_viewport_size({"width": width, "height": 320})
            faults += [f"{path} at {width}: {fault}" for fault in page.evaluate(OVERFLOW)]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("language", LANGUAGES)
def test_text_may_be_spaced_out_without_loss(page, language):
    """The spacing of WCAG 1.4.12, which a reader may set, on a small phone: nothing is cut and nothing overflows."""
    faults = []
    for path in paths(language):
        page.goto(path)
        page.add_style_tag(content=SPACING)
        faults += [f"{path}: {fault}" for fault in page.evaluate(OVERFLOW)]
    assert not faults, "\n".join(faults)
