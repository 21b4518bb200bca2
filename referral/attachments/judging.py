"""Judges a file by its content, never by its name, and has it drawn anew. What is not taken is refused with one sentence."""

from __future__ import annotations

import subprocess
import sys
import unicodedata
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from referral.referring.given import UNSEEN
from referral.states.machine import Refused

LARGEST = 10 * 1024 * 1024
SECONDS = 30  # the process itself stops after 20 of work
LONGEST_NAME = 120
BEGINNINGS = {"jpg": b"\xff\xd8\xff", "png": b"\x89PNG\r\n\x1a\n", "pdf": b"%PDF-"}
HEAD, TAIL = 1024, 66_000  # where readers look for the beginning of a PDF, and for the end of a ZIP
SECOND_FILES = (b"<!doctype html", b"<html", b"<script", b"<svg", b"<?php", b"<?xml-stylesheet")
END_OF_ZIP = b"PK\x05\x06"
_ONLY = _("Only photographs (JPEG, PNG) and PDF files are accepted.")
REASONS: dict[str, Any] = {
    "empty": _("The file is empty."),
    "too_large": _("The file is larger than 10 MB. Send fewer pages, or a smaller photograph."),
    "not_taken": _ONLY,
    "two_in_one": _("This file is of two kinds at once, and is not accepted. Photograph or scan the paper again."),
    "too_many_pixels": _("The picture is too large. Photograph or scan it with fewer pixels."),
    "too_many_pages": _("The PDF has too many pages. Send the pages that are needed."),
    "too_heavy": _("The file is too large to be checked. Photograph or scan the paper again."),
    "encrypted": _("The PDF is locked with a password. Save it without one."),
    "broken": _("The file is damaged, or not what its name says. Photograph or scan the paper again."),
    "no_room": _("This case already holds as many files as it can. Remove one first."),
}


class FileRefused(Refused):
    """A file that is not taken: answer 400. `why` is a word for the trail; `str()` the sentence for who sent it."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why if why in REASONS else "broken"

    def __str__(self) -> str:
        return str(REASONS[self.why])


@dataclass(frozen=True)
class CleanFile:
    """A file as it is kept: its kind, its content drawn anew, and a name without anything that misleads."""

    kind: str
    content: bytes
    name: str


def cleaned(content: bytes, name: str) -> CleanFile:
    """The file, clean. FileRefused with one sentence for whatever is not a photograph or a PDF and nothing besides."""
    if not content:
        raise FileRefused("empty")
    if len(content) > LARGEST:
        raise FileRefused("too_large")
    kind = kind_of(content)
    if kind is None:
        raise FileRefused("not_taken")
    if holds_another(content, kind):
        raise FileRefused("two_in_one")
    clean = _in_a_process(kind, content)
    if len(clean) > 2 * LARGEST:
        raise FileRefused("too_large")
    return CleanFile(kind, clean, harmless_name(name, kind))


def kind_of(content: bytes) -> str | None:
    """jpg, png or pdf, by the first bytes; None for anything else."""
    return next((kind for kind, begins in BEGINNINGS.items() if content.startswith(begins)), None)


def holds_another(content: bytes, kind: str) -> bool:
    """Whether another program would take the same bytes for another kind of file: a page, an archive, a PDF."""
    head, tail = content[:HEAD].lower(), content[-TAIL:]
    if END_OF_ZIP in tail or any(mark in head or mark in tail.lower() for mark in SECOND_FILES):
        return True
    return kind != "pdf" and b"%pdf-" in head


def harmless_name(name: str, kind: str) -> str:
    """The name without folders, directions of writing and endings that lie; its ending is that of the content."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1].split(":")[0]
    plain = UNSEEN.sub("", unicodedata.normalize("NFC", last)).strip(" .")
    stem = plain.rsplit(".", 1)[0].strip(" .") if "." in plain else plain
    return f"{stem[:LONGEST_NAME] or 'file'}.{kind}"


def _in_a_process(kind: str, content: bytes) -> bytes:
    """What `cleaning` makes of it, with an empty environment: no key of the site is in there."""
    command = [sys.executable, "-B", "-s", "-m", "referral.attachments.cleaning", kind]
    try:
        done = subprocess.run(  # noqa: S603  (our own module, and a word of our own)
            command, input=content, capture_output=True, timeout=SECONDS, cwd=settings.BASE_DIR, env={}, check=False
        )
    except subprocess.TimeoutExpired:
        raise FileRefused("too_heavy") from None
    if done.returncode == 0 and done.stdout:
        return done.stdout
    raise FileRefused(done.stdout.decode("ascii", "replace") if done.returncode == 3 else "too_heavy")
