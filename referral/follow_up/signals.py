"""“I received nothing”: the person says so, and who is in charge of the case must ask."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from referral import outbox
from referral.models import AuditKind, Case, Referral, Task, TaskKind
from referral.safety import audit
from referral.safety.isolation import in_one_transaction
from referral.states.events import Status
from referral.states.limits import Clock, due
from referral.timers.people import in_charge, supervisors
from referral.words.choices import Urgency

from . import limits

SIGNAL = "follow_up.not_received"


def signal_not_received(case: Case, *, form: str) -> None:
    """Make a task for the owner and notice who is in charge; from the second day on the supervisors too. Once a day.

    Nothing comes of it where no service was to help yet; the person reads the same thanks. Nothing in a referral changes:
    the caseworker asks, and disputes by hand. SentTwice for a form that was sent before.
    """
    now = timezone.now()
    with in_one_transaction():
        limits.use_once(form, now)
        held = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
        if was_to_arrive(held, now):
            _ask(held, now)
        audit.record(AuditKind.CHANGE, SIGNAL, by=audit.By(), case_id=held.pk)


def was_to_arrive(case: Case, now: datetime) -> bool:
    """Whether a service has begun, says that it helped, or has let the day of the appointment go by."""
    begun = Q(status__in=[str(Status.IN_PROGRESS), str(Status.DELIVERED)])
    missed = Q(status=Status.ACCEPTED, first_contact_on__lt=timezone.localdate(now))
    return Referral.objects.filter(begun | missed, case=case).exists()


def _ask(case: Case, now: datetime) -> None:
    series = f"not-received:{case.pk}:"
    mark = f"{series}{timezone.localdate(now)}"
    again = Task.objects.filter(case=case, mark__startswith=series).exclude(mark=mark).exists()
    due_at = due(Urgency(case.urgency), Clock.ACK, now)
    columns = {"case": case, "partner_id": case.partner_id, "owner_id": case.owner_id, "kind": TaskKind.CONFIRM}
    _task, made = Task.objects.get_or_create(mark=mark, defaults={**columns, "due_at": due_at})
    if made:
        told = set(in_charge(case)) | (set(supervisors(case.partner_id, case.team_id)) if again else set())
        outbox.tell(sorted(told), mark)
