"""What the search costs with 10,000 and 100,000 services: engine, page, suggestions, rebuild, one change, memory, growth.

`measure` makes a private site of each size and runs this file again in it as a process of its own. With
TEST_ELASTICSEARCH_URL the same is asked of a search node. Services are those of `make_directory`, seed 1.
"""

from __future__ import annotations

import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.prepared import ROOT, copy_of_site, environment

SIZES = (10, 10_000, 100_000)
QUERIES = (
    ("fr", "titre de séjour"), ("fr", "medecin gratuit rabat"), ("fr", "ou trouver un avocat"), ("fr", "soins refugiés"),
    ("fr", "inscripsion ecole"), ("fr", "centre de santé"), ("fr", "hébergement femmes"), ("fr", "formation professionnelle"),
    ("en", "free lawyer"), ("en", "asylum registration"), ("en", "hosptal"), ("en", "food and clothes"), ("en", "mental health support"),
    ("en", "can i see a doctor without papers"), ("ar", "بطاقة الإقامة"), ("ar", "طبيب"), ("ar", "المساعده القانونيه"), ("ar", "مركز صحي"),
    ("ar", "mo7ami fabor"), ("ar", "sbitar"), ("ar", "كيف أطلب اللجوء"), ("ar", "إيواء النساء"), ("ar", "تكوين مهني"), ("ar", "مساعدة غذائية"),
)  # fmt: skip
FILTERS = {"region": ("MA-04", "MA-06"), "category": ("health", "legal_aid")}


def measure(folder: Path, rounds: int, beside: Callable[[Path, int, int], list[dict[str, Any]]]) -> dict[str, Any]:
    """The figures of each size and each engine that there is, one after the other in this run; and of a peer beside them."""
    found, compared = [], []
    for size in SIZES:
        site = copy_of_site(folder / f"services-{size}")
        began = time.perf_counter()
        _manage(site, "make_directory", "--services", str(size), "--seed", "1", "--yes")
        made = time.perf_counter() - began
        urls = {"embedded": "", "elasticsearch": os.environ.get("TEST_ELASTICSEARCH_URL", "")}
        for engine, url in urls.items():
            if url or engine == "embedded":
                variables = {"ELASTICSEARCH_URL": url} if url else {}
                row = _child(site, [engine, str(rounds)], variables)
                found.append(row | {"services": size, "name": engine, "made_s": made})
        compared += beside(site, size, rounds)
    return {"rounds": rounds, "queries": len(QUERIES), "rows": found, "beside": compared}


def _manage(site: Path, *arguments: str) -> None:
    subprocess.run(
        [sys.executable, "manage.py", *arguments], cwd=ROOT, env=environment(site), check=True, capture_output=True
    )


def _child(site: Path, arguments: list[str], variables: dict[str, str]) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.bench.directory", *arguments]
    done = subprocess.run(
        command, cwd=ROOT, env=environment(site) | variables, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"tests.bench.directory stopped:\n{done.stderr}")
    return json.loads(done.stdout.splitlines()[-1])


def _run(engine: str, rounds: int) -> dict[str, Any]:
    """In the child: build, then ask."""
    from services import search
    from services.search import door

    began = time.perf_counter()
    built = search.rebuild(engine=engine)[engine]
    rebuild_s = time.perf_counter() - began
    plans = [(door.plan_of(search.Query(text, language)), _query(text, language)) for language, text in QUERIES]
    asked = door.engines()[0]
    cold = [_ms(lambda: asked.search(plan, query)) for plan, query in plans]  # noqa: B023  (asked at once)
    found = {
        "entries": built,
        "rebuild_s": rebuild_s,
        "index_mb": _index_mb(),
        "cold": _spread(cold),
        "engine": _spread(_again(rounds, lambda pair: asked.search(*pair), plans)),
        "repeated": _spread(_again(rounds, lambda pair: search.search(pair[1]), plans)),
        "suggest": _spread(_again(rounds, lambda pair: search.suggest(pair[1].text[:3], pair[1].language), plans)),
    }
    return (
        found
        | _pages(rounds)
        | {"change_ms": _change(), "memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}
    )


def _query(text: str, language: str) -> Any:
    from services import search

    return search.Query(text, language, filters=FILTERS)


def _pages(rounds: int) -> dict[str, Any]:
    """The page of a search with two filters, and the list without a word: milliseconds and SQL queries."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from services.search import door

    client = Client(SERVER_NAME="localhost")
    path = "/{}/services/?q={}&region=MA-04&category=health"
    client.get(path.format("fr", "soins"))
    with CaptureQueriesContext(connection) as captured:
        client.get(path.format("fr", "soins"))
    asked = len(captured)  # now, for the next request forgets it

    def anew(pair: tuple[str, str]) -> None:
        door.forget()
        client.get(path.format(*pair))

    pages = _again(rounds, anew, list(QUERIES))
    plain = [_ms(lambda: client.get("/fr/services/")) for _round in range(5 * rounds)]
    return {"page": _spread(pages), "list": _spread(plain), "sql": asked}


def _change() -> float:
    """Milliseconds from the commit of a changed name to its being found."""
    from services import search
    from services.models import Service

    service = Service.objects.filter(key__startswith="synthetic-").order_by("pk").first()
    assert service is not None
    service.name_fr = "Xylographie zélandaise"
    began = time.perf_counter()
    service.save()
    while not search.search(search.Query("xylographie", "fr")).hits:
        search.work()
        time.sleep(0.005)
    return (time.perf_counter() - began) * 1000


def _again(rounds: int, ask: Callable[[Any], Any], what: list[Any]) -> list[float]:
    return [_ms(lambda: ask(one)) for _round in range(rounds) for one in what]  # noqa: B023  (asked at once)


def _ms(ask: Callable[[], Any]) -> float:
    began = time.perf_counter()
    ask()
    return (time.perf_counter() - began) * 1000


def _spread(times: list[float]) -> dict[str, float]:
    ordered = sorted(times)
    return {"p50": statistics.median(ordered), "p95": ordered[int(len(ordered) * 0.95)], "max": ordered[-1]}


def _index_mb() -> float:
    from django.conf import settings

    return sum(path.stat().st_size for path in Path(settings.SEARCH_DIR).rglob("*") if path.is_file()) / 2**20


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps(_run(sys.argv[1], int(sys.argv[2]))))
