"""The engines that the search's tests ask: the embedded one always, a real node where TEST_ELASTICSEARCH_URL names one."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from services.search import door, elastic, elastic_writing, embedded
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
def search_node(settings, monkeypatch, worker_id) -> Iterator[elastic.Elastic]:
    """The engine over a real node, with indices of this worker's own. It may take longer here: the node is young."""
    url = os.environ.get("TEST_ELASTICSEARCH_URL", "")
    if not url:
        pytest.skip("TEST_ELASTICSEARCH_URL names no search node (`python3 tests/search_node/run.py start` gives one)")
    settings.ELASTICSEARCH_URL = url
    monkeypatch.setattr(elastic, "PAGE_S", 5.0)
    monkeypatch.setattr(elastic_writing, "GRACE_S", 0.0)
    node = elastic.Elastic(url, settings.ELASTICSEARCH_NODE_CLASS, f"dalil-test-{worker_id}")
    monkeypatch.setattr(elastic, "engine", lambda: node)
    yield node
    node.client.options(request_timeout=10).indices.delete(index=f"{node.alias}-*", expand_wildcards="all")
    node.client.close()


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
