"""Keeps a spreadsheet that an editor has sent from the look at its differences to their confirmation, for a day at most.

The files may hold hidden addresses: only the process may read them, no address leads to them, and only who sent one may go on
with it. Several machines need one folder: share VAR_DIR/imports.
"""

from __future__ import annotations

import json
import secrets
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from services.importing import Source

KEPT_SECONDS = 24 * 3600
MOST_BYTES = 5 * 2**20
MOST_ROWS = 1_000  # takes about half of the time that a request has
LONGEST_NAME = 100


def keep(file: UploadedFile, user: Any) -> str:
    """Keep the file; the token that finds it. Files of yesterday go."""
    forget_old()
    token = secrets.token_urlsafe(24)
    folder = _folder()
    path = folder / token
    path.touch(mode=0o600)
    with path.open("wb") as kept:
        for chunk in file.chunks():
            kept.write(chunk)
    name = (file.name or "")[-LONGEST_NAME:]
    (folder / f"{token}.json").write_text(json.dumps({"name": name, "user": user.pk}), encoding="utf-8")
    return token


def find(token: str, user: Any) -> Source | None:
    """The file that this person has sent; None if it is gone or somebody else's."""
    path = _folder() / token
    try:
        told = json.loads(path.with_name(f"{token}.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if told["user"] != user.pk or not path.is_file():
        return None
    return Source(path, told["name"], MOST_ROWS)


def forget(token: str) -> None:
    for name in (token, f"{token}.json"):
        (_folder() / name).unlink(missing_ok=True)


def forget_old() -> None:
    """Remove what nobody has confirmed within a day."""
    for path in _folder().iterdir():
        if path.stat().st_mtime < time.time() - KEPT_SECONDS:
            path.unlink(missing_ok=True)


def _folder() -> Path:
    folder = Path(settings.VAR_DIR) / "imports"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder
