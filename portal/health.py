"""For those who watch the servers: does the process live, is it ready. No detail to strangers."""

from __future__ import annotations

import shutil

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse

LEAST_FREE_BYTES = 50 * 1024 * 1024


def alive(_request: HttpRequest) -> HttpResponse:
    """200 while the process answers."""
    return _plain("ok", 200)


def ready(_request: HttpRequest) -> HttpResponse:
    """200 if the database answers and the disk has room; else 503."""
    return _plain("ready", 200) if _database_answers() and _disk_has_room() else _plain("not ready", 503)


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM portal_pagestamps LIMIT 1")
    except DatabaseError:
        return False
    return True


def _disk_has_room() -> bool:
    try:
        return shutil.disk_usage(settings.VAR_DIR).free > LEAST_FREE_BYTES
    except OSError:
        return False


def _plain(text: str, status: int) -> HttpResponse:
    response = HttpResponse(text, content_type="text/plain; charset=utf-8", status=status)
    response["Cache-Control"] = "no-store"
    return response
