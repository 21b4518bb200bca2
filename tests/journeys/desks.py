"""The people of the demonstration at their desks: a real site, the real door, and a case from the first page to its closure."""

from __future__ import annotations

import contextlib
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, expect

from .. import prepared
from ..people import code_now
from .conftest import LOCALES

CASEWORKER, FOCAL, SUPERVISOR = "org-a-caseworker", "org-b-focal_point", "org-a-supervisor"
SERVICE = "ms2-rabat"  # answered by org-b
PHONE, LAPTOP = {"width": 320, "height": 640}, {"width": 1200, "height": 800}
# Scripts of the page may not be asked: what the policy refuses is told to the console too, also where there is no script.
REFUSED_BY_POLICY = re.compile("Content Security Policy|Trusted(Script|HTML|Type)", re.IGNORECASE)
LISTEN = """document.addEventListener('securitypolicyviolation', function (event) {
  console.error('Content Security Policy: ' + event.violatedDirective + ' ' + event.sourceFile + ':' + event.lineNumber);
});"""


@dataclass
class Office:
    """The site, its accounts, and who has signed in already. `refused`: what the policy of the pages refused."""

    browser: Browser
    folder: Any
    address: str
    accounts: dict[str, dict[str, str]]
    entered: dict[str, Any] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)

    def context(self, language: str, screen: dict[str, int] = LAPTOP, **options: Any) -> BrowserContext:
        made = self.browser.new_context(
            viewport=screen, base_url=self.address, locale=LOCALES[language], reduced_motion="reduce", **options
        )
        made.set_default_timeout(20_000)
        made.add_init_script(LISTEN)
        made.on("console", lambda said: self.refused.append(said.text) if REFUSED_BY_POLICY.search(said.text) else None)
        return made

    def at_desk(self, who: str, language: str, screen: dict[str, int] = LAPTOP, **options: Any) -> Page:
        """A page of somebody who has signed in: through the door the first time, with the same session after that."""
        if who not in self.entered:
            door = self.context("fr").new_page()
            self.sign_in(door, who, "fr")
            self.entered[who] = door.context.storage_state()
            door.context.close()
        return self.context(language, screen, storage_state=self.entered[who], **options).new_page()

    def sign_in(self, page: Page, who: str, language: str, steps: int = 0) -> None:
        """Through the door; `steps`: with a later code, for one that was used opens nothing."""
        if "/sign-in/" not in page.url:
            page.goto(f"/{language}/casework/")
        account = self.accounts[who]
        page.fill("input[name=login]", account["username"])
        page.fill("input[name=password]", account["password"])
        page.click(".form-end .button")
        page.wait_for_url("**/second-factor/")
        page.fill("input[name=code]", code_now(steps, account["totp_secret"]))
        page.click(".form-end .button")
        page.wait_for_url(lambda url: "/account/" not in url)

    def manage(self, *command: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *command], cwd=prepared.ROOT, env=prepared.environment(self.folder), text=True,
            capture_output=True, check=True,
        )  # fmt: skip
        return done.stdout


@contextlib.contextmanager
def open_office(browser: Browser, name: str) -> Iterator[Office]:
    """A site of its own with the demonstration, served as in production."""
    folder = prepared.copy_of_site(prepared.BUILD / name)
    office = Office(browser, folder, "", {})
    rows = json.loads(office.manage("load_demo", "--yes-demo", "--json"))
    office.accounts = {row["username"]: row for row in rows}
    with prepared.serving(folder) as office.address:
        yield office
    shutil.rmtree(folder, ignore_errors=True)


def choose(page: Page, **chosen: str) -> None:
    """Tick or choose these: name of the field, value; several values with blanks between them."""
    for name, values in chosen.items():
        for value in values.split():
            page.check(f'[name="{name}"][value="{value}"]')


def send(page: Page) -> None:
    """The first button of the form; the page that comes is not the form with a complaint."""
    page.click("form[method=post] .form-end button.button")
    page.wait_for_load_state("load")
    assert page.locator("#wrong").count() == 0, page.locator("#wrong").inner_text()


def open_case(page: Page, language: str) -> str:
    """A case of somebody who gives no name; its code."""
    page.goto(f"/{language}/casework/cases/new/")
    choose(page, profile="gen", urgency="normal", risk="medium", languages="fr ar")
    send(page)
    if page.url.endswith("/new/"):  # the moments that time limits count from: none is known
        send(page)
    return page.url.rstrip("/").split("/")[-1]


def record_consent(page: Page) -> None:
    """From the page of the case: what the person agrees to."""
    page.click('.do-row a[href$="/consent/"]')
    choose(
        page, record="yes", contact="yes", online_follow_up="yes", interpreter="not_needed", method="verbal_witnessed"
    )
    page.check("[name=read_back]")
    send(page)


def refer(page: Page, reason: str) -> str:
    """From the page of the case to the sent referral; the path of its page, without the language."""
    page.click('.do-row a[href$="/refer/"]')
    page.click('a[href*="help=health"]')
    link = page.locator(f'a[href$="/refer/{SERVICE}/"]').first
    for folded in page.locator("main details:not([open]) > summary").all():
        if not link.is_visible():
            folded.click()
    link.click()
    page.fill("[name=reason]", reason)
    for name, value in (("phone_check", "room"), ("asked", "yes"), ("asked_interpreter", "not_needed"),
                        ("asked_method", "verbal_witnessed")):  # fmt: skip
        if page.locator(f'[name="{name}"]').count():
            choose(page, **{name: value})
    if page.locator("[name=unfit_reason]").count():
        page.fill("[name=unfit_reason]", reason)
    choose(page, categories="language need reason")
    page.check("[name=asked_read_back]")
    send(page)
    expect(page.locator(".mark-state")).to_be_visible()
    return page.url.split("/casework/")[1]


def do(page: Page, event: str, **chosen: str) -> None:
    """From the page of a referral: one event, with what its form asks."""
    at_once = page.locator(f'.doing form[action$="/{event}/"] button')
    if at_once.count():
        at_once.click()
        page.wait_for_load_state("load")
        return
    page.click(f'.doing a[href$="/{event}/"]')
    for name, value in chosen.items():
        asked = page.locator(f'[name="{name}"]')
        if asked.first.get_attribute("type") in ("radio", "checkbox"):
            choose(page, **{name: value})
        else:
            asked.fill(value)
    send(page)


def answer(page: Page, language: str, path: str) -> None:
    """At the desk of the service: from the inbox to what was done."""
    page.goto(f"/{language}/casework/")
    page.locator(f'a[href$="/casework/{path}"]').first.click()
    today = date.today().isoformat()  # noqa: DTZ011  (the day that the form's own calendar shows)
    do(page, "acknowledge")
    do(page, "accept", first_contact_on=today)
    do(page, "start")
    do(page, "deliver", outcome="Consultation faite.", service_date=today)


def close(page: Page, language: str, code: str) -> None:
    page.goto(f"/{language}/casework/cases/{code}/close/")
    choose(page, closure_reason="goals_met")
    page.check("[name=feedback_asked]")
    send(page)


def approve(page: Page, language: str, code: str) -> None:
    page.goto(f"/{language}/casework/cases/{code}/")
    page.click('#charge a[href$="/close/approve/"]')
    send(page)
