"""Cold start, from the start of the process to the first answers, and what each worker then holds in memory."""

from __future__ import annotations

import contextlib
import http.client
import statistics
import time
from pathlib import Path
from typing import Any

from tests.prepared import copy_of_site

from . import processes
from .renders import KINDS
from .server import EachWorker, Server, ask, paths_of_site, running, started

PAUSE = 0.002  # seconds between two knocks at the door
LONGEST = 60  # seconds


def measure(folder: Path, starts: int) -> dict[str, Any]:
    """Medians of several starts, and the memory of one server after every page in every encoding."""
    site = copy_of_site(folder / "starts")
    _start(site)  # compiled Python files and the disk's cache are warm from here on
    rows = [_start(site) for _number in range(starts)]
    medians = {name: statistics.median(row[name] for row in rows) for name in rows[0]}
    with running(site) as server:
        return {"starts": rows, "median": medians, "memory": _memory(server)}


def _start(site: Path) -> dict[str, float]:
    """Milliseconds from the start of gunicorn to the first 200 of /healthz, and of a guide right after it."""
    began = time.perf_counter()
    with started(site) as (_process, port):
        connection = _first_answer(port, began)
        alive = (time.perf_counter() - began) * 1000
        answer = ask(connection, KINDS["guide"], "gzip")
        if answer.status != 200:
            raise RuntimeError(f"the guide answered {answer.status}")
        return {"healthz_ms": alive, "guide_ms": (time.perf_counter() - began) * 1000}


def _first_answer(port: int, began: float) -> http.client.HTTPConnection:
    while time.perf_counter() - began < LONGEST:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        with contextlib.suppress(OSError, http.client.HTTPException):
            if ask(connection, "/healthz").status == 200:
                return connection
        connection.close()
        time.sleep(PAUSE)
    raise RuntimeError("the server did not start")


def _memory(server: Server) -> dict[str, Any]:
    """MiB of the first process and of each worker, before and after each has served every page, gzip and brotli."""
    fresh = {pid: processes.memory_mb(pid) for pid in server.workers()}
    with EachWorker(server) as workers:
        paths = [*paths_of_site(next(iter(workers.values()))), "/sitemap.xml"]
        for connection in workers.values():
            for path in paths:
                for encoding in ("gzip", "br"):
                    ask(connection, path, encoding)
    after = [processes.memory_mb(pid) for pid in workers]
    return {
        "pages": len(paths),
        "first_process": processes.memory_mb(server.pid),
        "workers_before": list(fresh.values()),
        "workers": after,
    }
