"""Cases with few and with many referrals: inbox, list, board, case page, send, accept; and writers at once.

On SQLite, and on PostgreSQL where TEST_DATABASE_URL names an empty database that may be filled and written to (fsync as it is set there).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from tests.prepared import ROOT, copy_of_site, environment

SMALL, LARGE = 1_000, 200_000
WRITERS = 8
AS_SERVED = 2  # processes with threads, as gunicorn.conf.py has it; then a process for each writer


def measure(folder: Path, rounds: int, seconds: int, large: int = LARGE) -> dict[str, Any]:
    """By database: how long filling took, the desk at both sizes, and what eight writers achieve."""
    databases = {"sqlite": ""}
    if address := os.environ.get("TEST_DATABASE_URL"):
        databases["postgresql"] = address
    return {name: _one(folder / name, address, rounds, seconds, large) for name, address in databases.items()}


def _one(folder: Path, address: str, rounds: int, seconds: int, large: int) -> dict[str, Any]:
    site = copy_of_site(folder)
    env = environment(site, **({"DATABASE_URL": address} if address else {}))
    if address:
        _run(env, "manage.py", "migrate", "--verbosity=0")
        _run(env, "manage.py", "load_starter")
    found: dict[str, Any] = {"sizes": []}
    for size in (SMALL, large):
        began = time.perf_counter()
        _run(env, "-m", "tests.bench.many_cases", str(size))
        filled = round(time.perf_counter() - began, 1)
        desk = json.loads(_run(env, "-m", "tests.bench.case_desk", str(rounds)).splitlines()[-1])
        found["sizes"].append({"filled_in_s": filled, **desk})
    return found | {"writers": [_writers(env, seconds, processes) for processes in (AS_SERVED, WRITERS)]}


def _run(env: dict[str, str], *command: str) -> str:
    done = subprocess.run([sys.executable, *command], cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}:\n{done.stdout[-500:]}\n{done.stderr[-2000:]}")
    return done.stdout


def _writers(env: dict[str, str], seconds: int, processes: int) -> dict[str, Any]:
    """Eight writers, threads of so many processes. All of them begin when the last is ready."""
    shares = [[str(number) for number in range(WRITERS) if number % processes == at] for at in range(processes)]
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.bench.case_writers", str(seconds), *share], cwd=ROOT, env=env, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )
        for share in shares
    ]  # fmt: skip
    for one in running:
        assert one.stdout is not None
        assert one.stdout.readline().strip() == "ready"
    for one in running:
        assert one.stdin is not None
        one.stdin.write("go\n")
        one.stdin.flush()
    answers = [json.loads(one.communicate()[0].splitlines()[-1]) for one in running]
    took = max(answer["took"] for answer in answers)  # until the last answer: not how long a process takes to leave
    total = {name: sum(answer[name] for answer in answers) for name in ("referrals", "writes", "errors")}
    return {
        "writers": WRITERS, "processes": processes, "seconds": round(took, 1), **total,
        "referrals_a_second": round(total["referrals"] / took, 1), "writes_a_second": round(total["writes"] / took, 1),
        "ran_dry": any(answer["ran_dry"] for answer in answers),
        "faults": sorted({fault for answer in answers for fault in answer["faults"]}),
    }  # fmt: skip
