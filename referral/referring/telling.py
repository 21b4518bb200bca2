"""Who must do or look at something after an event: tasks with a due time, and notices that say nothing but “look”."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta

from django.db.models import Q

from referral import outbox
from referral.models import Grant, Membership, Partner, ReferralEvent, Task, TaskKind
from referral.referring.attempt import Attempt
from referral.referring.grants import is_override
from referral.referring.pauses import paused_before
from referral.states import limits
from referral.states.limits import Clock
from referral.states.workflow import TERMINAL, Event, Status
from referral.words.choices import CaseRole, Urgency

INFORM_WITHIN = timedelta(hours=24)  # after a share without consent: referral.md (f) 5
TO_RECEIVER = frozenset({Event.SEND, Event.ANSWER, Event.DISPUTE, Event.WITHDRAW, Event.MARK_ERROR, Event.EXPIRE})
TO_SENDER = frozenset({
    Event.ASK_INFO, Event.ACCEPT, Event.WAITLIST, Event.ACCEPT_WAITLISTED, Event.DECLINE, Event.PAUSE, Event.DELIVER,
    Event.FAIL, Event.EXPIRE, Event.SERVICE_CLOSED,
})  # fmt: skip
TO_SUPERVISORS = frozenset({Event.DISPUTE})
# What an event answers: these tasks of the referral are done with it.
ANSWERS: Mapping[Event, tuple[TaskKind, ...]] = {
    Event.ACKNOWLEDGE: (TaskKind.CALL,),
    Event.ASK_INFO: (TaskKind.ANSWER, TaskKind.CALL),
    Event.ANSWER: (TaskKind.ANSWER,),
    Event.ACCEPT: (TaskKind.ANSWER, TaskKind.CALL),
    Event.WAITLIST: (TaskKind.ANSWER, TaskKind.CALL),
    Event.DISPUTE: (TaskKind.CONFIRM,),
}


def tell(attempt: Attempt, event: ReferralEvent) -> None:
    """Finish the tasks that this event answers, make those that it asks for, and notice the people who must look."""
    referral = attempt.referral
    open_tasks = Task.objects.filter(referral=referral, done_at=None).exclude(kind=TaskKind.INFORM)
    if referral.status not in TERMINAL:
        open_tasks = open_tasks.filter(kind__in=ANSWERS.get(attempt.event, ()))
    open_tasks.update(done_at=attempt.now)
    if attempt.event == Event.CREATE and referral.replaces_id is not None:
        waiting = Task.objects.filter(referral=referral.replaces_id, kind=TaskKind.REFER_AGAIN, done_at=None)
        waiting.update(done_at=attempt.now)
    if (ask := ASKS.get(attempt.event)) is not None:
        ask(attempt, event)
    _notice(attempt, event)


def _notice(attempt: Attempt, event: ReferralEvent) -> None:
    """One notice a person and event; never for who did it. A draft was never seen by the receiver."""
    users: set[int] = set()
    if attempt.event == Event.SEND or (attempt.event in TO_RECEIVER and attempt.before != Status.DRAFT):
        users |= focal_points(attempt)
    if attempt.event in TO_SENDER or (attempt.event == Event.WITHDRAW and attempt.user_id is None):
        users |= in_charge(attempt)
    if attempt.event in TO_SUPERVISORS:
        users |= supervisors(attempt)
    outbox.tell(sorted(user for user in users if user != attempt.user_id), f"referral:{event.pk}")


def focal_points(attempt: Attempt) -> set[int]:
    """Who answers for the receiver today."""
    return _holders(attempt.referral.receiver, (CaseRole.FOCAL_POINT,))


def in_charge(attempt: Attempt) -> set[int]:
    """Owner and deputy of the case, if they still work there; else the supervisors, so that somebody looks."""
    case = attempt.case
    found = _holders(case.partner, (CaseRole.CASEWORKER, CaseRole.SUPERVISOR)) & {case.owner_id, case.deputy_id}
    return {user for user in found if user is not None} or supervisors(attempt)


def supervisors(attempt: Attempt) -> set[int]:
    """The supervisors of the team of the case; of the partner if it has no team."""
    case = attempt.case
    team = Q() if case.team_id is None else Q(team=case.team_id)
    return _holders(case.partner, (CaseRole.SUPERVISOR,), team)


def _holders(partner: Partner | None, roles: Iterable[CaseRole], only: Q | None = None) -> set[int]:
    if partner is None:
        return set()
    rows = Membership.objects.valid().filter(only or Q(), partner=partner, role__in=list(roles))
    return set(rows.values_list("user_id", flat=True))


def _ask_sender(attempt: Attempt, event: ReferralEvent, kind: TaskKind, due_at: datetime | None) -> None:
    """A task for the owner of the case, once for each event."""
    case = attempt.case
    columns = {"case": case, "referral": attempt.referral, "partner": case.partner, "owner_id": case.owner_id}
    _make(kind, event, due_at, columns)


def _make(kind: TaskKind, event: ReferralEvent, due_at: datetime | None, columns: Mapping[str, object]) -> None:
    _make_once(kind, f"{kind}:{event.referral_id}:{event.number}", event, due_at, columns)


def _make_once(
    kind: TaskKind, mark: str, event: ReferralEvent, due_at: datetime | None, columns: Mapping[str, object]
) -> None:
    task = Task(mark=mark, kind=kind, due_at=due_at, made_at=event.at, **columns)
    Task.objects.bulk_create([task], ignore_conflicts=True)


def _sent(attempt: Attempt, event: ReferralEvent) -> None:
    referral, urgency = attempt.referral, Urgency(attempt.referral.urgency)
    if referral.receiver is not None:
        _make(TaskKind.ANSWER, event, referral.decide_by, {"referral": referral, "partner": referral.receiver})
    if limits.LIMITS[urgency, Clock.ACK].by_phone:
        _ask_sender(attempt, event, TaskKind.CALL, referral.acknowledge_by)
    if attempt.grant is not None and is_override(attempt.grant):
        _inform(attempt, attempt.grant, event)


def _inform(attempt: Attempt, grant: Grant, event: ReferralEvent) -> None:
    """Tell the person what was shared without asking: once for each override, which may have asked for it already."""
    case = attempt.case
    columns = {"case": case, "referral": attempt.referral, "partner": case.partner, "owner_id": case.owner_id}
    mark = f"inform:{grant.consent_id}"
    _make_once(TaskKind.INFORM, mark, event, attempt.now + INFORM_WITHIN, columns)


def _asked(attempt: Attempt, event: ReferralEvent) -> None:
    referral = attempt.referral
    due_at = limits.pause_ends(Urgency(referral.urgency), attempt.now, paused_before(referral))
    _ask_sender(attempt, event, TaskKind.ANSWER, due_at)


def _answered(attempt: Attempt, event: ReferralEvent) -> None:
    referral = attempt.referral
    if referral.receiver is not None:
        _make(TaskKind.ANSWER, event, referral.decide_by, {"referral": referral, "partner": referral.receiver})


def _refer_again(attempt: Attempt, event: ReferralEvent) -> None:
    """Within the time that the other desk would have to confirm receipt."""
    due_at = limits.due(Urgency(attempt.referral.urgency), Clock.ACK, attempt.now)
    _ask_sender(attempt, event, TaskKind.REFER_AGAIN, due_at)


def _delivered(attempt: Attempt, event: ReferralEvent) -> None:
    _ask_sender(attempt, event, TaskKind.CONFIRM, attempt.referral.verify_by)


def _disputed(attempt: Attempt, event: ReferralEvent) -> None:
    """For the supervisors of the case, whoever of them is there."""
    due_at = limits.due(Urgency(attempt.referral.urgency), Clock.ACK, attempt.now)
    case = attempt.case
    _make(TaskKind.DECIDE, event, due_at, {"case": case, "referral": attempt.referral, "partner": case.partner})


def _withdrawn(attempt: Attempt, event: ReferralEvent) -> None:
    """After a withdrawal of consent the caseworker looks at the case again."""
    if attempt.user_id is None:
        _ask_sender(attempt, event, TaskKind.REVIEW, attempt.now + INFORM_WITHIN)


def _closed(attempt: Attempt, event: ReferralEvent) -> None:
    """The service has closed: find another one, before this referral is declined."""
    _refer_again(attempt, event)


ASKS: Mapping[Event, Callable[[Attempt, ReferralEvent], None]] = {
    Event.SEND: _sent,
    Event.ASK_INFO: _asked,
    Event.ANSWER: _answered,
    Event.DECLINE: _refer_again,
    Event.FAIL: _refer_again,
    Event.EXPIRE: _refer_again,
    Event.DELIVER: _delivered,
    Event.DISPUTE: _disputed,
    Event.WITHDRAW: _withdrawn,
    Event.SERVICE_CLOSED: _closed,
}
