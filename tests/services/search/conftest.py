"""The engines that the search's tests ask: the embedded one always, a real node where TEST_ELASTICSEARCH_URL names one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from services.search import door, embedded
from services.search.entries import Query, Results
from services.search.synonyms import Thesaurus

from .entries import GROUPS, WORLD


@pytest.fixture
def world(settings, tmp_path, monkeypatch) -> embedded.Embedded:
    """The embedded engine over WORLD, with GROUPS as its synonyms."""
    settings.SEARCH_DIR = tmp_path / "search"
    settings.ELASTICSEARCH_URL = ""
    monkeypatch.setattr(door, "thesaurus", lambda: Thesaurus(GROUPS))
    engine = embedded.engine()
    engine.rebuild(WORLD)
    return engine


@pytest.fixture(params=["embedded", pytest.param("elasticsearch", marks=pytest.mark.engine)])
def engine(request, world, settings) -> Any:
    """Each engine over WORLD in turn; the embedded one stands behind the other, as on a site."""
    if request.param == "embedded":
        return world
    node = request.getfixturevalue("search_node")
    node.rebuild(WORLD)
    return node


@pytest.fixture
def ask(engine) -> Callable[..., Results]:
    """Ask this engine, and fail if another answered."""

    def ask_engine(text: str = "", language: str = "fr", **more: Any) -> Results:
        found = door.search(Query(text=text, language=language, **more))
        assert found.engine == engine.name
        assert not found.degraded
        return found

    return ask_engine


def keys(results: Results) -> list[str]:
    """The identifiers of the hits, in their order."""
    return [hit.identifier for hit in results.hits]
