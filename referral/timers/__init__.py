"""What time does: reminders, escalations, expiry, retention. Safe to run twice, late, and in two processes at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from django.utils import timezone

from referral.attachments import storing

from . import cases, data_requests, referrals, retention
from .portions import Count, Job, carry_out, carry_out_whole

__all__ = ["JOBS", "Count", "Job", "carry_out", "from_above", "run"]

JOBS: tuple[Job, ...] = (*referrals.JOBS, *cases.JOBS, *data_requests.JOBS, *retention.JOBS)

# What floors above want done with the rest (portal/apps.py): a name, and what does all that is due and says how much it was.
_from_above: dict[str, Callable[[], int]] = {}


def from_above(name: str, do: Callable[[], int]) -> None:
    """Have this done at every run."""
    _from_above[name] = do


def run() -> Iterator[Count]:
    """Do everything that is due now, a kind at a time; what came of each. A failure of one thing leaves the others done."""
    for job in JOBS:
        yield carry_out(job, timezone.now())
    yield carry_out_whole("transfers expired", cases.expire_offers)
    for name, do in _from_above.items():
        yield carry_out_whole(name, do)
    yield carry_out_whole("files without a row deleted", storing.forget_left)
