"""The prepared site on PostgreSQL: one database a server with the starter content and the role of the site, copied in a moment.

The server is the one that DATABASE_URL names; nothing there is touched but databases whose names begin with `dalil_`.
"""

from __future__ import annotations

import atexit
import fcntl
import itertools
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

from tests import prepared

NUMBERS = itertools.count(1)
MAKE_ROLE = (
    "DO $$ BEGIN CREATE ROLE dalil_site LOGIN NOSUPERUSER NOBYPASSRLS; "
    "EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
)


def is_meant() -> bool:
    """Whether this run is on PostgreSQL."""
    return os.environ.get("DATABASE_URL", "").startswith("postgres")


def address_of(name: str, user: str = "") -> str:
    """The address of a database on this server, for its owner or for this role."""
    url = urlsplit(os.environ["DATABASE_URL"])
    host = url.netloc.rpartition("@")[2]
    return url._replace(path=f"/{name}", netloc=f"{user}@{host}" if user else url.netloc).geturl()


def copy(name: str = "") -> str:
    """The name of a copy of the prepared database. One without a name of its own goes when this process ends."""
    name = name or f"dalil_own_{os.getpid()}_{next(NUMBERS)}"
    original = _prepared_database()
    drop(name)
    _say(f'CREATE DATABASE "{name}" TEMPLATE "{original}"')
    atexit.register(drop, name)
    return name


def drop(name: str) -> None:
    """The database is gone, whoever is still connected to it."""
    _say(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _prepared_database() -> str:
    """Made once, by whichever process comes first; a change of what it is made of makes it anew."""
    name = f"dalil_prepared_{prepared.digest()}"
    prepared.BUILD.mkdir(exist_ok=True)
    with (prepared.BUILD / "prepared-database.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not _say("SELECT 1 FROM pg_database WHERE datname = %s", name):
            draft = f"{name}_draft"
            drop(draft)
            _say(f"CREATE DATABASE \"{draft}\" TEMPLATE template0 ENCODING 'UTF8'")
            _fill(draft)
            _say(f'ALTER DATABASE "{draft}" RENAME TO "{name}"')
    return name


def _fill(name: str) -> None:
    """The tables, the starter content, and the role with its rights in this database, as an operator gives them."""
    with TemporaryDirectory() as folder:
        env = prepared.environment(Path(folder), DATABASE_URL=address_of(name))
        for command in ("migrate", "load_starter"):
            manage = [sys.executable, "manage.py", command]
            subprocess.run(manage, cwd=prepared.ROOT, env=env, check=True, capture_output=True)
    _say(MAKE_ROLE, into=name)
    _say((prepared.ROOT / "docs" / "postgresql-role.sql").read_text(), into=name)


def _say(statement: str, *values: str, into: str = "postgres") -> list[tuple[object, ...]]:
    import psycopg

    with psycopg.connect(address_of(into), autocommit=True) as connection:
        done = connection.execute(statement, values or None)
        return done.fetchall() if done.description else []
