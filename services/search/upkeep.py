"""What keeps an index right without anybody asking: what was left undone, an index that is lost, hours that run out."""

from __future__ import annotations

import logging
import threading
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connections
from django.utils import timezone

from . import outbox, sources

logger = logging.getLogger(__name__)
EVERY_S = 30.0
HOURS_EVERY = timedelta(days=5)  # an entry holds the hours of more days than this
_last = [time.monotonic()]
_healing = threading.Lock()


def look_after(engines: list[Any]) -> None:
    """Called by every search; at most once in EVERY_S it sees to the indexes, in a thread. The search does not wait."""
    now = time.monotonic()
    if settings.SEARCH_IN_BACKGROUND and now - _last[0] > EVERY_S:
        _last[0] = now
        threading.Thread(target=_see_to, args=(engines,), name="search-upkeep", daemon=True).start()


def heal(engine: Any) -> None:
    """Build the index of this engine in the background: there is none, or it is broken."""
    if settings.SEARCH_IN_BACKGROUND and _healing.acquire(blocking=False):
        threading.Thread(target=_build, args=(engine,), name="search-heal", daemon=True).start()


def note_hours() -> None:
    """Remember that the entries hold the hours of the coming days."""
    mark = _mark()
    mark.parent.mkdir(parents=True, exist_ok=True)
    mark.write_text(timezone.localdate().isoformat())


def _mark() -> Path:
    return Path(settings.SEARCH_DIR) / "hours-of"


def hours_are_due() -> bool:
    """Whether HOURS_EVERY has passed since the hours of all entries were written."""
    try:
        return timezone.localdate() - date.fromisoformat(_mark().read_text()) >= HOURS_EVERY
    except (OSError, ValueError):
        return True


def _see_to(engines: list[Any]) -> None:
    try:
        outbox.work_alone()
        for engine in engines:
            if not engine.is_built():
                heal(engine)
        if hours_are_due():
            for kind, module in sources.sources().items():
                outbox.changed(kind, getattr(module, "with_hours", list)())
            note_hours()  # only now: what could not be said stays due
    except (DatabaseError, *outbox.FAULTS) as error:
        logger.warning("search: upkeep waits (%s)", type(error).__name__)
    finally:
        connections.close_all()


def _build(engine: Any) -> None:
    from . import door  # (the door calls us; we call it only to build)

    try:
        door.rebuild(engine=engine.name)
    except (DatabaseError, *outbox.FAULTS) as error:
        logger.warning("search: the index of %s cannot be built (%s)", engine.name, type(error).__name__)
    finally:
        connections.close_all()
        _healing.release()
