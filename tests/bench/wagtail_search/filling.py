"""Fills the peer from a file of records, has Wagtail build its index, and tunes it as shared/domain/performance.md says."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connection

from .models import Record, Value

BATCH = 1000
COLUMNS = ("kind", "topic", "category", "region", "city")
MANY = ("language", "welcomes")
# Wagtail matches on “title || body” and has an index on each alone: wagtail/wagtail#6546.
JOINED = "CREATE INDEX IF NOT EXISTS bench_title_body ON wagtailsearch_indexentry USING gin ((title || body))"


def fill(path: Path) -> dict[str, Any]:
    """The tables, the records, the index. `rebuild_s`: Wagtail's own command; `tune_s`: what we do for it afterwards."""
    call_command("migrate", run_syncdb=True, verbosity=0)
    with path.open(encoding="utf-8") as lines:
        for some in _batches(json.loads(line) for line in lines):
            _write(some)
    _tune()
    before = _bytes()
    if connection.vendor == "postgresql":
        _execute(JOINED)
    began = time.perf_counter()
    call_command("wagtail_update_index", verbosity=0)
    rebuilt = time.perf_counter()
    _tune()
    tuned = time.perf_counter()
    return {
        "entries": Record.objects.count(),
        "rebuild_s": rebuilt - began,
        "tune_s": tuned - rebuilt,
        "index_mb": (_bytes() - before) / 2**20,
    }


def _batches(rows: Iterable[Any]) -> Iterator[list[Any]]:
    source = iter(rows)
    while some := list(islice(source, BATCH)):
        yield some


def _write(rows: list[dict[str, Any]]) -> None:
    records = [
        Record(
            key=row["key"],
            title=row["title"],
            body=row["body"],
            **{name: next(iter(row["facets"].get(name, ())), "") for name in COLUMNS},
        )
        for row in rows
    ]
    Record.objects.bulk_create(records)
    for name in MANY:
        pairs = [
            (record.pk, code) for record, row in zip(records, rows, strict=True) for code in row["facets"].get(name, ())
        ]
        Value.objects.bulk_create([Value(code) for code in {code for _pk, code in pairs}], ignore_conflicts=True)
        through: Any = getattr(Record, name).through
        through.objects.bulk_create([through(record_id=pk, value_id=code) for pk, code in pairs])


def _tune() -> None:
    """What an administrator does who knows: statistics, and no half-merged or pending parts of the index."""
    if connection.vendor == "postgresql":
        _execute("VACUUM FULL wagtailsearch_indexentry")
        _execute("VACUUM ANALYZE")
    else:
        _execute("INSERT INTO wagtailsearch_indexentry_fts(wagtailsearch_indexentry_fts) VALUES ('optimize')")
        _execute("ANALYZE")
        _execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _bytes() -> int:
    if connection.vendor == "postgresql":
        return _execute("SELECT pg_total_relation_size('wagtailsearch_indexentry')")
    used = _execute("PRAGMA page_count") - _execute("PRAGMA freelist_count")
    return used * _execute("PRAGMA page_size")


def _execute(sql: str) -> Any:
    """The first value of its answer, if it has one."""
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return row[0] if cursor.description and (row := cursor.fetchone()) else None
