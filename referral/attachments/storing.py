"""Keeps files of cases on disk: sealed with the key of the case, under random names, readable by the site alone."""

from __future__ import annotations

import os
import re
import time
import uuid
from contextlib import suppress
from pathlib import Path

from django.conf import settings

from referral.encryption import Box, CannotOpen
from referral.models import Attachment

NAME = re.compile(r"[0-9a-f]{32}")
LEFT = 24 * 3600  # seconds after which a file without a row is one that a crash left


def folder() -> Path:
    """Where they are: outside the media of the CMS, served by no web server."""
    found = Path(settings.VAR_DIR) / "attachments"
    found.mkdir(mode=0o700, parents=True, exist_ok=True)
    return found


def place_of(attachment_id: uuid.UUID) -> str:
    """What the sealed file is bound to: moved to another row, it does not open."""
    return f"{Attachment._meta.db_table}.file.{attachment_id}"


def put(attachment_id: uuid.UUID, box: Box, content: bytes) -> None:
    """Write the sealed file, all of it or nothing, mode 0600. Only sealed bytes ever touch the disk."""
    sealed = box.seal_bytes(content, place_of(attachment_id))
    path = folder() / attachment_id.hex
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(sealed)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        path.unlink(missing_ok=True)
        raise


def take(attachment_id: uuid.UUID, box: Box) -> bytes:
    """The content again. CannotOpen if it was changed, moved, erased, or is not there."""
    try:
        sealed = (folder() / attachment_id.hex).read_bytes()
    except OSError:
        sealed = b""
    if not sealed:
        raise CannotOpen(place_of(attachment_id))
    return box.open_bytes(sealed, place_of(attachment_id))


def forget(attachment_id: uuid.UUID) -> None:
    """Delete the file; nothing happens if it is gone already."""
    with suppress(FileNotFoundError):
        (folder() / attachment_id.hex).unlink()


def forget_left() -> int:
    """Delete files that have no row: a crash between the file and its row leaves one. How many. For the timer."""
    old = time.time() - LEFT
    names = {path.name: path for path in folder().iterdir() if NAME.fullmatch(path.name) and path.stat().st_mtime < old}
    known = {
        pk.hex
        for pk in Attachment.objects.filter(pk__in=[uuid.UUID(name) for name in names]).values_list("pk", flat=True)
    }
    for name in names.keys() - known:
        forget(uuid.UUID(name))
    return len(names.keys() - known)
