"""Bytes that a first visit costs: each kind of page in each language, plain, gzip, brotli; script, sign, manifest."""

from __future__ import annotations

import http.client
import re
from pathlib import Path
from typing import Any

from tests.prepared import copy_of_site

from .renders import KINDS
from .server import EachWorker, ask, paths_of_site, running

LANGUAGES = ("ar", "fr", "en")
ENCODINGS = {"plain": "", "gzip": "gzip", "br": "br"}
PAGES = {kind: path for kind, path in KINDS.items() if path.startswith("/ar/") and not path.endswith(".json")}
GUIDE = re.compile(r"^/(?P<language>\w\w)/guides/[\w-]+/[\w-]+/$")
ALSO_FETCHED = re.compile(r'<script src="([^"]+)"|<link rel="(?:icon|manifest)" href="([^"]+)"')


def measure(folder: Path) -> dict[str, Any]:
    """Bytes of bodies as they travel, and of the headers before them (brotli)."""
    with running(copy_of_site(folder / "sizes")) as server, EachWorker(server) as workers:
        connection = next(iter(workers.values()))
        pages = [
            {"kind": kind, "language": language, **_bytes(connection, path.replace("/ar/", f"/{language}/", 1))}
            for kind, path in PAGES.items()
            for language in LANGUAGES
        ]
        heaviest = [_heaviest(connection, language) for language in LANGUAGES]
        return {"pages": pages, "heaviest": heaviest, "first_visit": _first_visit(connection)}


def _bytes(connection: http.client.HTTPConnection, path: str) -> dict[str, Any]:
    answers = {name: ask(connection, path, encoding) for name, encoding in ENCODINGS.items()}
    found: dict[str, Any] = {name: len(answer.body) for name, answer in answers.items()}
    return {"path": path, **found, "headers": answers["br"].header_bytes}


def _heaviest(connection: http.client.HTTPConnection, language: str) -> dict[str, Any]:
    """The guide of this language with the largest gzip body; sensitive ones count too."""
    guides = [found for path in paths_of_site(connection) if (found := GUIDE.match(path))]
    paths = [found[0] for found in guides if found["language"] == language]
    rows = [{"language": language, "guides": len(paths), **_bytes(connection, path)} for path in paths]
    return max(rows, key=lambda row: row["gzip"])


def _first_visit(connection: http.client.HTTPConnection) -> list[dict[str, Any]]:
    """A guide and everything that its HTML makes a browser fetch."""
    path = KINDS["guide"]
    page = ask(connection, path).body.decode()
    others = [script or link for script, link in ALSO_FETCHED.findall(page)]
    return [_bytes(connection, one) for one in (path, *others)]
