"""Accessibility rules that a machine can check: no violation on any kind of page, language, width and colour scheme."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.signing import TimestampSigner
from playwright.sync_api import Page

from ..prepared import ROOT
from .places import LANGUAGES

pytestmark = pytest.mark.xdist_group("axe")

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDTHS = (320, 768, 1280)
SCHEMES = ("light", "dark")
KINDS = {
    "home": "",
    "all guides": "guides/",
    "topic": "guides/residence/",
    "guide": "guides/residence/first-residence-permit/",
    "guide with deadlines": "guides/residence/permit-refused/",
    "sensitive guide": "guides/health/mental-health/",
    "emergency": "emergency/",
    "about": "about/",
    "offline": "offline/",
    "components": "components/",
    "who can help": "services/?region=MA-04",
    "service": "services/unhcr-register/",
    "report": "services/unhcr-register/report/",
    "search": "search/?q=health",
    "search that finds nothing": "search/?q=zzxxqqww",
    "not found": "nowhere/at/all/",
}
# The gallery shows side by side what a page has once.
NOT_IN_GALLERY = {"landmark-unique"}
LOOKS = tuple(itertools.product(WIDTHS, SCHEMES))
checked = {"pages": 0, "checks": 0}


@pytest.fixture(scope="module", autouse=True)
def _summary(request) -> Any:
    """One line at the end: how much was checked."""
    yield
    reporter = request.config.pluginmanager.get_plugin("terminalreporter")
    if reporter:
        reporter.write_line(f"axe-core: {checked['checks']} checks of {checked['pages']} pages")


@pytest.fixture(params=LANGUAGES)
def language(request) -> str:
    return request.param


@pytest.fixture
def page(phone, language) -> Page:
    """A page that may be given axe-core although the site's policy allows no script from elsewhere."""
    return phone(language, bypass_csp=True, reduced_motion="reduce").new_page()


def violations(
    page: Page, allowed: frozenset[str] | set[str] = frozenset(), looks: Iterable[tuple[int, str]] = LOOKS
) -> list[str]:
    """What axe-core finds at each width in each colour scheme: rule, place and reason."""
    found = []
    checked["pages"] += 1
    # Which link the bar that stays in sight covers is a matter of how far a page is scrolled: axe-core would count it as too small.
    page.add_style_tag(content=".exit-bar { position: static !important; }")
    for width, scheme in looks:
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=scheme)
        answer = Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]})
        checked["checks"] += 1
        for rule in answer.response["violations"]:
            if rule["id"] in allowed:
                continue
            places = [f"{node['target']}: {node['failureSummary']}" for node in rule["nodes"][:3]]
            found.append(f"{width} {scheme} {rule['id']}: {places}")
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_breaks_no_rule(page, language, kind):
    page.goto(f"/{language}/{KINDS[kind]}")
    if page.locator(".share summary").count():
        page.locator(".share summary").first.click()
    assert violations(page, NOT_IN_GALLERY if kind == "components" else set()) == []


def test_a_guide_with_larger_text_breaks_no_rule(page, language):
    page.goto(f"/{language}/{KINDS['guide']}")
    page.locator("label.tool-larger").click()
    assert violations(page) == []


def test_a_journey_that_has_closed_breaks_no_rule(page, site_folder: Path, language):
    """The page (410) that somebody meets who comes back after two hours."""
    signer = TimestampSigner(key=(site_folder / "secret_key").read_text(), salt="journey", sep=".")
    then = datetime.datetime.now(datetime.UTC) - datetime.timedelta(hours=3)
    with mock.patch("django.core.signing.time.time", return_value=then.timestamp()):
        token = signer.sign("0123456789abcdef")
    answer = page.goto(f"/j/{token}/{language}/")
    assert answer.status == 410
    assert violations(page) == []


@pytest.mark.parametrize("language", ["fr"], indirect=True)
def test_the_page_of_a_fault_breaks_no_rule(page):
    page.set_content((ROOT / "templates" / "500.html").read_text(encoding="utf-8"))
    assert violations(page) == []


@pytest.mark.parametrize("language", ["en"], indirect=True)
def test_axe_would_find_a_fault(page):
    """Otherwise the tests above would prove nothing."""
    page.goto("/en/")
    page.evaluate("document.querySelector('.hero p').style.color = '#c8c0b0'")
    assert any("color-contrast" in found for found in violations(page))
