"""The search of the starter content finds the right topic, with each engine: the goals of the issue, on the queries that we have."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command

from services import search


@pytest.fixture
def report(db, indexed) -> Callable[[], dict[str, Any]]:
    """What evaluate_search says of the queries named by SEARCH_QUERIES."""
    file = os.environ.get("SEARCH_QUERIES", "")
    if not file:
        pytest.skip("SEARCH_QUERIES names no file of queries (.ci/run names ../shared/data/queries-dev.tsv)")

    def evaluate() -> dict[str, Any]:
        out = io.StringIO()
        call_command("evaluate_search", file, "--json", stdout=out)
        return json.loads(out.getvalue())

    return evaluate


def reaches_the_goals(found: dict[str, Any]) -> None:
    figures = found["figures"]
    assert figures["all"]["success@3"] >= 0.90, found["misses"]
    assert figures["all"]["mrr@10"] >= 0.80, found["misses"]
    for name, row in figures.items():
        if name.startswith(("kind ", "lang ")):
            assert row["success@3"] >= 0.80, name


def test_the_embedded_engine_finds_the_right_topic(report):
    found = report()
    assert found["engine"] == "embedded"
    reaches_the_goals(found)


@pytest.mark.engine
def test_a_search_node_finds_the_right_topic(report, search_node):
    search.rebuild(engine="elasticsearch")
    found = report()
    assert found["engine"] == "elasticsearch"
    reaches_the_goals(found)
