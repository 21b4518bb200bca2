"""On paper: a guide takes two sheets of A4 at most, says where it comes from and of which day, and leaves navigation out."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import Page

from .places import GUIDES, LANGUAGES

PAGE_OBJECT = re.compile(rb"/Type\s*/Page\b(?!s)")
SHEET = {"format": "A4", "prefer_css_page_size": True, "print_background": False}
HIDDEN = ".site-header, .site-footer, .tools, .crumbs, .exit, .share, .related"


@pytest.fixture(params=LANGUAGES)
def language(request) -> str:
    return request.param


@pytest.fixture
def page(phone, language) -> Page:
    return phone(language, viewport={"width": 794, "height": 1123}).new_page()


def printed(page: Page, path: str) -> bytes:
    page.goto(path)
    return page.pdf(**SHEET)


def test_every_guide_fits_on_two_sheets(page, language):
    sheets = {str(guide): len(PAGE_OBJECT.findall(printed(page, guide.path(language)))) for guide in GUIDES}
    assert min(sheets.values()) >= 1
    assert {name: count for name, count in sheets.items() if count > 2} == {}


def test_paper_shows_the_address_and_the_day_and_no_navigation(page, language):
    for guide in GUIDES:
        page.emulate_media(media="screen")
        page.goto(guide.path(language))
        page.emulate_media(media="print")
        dates = page.locator(".dates")
        assert dates.locator("time").first.is_visible()
        address = page.locator(".print-only bdi")
        assert address.is_visible()
        assert address.inner_text().endswith(guide.path(language)), "the public address, not that of a journey"
        assert page.locator(f":is({HIDDEN}):visible").count() == 0


def test_paper_is_black_on_white_whatever_the_screen(page, language):
    page.emulate_media(media="print", color_scheme="dark")
    page.goto(GUIDES[0].path(language))
    ink, paper = page.evaluate(
        "[getComputedStyle(document.body).color, getComputedStyle(document.documentElement).backgroundColor]"
    )
    assert (ink, paper) == ("rgb(0, 0, 0)", "rgb(255, 255, 255)")


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="reads the words of a PDF with poppler")
def test_the_words_on_paper_are_those_of_the_guide(page, language, tmp_path: Path):
    """What a reader of the PDF can search and copy: address, day, and in Latin letters the whole."""
    guide = next(guide for guide in GUIDES if guide.key == "judicial-aid")
    file = tmp_path / "guide.pdf"
    file.write_bytes(printed(page, guide.path(language)))
    text = subprocess.run(["pdftotext", "-layout", file, "-"], capture_output=True, text=True, check=True).stdout
    assert re.search(rf"/{language}/guides/legal-aid/\s*judicial-aid/", text)
    assert str(guide.content["checked_on"].year) in text
    assert (guide.title(language)[:12] in text) is (language != "ar") or language == "ar"
