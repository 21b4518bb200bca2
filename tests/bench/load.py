"""Throughput and latency under load: a guide from the page cache, the same rendered anew, a static file as large.

The file is served in two ways: by our own server (WhiteNoise among Django's middleware), and by WhiteNoise alone.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.prepared import copy_of_site

from . import processes
from .server import EachWorker, Server, ask, files_alone, running

GUIDE = "/ar/guides/residence/renew-residence-permit/"
STATIC_NAME = "bench.txt"
CONNECTIONS = (1, 8, 32)
TARGETS = ("cached", "static", "static alone", "uncached")
COMPARED = ("static", "static alone")
WARM_REQUESTS = 60
REPORT = Path(__file__).with_name("report.lua")


@dataclass(frozen=True)
class Target:
    """Something to ask for, again and again."""

    name: str
    server: Server
    path: str


def measure(folder: Path, rounds: int, seconds: int) -> dict[str, Any]:
    """Starts both servers on copies of the site and puts load on each target in turn. `folder` is ours to fill."""
    cached_site, uncached_site = copy_of_site(folder / "cached"), copy_of_site(folder / "uncached")
    with running(uncached_site, PAGE_CACHE="no") as uncached:
        sizes = _make_static_file(uncached, cached_site / "static")
        file = f"/static/{STATIC_NAME}"
        with running(cached_site) as cached, files_alone(cached_site, file) as alone:
            targets = (
                Target("static", cached, file),
                Target("cached", cached, GUIDE),
                Target("static alone", alone, file),
                Target("uncached", uncached, GUIDE),
            )
            for target in targets:
                _warm(target, sizes["gzip"])
            runs, noise = _rounds(targets, rounds, seconds)
    return {"path": GUIDE, "bytes": sizes, "rounds": rounds, "seconds": seconds, "runs": runs, "noise_ms": noise,
            "summary": summarise(runs)}  # fmt: skip


def _make_static_file(server: Server, static: Path) -> dict[str, int]:
    """Puts the guide itself among the static files, plain and as .gz: the very bytes that the page cache sends."""
    with EachWorker(server) as workers:
        connection = next(iter(workers.values()))
        plain, packed = ask(connection, GUIDE).body, ask(connection, GUIDE, "gzip").body
    (static / STATIC_NAME).write_bytes(plain)
    (static / f"{STATIC_NAME}.gz").write_bytes(packed)
    return {"plain": len(plain), "gzip": len(packed)}


def _warm(target: Target, size: int) -> None:
    """Every worker answers many times before anything is counted, and with the expected number of bytes."""
    with EachWorker(target.server, target.path) as workers:
        for connection in [*workers.values()] * WARM_REQUESTS:  # in turn, so that no connection is idle for long
            answer = ask(connection, target.path, "gzip")
            if answer.status != 200 or len(answer.body) != size:
                raise RuntimeError(f"{target.name}: {answer.status}, {len(answer.body)} bytes instead of {size}")


def _rounds(targets: tuple[Target, ...], rounds: int, seconds: int) -> tuple[list[dict[str, Any]], list[float]]:
    """Interleaved: in each round every target at every number of connections; odd rounds in the opposite order."""
    runs, noise = [], []
    for number in range(rounds):
        for connections in CONNECTIONS:
            noise.append(processes.noise_ms())
            for target in targets if number % 2 == 0 else tuple(reversed(targets)):
                runs.append({"round": number, **_run(target, connections, seconds)})
    return runs, noise


def _run(target: Target, connections: int, seconds: int) -> dict[str, Any]:
    """One run of wrk. CPU counts the requests that wrk abandoned at its end: they were worked on too."""
    target.server.wait_until_idle()
    busy, own = processes.machine_busy_seconds(), processes.cpu_seconds(target.server.pid)
    found = _wrk(f"{target.server.address}{target.path}", connections, seconds)
    target.server.wait_until_idle()
    spent = processes.cpu_seconds(target.server.pid) - own
    wall = found["duration_us"] / 1e6
    others = processes.machine_busy_seconds() - busy - spent - found["own_cpu"]
    return {
        "target": target.name,
        "connections": connections,
        "per_second": found["requests"] / wall,
        "p50_ms": found["p50_us"] / 1000,
        "p95_ms": found["p95_us"] / 1000,
        "cpu_ms": spent * 1000 / (found["requests"] + connections),
        "errors": found["errors"],
        "requests": found["requests"],
        "others_cores": max(0.0, others / wall),
    }


def _wrk(address: str, connections: int, seconds: int) -> dict[str, Any]:
    """What report.lua prints, and the CPU seconds that wrk itself took."""
    before = _cpu_of_ended_children()
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "30s", "-s", str(REPORT)]
    command += ["-H", "Accept-Encoding: gzip", address]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=seconds + 120)
    line = next(line for line in done.stdout.splitlines() if line.startswith("JSON "))
    return json.loads(line.removeprefix("JSON ")) | {"own_cpu": _cpu_of_ended_children() - before}


def _cpu_of_ended_children() -> float:
    times = os.times()
    return times.children_user + times.children_system


def summarise(runs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Medians a target and number of connections; of a file, how much faster the cached guide is, paired by round."""
    found = []
    for connections in CONNECTIONS:
        here = [run for run in runs if run["connections"] == connections]
        for target in TARGETS:
            mine = _of(here, target)
            row: dict[str, Any] = {"target": target, "connections": connections}
            for name in ("per_second", "p50_ms", "p95_ms", "cpu_ms", "others_cores"):
                row[name] = statistics.median(run[name] for run in mine)
            row["slowest"], row["fastest"] = (pick(run["per_second"] for run in mine) for pick in (min, max))
            row["errors"] = sum(run["errors"] for run in mine)
            pairs = zip(_of(here, "cached"), mine, strict=True)
            row["cached_to_it"] = statistics.median(one["per_second"] / other["per_second"] for one, other in pairs)
            found.append(row)
    return found


def _of(runs: list[dict[str, Any]], target: str) -> list[dict[str, Any]]:
    """The runs of a target in the order of the rounds."""
    return sorted((run for run in runs if run["target"] == target), key=lambda run: run["round"])
