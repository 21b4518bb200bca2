"""Changes on their way to the index: written with the change itself, carried out after it, never lost, safe to repeat."""

from __future__ import annotations

import logging
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable

from django.conf import settings
from django.db import DatabaseError, connections, transaction

from services.models import IndexJob

from . import embedded, sources
from .entries import EngineFailed

logger = logging.getLogger(__name__)
AT_ONCE = 500
FAULTS = (EngineFailed, OSError, ValueError)  # what an engine, a full disk and a broken file raise
_busy = threading.Lock()


def changed(kind: str, identifiers: Iterable[str]) -> None:
    """Say, inside the transaction of a change, that these entries are to be looked at again.

    The rows are committed or rolled back with the change; the index follows within a second of the commit, and saving
    never waits for it. What cannot be carried out stays until `work` succeeds.
    """
    names = [one.name for one in _engines()]
    jobs = [IndexJob(kind=kind, identifier=one, engine=name) for one in dict.fromkeys(identifiers) for name in names]
    if jobs:
        IndexJob.objects.bulk_create(jobs)
        if _wake not in {hook for _ids, hook, *_rest in transaction.get_connection().run_on_commit}:
            transaction.on_commit(_wake)  # once a transaction, however much changes in it


def work() -> int:
    """Carry out every waiting change, engine by engine; how many. An engine that fails keeps its own for later."""
    done = 0
    for engine in _engines():
        while jobs := list(IndexJob.objects.filter(engine=engine.name)[:AT_ONCE]):
            try:
                _carry_out(engine, jobs)
            except FAULTS as error:
                logger.warning("search: %s takes no changes (%s)", engine.name, type(error).__name__)
                break
            IndexJob.objects.filter(pk__in=[job.pk for job in jobs]).delete()
            done += len(jobs)
    return done


def forget_before(engine: str) -> Callable[[], None]:
    """What waits for this engine now will be in its new index: call the answer when that is built."""
    last = IndexJob.objects.filter(engine=engine).order_by("-pk").values_list("pk", flat=True).first() or 0
    return lambda: IndexJob.objects.filter(engine=engine, pk__lte=last).delete() and None


def _carry_out(engine: embedded.Embedded, jobs: list[IndexJob]) -> None:
    wanted: dict[str, list[str]] = defaultdict(list)
    for job in jobs:
        wanted[job.kind].append(job.identifier)
    for kind, identifiers in wanted.items():
        found = sources.entries_of(kind, dict.fromkeys(identifiers))
        there = {entry.identifier for entry in found}
        engine.change(found, [f"{kind}:{one}" for one in identifiers if one not in there])


def _engines() -> list[embedded.Embedded]:
    from . import door  # (the door asks us; we ask it only who there is)

    return door.engines()


def _wake() -> None:
    """After a commit: let a thread carry the changes out."""
    if settings.SEARCH_IN_BACKGROUND:
        threading.Thread(target=work_alone, name="search-outbox", daemon=True).start()


def work_alone() -> None:
    """`work`, one thread of this process at a time; for threads of their own, whose connections it closes."""
    with _busy:
        try:
            work()
        except DatabaseError:
            logger.warning("search: changes wait for the database")
        finally:
            connections.close_all()  # of this thread, which ends
