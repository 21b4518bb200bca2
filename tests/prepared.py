"""One site, made as `make run` makes it, kept under build/ for every test that needs the starter content."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build"
# What the prepared database depends on; a change of any of these makes it anew.
MADE_OF = ("portal/migrations", "portal/models", "portal/starter", "portal/blocks.py", "portal/sections.py", "uv.lock",
           "portal/publishing.py", "referral/migrations", "portal/searchable.py", "portal/translation_status.py", "services/data",
           "services/migrations", "services/models", "services/starter",
           "services/searchable.py", "services/search/documents.py", "services/search/vocabulary.py", "services/search/text.py", "portal/translation.py")  # fmt: skip
DATABASE = "database"  # a file: the address of the database of a site that has one on a server
SERVED_WITH = ("static", "locale")  # a change of these is carried over; the content stays


def digest(names: tuple[str, ...] = MADE_OF) -> str:
    """Changes when one of these files does: when the prepared site must be made again."""
    found = hashlib.sha256()
    for name in names:
        path = ROOT / name
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.suffix in (".py", ".toml", ".csv", ".lock", ".css", ".js", ".svg", ".po"):
                found.update(file.read_bytes())
    return found.hexdigest()[:16]


def prepared_site() -> Path:
    """The folder (VAR_DIR) of a site with the starter content. Made once, by whichever process comes first."""
    BUILD.mkdir(exist_ok=True)
    folder = BUILD / f"prepared-{digest()}"
    with (BUILD / "prepared.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "ready").exists():
            for old in BUILD.glob("prepared-*"):
                shutil.rmtree(old, ignore_errors=True)
            _manage(folder, "start", "--prepare-only", "--port", str(free_port()))
            (folder / "ready").write_text(digest(SERVED_WITH))
        if (folder / "ready").read_text() != (served := digest(SERVED_WITH)):
            _manage(folder, "compile_texts")
            _manage(folder, "collectstatic", "--noinput", "--verbosity", "0")
            (folder / "ready").write_text(served)
    return folder


def _manage(folder: Path, *command: str) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=ROOT,
        env=environment(folder),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"the site could not be prepared:\n{done.stdout}\n{done.stderr}")


def environment(folder: Path, **more: str) -> dict[str, str]:
    """The environment of a site in this folder, with nothing of ours around it."""
    ours = {
        "DATABASE_URL",
        "DEBUG",
        "SECRET_KEY",
        "ALLOWED_HOSTS",
        "BASE_URL",
        "CACHE_URL",
        "VAR_DIR",
        "CASE_KEYS",
        "ZONES",
    }
    kept = {name: value for name, value in os.environ.items() if name not in ours}
    if (folder / DATABASE).exists():
        kept["DATABASE_URL"] = (folder / DATABASE).read_text()
    return (
        kept
        | {
            "VAR_DIR": str(folder),
            "DJANGO_SETTINGS_MODULE": "portal.settings",
            "PYTHONDONTWRITEBYTECODE": "",
            "RUN_DUE": "no",  # a test says itself when time passes
        }
        | more
    )


def copy_of_site(folder: Path) -> Path:
    """A private copy of the prepared site."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(prepared_site(), folder, symlinks=True)  # the index in use is a link
    return folder


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def serving(folder: Path, **more: str) -> Iterator[str]:
    """Serve a site with gunicorn, as in production; yields its address."""
    port = free_port()
    env = environment(folder, BIND=f"127.0.0.1:{port}", **more)
    gunicorn = Path(sys.executable).with_name("gunicorn")
    log = (folder / "gunicorn.log").open("w")
    process = subprocess.Popen([gunicorn, "--config", "gunicorn.conf.py"], cwd=ROOT, env=env, stdout=log, stderr=log)
    address = f"http://localhost:{port}"
    try:
        wait_for(f"{address}/healthz", process)
        yield address
    finally:
        process.terminate()
        process.wait(40)  # a worker lets open connections live on: keepalive, graceful_timeout
        log.close()


def wait_for(address: str, process: subprocess.Popen[bytes], seconds: float = 40) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with contextlib.suppress(urllib.error.URLError, OSError):
            urllib.request.urlopen(address, timeout=2)
            return
        if process.poll() is not None:
            raise RuntimeError(f"the server stopped with {process.returncode}")
        time.sleep(0.1)
    raise RuntimeError(f"{address} did not answer")
