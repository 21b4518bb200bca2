"""A whole case in a real browser: from intake to help that the person confirms, in three languages, on a phone and a laptop."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from . import desks
from .desks import CASEWORKER, FOCAL, LAPTOP, PHONE, SUPERVISOR, Office
from .measuring import OVERFLOW
from .places import LANGUAGES

STORIES = {
    "ar, phone": ("ar", PHONE, True),
    "fr, laptop": ("fr", LAPTOP, True),
    "en, laptop without JavaScript": ("en", LAPTOP, False),
}
REASON = "Consultation générale avant vendredi."
# Words that stand on every English desk; a page in another language that has one of them was not translated.
ENGLISH = r"""() => {
  const words = /\b(the|and|of|save|send|open|close|case|cases|new|refer|referral|sign|your|keep|show|search|with|for|to)\b/i;
  const found = [];
  for (const each of document.querySelectorAll('h1, h2, h3, legend, button, a.button, summary, .mark, .desk-menu a, label')) {
    if (each.closest('[lang=en]') || each.closest('bdi')) { continue; }
    const text = each.textContent.trim();
    if (/^[\x00-\x7f]+$/.test(text) && words.test(text)) { found.push(text); }
  }
  return found;
}"""


@pytest.fixture(scope="module")
def office(browser: Browser, worker_id: str) -> Iterator[Office]:
    with desks.open_office(browser, f"casework-{worker_id}") as found:
        yield found


@pytest.fixture
def policy(office: Office) -> Iterator[None]:
    """Nothing that the pages do is refused by their own policy, trusted types included."""
    office.refused.clear()
    yield
    assert office.refused == []


def is_right(page: Page, language: str) -> None:
    """This page reads in its language and its direction, and does not slide sideways."""
    page.wait_for_load_state("load")
    said = page.locator("html")
    assert said.get_attribute("lang") == language, page.url
    assert said.get_attribute("dir") == ("rtl" if language == "ar" else "ltr")
    assert page.evaluate(OVERFLOW) == [], page.url
    if language != "en":
        assert page.evaluate(ENGLISH) == [], page.url


@pytest.mark.parametrize("story", STORIES)
def test_a_case_goes_from_intake_to_help_that_the_person_confirms(office: Office, policy: None, story: str) -> None:
    language, screen, scripts = STORIES[story]
    worker, focal, supervisor = (
        office.at_desk(who, language, screen, java_script_enabled=scripts) for who in (CASEWORKER, FOCAL, SUPERVISOR)
    )
    code = desks.open_case(worker, language)
    is_right(worker, language)
    desks.record_consent(worker)
    case = f"/{language}/casework/cases/{code}/"
    worker.goto(case)
    referral = desks.refer(worker, REASON)
    is_right(worker, language)
    desks.answer(focal, language, referral)
    is_right(focal, language)
    assert code not in focal.content(), "the code of the case is its own organisation's"
    worker.goto(f"/{language}/casework/{referral}")
    desks.do(worker, "confirm", client_confirmed="yes")
    is_right(worker, language)
    desks.close(worker, language, code)
    desks.approve(supervisor, language, code)
    is_right(supervisor, language)
    worker.goto(case)
    is_right(worker, language)
    expect(worker.locator(".do-row a")).to_have_count(0)  # a closed case is read, not worked on
    focal.goto(f"/{language}/casework/{referral}")
    assert REASON not in focal.content(), "what was shared is no longer read"
    for page in (worker, focal, supervisor):
        page.context.close()


@pytest.mark.parametrize("screen", [PHONE, LAPTOP], ids=["phone", "laptop"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_desk_fits_the_screen_in_its_language(office: Office, policy: None, language: str, screen: dict) -> None:
    page = office.at_desk(CASEWORKER, language, screen)
    page.goto(f"/{language}/casework/cases/")
    case = page.locator(".rows a.code").first.get_attribute("href")
    for path in ("", "cases/", "cases/new/", "orientation/", "procedures/", "requests/", "account/"):
        page.goto(f"/{language}/casework/{path}")
        is_right(page, language)
    for path in ("", "consent/", "refer/", f"refer/{desks.SERVICE}/", "close/", "follow-up/", "files/"):
        page.goto(f"{case}{path}")
        is_right(page, language)
    page.context.close()
