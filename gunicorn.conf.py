"""How the site is served: two workers, threads for slow phones, no address of a reader in any log."""

import gc
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

bind = os.environ.get("BIND", "0.0.0.0:8000")  # (in a container; `make run` serves this machine only)
workers = int(os.environ.get("WEB_WORKERS", "2"))
worker_class = "gthread"
threads = int(os.environ.get("WEB_THREADS", "8"))
preload_app = True
keepalive = 15
timeout = 30
graceful_timeout = 30
limit_request_line = 8190
accesslog = None
wsgi_app = "portal.wsgi:application"
control_socket_disable = True  # nothing listens that nobody uses


def pre_fork(_server: Any, _worker: Any) -> None:
    """No worker begins with a connection of its parent: SQLite would let two processes write at once and lose one of them."""
    from django.db import connections

    connections.close_all()


def post_worker_init(worker: Any) -> None:  # noqa: ARG001  (gunicorn calls it so)
    """The search gets ready beside the first requests."""
    threading.Thread(target=_get_ready, name="search-warm", daemon=True).start()


def _get_ready() -> None:
    from services import search

    search.warm()
    _keep_for_good()


def _keep_for_good() -> None:
    """What is loaded now stays: the collector no longer walks through all of it, which held up one request in twenty-five for 0.15 s."""
    gc.collect()
    gc.freeze()


def when_ready(_server: Any) -> None:
    """Before the first worker is made: timers go by themselves (reminders, escalations, expiry, mails).

    Not where RUN_DUE=no (a scheduler elsewhere does it).
    """
    _keep_for_good()
    zones = os.environ.get("ZONES", "cases")
    if "cases" in zones and os.environ.get("RUN_DUE", "yes").lower() not in {"0", "no", "false", "off"}:
        manage = Path(__file__).with_name("manage.py")
        # It ends by itself when this server does.
        subprocess.Popen([sys.executable, str(manage), "run_due", "--every", "60"])  # noqa: S603  (our own command)
