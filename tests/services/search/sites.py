"""A site of a test's own, and scripts that run in it as a process of their own: what is killed there, is killed."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from ... import prepared

NEW_NAME = "Zanzibarine"  # a word that no text of the starter content holds
CHANGED = "unhcr-register"  # a service with opening hours
BEGIN = f"""
import json, os, shutil, signal, sys, threading, time
import django
django.setup()
from django.conf import settings
from services import search
from services.models import IndexJob, Service
from services.search import embedded, outbox, sources, upkeep
settings.ELASTICSEARCH_URL = ""
settings.SEARCH_IN_BACKGROUND = False

def rename():
    service = Service.objects.get(key="{CHANGED}")
    service.name_fr = "{NEW_NAME}"
    service.save()

def found(words="{NEW_NAME}"):
    return [hit.identifier for hit in search.search(search.Query(words, "fr", size=50)).hits if words in hit.title]

def tell(**facts):
    print(json.dumps(facts))
"""


def site(folder: Path) -> Path:
    """A copy of the prepared site, without the static files."""
    shutil.copytree(prepared.prepared_site(), folder, symlinks=True, ignore=shutil.ignore_patterns("static"))
    return folder


def start(folder: Path, script: str) -> subprocess.CompletedProcess[str]:
    """Run the script in a process of its own, in this site."""
    return subprocess.run(
        [sys.executable, "-c", BEGIN + script], cwd=prepared.ROOT, env=prepared.environment(folder), capture_output=True,
        text=True, timeout=120, check=False,
    )  # fmt: skip


def ask(folder: Path, script: str) -> dict[str, Any]:
    """What the script tells. A script that fails, fails the test; so does an error in one of its threads."""
    done = start(folder, script)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr, done.stderr
    return json.loads(done.stdout) | {"log": done.stderr}
