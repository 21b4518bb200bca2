"""The search index of the starter content, as a site has it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from services import search
from services.models import Place

from .. import prepared


@pytest.fixture(scope="session")
def index_of_site() -> Path:
    """The folder of the prepared index."""
    return prepared.prepared_site() / "search"


@pytest.fixture
def indexed(db, settings, tmp_path: Path, index_of_site: Path) -> Callable[[], object]:
    """A copy of the prepared index. Call it to carry into the index what the test has changed."""
    settings.SEARCH_DIR = tmp_path / "search"
    settings.ELASTICSEARCH_URL = ""
    shutil.copytree(index_of_site, settings.SEARCH_DIR, symlinks=True)
    return search.work


@pytest.fixture
def own_index(settings, tmp_path) -> None:
    """An index of this test's own, with what the database holds."""
    settings.SEARCH_DIR = tmp_path / "index"
    search.rebuild(lambda _said: None)


@pytest.fixture
def city(db) -> Place:
    return Place.objects.filter(kind="city", parent__isnull=False).first()
