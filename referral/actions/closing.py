"""Ends a case: asked by who is in charge, approved by a supervisor, undone with a reason. Merges doubles, voids mistakes."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import F
from django.db.models.functions import Least
from django.utils import timezone

from referral.access import Member
from referral.attempts import action
from referral.models import Case, ContactAttempt, FollowUpCode, Packet, Referral, Task, TaskKind
from referral.permissions import cases_for
from referral.reading.progress import refresh_tasks
from referral.reading.versions import procedure_of
from referral.referring.referrals import act
from referral.refusals import GuardRefused
from referral.states.case_states import CaseEvent, CaseGuard, CaseStatus
from referral.states.workflow import LIVE, Event, Status
from referral.words.choices import ClosureReason, Profile, Risk, Urgency
from services.models import Service

from .case_desk import (
    DeskGuard,
    box_of,
    for_event,
    hold_codes,
    keep_reason,
    locked,
    make_task,
    needed_text,
    save,
    supervisors_of,
    tell,
    write_trail,
)
from .cases import refuse_while_open

URGENT = (Urgency.EMERGENCY, Urgency.URGENT)
CODES_LAST = timedelta(days=90)  # after closure (referral.md b.3)
UNMERGE_WITHIN = timedelta(days=30)
# Contact is lost after so many attempts, by so many ways, over so long a time (b.2, our design).
ATTEMPTS, CHANNELS, LASTING = 3, 2, timedelta(days=30)
WHY_WITHDRAWN = "case_closed"  # a word, not a sentence: the receiver is told no more
NOBODY_TO_ASK = frozenset({ClosureReason.LOST_CONTACT, ClosureReason.DIED})
FOUR_EYES_PROFILES = frozenset({Profile.VOT, Profile.GBV, Profile.UASC})


@action("case.request_closure")
def request_closure(  # noqa: PLR0913  (the fields of its form)
    case: Case, *, by: Member, version: int, closure_reason: str, feedback_asked: bool, note: str = ""
) -> Case:
    """Ask to close the case. The person is asked for an opinion first, unless they died or contact is lost."""
    held, _row = for_event(case, CaseEvent.REQUEST_CLOSURE, by, version)
    refuse_while_open(held, URGENT, CaseGuard.NO_URGENT_OPEN)
    if closure_reason not in ClosureReason.values or (closure_reason == ClosureReason.OTHER and not note.strip()):
        raise GuardRefused(CaseGuard.REASON_GIVEN)
    if closure_reason not in NOBODY_TO_ASK and not feedback_asked:
        raise GuardRefused(CaseGuard.FEEDBACK_ASKED)
    if closure_reason == ClosureReason.LOST_CONTACT and not contact_is_lost(held, timezone.now()):
        raise GuardRefused(DeskGuard.ENOUGH_ATTEMPTS)
    if note.strip():
        keep_reason(held, CaseEvent.REQUEST_CLOSURE, by, needed_text("note", note))
    held.status, held.hold_until = CaseStatus.OPEN, None
    held.closure_asked_by_id, held.closure_reason = by.user_id, closure_reason
    save(held)
    refresh_tasks(held, box_of(held), timezone.now())
    mark = f"closure:{held.pk}:{held.version}"
    make_task(held, TaskKind.DECIDE, mark, owner_id=None)
    tell(supervisors_of(held), mark, by)
    write_trail(held, "case.request_closure", by, ("closure_asked_by", "closure_reason"))
    return held


def contact_is_lost(case: Case, now: datetime) -> bool:
    """Whether the person was sought often enough: at least 3 attempts in 2 ways since they were reached last, the first
    of them at least 30 days ago."""
    attempts = ContactAttempt.objects.filter(case=case)
    if (last := attempts.filter(reached=True).order_by("-tried_at").first()) is not None:
        attempts = attempts.filter(tried_at__gt=last.tried_at)
    found = list(attempts.order_by("tried_at"))
    ways = {attempt.channel for attempt in found}
    return len(found) >= ATTEMPTS and len(ways) >= CHANNELS and found[0].tried_at <= now - LASTING


def needs_four_eyes(case: Case) -> bool:
    """Whether who asked to close may not approve it: high risk, trafficking, gender-based violence, children, and
    whatever the procedure calls sensitive."""
    profiles = {case.profile, *case.other_profiles}
    named = bool(profiles & {str(profile) for profile in FOUR_EYES_PROFILES})
    return named or case.risk == Risk.HIGH or case.is_minor or procedure_of(case).sensitive


@action("case.approve_closure")
def approve_closure(case: Case, *, by: Member, version: int, note: str = "") -> Case:
    """Close the case. What is still under way is withdrawn, packets can no longer be read, codes end within 90 days.

    How long the data are kept counts from this day (referral/timers/retention.py).
    """
    hold_codes(case)
    _withdraw_live(case, by)
    held, _row = for_event(case, CaseEvent.APPROVE_CLOSURE, by, version)
    _check_pending(held)
    refuse_while_open(held, URGENT, CaseGuard.NO_URGENT_OPEN)
    if needs_four_eyes(held) and held.closure_asked_by_id == by.user_id:
        raise GuardRefused(CaseGuard.FOUR_EYES)
    if note.strip():
        keep_reason(held, CaseEvent.APPROVE_CLOSURE, by, needed_text("note", note))
    now = timezone.now()
    held.status, held.closed_at = CaseStatus.CLOSED, now
    save(held)
    Packet.objects.filter(referral__case=held, revoked_at=None).update(revoked_at=now)
    codes = FollowUpCode.objects.filter(case=held, disabled_at=None)
    codes.update(expires_at=Least(F("expires_at"), now + CODES_LAST))
    Task.objects.filter(case=held, done_at=None).exclude(kind=TaskKind.CONFIRM).update(done_at=now)
    write_trail(held, "case.approve_closure", by, ("status", "closed_at"))
    return held


def _withdraw_live(case: Case, by: Member) -> None:
    """Withdraw the referrals that nobody could confirm once the case is closed, but those that were delivered. An urgent
    one stands in the way of closing, and is not touched. Services and referrals are locked before the case."""
    rows = Referral.objects.filter(case=case, status__in=[str(status) for status in LIVE - {Status.DELIVERED}])
    rows = rows.exclude(urgency__in=URGENT)
    if not cases_for(by).filter(pk=case.pk, status=CaseStatus.OPEN, closure_asked_by__isnull=False).exists():
        return  # the event refuses below, with its reason
    services = set(rows.values_list("service_id", flat=True))
    list(Service.objects.select_for_update().filter(pk__in=services).order_by("pk"))
    for referral in list(rows.select_for_update().order_by("pk")):
        act(referral.pk, Event.WITHDRAW, by=by, given={"reason": WHY_WITHDRAWN})


@action("case.return_closure")
def return_closure(case: Case, *, by: Member, version: int, reason: str) -> Case:
    """Answer “no” to a request for closure: the case stays open."""
    held, _row = for_event(case, CaseEvent.RETURN_CLOSURE, by, version)
    _check_pending(held)
    _keep_needed_reason(held, CaseEvent.RETURN_CLOSURE, by, reason)
    _back_to_work(held)
    tell([held.owner_id], f"closure:{held.pk}:{held.version}:no", by)
    write_trail(held, "case.return_closure", by, ("closure_asked_by", "closure_reason"))
    return held


@action("case.reopen")
def reopen(case: Case, *, by: Member, version: int, reason: str) -> Case:
    """Open a closed case again, while its data are still there."""
    held, _row = for_event(case, CaseEvent.REOPEN, by, version)
    if held.erased_at is not None:
        raise GuardRefused(CaseGuard.NOT_PURGED)
    _keep_needed_reason(held, CaseEvent.REOPEN, by, reason)
    held.status, held.closed_at = CaseStatus.OPEN, None
    held.reopened_count += 1
    _back_to_work(held)
    write_trail(held, "case.reopen", by, ("status", "reopened_count"))
    return held


def _check_pending(case: Case) -> None:
    if case.closure_asked_by_id is None:
        raise GuardRefused(CaseGuard.CLOSURE_PENDING)


def _keep_needed_reason(case: Case, event: CaseEvent, by: Member, reason: str) -> None:
    if not reason.strip():
        raise GuardRefused(CaseGuard.REASON_GIVEN)
    keep_reason(case, event, by, needed_text("reason", reason))


def _back_to_work(case: Case) -> None:
    case.closure_asked_by, case.closure_reason, case.retain_until = None, "", None
    save(case)
    now = timezone.now()
    Task.objects.filter(case=case, mark__startswith=f"closure:{case.pk}:", done_at=None).update(done_at=now)
    refresh_tasks(case, box_of(case), now)


@action("case.merge")
def merge(case: Case, *, by: Member, version: int, into: Case) -> Case:
    """Say that this case is of the same person as another open one of the partner. Both are kept as they are."""
    first, second = sorted((case, into), key=lambda one: one.pk)  # two mergings at once wait for each other
    locked(first)
    locked(second)
    held, _row = for_event(case, CaseEvent.MERGE, by, version)
    other = cases_for(by).filter(pk=into.pk, status=CaseStatus.OPEN).exclude(pk=held.pk).first()
    if other is None or other.partner_id != held.partner_id:
        raise GuardRefused(CaseGuard.SAME_ORGANISATION)
    held.status, held.merged_into, held.merged_at = CaseStatus.MERGED, other, timezone.now()
    save(held)
    Task.objects.filter(case=held, kind=TaskKind.STEP, done_at=None).update(done_at=held.merged_at)
    write_trail(held, "case.merge", by, ("status", "merged_into"))
    return held


@action("case.unmerge")
def unmerge(case: Case, *, by: Member, version: int) -> Case:
    """Undo a merging of the last 30 days."""
    held, _row = for_event(case, CaseEvent.UNMERGE, by, version)
    if held.merged_at is None or held.merged_at < timezone.now() - UNMERGE_WITHIN:
        raise GuardRefused(CaseGuard.MERGED_30_DAYS_AGO)
    held.status, held.merged_into, held.merged_at = CaseStatus.OPEN, None, None
    save(held)
    refresh_tasks(held, box_of(held), timezone.now())
    write_trail(held, "case.unmerge", by, ("status", "merged_into"))
    return held


@action("case.void")
def void(case: Case, *, by: Member, version: int, note: str = "") -> Case:
    """Mark a case as entered in error: only while no referral of it was ever sent."""
    held, _row = for_event(case, CaseEvent.VOID, by, version)
    if Referral.objects.filter(case=held, sent_at__isnull=False).exists():
        raise GuardRefused(CaseGuard.NO_REFERRAL_SENT)
    if note.strip():
        keep_reason(held, CaseEvent.VOID, by, needed_text("note", note))
    held.status = CaseStatus.VOID
    save(held)
    Task.objects.filter(case=held, done_at=None).update(done_at=timezone.now())
    write_trail(held, "case.void", by, ("status",))
    return held
