"""Erases a case because its person asks: two people, no legal hold, nothing still open, and the way that retention goes."""

from __future__ import annotations

from django.utils import timezone

from referral.access import Member
from referral.actions.case_desk import has_role, hold_codes, locked, tell
from referral.attempts import action
from referral.models import AuditKind, Case, DataRequest, Membership, Referral
from referral.models.referrals import OPEN_STATES
from referral.permissions import NotFound
from referral.refusals import GuardRefused
from referral.safety import audit
from referral.states.case_states import CaseGuard
from referral.timers.erasure import erase_case
from referral.words.choices import CaseRole
from referral.words.request_choices import Outcome, RequestKind

from .data_requests import RequestGuard, _held, close

SECOND = (CaseRole.SUPERVISOR, CaseRole.DPO)


@action("request.ask_erasure")
def ask_erasure(request: DataRequest, *, by: Member) -> DataRequest:
    """The data-protection officer has judged that the law allows it, and asks a second person to look."""
    held = _held(request, by)
    _check(held)
    held.erasure_asked_by_id = held.handled_by_id = by.user_id
    held.save()
    rows = Membership.objects.valid().filter(partner=by.partner, role__in=[str(role) for role in SECOND])
    tell(rows.values_list("user_id", flat=True), f"erasure:{held.pk}", by)
    audit.record(AuditKind.CHANGE, "request.ask_erasure", by=by.by, case_id=held.case_id)
    return held


@action("request.erase")
def erase(request: DataRequest, *, by: Member) -> DataRequest:
    """Erase the case for good: a second person, a supervisor or another officer, who was not the one to ask.

    The request stays with its dates as the proof that it was answered; what was asked in it is emptied with the case.
    """
    rows = DataRequest.objects.select_for_update(of=("self",)).filter(pk=request.pk, partner=by.partner)
    held = rows.first() if has_role(by.partner, by.user_id, *SECOND) else None
    if held is None:
        raise NotFound(str(request.pk))
    if held.answered_at is not None:
        raise GuardRefused(RequestGuard.NOT_ANSWERED)
    if held.erasure_asked_by_id is None:
        raise GuardRefused(RequestGuard.ERASURE_ASKED)
    if held.erasure_asked_by_id == by.user_id:
        raise GuardRefused(CaseGuard.FOUR_EYES)
    case = _check(held)
    erase_case(case, timezone.now())
    held.words = held.answer = None
    close(held, by, Outcome.ERASED)
    DataRequest.objects.filter(case=case).update(words=None, answer=None)
    audit.record(AuditKind.CHANGE, "request.erase", by=by.by, case_id=case.pk)
    return held


def _check(held: DataRequest) -> Case:
    """The case under lock, if nothing keeps it."""
    if held.case is None or held.kind != RequestKind.ERASURE:
        raise GuardRefused(RequestGuard.CASE_FOUND)
    hold_codes(held.case)
    case = locked(held.case)
    if case.partner_id != held.partner_id:
        raise GuardRefused(RequestGuard.CASE_FOUND)
    if case.erased_at is not None:
        raise GuardRefused(CaseGuard.NOT_PURGED)
    if case.legal_hold:
        raise GuardRefused(CaseGuard.NO_LEGAL_HOLD)
    if Referral.objects.filter(case=case, status__in=OPEN_STATES, sent_at__isnull=False).exists():
        raise GuardRefused(RequestGuard.NO_REFERRAL_OPEN)
    return case
