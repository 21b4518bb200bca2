"""How many entries each value of a filter would leave: all facets in one pass over what matches."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import Any

import tantivy
from django.utils import timezone

from services.hours import open_now

from .embedded_query import with_filters
from .entries import NOW, OPEN, Query

MOST_VALUES = 200  # of a facet
VALUE = re.compile(
    r"[\w.:-]{1,80}"
)  # what a value can be; nothing else is in the index, and nothing else reaches its parser
KEPT = "kept by all filters"
EVERYTHING, NOTHING = "*", 'is_kind:"-"'


def counted(searcher: tantivy.Searcher, match: tantivy.Query, query: Query) -> tuple[int, dict[str, dict[str, int]]]:
    """How many entries fit, and the values of each facet with their counts: a facet’s own filter does not count."""
    filters = {name: _any_of(f"is_{name}", values) for name, values in query.filters.items() if name in query.facets}
    is_open = _is_open()
    if query.open_now and OPEN in query.facets:
        filters[OPEN] = is_open
    columns = [name for name in query.facets if name != OPEN]
    asked = {KEPT: _bucket(filters.values(), [name for name in columns if name not in filters])}
    asked |= {name: _bucket(_others(filters, name), [name]) for name in columns if name in filters}
    if OPEN in query.facets:
        asked[OPEN] = _bucket([*_others(filters, OPEN), is_open], [])
    answer = searcher.aggregate(with_filters(match, query, but=filters), asked)
    facets = {name: _counts(answer[name if name in filters else KEPT][name]) for name in columns}
    if OPEN in query.facets:
        facets[OPEN] = {NOW: now} if (now := int(answer[OPEN]["doc_count"])) else {}
    return int(answer[KEPT]["doc_count"]), facets


def _others(filters: dict[str, str], name: str) -> list[str]:
    return [one for other, one in filters.items() if other != name]


def _bucket(filters: Collection[str], columns: Iterable[str]) -> dict[str, Any]:
    found: dict[str, Any] = {"filter": " AND ".join(filters) or EVERYTHING}
    if columns := list(columns):
        found["aggs"] = {name: {"terms": {"field": f"is_{name}", "size": MOST_VALUES}} for name in columns}
    return found


def _counts(answer: dict[str, Any]) -> dict[str, int]:
    return {row["key"]: int(row["doc_count"]) for row in answer["buckets"]}


def _any_of(field: str, values: Iterable[str]) -> str:
    """An expression for “this field has one of these values”. Values that cannot be in the index are left out."""
    parts = [f'{field}:"{value}"' for value in values if VALUE.fullmatch(value)]
    return f"({' OR '.join(parts)})" if parts else NOTHING


def _is_open() -> str:
    any_of, none_of = open_now.now_tokens(timezone.localtime())
    found = _any_of("open_in", any_of)
    return f"({found} AND NOT {_any_of('open_in', none_of)})" if none_of else found
