"""A whole site of one test alone, driven from processes of its own: what is committed there is really on the disk."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

from tests import prepared, prepared_database, site_role
from tests.referral.conftest import TEST_KEYS

START = """
import logging, django
django.setup()
"""


def make(folder: Path) -> Path:
    """A copy of the prepared site, where this run is on PostgreSQL with a database there."""
    prepared.copy_of_site(folder)
    if prepared_database.is_meant():
        (folder / prepared.DATABASE).write_text(prepared_database.address_of(prepared_database.copy()))
    return folder


def environment(folder: Path, *, as_the_site: bool = False) -> dict[str, str]:
    """What a process on this site finds around it. `as_the_site`: it connects as the role of the site, if this run does."""
    env = prepared.environment(folder, CASE_KEYS=TEST_KEYS)
    if as_the_site and site_role.ROLE and prepared_database.is_meant():
        name = urlsplit(env["DATABASE_URL"]).path[1:]
        env["DATABASE_URL"] = prepared_database.address_of(name, site_role.ROLE)
    return env


def start(folder: Path, code: str, *, as_the_site: bool = False) -> subprocess.Popen[str]:
    """Python code on this site, with Django set up, in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-c", START + code],
        cwd=prepared.ROOT,
        env=environment(folder, as_the_site=as_the_site),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def run(folder: Path, code: str) -> tuple[str, str]:
    """The same, waited for: what it printed and what it logged. AssertionError if it failed."""
    process = start(folder, code)
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    return out, err
