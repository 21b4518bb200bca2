"""A referral with the keyboard alone: from the case to the sent referral, with consent asked on the way, in a few dozen keys."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from .. import prepared

MOST_KEYS = 60  # without the letters of the reason
CASE = """
import django, json
django.setup()
from django.utils import timezone
from referral.models import Need
from services.taxonomy import Capacity
from tests.people import sign_in
from tests.referral import making
worker = making.member(making.partner("oujda"))
making.service("keys-desk", receiver=making.partner("rabat"), capacity=Capacity.OPEN,
               capacity_since=timezone.localdate(), languages=["fr", "bm"])
case = making.case(worker, commune="Rabat")
Need.objects.create(case=case, service_type="legal")
client = sign_in(making.user_of(worker), worker.partner)
print(json.dumps({"code": case.code, "cookie": client.cookies["staff"].value}))
"""
FOCUS = "() => { const e = document.activeElement; return `${e.name || ''}=${e.value || ''}` }"


@pytest.fixture(scope="module")
def desk(worker_id: str) -> Iterator[dict[str, str]]:
    """A site of its own with one case whose need is known, and the session of who is in charge of it."""
    folder = prepared.copy_of_site(prepared.BUILD / f"keys-{worker_id}")
    made = subprocess.run(
        [sys.executable, "-c", CASE], cwd=prepared.ROOT, env=prepared.environment(folder), capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    with prepared.serving(folder) as address:
        yield json.loads(made.stdout.splitlines()[-1]) | {"site": address}
    shutil.rmtree(folder, ignore_errors=True)


class Keys:
    """Presses keys and counts them."""

    def __init__(self, page: Page) -> None:
        self.page, self.pressed = page, 0

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)
        self.pressed += 1

    def to(self, wanted: str, most: int = 30) -> None:
        """Tab until this has the focus: a name, with its value where there are several."""
        for _number in range(most):
            self.press("Tab")
            here = self.page.evaluate(FOCUS)
            if here == wanted or here.split("=")[0] == wanted:
                return
        raise AssertionError(f"{wanted} was not reached")


def test_from_the_case_to_the_sent_referral_in_fewer_than_sixty_keys(desk: Any, browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 1200, "height": 800})
    path = "/fr/casework/"
    context.add_cookies([{"name": "staff", "value": desk["cookie"], "domain": "localhost", "path": path}])
    page = context.new_page()
    page.goto(f"{desk['site']}{path}cases/{desk['code']}/refer/")
    keys = Keys(page)
    assert page.evaluate("document.activeElement.href").endswith("/refer/keys-desk/")  # the best proposal has the focus
    keys.press("Enter")
    expect(page.locator("#id_reason")).to_be_focused()
    page.keyboard.type("Needs a lawyer before Friday.")
    for category in ("language", "need", "reason"):
        keys.to(f"categories={category}")
        keys.press("Space")
    keys.to("asked")
    keys.press("Space")  # yes
    keys.to("asked_interpreter")
    keys.press("Space")  # not needed
    keys.to("asked_method")
    keys.press("ArrowDown")  # spoken before a witness
    keys.to("asked_read_back")
    keys.press("Space")
    keys.press("Tab")
    keys.press("Enter")
    expect(page.locator(".mark-state")).to_be_visible()
    assert "/referrals/" in page.url
    assert keys.pressed < MOST_KEYS
    context.close()
