"""How the site is served: two workers, threads for slow phones, no address of a reader in any log."""

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
    from services import search

    threading.Thread(target=search.warm, name="search-warm", daemon=True).start()


def when_ready(_server: Any) -> None:
    """Timers go by themselves: reminders, escalations, expiry, mails. Not where RUN_DUE=no (a scheduler elsewhere does it)."""
    zones = os.environ.get("ZONES", "cases")
    if "cases" in zones and os.environ.get("RUN_DUE", "yes").lower() not in {"0", "no", "false", "off"}:
        manage = Path(__file__).with_name("manage.py")
        # It ends by itself when this server does.
        subprocess.Popen([sys.executable, str(manage), "run_due", "--every", "60"])  # noqa: S603  (our own command)
