"""A partner who reads the API, the starter directory, and the official checker of HSDS."""

from __future__ import annotations

import importlib.util
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site
from django.test import Client

from services.models import Service
from services.starter import load_directory

LANGUAGES = [code for code, _name in site.LANGUAGES]


@pytest.fixture(scope="session")
def schemas() -> Path:
    """The folder of the official schemas, which the project does not hold (CC BY-SA)."""
    if not (folder := os.environ.get("HSDS_SCHEMAS")):
        pytest.skip("HSDS_SCHEMAS names no folder with the official HSDS schemas")
    return Path(folder)


@pytest.fixture(scope="session")
def checker(schemas) -> Callable[..., list[str]]:
    """`errors(kind, data, strict)` of the official checker, its schemas read once."""
    spec = importlib.util.spec_from_file_location("check_hsds", schemas.parent.parent / "check_hsds.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    read = {strict: module.load(schemas, strict) for strict in (False, True)}
    module.load = lambda _folder, strict: read[strict]
    return lambda kind, data, strict: module.errors(kind, data, schemas, strict)


@pytest.fixture(scope="session")
def _loaded(django_db_setup, django_db_blocker) -> None:
    with django_db_blocker.unblock():
        load_directory(lambda _said: None)


@pytest.fixture
def directory(db, _loaded) -> None:
    """The starter directory."""


@pytest.fixture
def empty(db, _loaded) -> None:
    """A directory that holds nothing but what a test puts into it."""
    Service.objects.all().delete()


class Partner(Client):
    """Somebody's program that reads the API."""

    def read(self, address: str, status: int = 200, **headers: str) -> Any:
        answer = self.get(f"/hsds{address}", headers=headers)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert answer.status_code == status, body[:500]
        return json.loads(body)

    def lines(self, address: str) -> list[Any]:
        answer = self.get(f"/hsds{address}")
        assert answer["Content-Type"] == "application/x-ndjson"
        return [json.loads(line) for line in b"".join(answer.streaming_content).splitlines()]

    def pages(self, address: str) -> Iterator[Any]:
        """Every page, as a partner walks them."""
        number = 1
        while True:
            page = self.read(f"{address}{'&' if '?' in address else '?'}page={number}")
            yield page
            if page["last_page"]:
                return
            number += 1

    def all(self, address: str) -> list[Any]:
        return [one for page in self.pages(address) for one in page["contents"]]


@pytest.fixture
def partner(settings, tmp_path) -> Partner:
    """Without a search index: the database answers."""
    settings.SEARCH_DIR = tmp_path / "search"
    return Partner()
