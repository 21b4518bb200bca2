"""`python -m tests.drills.kill_referrals --kills 100`: on SQLite, and on PostgreSQL where TEST_DATABASE_URL names a server."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from tests import prepared
from tests.referral.conftest import TEST_KEYS

WRONG = ("lost", "doubled", "half-written")


def main() -> int:
    """Print the figures of each database; 1 if anything was lost, doubled or half-written."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--writers", type=int, default=2)
    parser.add_argument("--seed", type=int, default=2026)
    given = parser.parse_args()
    bad = False
    for name, found in drill(given.kills, given.writers, given.seed):
        print(f"{name}: " + ", ".join(f"{key} {value}" for key, value in found.items()))
        bad = bad or not is_good(found)
    return int(bad)


def is_good(found: dict[str, Any]) -> bool:
    """Whether every acknowledged request is there exactly once and whole."""
    return not any(found[name] for name in WRONG) and bool(found["the trail is whole"])


def drill(kills: int, writers: int = 2, seed: int = 2026) -> Iterator[tuple[str, dict[str, Any]]]:
    """The name of each database, and what was found there."""
    with _sqlite() as env:
        yield "SQLite", _run(env, kills, writers, seed)
    if server := os.environ.get("TEST_DATABASE_URL", ""):
        with _postgresql(server) as env:
            yield "PostgreSQL", _run(env, kills, writers, seed)


@contextlib.contextmanager
def _sqlite() -> Iterator[dict[str, str]]:
    folder = prepared.copy_of_site(prepared.BUILD / f"kills-{os.getpid()}")
    try:
        yield prepared.environment(folder, CASE_KEYS=TEST_KEYS)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def _postgresql(server: str) -> Iterator[dict[str, str]]:
    """A database of its own on this server, with the starter content."""
    import psycopg

    name = f"kills_{os.getpid()}"
    folder = prepared.BUILD / f"kills-{os.getpid()}"
    folder.mkdir(parents=True)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
        try:
            url = urlsplit(server)._replace(path=f"/{name}").geturl()
            env = prepared.environment(folder, CASE_KEYS=TEST_KEYS, DATABASE_URL=url)
            for command in ("migrate", "load_starter"):
                subprocess.run(
                    [sys.executable, "manage.py", command], cwd=prepared.ROOT, env=env, check=True, capture_output=True
                )
            yield env
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
            shutil.rmtree(folder, ignore_errors=True)


def _run(env: dict[str, str], kills: int, writers: int, seed: int) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.drills.killing", str(kills), str(writers), str(seed)]
    done = subprocess.run(command, cwd=prepared.ROOT, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"the drill stopped:\n{done.stderr[-4000:]}")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


if __name__ == "__main__":
    sys.exit(main())
