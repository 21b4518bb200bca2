"""Asks Wagtail's search what the benchmark asks ours: the page, how many there are, the counts of facets."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import OperationalError, connection
from wagtail.search.backends import get_search_backend
from wagtail.search.utils import normalise_query_string

from .models import Record

PAGE = 20
STEPS = 500  # of SQLite's machine between two looks at the clock

Filters = Mapping[str, Sequence[str]]


class Wagtail:
    """`operator`: whether every word must be found (“and”, Wagtail's default in databases) or any (“or”)."""

    def __init__(self, operator: str, limit_s: float) -> None:
        self.operator, self.limit_s = operator, limit_s
        self.stop_at = float("inf")
        self.backend = get_search_backend()
        connection.ensure_connection()
        if connection.vendor == "sqlite":
            connection.connection.set_progress_handler(lambda: time.perf_counter() > self.stop_at, STEPS)
        else:
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('statement_timeout', %s, false)", [str(int(limit_s * 1000))])

    def page(self, text: str, _language: str, filters: Filters, facets: Sequence[str]) -> tuple[list[Record], int]:
        """The first page and the total. TimeoutError after the limit."""
        self.stop_at = time.perf_counter() + self.limit_s
        try:
            return self._asked(text, filters, facets)
        except OperationalError as error:
            if time.perf_counter() < self.stop_at:
                raise
            raise TimeoutError from error
        finally:
            self.stop_at = float("inf")

    @staticmethod
    def topics(record: Record) -> list[str]:
        return [record.topic]

    def _asked(self, text: str, filters: Filters, facets: Sequence[str]) -> tuple[list[Record], int]:
        """With the values of each facet and how many each would leave: as with ours, its own filter does not count."""
        found = self._results(text, filters)
        page = list(found[:PAGE])
        for name in facets:
            others = {one: values for one, values in filters.items() if one != name}
            within = self._results(text, others) if name in filters else found
            within.facet(name)
        return page, found.count()

    def _results(self, text: str, filters: Filters) -> Any:
        kept = Record.objects.filter(**{f"{name}__in": values for name, values in filters.items()})
        return self.backend.search(normalise_query_string(text), kept, operator=self.operator)
