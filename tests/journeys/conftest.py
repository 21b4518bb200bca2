"""A real browser: Debian's Chromium, driven by Playwright, and a neutral site to leave to."""

from __future__ import annotations

import http.server
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from .. import prepared

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync", "--no-first-run"]
LOCALES = {"ar": "ar-MA", "fr": "fr-FR", "en": "en-GB"}


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Each file of browser tests stays in one worker, which starts one server and one browser."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if not item.get_closest_marker("xdist_group"):
                item.add_marker(pytest.mark.xdist_group(item.path.stem))


class NeutralSite(http.server.ThreadingHTTPServer):
    """Stands for the encyclopedia that people leave to: another host, and as slow as a test wants."""

    delay = 0.0
    daemon_threads = True

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/"


class _NeutralPage(http.server.BaseHTTPRequestHandler):
    server: NeutralSite

    def do_GET(self) -> None:
        time.sleep(self.server.delay)
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(b'<!doctype html><html lang="en"><title>Neutral</title><h1>Neutral</h1>')

    def log_message(self, *_words: object) -> None:
        """Says nothing."""


@pytest.fixture(scope="session")
def neutral_server() -> Iterator[NeutralSite]:
    with NeutralSite(("127.0.0.1", 0), _NeutralPage) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def neutral(neutral_server: NeutralSite) -> Iterator[NeutralSite]:
    """The neutral site, quick again after each test."""
    yield neutral_server
    neutral_server.delay = 0.0


@pytest.fixture(scope="session")
def site_folder(worker_id: str) -> Iterator[Path]:
    """The folder (VAR_DIR) of the site that these tests read."""
    folder = prepared.copy_of_site(prepared.BUILD / f"journeys-{worker_id}")
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def site(site_folder: Path, neutral_server: NeutralSite) -> Iterator[str]:
    """The address of a real server with the starter content; who leaves it quickly goes to the neutral site."""
    with prepared.serving(site_folder, EXIT_URL=neutral_server.address + "{language}/") as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium. Without it these tests fail: a browser test that is skipped in silence proves nothing.

    It keeps pages in memory for Back, as a reader's browser does.
    """
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(
            executable_path=CHROMIUM, args=ARGUMENTS, ignore_default_args=["--disable-back-forward-cache"]
        )
        yield found
        found.close()


@pytest.fixture
def phone(browser: Browser, site: str) -> Iterator[Callable[..., BrowserContext]]:
    """Opens a phone: 320 × 640 unless told; `language` is what it asks for; other words are Playwright's."""
    opened: list[BrowserContext] = []

    def open_phone(language: str = "fr", **options: Any) -> BrowserContext:
        usual = {"viewport": {"width": 320, "height": 640}, "base_url": site, "locale": LOCALES[language]}
        context = browser.new_context(**(usual | options))
        context.set_default_timeout(15_000)
        opened.append(context)
        return context

    yield open_phone
    for context in opened:
        context.close()
