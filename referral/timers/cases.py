"""What time does to cases: tasks that are overdue, people who have left, requests that nobody has answered."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from referral import outbox
from referral.access import System
from referral.actions.transfers import expire_transfers
from referral.models import AccessGrant, AuditKind, Case, Membership, Task, TaskKind
from referral.reading.versions import procedure_of
from referral.safety import audit
from referral.states.case_states import CaseStatus

from .asking import ask
from .people import at_work, data_protection, in_charge, supervisors
from .portions import Job

REQUEST_DAYS = 7  # our design: so long a request to read a case waits for its answer
ALARMED = (TaskKind.ANSWER, TaskKind.CALL, TaskKind.CONFIRM)
WORKED_ON = [str(CaseStatus.OPEN), str(CaseStatus.ON_HOLD)]


# Overdue tasks -------------------------------------------------------------------------------------------------------


def _overdue(now: datetime) -> QuerySet[Task]:
    """But those of which the alarms of a referral speak."""
    rows = Task.objects.filter(done_at=None, due_at__lte=now, escalation=0)
    rows = rows.exclude(referral__isnull=False, kind__in=[str(kind) for kind in ALARMED])
    return rows.filter(Q(case=None) | Q(case__status__in=WORKED_ON)).select_related("case__procedure")


def _escalate(task: Task, _now: datetime) -> bool:
    """Told once: who has the task, and whom the procedure names for this step."""
    outbox.tell(sorted(_told(task)), f"task:{task.pk}")
    task.escalation = 1
    task.save(update_fields=["escalation"])
    return True


def _told(task: Task) -> set[int]:
    """A decision that is nobody's own is the supervisors'."""
    case = task.case
    if task.owner_id is not None:
        found = {task.owner_id}
    elif case is None or task.kind == TaskKind.DECIDE:
        found = set(supervisors(task.partner_id, case.team_id if case else None))
    else:
        found = set(in_charge(case))
    return found | set(_named(task, case) if case and task.step else [])


def _named(task: Task, case: Case) -> list[int]:
    """Whom the step of the procedure names for when it is late. A step of another procedure names nobody."""
    found = [step.escalate_to for step in procedure_of(case).steps if step.key == task.step]
    if found == ["dpo"]:
        return data_protection(case.partner_id)
    return supervisors(case.partner_id, case.team_id) if found == ["supervisor"] else []


# People who have left ------------------------------------------------------------------------------------------------


def _left(now: datetime) -> QuerySet[Case]:
    """Cases whose owner has no account or no membership any more (scenario 42)."""
    today = timezone.localdate(now)
    there = Membership.objects.valid(today).filter(user=OuterRef("owner"), partner=OuterRef("partner"))
    rows = Case.objects.filter(~Exists(there) | Q(owner__is_active=False), status__in=WORKED_ON, erased_at=None)
    return rows.select_related("procedure")


def _flag(case: Case, now: datetime) -> bool:
    """A task for the supervisors: the case and its referrals need somebody else. The server gives it to nobody by itself."""
    if at_work(case):
        return False
    mark = f"owner-left:{case.pk}:{case.owner_id}"
    if not ask(TaskKind.DECIDE, mark, whose=(case.partner_id, None), about=case, due_at=now, escalation=2):
        return False
    outbox.tell(supervisors(case.partner_id, case.team_id), mark)
    return True


# Requests to read a case that nobody has answered ------------------------------------------------------------------------


def _waiting(now: datetime) -> QuerySet[AccessGrant]:
    made = now - timedelta(days=REQUEST_DAYS)
    return AccessGrant.objects.filter(approved_at=None, until=None, made_at__lte=made)


def _lapse(grant: AccessGrant, now: datetime) -> bool:
    """Approved ones end by themselves; one that nobody has approved ends here, and must be asked for anew."""
    grant.until = now
    grant.save(update_fields=["until"])
    audit.record(AuditKind.TIMER, "access.lapse", by=System.by, case_id=grant.case_id)
    return True


def expire_offers() -> int:
    """End the transfers that nobody has answered."""
    return expire_transfers(by=System())


JOBS = (
    Job("tasks overdue", _overdue, _escalate),
    Job("owners left", _left, _flag),
    Job("access requests lapsed", _waiting, _lapse),
)
