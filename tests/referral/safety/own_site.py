"""A whole site of one test alone, driven from processes of its own: what is committed there is really on the disk."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from tests import prepared
from tests.referral.conftest import TEST_KEYS

START = """
import logging, django
django.setup()
"""


def make(folder: Path) -> Path:
    """A copy of the prepared site."""
    shutil.copytree(prepared.prepared_site(), folder, symlinks=True)
    return folder


def start(folder: Path, code: str) -> subprocess.Popen[str]:
    """Python code on this site, with Django set up, in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-c", START + code],
        cwd=prepared.ROOT,
        env=prepared.environment(folder, CASE_KEYS=TEST_KEYS),
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
