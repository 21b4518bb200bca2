"""What time does: reminders, escalations, expiry, retention. Safe to run twice, late, and in two processes at once."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils import timezone

from referral.attachments import storing

from . import cases, data_requests, referrals, retention
from .portions import Count, Job, carry_out, carry_out_whole

__all__ = ["JOBS", "Count", "Job", "carry_out", "run"]

JOBS: tuple[Job, ...] = (*referrals.JOBS, *cases.JOBS, *data_requests.JOBS, *retention.JOBS)


def run() -> Iterator[Count]:
    """Do everything that is due now, a kind at a time; what came of each. A failure of one thing leaves the others done."""
    for job in JOBS:
        yield carry_out(job, timezone.now())
    yield carry_out_whole("transfers expired", cases.expire_offers)
    yield carry_out_whole("files without a row deleted", storing.forget_left)
