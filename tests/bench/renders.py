"""What a page costs when no cache helps: SQL queries and CPU time a render, with few guides and with thousands.

`measure` runs this file again as a process of its own for each size of database, in turn, so that no size is measured
in a quieter hour than another. The page cache stands in front of Django, so Django's test client never meets it.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from tests.prepared import ROOT, copy_of_site, environment

GUIDES = (50, 5000)
SLOW_MS = 400  # of CPU: a page that takes longer is measured once a process
KINDS = {
    "home": "/ar/",
    "guides": "/ar/guides/",
    "topic": "/ar/guides/residence/",
    "guide": "/ar/guides/residence/renew-residence-permit/",
    "emergency": "/ar/emergency/",
    "statement": "/ar/about/",
    "404": "/ar/guides/residence/no-such-guide/",
    "sitemap": "/sitemap.xml",
    "pages to keep": "/ar/offline/pages.json",
    "yardstick": "/healthz",  # what Django and our middleware cost without a page: compare the others with it
}


def measure(folder: Path, rounds: int, renders: int) -> dict[str, Any]:
    """Medians of `rounds` processes a size, each of `renders` renders a page. 0 guides more: the site as it ships."""
    sizes = {0: copy_of_site(folder / "as-shipped")}
    counts = {0: _child(sizes[0], "tests.bench.many", "0")}
    for wanted in GUIDES:
        sizes[wanted] = copy_of_site(folder / f"guides-{wanted}")
        counts[wanted] = _child(sizes[wanted], "tests.bench.many", str(wanted))
    found: dict[int, list[dict[str, Any]]] = {size: [] for size in sizes}
    for _round in range(rounds):
        for size, site in sizes.items():
            found[size].append(_child(site, "tests.bench.renders", str(renders)))
    return {
        "rounds": rounds,
        "renders": renders,
        "sizes": [{"guides": counts[size], "pages": _medians(found[size])} for size in sizes],
        "guide_most_to_fewest": statistics.median(
            many["guide"]["cpu_ms"] / few["guide"]["cpu_ms"]
            for few, many in zip(found[GUIDES[0]], found[GUIDES[-1]], strict=True)
        ),
    }


def _child(site: Path, module: str, *arguments: str) -> Any:
    """What a process of ours in the environment of this site prints, which is JSON."""
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment(site), capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{module} stopped:\n{done.stderr}")
    return json.loads(done.stdout)


def _medians(rounds: list[dict[str, Any]]) -> dict[str, Any]:
    """Of each kind of page: the highest number of queries met, and the median of the rounds' median CPU ms."""
    return {
        kind: {
            "status": rounds[0][kind]["status"],
            "queries": max(one[kind]["queries"] for one in rounds),
            "cpu_ms": statistics.median(one[kind]["cpu_ms"] for one in rounds),
            "cpu_ms_cold_texts": statistics.median(one[kind]["cpu_ms_cold_texts"] for one in rounds),
        }
        for kind in rounds[0]
    }


def _render_all(renders: int) -> dict[str, Any]:
    """In the child: each kind of page in turn, again and again. CPU ms of this process, the test client included."""
    from django.test import Client

    from portal.wording import dress

    client = Client(SERVER_NAME="localhost")
    client.raise_request_exception = False
    found = {
        kind: {"status": client.get(path).status_code, "queries": _queries(client, path)}
        for kind, path in KINDS.items()
    }
    warm: dict[str, list[float]] = {kind: [] for kind in KINDS}
    cold: dict[str, list[float]] = {kind: [] for kind in KINDS}
    for _render in range(renders):
        for kind, path in KINDS.items():
            if max(warm[kind], default=0) > SLOW_MS:
                continue
            warm[kind].append(_cpu_ms(client, path))
            dress.cache_clear()  # as after the texts of other pages have pushed these out
            cold[kind].append(_cpu_ms(client, path))
    for kind, row in found.items():
        row |= {"cpu_ms": statistics.median(warm[kind]), "cpu_ms_cold_texts": statistics.median(cold[kind])}
    return found


def _queries(client: Any, path: str) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        client.get(path)
    return len(captured)


def _cpu_ms(client: Any, path: str) -> float:
    began = time.process_time_ns()
    client.get(path)
    return (time.process_time_ns() - began) / 1e6


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps(_render_all(int(sys.argv[1]))))
