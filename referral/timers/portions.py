"""Does many small things, each in a transaction of its own: one that fails leaves the others done."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from referral.safety.isolation import as_system, in_one_transaction
from referral.states.machine import Refused

log = logging.getLogger(__name__)
PORTION = 200


@dataclass(frozen=True)
class Job:
    """A kind of thing to do. `find`: the rows that may be due at this moment; `do`: one of them, true if it changed anything.

    Each row is locked and looked for once more before `do` gets it, so that two processes never do the same. With
    `locks` off it comes unlocked: for actions, which take their locks themselves and in their own order. `peek` looks at a
    row first, without a lock and without a transaction, where most of those found have nothing to do.
    """

    name: str
    find: Callable[[datetime], QuerySet[Any]]
    do: Callable[[Any, datetime], bool]
    locks: bool = True
    peek: Callable[[Any, datetime], bool] | None = None


@dataclass
class Count:
    """What came of a kind: how many were done, were refused by the rules of actions, failed."""

    name: str
    done: int = 0
    refused: int = 0
    failed: int = 0

    def __str__(self) -> str:
        more = (f", {number} {what}" for what, number in (("refused", self.refused), ("failed", self.failed)) if number)
        return f"{self.name}: {self.done}{''.join(more)}"


def carry_out(job: Job, now: datetime) -> Count:
    """Do what is due of this kind. Never raises: a failure is counted, and logged by its kind, without any value."""
    count = Count(job.name)
    try:
        for pk in _due(job, now):
            _one(job, pk, now, count)
    except Exception as error:
        _failed(count, error)
    return count


def carry_out_whole(name: str, do: Callable[[], int]) -> Count:
    """The same for something that does all that is due by itself and says how much it was."""
    count = Count(name)
    try:
        with as_system():
            count.done = do()
    except Exception as error:
        _failed(count, error)
    return count


def _due(job: Job, now: datetime) -> Iterator[Any]:
    """Keys in portions: memory stays small, and what is done meanwhile does not move the rest."""
    last = None
    while True:
        rows = job.find(now) if last is None else job.find(now).filter(pk__gt=last)
        with as_system():
            found = list(rows.order_by("pk")[:PORTION])
            wanted = [row.pk for row in found if job.peek is None or job.peek(row, now)]
        yield from wanted
        if len(found) < PORTION:
            return
        last = found[-1].pk


def _one(job: Job, pk: Any, now: datetime, count: Count) -> None:
    try:
        with in_one_transaction():
            rows = job.find(now).filter(pk=pk)
            row = (rows.select_for_update(of=("self",)) if job.locks else rows).first()
            count.done += row is not None and job.do(row, now)
    except Refused:
        count.refused += 1
    except Exception as error:
        _failed(count, error)


def _failed(count: Count, error: Exception) -> None:
    count.failed += 1
    log.error("run_due: one of “%s” failed with %s", count.name, type(error).__name__)
