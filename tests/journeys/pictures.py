"""Makes docs/casework-ar.png, -fr.png and -en.png: four desks on a laptop and on a phone. `python -m tests.journeys.pictures`."""

from __future__ import annotations

import base64
import io
import os
import tempfile
from pathlib import Path
from typing import Any

PIN = "482916"
REASON = {
    "ar": "استشارة طبية عامة قبل يوم الجمعة.",
    "fr": "Consultation générale avant vendredi.",
    "en": "General consultation before Friday.",
}
SHEET = """<!doctype html><style>body{margin:0;padding:8px;width:1264px;background:#d8d2c4;font-size:0}
img{display:inline-block;margin:6px;border:1px solid #8a8577;vertical-align:top}.laptop{width:618px}.phone{width:302px}</style>"""
COLOURS = 160


def main() -> None:
    with tempfile.TemporaryDirectory() as var:
        os.environ |= {"DJANGO_SETTINGS_MODULE": "portal.settings", "VAR_DIR": var}
        import django

        django.setup()
        _take()


def _take() -> None:
    from playwright.sync_api import sync_playwright

    from ..prepared import ROOT
    from . import desks
    from .conftest import ARGUMENTS, CHROMIUM

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        with desks.open_office(browser, "pictures") as office:
            for language in REASON:
                taken = [
                    (kind, picture)
                    for kind, screen in (("laptop", desks.LAPTOP), ("phone", desks.PHONE))
                    for picture in _four(office, language, screen)
                ]
                sheet = browser.new_page(viewport={"width": 1280, "height": 800})
                sheet.set_content(SHEET + "".join(_as_html(kind, picture) for kind, picture in taken))
                _keep(sheet.screenshot(full_page=True), ROOT / "docs" / f"casework-{language}.png")
                sheet.close()
        browser.close()


def _four(office: Any, language: str, screen: dict[str, int]) -> list[bytes]:
    """Inbox, a new referral, a case, and what the person sees with the code."""
    from . import desks

    page = office.at_desk(desks.CASEWORKER, language, screen)
    case = f"/{language}/casework/cases/{desks.open_case(page, language)}/"
    desks.record_consent(page)
    page.goto(f"{case}refer/{desks.SERVICE}/")
    page.fill("[name=reason]", REASON[language])
    desks.choose(page, categories="language need reason")
    page.evaluate("scrollTo(0, document.querySelector('h1').offsetTop - 40)")
    referral = page.screenshot()
    page.goto(f"/{language}/casework/")
    found = [page.screenshot(), referral]
    page.goto(case)
    desks.refer(page, REASON[language])
    page.goto(case)
    page.evaluate("scrollTo(0, document.querySelector('main').offsetTop)")
    found.append(page.screenshot())
    page.goto(f"{case}follow-up/")
    page.fill("[name=pin]", PIN)
    desks.choose(page, language=language)
    desks.send(page)
    code = page.locator(".ticket-code").inner_text()
    page.goto(f"/{language}/follow-up/")
    page.fill("#code", code)
    page.fill("#pin", PIN)
    page.locator("form.report button").click()
    page.wait_for_selector(".standing-now")
    page.evaluate("scrollTo(0, document.querySelector('h1').offsetTop - 90)")
    found.append(page.screenshot())
    page.context.close()
    return found


def _as_html(kind: str, picture: bytes) -> str:
    return f'<img class="{kind}" src="data:image/png;base64,{base64.b64encode(picture).decode()}">'


def _keep(picture: bytes, path: Path) -> None:
    """Few colours: flat pages need no more, and the file stays small."""
    from PIL import Image

    Image.open(io.BytesIO(picture)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)


if __name__ == "__main__":
    main()
