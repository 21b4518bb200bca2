"""A passkey in a real browser: made at the first sign-in, used alone, used as the second step; nothing else needs JavaScript."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests import prepared

PASSWORD = "a long password of a worker"


@pytest.fixture(scope="module")
def office() -> Iterator[str]:
    """A site of its own, with one person who works with it; at a name, for passkeys belong to names."""
    folder = prepared.copy_of_site(prepared.BUILD / f"office-{os.getpid()}")
    account = {"USERNAME": "amina", "PASSWORD": PASSWORD, "EMAIL": "amina@example.org"}
    environment = prepared.environment(folder, **{f"DJANGO_SUPERUSER_{name}": value for name, value in account.items()})
    command = [sys.executable, "manage.py", "createsuperuser", "--noinput"]
    subprocess.run(command, cwd=prepared.ROOT, env=environment, check=True, capture_output=True)
    with prepared.serving(folder) as address:
        yield address.replace("127.0.0.1", "localhost")
    shutil.rmtree(folder, ignore_errors=True)


def with_finger(page: Page) -> None:
    """Give the browser a device that recognises its owner."""
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    kind = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    devices.send(
        "WebAuthn.addVirtualAuthenticator",
        {"options": {**kind, "isUserVerified": True, "automaticPresenceSimulation": True}},
    )


def type_password(page: Page) -> None:
    page.fill("input[name=login]", "amina")
    page.fill("input[name=password]", PASSWORD)
    page.click("button.button")


def sign_out(page: Page, office: str) -> None:
    page.goto(f"{office}/fr/casework/account/")
    page.click('form[action$="sign-out/"] button')
    page.wait_for_url("**/sign-in/")


def test_a_passkey_is_made_once_and_opens_alone_and_as_the_second_step(browser: Browser, office: str):
    page = browser.new_page(viewport={"width": 320, "height": 640})
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    with_finger(page)
    page.goto(f"{office}/fr/casework/account/")
    type_password(page)
    page.wait_for_url("**/set-up/")
    page.click("form[data-passkey=create] button")
    page.wait_for_selector(".codes")
    assert page.locator(".codes li").count() == 10
    sign_out(page, office)
    page.click("form[data-passkey=get] button")
    page.wait_for_url("**/cms/")
    sign_out(page, office)
    type_password(page)
    page.wait_for_url("**/second-factor/")
    page.click("form[data-passkey=get] button")
    page.wait_for_url("**/cms/")
    assert faults == []
    page.close()


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_the_door_fits_a_small_phone_and_works_without_javascript(browser: Browser, office: str, language: str):
    context = browser.new_context(viewport={"width": 320, "height": 640}, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{office}/{language}/casework/account/sign-in/")
    assert not page.locator("form[data-passkey]").is_visible()
    type_password(page)
    page.wait_for_url(re.compile("/(?:second-factor|set-up)/"))  # whether the test above has made the passkey or not
    assert page.locator("input[name=code]").is_visible()
    context.close()
