"""What time does to requests about data and to complaints: an alarm on day 7 of 10; their words go when they are over."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from referral import outbox
from referral.models import Complaint, DataRequest, Task

from .people import data_protection, supervisors
from .portions import Job

ALARM = timedelta(days=7)  # after the day it came (trust P8)
LEVEL = 2


def _late(now: datetime) -> QuerySet[DataRequest]:
    """Those whose alarm has not gone: a task of level 2 remembers it."""
    return DataRequest.objects.filter(answered_at=None, received_on__lte=timezone.localdate(now) - ALARM)


def _alarm(request: DataRequest, _now: datetime) -> bool:
    """The officers hear again, and the supervisors for the first time: three days are left. Told once."""
    told = {*data_protection(request.partner_id), *supervisors(request.partner_id)}
    Task.objects.filter(mark__startswith=f"request:{request.pk}:", done_at=None, escalation__lt=LEVEL).update(
        escalation=LEVEL
    )
    mark = f"request-late:{request.pk}"
    is_new = not outbox.was_told(told, mark)
    outbox.tell(sorted(told), mark)
    return is_new


def answered_requests(now: datetime, after: timedelta) -> QuerySet[DataRequest]:
    """For retention: their words have done their work."""
    held = Q(words__isnull=False) | Q(answer__isnull=False)
    return DataRequest.objects.filter(held, answered_at__lte=now - after)


def answered_complaints(now: datetime, after: timedelta) -> QuerySet[Complaint]:
    """For retention."""
    held = Q(words__isnull=False) | Q(answer__isnull=False)
    return Complaint.objects.filter(held, answered_at__lte=now - after)


def empty_words(row: DataRequest | Complaint, _now: datetime) -> bool:
    """What was asked and answered goes; that it was, and when, stays."""
    row.words = row.answer = None
    row.save(update_fields=["words", "answer"])
    return True


JOBS = (Job("requests about data on day 7", _late, _alarm),)
