"""Lets a few slow hashes be computed at a time: each takes 100 MB, and whoever floods a door must not stop the whole site."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

AT_ONCE = 3  # in a process
PATIENCE = 4.0  # seconds that somebody waits for a place
_places = threading.BoundedSemaphore(AT_ONCE)


class Crowded(Exception):
    """Too many are computed at this moment: answer 429, and count nothing."""


@contextmanager
def place() -> Iterator[None]:
    """Compute one slow hash. Crowded if no place comes free in time, whoever asks and for whatever."""
    if not _places.acquire(timeout=PATIENCE):
        raise Crowded
    try:
        yield
    finally:
        _places.release()
