"""From nothing to a running site: folder, database, texts, content, files, server. Run again, it starts at once."""

from __future__ import annotations

import os
import shutil
import socket
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from services import search

LEAST_FREE_MB = 200


class Command(BaseCommand):
    help = __doc__
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--prepare-only", action="store_true", help="do everything but serve")

    def handle(self, *, port: int, prepare_only: bool, **_options: Any) -> None:
        check_folder(Path(settings.VAR_DIR))
        check_port(port)
        try:
            self._prepare()
        except (OSError, DatabaseError) as error:
            raise CommandError(
                f"The site could not be prepared: {error}. Free some space or check the database, then try again."
            ) from None
        if not prepare_only:
            self._serve(port)

    def _prepare(self) -> None:
        call_command("compile_texts")
        self.stdout.write("Database…")
        call_command("migrate", verbosity=0)
        self.stdout.write("Starter content… (a minute, the first time)")
        call_command("load_starter", stdout=self.stdout)
        search.prepare(self.stdout.write)
        call_command("collectstatic", interactive=False, verbosity=0)

    def _serve(self, port: int) -> None:
        self.stdout.write(self.style.SUCCESS(f"\nDalil is running. Open http://localhost:{port}/"))
        for code, name in settings.LANGUAGES:
            self.stdout.write(f"  {name}: http://localhost:{port}/{code}/")
        self.stdout.write(
            f"  Editors: http://localhost:{port}/cms/ (make an account: .venv/bin/python manage.py createsuperuser)"
        )
        self.stdout.write("Press Ctrl+C to stop.\n")
        self.stdout.flush()
        gunicorn = Path(sys.executable).with_name("gunicorn")
        os.environ.setdefault("BIND", f"127.0.0.1:{port}")
        os.execv(gunicorn, [str(gunicorn), "--config", str(settings.BASE_DIR / "gunicorn.conf.py")])  # noqa: S606  (our own server, no shell)


def check_folder(folder: Path) -> None:
    """Refuse, in one sentence, a folder that cannot be written or a disk that is full."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".probe"
        probe.write_bytes(b"x" * 4096)
        probe.unlink()
    except OSError as error:
        raise CommandError(
            f"{folder} cannot be written ({error.strerror}). Choose another folder with VAR_DIR."
        ) from None
    free = shutil.disk_usage(folder).free // 2**20
    if free < LEAST_FREE_MB:
        raise CommandError(
            f"The disk is full: {free} MB free, {LEAST_FREE_MB} MB needed. Free some space and try again."
        )


def check_port(port: int) -> None:
    """Refuse a port that something else uses."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise CommandError(
                f"Port {port} is in use. Stop the other program, or choose another: make run PORT=8001."
            ) from None
