"""Asks the search every query of a file and says how often the right topic is found, by language and kind."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from services import search
from services.models import Category

DEPTH = 10
COLUMNS = ("lang", "query", "kind", "expected_topic")


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--json", action="store_true")

    def handle(self, *, file: Path, json: bool, **_options: Any) -> None:
        rows = read_queries(file)
        answerable = topics_that_exist()
        asked = [ask(row) for row in rows if row["expected_topic"] in answerable]
        apart = [row["query"] for row in rows if row["expected_topic"] not in answerable]
        report = summary(asked) | {"apart": apart}
        self.stdout.write(as_json(report) if json else as_table(report))


def read_queries(file: Path) -> list[dict[str, str]]:
    """The rows of a tab-separated file with at least COLUMNS."""
    try:
        with file.open(encoding="utf-8", newline="") as handle:
            rows = list(csv.DictReader(handle, delimiter="\t"))
    except OSError as error:
        raise CommandError(f"{file} cannot be read: {error.strerror}.") from None
    if not rows or not set(COLUMNS) <= set(rows[0]):
        raise CommandError(f"{file} needs the columns {', '.join(COLUMNS)}, separated by tabs.")
    return rows


def topics_that_exist() -> set[str]:
    """Topics that have a guide, or a category of services that stands for them."""
    found = search.search(search.Query(size=1, facets=("topic",))).facets.get("topic", {})
    return set(found) | {topic_of(category) for category in category_topics()}


def category_topics() -> dict[str, str]:
    """Category → the topic of guides that speaks of the same."""
    return dict(Category.objects.exclude(services=None).values_list("key", "guide_topic"))


def topic_of(category: str) -> str:
    """A category as a topic: itself, written as topics are."""
    return category.replace("_", "-")


def ask(row: dict[str, str]) -> dict[str, Any]:
    """The rank (from 1) of the first hit whose topic is the expected one; 0 if none of DEPTH is."""
    results = search.search(search.Query(text=row["query"], language=row["lang"], size=DEPTH, facets=()))
    topics = category_topics_cached()
    rank = 0
    for place, hit in enumerate(results.hits, 1):
        if row["expected_topic"] in {topic_of(hit.topic), topics.get(hit.topic, "")}:
            rank = place
            break
    first = [f"{hit.kind}:{hit.identifier}" for hit in results.hits[:3]]
    return row | {"rank": rank, "first": first, "engine": results.engine, "took_ms": results.took_ms}


_kept: dict[str, str] = {}


def category_topics_cached() -> dict[str, str]:
    if not _kept:
        _kept.update(category_topics())
    return _kept


def summary(asked: list[dict[str, Any]]) -> dict[str, Any]:
    """success@1, success@3 and MRR@10, over all and by kind and language, with the misses."""
    groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in asked:
        for name in ("all", f"lang {row['lang']}", f"kind {row['kind']}", f"{row['lang']} {row['kind']}"):
            groups[name].append(row)
    figures = {name: figures_of(rows) for name, rows in sorted(groups.items())}
    misses = [row for row in asked if not 0 < row["rank"] <= 3]
    return {"engine": asked[0]["engine"] if asked else "", "figures": figures, "misses": misses}


def figures_of(rows: list[dict[str, Any]]) -> dict[str, Any]:
    ranks = [row["rank"] for row in rows]
    return {
        "queries": len(ranks),
        "success@1": round(sum(rank == 1 for rank in ranks) / len(ranks), 3),
        "success@3": round(sum(0 < rank <= 3 for rank in ranks) / len(ranks), 3),
        "mrr@10": round(sum(1 / rank for rank in ranks if rank) / len(ranks), 3),
    }


def as_json(report: dict[str, Any]) -> str:
    return json.dumps(report, ensure_ascii=False, indent=1)


def as_table(report: dict[str, Any]) -> str:
    lines = [f"engine: {report['engine']}", f"{'':24} queries  s@1    s@3    MRR@10"]
    for name, row in report["figures"].items():
        lines.append(
            f"{name:24} {row['queries']:7}  {row['success@1']:.3f}  {row['success@3']:.3f}  {row['mrr@10']:.3f}"
        )
    lines.append(f"\nMisses ({len(report['misses'])}):")
    lines += [
        f"  {row['lang']} {row['kind']:14} {row['query']}  → {row['expected_topic']}; rank {row['rank'] or '–'}; {', '.join(row['first'])}"
        for row in report["misses"]
    ]
    lines.append(f"\nApart, without guide or category yet ({len(report['apart'])}): {'; '.join(report['apart'])}")
    return "\n".join(lines)
