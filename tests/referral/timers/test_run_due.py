"""The timers go by themselves beside a running site, and end with it."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

from tests import prepared

PARENT = "import subprocess, sys; print(subprocess.Popen([sys.executable, 'manage.py', 'run_due', '--every', '1']).pid, flush=True); input()"


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"
    except FileNotFoundError:
        return False


def until(holds, seconds: float = 60) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.2)
    return False


def waiting_mails(folder: Path) -> int:
    with sqlite3.connect(folder / "dalil.sqlite3") as database:
        return database.execute("SELECT count(*) FROM referral_effect WHERE given_up_at IS NULL").fetchone()[0]


def test_what_is_due_is_done_beside_the_server_and_ends_when_the_server_does(tmp_path):
    folder = prepared.copy_of_site(tmp_path / "site")
    with sqlite3.connect(folder / "dalil.sqlite3") as database:  # to nobody: it is given up at the first try
        database.execute(
            "INSERT INTO referral_effect (kind, user_id, mark, made_at, next_try_at, tries) "
            "VALUES ('mail', NULL, 'x', '2026-01-01 00:00:00', '2026-01-01 00:00:00', 0)"
        )
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT], cwd=prepared.ROOT, env=prepared.environment(folder), text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    try:
        assert until(lambda: waiting_mails(folder) == 0)
        assert is_alive(child)
        parent.kill()
        parent.wait()
        assert until(lambda: not is_alive(child), 20)
    finally:
        parent.kill()
        if is_alive(child):
            os.kill(child, 9)
        parent.communicate()
