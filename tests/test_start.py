"""Starting: production refuses to start without its secrets, and what is wrong with the machine is said in one sentence."""

from __future__ import annotations

import base64
import gc
import hashlib
import os
import runpy
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management.base import CommandError

from portal.management.commands import start

from . import prepared

SECRET = "a long random text of production " * 2
GOOD = {
    "DEBUG": "no",
    "SECRET_KEY": SECRET,
    "CASE_KEYS": f"test:{base64.b64encode(hashlib.sha256(b'a key of tests').digest()).decode()}",
    "ALLOWED_HOSTS": "dalil.example",
    "BASE_URL": "https://dalil.example",
    "EMAIL_URL": "smtp://mail.example",
}


def run(*command: str, folder: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    environment = prepared.environment(folder, **settings)
    return subprocess.run(
        [sys.executable, *command], cwd=prepared.ROOT, env=environment, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY is missing"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY is missing or shorter"),
        ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS is missing"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS is missing or “*”"),
        ({"EMAIL_URL": ""}, "EMAIL_URL is missing"),
        ({"EMAIL_URL": "smtp:nowhere"}, "EMAIL_URL must be"),
        ({"BASE_URL": ""}, "BASE_URL is missing"),
        ({"BASE_URL": "http://dalil.example"}, "BASE_URL is missing or not https"),
        ({"CASE_KEYS": ""}, "CASE_KEYS is missing"),
        ({"DEBUG": "perhaps"}, "DEBUG must be yes or no"),
    ],
)
def test_production_refuses_to_start_with_one_sentence_a_fault(tmp_path, change, sentence):
    done = run("manage.py", "check", folder=tmp_path, **(GOOD | change))
    lines = [line for line in done.stderr.splitlines() if line.strip()]
    assert done.returncode == 1
    assert len(lines) == 1
    assert lines[0].startswith("Dalil cannot start: ")
    assert sentence in lines[0]


def test_production_with_everything_starts_and_passes_the_deployment_check(tmp_path):
    done = run("manage.py", "check", "--deploy", "--fail-level", "WARNING", folder=tmp_path, **GOOD)
    assert done.returncode == 0, done.stderr


def test_an_operator_without_cases_needs_no_key_ring(tmp_path):
    done = run("manage.py", "check", folder=tmp_path, **(GOOD | {"CASE_KEYS": "", "ZONES": "public,cms"}))
    assert done.returncode == 0, done.stderr


def test_a_key_ring_that_cannot_be_read_stops_the_start_and_shows_nothing_of_it(tmp_path):
    done = run("manage.py", "check", folder=tmp_path, **(GOOD | {"CASE_KEYS": "a:c2hvcnQ="}))
    assert done.returncode == 1
    assert "CASE_KEYS must be" in done.stderr
    assert "c2hvcnQ" not in done.stderr


def test_naming_a_public_host_is_production_even_if_debug_is_forgotten(tmp_path):
    done = run("manage.py", "check", folder=tmp_path, ALLOWED_HOSTS="dalil.example")
    assert done.returncode == 1
    assert "SECRET_KEY is missing" in done.stderr


def test_one_laptop_needs_no_setting_and_keeps_its_own_secret(tmp_path):
    folder = tmp_path / "var"
    first = run("-c", "import portal.settings as s; print(s.SECRET_KEY, s.DEBUG, s.PRODUCTION)", folder=folder)
    second = run("-c", "import portal.settings as s; print(s.SECRET_KEY, s.DEBUG, s.PRODUCTION)", folder=folder)
    assert first.stdout == second.stdout != ""
    assert first.stdout.split()[1:] == ["False", "False"]
    assert stat.S_IMODE((folder / "secret_key").stat().st_mode) == 0o600


def test_a_port_in_use_is_one_sentence():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(CommandError, match=r"Port \d+ is in use\. Stop the other program"):
            start.check_port(other.getsockname()[1])


def test_a_full_disk_is_one_sentence(tmp_path, monkeypatch):
    monkeypatch.setattr(start.shutil, "disk_usage", lambda folder: type("Usage", (), {"free": 2**20})())
    with pytest.raises(CommandError, match="The disk is full: 1 MB free"):
        start.check_folder(tmp_path)


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path):
    place = tmp_path / "file"
    place.write_text("a file where a folder should be")
    with pytest.raises(CommandError, match="cannot be written"):
        start.check_folder(place / "var")
    done = run("manage.py", "check", folder=place / "var")
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "cannot be written" in done.stderr


def test_an_old_python_is_told_what_to_install(tmp_path):
    old = tmp_path / "old.py"
    text = Path("manage.py").read_text().replace("sys.version_info < (3, 11)", "sys.version_info < (99,)")
    old.write_text(text)
    done = subprocess.run([sys.executable, old], capture_output=True, text=True, check=False, env=os.environ)
    assert done.returncode == 1
    assert done.stderr.startswith("Dalil needs Python 3.11 or newer")


def test_every_setting_of_the_environment_is_in_the_readme():
    import re

    text = "".join(
        Path(name).read_text() for name in ("portal/settings.py", "portal/environment.py", "gunicorn.conf.py")
    )
    names = set(re.findall(r'(?:read|read_list|read_switch|environ\.get)\(\s*"([A-Z_]+)"', text))
    readme = Path("README.md").read_text(encoding="utf-8")
    assert names
    names.remove("ELASTICSEARCH_NODE_CLASS")  # of our own tests: no operator may need it
    assert [name for name in sorted(names) if f"`{name}`" not in readme] == []
    assert len(readme.splitlines()) <= 150


def test_what_is_loaded_before_the_first_worker_is_not_collected_again(monkeypatch):
    monkeypatch.setenv("ZONES", "public")  # no timers beside this test
    hooks = runpy.run_path("gunicorn.conf.py")
    try:
        hooks["when_ready"](None)
        assert gc.get_freeze_count() > 100_000
    finally:
        gc.unfreeze()
