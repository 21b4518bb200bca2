"""What time does to referrals: reminders and escalations, expiry, closed services, old drafts, agreements that have ended."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from referral import outbox
from referral.access import System
from referral.models import Referral, Task, TaskKind
from referral.models.referrals import OPEN_STATES
from referral.referring.referrals import act
from referral.states.events import Event, Status
from referral.states.limits import Alarm, Clock, running
from referral.states.workflow import MACHINE
from referral.words.choices import Urgency
from services.models import Service
from services.taxonomy import Capacity

from .asking import Whose, ask
from .deadlines import Ringing, may_expire, unheard
from .people import data_protection, focal_points, in_charge, supervisors
from .portions import Job

DRAFT_DAYS = 14  # referral.md d.4
_sources = MACHINE.by_event[Event.EXPIRE].sources
_closing = MACHINE.by_event[Event.SERVICE_CLOSED].later
# Whose turn it is: the sender's side in these states, the receiver's in all others.
SENDERS_TURN = frozenset({Status.INFO_REQUESTED, Status.DELIVERED})


# Reminders and escalations -------------------------------------------------------------------------------------------


def _running(now: datetime) -> QuerySet[Referral]:
    """No alarm goes earlier than half an hour after sending: half of the shortest limit."""
    rows = Referral.objects.filter(status__in=OPEN_STATES, sent_at__lte=now - timedelta(minutes=30))
    return rows.select_related("case")


def _alarm(referral: Referral, now: datetime) -> bool:
    """Everything that has gone by now, once: the row remembers it, whatever runs again."""
    found = unheard(referral, now)
    for ring in found:
        outbox.tell(_told(referral, ring), _mark(referral, ring))
        _ask(referral, ring, now)
    referral.alarms = [*referral.alarms, *(ring.key for ring in found)]
    referral.save(update_fields=["alarms"])
    return bool(found)


def _mark(referral: Referral, ring: Ringing) -> str:
    return f"alarm:{referral.pk}:{ring.key}"


def _told(referral: Referral, ring: Ringing) -> list[int]:
    """Who hears of this alarm. Coordination: the supervisors of every team of both partners, until a body is named."""
    case = referral.case
    ours, theirs = supervisors(referral.sender_id, case.team_id), supervisors(referral.receiver_id)
    if ring.alarm == Alarm.REMIND:
        return _turn(referral)
    if ring.alarm == Alarm.OVERDUE:
        both = [*_turn(referral), *focal_points(referral), *in_charge(case)]
        return [*both, *ours] if referral.urgency == Urgency.EMERGENCY else both
    if ring.alarm == Alarm.SUPERVISORS:
        return [*ours, *theirs]
    return [*supervisors(referral.sender_id), *theirs]


def _turn(referral: Referral) -> list[int]:
    """Who must act now; the sender's side too where the receiver has no account, for somebody must telephone."""
    if referral.status in SENDERS_TURN:
        return in_charge(referral.case)
    return focal_points(referral) or in_charge(referral.case)


def _ask(referral: Referral, ring: Ringing, now: datetime) -> None:
    """The task that goes with an alarm. A reminder asks for one only where nobody else can be reminded."""
    case, mark = referral.case, _mark(referral, ring)
    owner = (case.partner_id, case.owner_id)
    if ring.alarm in (Alarm.REMIND, Alarm.OVERDUE):
        if ring.alarm == Alarm.REMIND and (referral.status in SENDERS_TURN or focal_points(referral)):
            return
        level = 0 if ring.alarm == Alarm.REMIND else 1
        ask(_wanted(referral, ring), mark, whose=owner, about=referral, due_at=ring.due_at, escalation=level)
        return
    level = 2 if ring.alarm == Alarm.SUPERVISORS else 3
    partners = [partner for partner in (referral.sender_id, referral.receiver_id) if partner is not None]
    for partner in dict.fromkeys(partners):
        ask(TaskKind.DECIDE, f"{mark}:{partner}", whose=(partner, None), about=referral, due_at=now, escalation=level)


def _wanted(referral: Referral, ring: Ringing) -> TaskKind:
    """What the sender must do: ask the person, answer the question, or telephone the service."""
    if ring.clock == Clock.VERIFY:
        return TaskKind.CONFIRM
    return TaskKind.ANSWER if referral.status == Status.INFO_REQUESTED else TaskKind.CALL


def _over(_now: datetime) -> QuerySet[Task]:
    """Tasks of alarms of referrals that are still live: perhaps of a clock that no longer runs."""
    rows = Task.objects.filter(done_at=None, mark__startswith="alarm:", referral__status__in=OPEN_STATES)
    return rows.select_related("referral")


def _is_over(task: Task, _now: datetime) -> bool:
    clock = task.mark.split(":")[2]
    return task.referral is not None and clock not in running(Status(task.referral.status))


def _finish(task: Task, now: datetime) -> bool:
    if not _is_over(task, now):
        return False
    task.done_at = now
    task.save(update_fields=["done_at"])
    return True


# Expiry --------------------------------------------------------------------------------------------------------------


def _unanswered(now: datetime) -> QuerySet[Referral]:
    rows = _running(now).filter(status__in=[str(state) for state in _sources])
    return rows.exclude(urgency=Urgency.EMERGENCY)


def _expire(referral: Referral, now: datetime) -> bool:
    if not may_expire(referral, now):
        return False
    act(referral.pk, Event.EXPIRE, by=System())
    return True


# Services that have closed -------------------------------------------------------------------------------------------


def _open_services(now: datetime) -> QuerySet[Service]:
    """As the guard of the action says it (`actions.guards.is_open`)."""
    rows = Service.objects.filter(live=True, organisation__live=True).exclude(capacity=Capacity.CLOSED)
    return rows.exclude(suspended_until__gte=timezone.localdate(now))


def _closed(now: datetime) -> QuerySet[Referral]:
    """Live referrals to a service that is not there any more: told once, and again a day later if still not answered."""
    told = Q(service_closed_at=None)
    if _closing is not None:
        sources = [str(state) for state in _closing.sources]
        told |= Q(status__in=sources, service_closed_at__lte=now - _closing.after)
    return Referral.objects.filter(told, status__in=OPEN_STATES).exclude(service__in=_open_services(now))


def _close(referral: Referral, _now: datetime) -> bool:
    act(referral.pk, Event.SERVICE_CLOSED, by=System())
    return True


def _open_again(now: datetime) -> QuerySet[Referral]:
    told = Referral.objects.filter(status__in=OPEN_STATES, service_closed_at__isnull=False)
    return told.filter(service__in=_open_services(now))


def _forget_closing(referral: Referral, _now: datetime) -> bool:
    """If it closes once more, the day counts anew."""
    referral.service_closed_at = None
    referral.save(update_fields=["service_closed_at"])
    return True


# Drafts --------------------------------------------------------------------------------------------------------------


def _forgotten(now: datetime) -> QuerySet[Referral]:
    return Referral.objects.filter(status=Status.DRAFT, created_at__lte=now - timedelta(days=DRAFT_DAYS))


def _discard(referral: Referral, _now: datetime) -> bool:
    """Discarded by the machine, and what was typed in it is emptied: it never was a packet."""
    act(referral.pk, Event.DISCARD, by=System())
    Referral.objects.filter(pk=referral.pk).update(**dict.fromkeys(Referral.sealed_names()))
    return True


# Agreements ----------------------------------------------------------------------------------------------------------


def _without_agreement(now: datetime) -> QuerySet[Referral]:
    """Live, real referrals of which one side may not share any more (scenario 43)."""
    today = timezone.localdate(now)
    missing = Q()
    for side in ("sender", "receiver"):
        valid = {"is_active": True, "agreement_from__lte": today, "agreement_until__gte": today}
        holds = Q(**{f"{side}__{name}": value for name, value in valid.items()}) & ~Q(**{f"{side}__authorisation": ""})
        missing |= ~holds & Q(**{f"{side}__isnull": False})
    rows = Referral.objects.filter(missing, status__in=OPEN_STATES, is_training=False)
    return rows.select_related("case")


def _flag(referral: Referral, now: datetime) -> bool:
    """A task for the data-protection officers of both sides, and nothing of what was shared in it."""
    mark = f"agreement:{referral.pk}"
    new = [
        user
        for partner, user in _officers(referral)
        if ask(TaskKind.REVIEW, f"{mark}:{partner}:{user or ''}", whose=(partner, user), about=referral, due_at=now)
    ]
    outbox.tell([user for user in new if user], mark)
    return bool(new)


def _officers(referral: Referral) -> list[Whose]:
    """The officers of both partners; a partner without one is named with nobody."""
    found: list[Whose] = []
    for partner in dict.fromkeys((referral.sender_id, referral.receiver_id)):
        if partner is not None:
            users = data_protection(partner)
            found += [(partner, user) for user in users] if users else [(partner, None)]
    return found


EXPIRED = Job("referrals expired", _unanswered, _expire, locks=False, peek=may_expire)
JOBS = (
    Job("services closed", _closed, _close, locks=False),
    Job("services open again", _open_again, _forget_closing),
    EXPIRED,
    Job("alarms", _running, _alarm, peek=lambda referral, now: bool(unheard(referral, now))),
    Job("alarms over", _over, _finish, peek=_is_over),
    Job("drafts discarded", _forgotten, _discard, locks=False),
    Job("agreements ended", _without_agreement, _flag),
)
