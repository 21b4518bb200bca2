"""A real browser: Debian's Chromium, driven by Playwright."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync", "--no-first-run"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Each file of browser tests stays in one worker, which starts one server and one browser."""
    for item in items:
        if "journeys" in str(item.path):
            item.add_marker(pytest.mark.browser)
            if not item.get_closest_marker("xdist_group"):
                item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium. Without it these tests fail: a browser test that is skipped in silence proves nothing."""
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(
            executable_path=CHROMIUM, args=ARGUMENTS, ignore_default_args=["--disable-back-forward-cache"]
        )
        yield found
        found.close()


@pytest.fixture()
def phone(browser: Browser, site: str) -> Iterator[Callable[..., BrowserContext]]:
    """Opens a phone: 320 × 640 unless told; keyword arguments are those of a Playwright context."""
    opened: list[BrowserContext] = []

    def open_phone(**options: Any) -> BrowserContext:
        context = browser.new_context(**({"viewport": {"width": 320, "height": 640}, "base_url": site} | options))
        opened.append(context)
        return context

    yield open_phone
    for context in opened:
        context.close()
