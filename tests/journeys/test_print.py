"""On paper: a guide takes two sheets of A4 at most, says where it comes from and of which day, and leaves navigation out."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from .places import BY_KEY, GUIDES, LANGUAGES

PAGE_OBJECT = re.compile(rb"/Type\s*/Page\b(?!s)")
SHEET = {"format": "A4", "prefer_css_page_size": True, "print_background": False}
NOT_ON_PAPER = (".site-header", ".site-footer", ".tools", ".crumbs", "#exit", ".share", ".related", "#kept")
COLOURS = "[getComputedStyle(document.body).color, getComputedStyle(document.documentElement).backgroundColor]"


@pytest.fixture(params=LANGUAGES)
def language(request) -> str:
    return request.param


@pytest.fixture
def page(phone, language) -> Page:
    return phone(language, viewport={"width": 794, "height": 1123}).new_page()


def printed(page: Page, path: str) -> bytes:
    page.goto(path)
    return page.pdf(**SHEET)


def sheets(pdf: bytes) -> int:
    return len(PAGE_OBJECT.findall(pdf))


def test_every_guide_fits_on_two_sheets(page, language):
    counts = {str(guide): sheets(printed(page, guide.path(language))) for guide in GUIDES}
    assert min(counts.values()) >= 1
    assert {name: count for name, count in counts.items() if count > 2} == {}


def test_a_third_sheet_would_be_noticed(page, language):
    page.goto(GUIDES[0].path(language))
    page.evaluate(
        "document.querySelector('article').append(...[1, 2, 3].map(() => document.querySelector('main').cloneNode(true)))"
    )
    assert sheets(page.pdf(**SHEET)) > 2


def test_paper_shows_the_address_and_the_day_and_no_navigation(page, language):
    page.emulate_media(media="print")
    for guide in GUIDES:
        page.goto(guide.path(language))
        day = page.locator(".dates time").first
        expect(day).to_be_visible()
        expect(day).to_have_attribute("datetime", guide.content["checked_on"].isoformat())
        address = page.locator(".print-only bdi")
        expect(address).to_be_visible()
        assert address.inner_text().endswith(guide.path(language)), "the public address, not that of a journey"
        for place in NOT_ON_PAPER:
            assert page.locator(f"{place}:visible").count() == 0, place


def test_paper_is_black_on_white_whatever_the_screen(page, language):
    page.emulate_media(media="print", color_scheme="dark")
    page.goto(GUIDES[0].path(language))
    assert page.evaluate(COLOURS) == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"]


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="reads the words of a PDF with poppler")
def test_the_words_on_paper_can_be_searched_and_copied(page, language, tmp_path: Path):
    """The address whole; the day; in Latin letters also the title (poppler writes Arabic in an order of its own)."""
    guide = BY_KEY["judicial-aid"]
    file = tmp_path / "guide.pdf"
    file.write_bytes(printed(page, guide.path(language)))
    text = subprocess.run(["pdftotext", file, "-"], capture_output=True, text=True, check=True).stdout
    assert guide.path(language) in re.sub(r"\s", "", text)
    assert str(guide.content["checked_on"].year) in text
    if language != "ar":
        assert guide.title(language).split("{")[0][:12] in text
