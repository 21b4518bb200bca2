"""A whole case in a real browser: from intake to help that the person confirms, in three languages, on a phone and a laptop."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from . import desks
from .desks import CASEWORKER, FOCAL, LAPTOP, PHONE, SUPERVISOR, Office
from .measuring import OVERFLOW
from .places import LANGUAGES
from .test_axe import violations
from .test_exit import BOTH, Screen

STORIES = {
    "ar, phone": ("ar", PHONE, True),
    "fr, laptop": ("fr", LAPTOP, True),
    "en, laptop without JavaScript": ("en", LAPTOP, False),
}
REASON = "Consultation générale avant vendredi."
LOOKS = ((320, "light"), (1280, "dark"))
END_SESSIONS = "from portal.models import StaffSession as S; S.objects.filter(user__username='{who}').delete()"
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

# An Arabic date written from left to right has its day after its year.
TURNED_DATES = r"""() => [...document.querySelectorAll('.when, .moment, time')].filter(each =>
  /[\u0620-\u064a]/.test(each.textContent) && getComputedStyle(each).direction === 'ltr').map(each => each.textContent)"""


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
    assert page.evaluate(TURNED_DATES) == [], page.url
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
    assert focal.request.get(case).status == 404, "a packet is no way into the case"
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


def pages_of(page: Page, language: str, who: str) -> list[str]:
    """The addresses of the desks of this persona."""
    root = f"/{language}/casework/"
    if who == FOCAL:
        page.goto(root)
        return [page.locator(".waits-mine .row-what a").first.get_attribute("href") or ""]
    if who == SUPERVISOR:
        return [f"{root}board/"]
    page.goto(f"{root}inbox/others/")
    sent = page.locator('.row-what a[href*="/referrals/"]').first.get_attribute("href") or ""
    page.goto(f"{root}cases/")
    case = page.locator(".rows a.code").first.get_attribute("href")
    desks_of_all = (
        "",
        "cases/",
        "cases/new/",
        "procedures/",
        "procedures/gen/",
        "orientation/",
        "requests/",
        "account/",
    )
    at_case = ("", "consent/", "refer/", f"refer/{desks.SERVICE}/", "follow-up/", "close/")
    return [
        *(root + path for path in desks_of_all),
        sent,
        *(f"{case}{path}" for path in at_case),
        f"/{language}/follow-up/",
    ]


@pytest.mark.parametrize("who", [CASEWORKER, FOCAL, SUPERVISOR])
@pytest.mark.parametrize("language", ["ar", "fr"])
def test_no_desk_breaks_a_rule_of_accessibility(office: Office, language: str, who: str) -> None:
    page = office.at_desk(who, language, bypass_csp=True)
    found: dict[str, list[str]] = {}
    for address in pages_of(page, language, who):
        assert address
        page.goto(address)
        if faults := violations(page, looks=LOOKS):
            found[address] = faults
    assert found == {}
    page.context.close()


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_the_door_breaks_no_rule_of_accessibility(office: Office, language: str) -> None:
    page = office.context(language, bypass_csp=True).new_page()
    page.goto(f"/{language}/casework/account/sign-in/")
    assert violations(page, looks=LOOKS) == []
    page.context.close()


def test_what_was_half_typed_is_there_after_the_session_was_ended(office: Office, policy: None) -> None:
    page, who, words = office.context("fr").new_page(), "org-b-caseworker", "La personne préfère être appelée le ma"
    office.sign_in(page, who, "fr")
    page.goto("/fr/casework/cases/")
    page.locator(".rows a.code").first.click()
    page.locator(".quick-note textarea").press_sequentially(words)
    expect(page.locator(".quick-note .kept-at")).not_to_be_empty()
    office.manage("shell", "-c", END_SESSIONS.format(who=who))
    address = page.url
    page.reload()
    page.wait_for_url("**/sign-in/**")
    office.sign_in(page, who, "fr", steps=1)
    assert page.url == address, "back to where the work was"
    expect(page.locator(".quick-note textarea")).to_have_value(words)
    page.context.close()


@BOTH
def test_back_after_signing_out_shows_nothing_of_the_case(office: Office, scripts: bool) -> None:
    who = {True: "org-c-caseworker", False: "org-a-supervisor"}[scripts]
    page = office.context("fr", java_script_enabled=scripts).new_page()
    office.sign_in(page, who, "fr", steps=0 if scripts else 1)
    page.goto("/fr/casework/cases/?whose=all")
    page.locator(".rows a.code").first.click()
    page.wait_for_load_state("load")
    code = page.locator("h1 .code").inner_text()
    page.locator(".desk-self a").click()
    page.click('form[action$="sign-out/"] button')
    page.wait_for_url("**/sign-in/")
    screen, presses = Screen(page), 0
    while presses < 6 and screen.back():
        assert code not in screen.evaluate("document.title + document.body.textContent")
        presses += 1
    assert presses > 2
    page.context.close()
