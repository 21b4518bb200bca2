"""Lets somebody read a case that is not theirs, for a while: asked with a reason, approved by somebody else, told to the owner.

A recorded request: the supervisor of a restricted case, or the data-protection officer. Emergency access (“break-glass”): a
supervisor, two hours, and nothing can be written. Neither ever crosses from one partner to another. Who decides: deciding.py.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet, TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from referral.access import Member, member_of
from referral.actions.case_desk import box_of, needed_text, one_of, tell
from referral.attempts import action
from referral.models import AccessGrant, AuditKind, Case, Task, TaskKind
from referral.permissions import NotFound
from referral.refusals import GuardRefused
from referral.safety import audit
from referral.states.case_states import CaseGuard
from referral.words.choices import CaseRole, Profile
from referral.words.request_choices import Ground

from .deciding import DECIDERS, deciders, may_decide, users_with

# How long each lasts once it is approved (two hours: referral.md a; the days are our design).
LASTS: Mapping[str, timedelta] = {
    Ground.SUPERVISION: timedelta(days=7),
    Ground.COMPLAINT: timedelta(days=7),
    Ground.BREACH: timedelta(days=7),
    Ground.DATA_REQUEST: timedelta(days=10),
    Ground.EMERGENCY: timedelta(hours=2),
}
# Who may ask on which ground (b.6).
GROUNDS: Mapping[CaseRole, tuple[Ground, ...]] = {
    CaseRole.SUPERVISOR: (Ground.SUPERVISION, Ground.COMPLAINT, Ground.EMERGENCY),
    CaseRole.DPO: (Ground.COMPLAINT, Ground.BREACH, Ground.DATA_REQUEST),
}
# To whom emergency access opens nothing but for the supervisor of the very team, and why.
FORBIDDEN: Mapping[Profile, Any] = {
    Profile.VOT: _(
        "Traffickers look for their victims among those who help them. Each additional reader is one more danger."
    ),
    Profile.GBV: _("The person who used violence may know somebody who works here. The survivor chose who may know."),
    Profile.UASC: _(
        "A child cannot judge who may know. The supervisor of the team decides, and is responsible for it."
    ),
}


class LettingGuard(TextChoices):
    """What must hold before somebody is let in. The label is the sentence that refuses."""

    ASKED_ALREADY = "asked_already", _("You have already asked for this case, and the request is still valid.")
    NEW_REASON = "new_reason", _("You have used this reason before. Write what is new.")
    STILL_WAITS = "still_waits", _("This request was already answered, or has expired.")


@dataclass(frozen=True)
class Asked:
    """A request with its reason, for who decides on it."""

    grant: AccessGrant
    reason: str


@action("access.ask")
def ask(*, by: Member, code: str, ground: str, reason: str) -> AccessGrant:
    """Ask to read the case of this code. NotFound alike for a code that is none, one of another partner, and one that this
    member may not even ask for on this ground. Raises WrongField, GuardRefused."""
    ground = one_of("ground", ground, Ground)
    words = needed_text("reason", reason)
    cases = Case.objects.select_for_update(of=("self",)).select_related("partner")
    case = cases.filter(partner=by.partner, code=code, erased_at=None).first() if "\0" not in code else None
    if case is None or not may_ask(by, case, ground):
        raise NotFound(code)
    own = AccessGrant.objects.filter(case=case, user=by.user_id, ground=ground)
    if own.filter(_open() | Q(approved_at__isnull=False, until__gt=timezone.now())).exists():
        raise GuardRefused(LettingGuard.ASKED_ALREADY)
    box = box_of(case)
    kind = AccessGrant.Kind.BREAK_GLASS if ground == Ground.EMERGENCY else AccessGrant.Kind.REQUEST
    if kind == AccessGrant.Kind.BREAK_GLASS and _plain(words) in {
        _plain(row.opened(box)["reason"] or "") for row in own
    }:
        raise GuardRefused(LettingGuard.NEW_REASON)
    grant = AccessGrant(case=case, user_id=by.user_id, kind=kind, ground=ground)
    grant.seal(box, reason=words)
    grant.save(force_insert=True)
    asked = sorted(deciders(case, grant))
    for user in asked:
        _task(case, TaskKind.ACCESS, f"access:{grant.pk}:{user}", user, timezone.now())
    tell(asked, f"access:{grant.pk}", by)
    _trail(grant, "access.ask", by)
    return grant


def may_ask(by: Member, case: Case, ground: str) -> bool:
    """Whether this member may ask for this case of the own partner on this ground."""
    if by.partner.pk != case.partner_id:
        return False
    if not any(by.has(role) and ground in GROUNDS[role] for role in GROUNDS):
        return False
    of_team = by.has(CaseRole.SUPERVISOR) and (case.team_id is None or case.team_id in by.supervised)
    if ground == Ground.SUPERVISION:
        return of_team
    return ground != Ground.EMERGENCY or of_team or not is_forbidden(case)


def is_forbidden(case: Case) -> bool:
    """Whether emergency access must never open this case to anybody but its own team's supervisor."""
    profiles = {case.profile, *case.other_profiles}
    return case.is_minor or not profiles.isdisjoint({str(profile) for profile in FORBIDDEN})


@action("access.approve")
def approve(grant: AccessGrant, *, by: Member) -> AccessGrant:
    """Let the asker in from now on, for as long as the ground lasts. The owner and the data-protection officers are told."""
    held, case = _to_decide(grant, by)
    if not may_ask_still(held, case):
        raise GuardRefused(LettingGuard.STILL_WAITS)
    now = timezone.now()
    held.approved_by_id, held.approved_at, held.until = by.user_id, now, now + LASTS[held.ground]
    held.save()
    officers = users_with(case, CaseRole.DPO) if held.kind == AccessGrant.Kind.BREAK_GLASS else set()
    for user in {case.owner_id, *officers} - {held.user_id}:
        _task(case, TaskKind.LET_IN, f"let-in:{held.pk}:{user}", user, held.until)
    told = {case.owner_id, case.deputy_id, *users_with(case, CaseRole.DPO), held.user_id}
    tell(told, f"let-in:{held.pk}", by)
    _decided(held, "access.approve", by)
    return held


@action("access.refuse")
def refuse(grant: AccessGrant, *, by: Member) -> AccessGrant:
    """Say no. The asker is told."""
    held, _case = _to_decide(grant, by)
    held.refused_by_id, held.until = by.user_id, timezone.now()
    held.save()
    tell([held.user_id], f"access-refused:{held.pk}", by)
    _decided(held, "access.refuse", by)
    return held


@action("access.end")
def end(grant: AccessGrant, *, by: Member) -> AccessGrant:
    """End it before its time: who was let in, who may decide, and who is in charge of the case may."""
    held, case = _locked(grant, by)
    now = timezone.now()
    theirs = by.user_id in (held.user_id, case.owner_id, case.deputy_id) or by.has(*DECIDERS)
    if not theirs:
        raise NotFound(str(grant.pk))
    if held.approved_at is None or held.until is None or held.until <= now:
        raise GuardRefused(LettingGuard.STILL_WAITS)
    held.until = now
    held.save()
    _trail(held, "access.end", by)
    return held


# Lists -----------------------------------------------------------------------------------------------------------------


def waiting_for(member: Member) -> QuerySet[AccessGrant]:
    """The requests that this member may decide on: of the own partner, never one's own."""
    rows = AccessGrant.objects.filter(_open(), case__partner=member.partner).exclude(user=member.user_id)
    if not member.has(*DECIDERS):
        rows = rows.filter(Q(case__owner=member.user_id) | Q(case__deputy=member.user_id), case__is_restricted=True)
    rows = rows.select_related("case__partner", "user").order_by("made_at")
    return rows.filter(pk__in=[row.pk for row in rows if may_decide(member, row)])


def asked_by(member: Member) -> QuerySet[AccessGrant]:
    """What this member has asked for, last first."""
    rows = AccessGrant.objects.filter(user=member.user_id, case__partner=member.partner)
    return rows.select_related("case", "approved_by", "refused_by").order_by("-made_at")


def let_in(member: Member) -> QuerySet[AccessGrant]:
    """Who was let in, by whom, on what ground and until when: all of the partner for the data-protection officer, those of
    own cases for who is in charge of them, last first."""
    rows = AccessGrant.objects.filter(approved_at__isnull=False, case__partner=member.partner)
    if not member.has(CaseRole.DPO):
        rows = rows.filter(Q(case__owner=member.user_id) | Q(case__deputy=member.user_id))
    return rows.select_related("case", "user", "approved_by").order_by("-approved_at")


def with_reasons(member: Member, grants: QuerySet[AccessGrant]) -> list[Asked]:
    """These requests with their reasons opened, for who decides on them. Reading them is in the trail."""
    found = [Asked(row, str(row.opened(box_of(row.case), ["reason"])["reason"] or "")) for row in grants]
    for one in found:
        audit.record(AuditKind.READ, "access.reason", by=member.by, case_id=one.grant.case_id, fields=["reason"])
    return found


def get_grant_for(member: Member, grant_id: uuid.UUID) -> AccessGrant:
    """The request, if this member may decide on it, has made it, or is in charge of its case. NotFound otherwise."""
    rows = AccessGrant.objects.filter(case__partner=member.partner, pk=grant_id)
    if not member.has(*DECIDERS):
        theirs = Q(user=member.user_id) | Q(case__owner=member.user_id) | Q(case__deputy=member.user_id)
        rows = rows.filter(theirs)
    found = rows.select_related("case__partner").first()
    if found is None:
        raise NotFound(str(grant_id))
    return found


# Inside ----------------------------------------------------------------------------------------------------------------


def _open() -> Q:
    return Q(approved_at=None, until=None)


def _plain(words: str) -> str:
    return " ".join(words.casefold().split())


def _locked(grant: AccessGrant, by: Member) -> tuple[AccessGrant, Case]:
    rows = AccessGrant.objects.select_for_update(of=("self",)).select_related("case__partner")
    held = rows.filter(pk=grant.pk, case__partner=by.partner).first()
    if held is None:
        raise NotFound(str(grant.pk))
    return held, held.case


def _to_decide(grant: AccessGrant, by: Member) -> tuple[AccessGrant, Case]:
    held, case = _locked(grant, by)
    if held.user_id == by.user_id:
        raise GuardRefused(CaseGuard.FOUR_EYES)
    if not may_decide(by, held):
        raise NotFound(str(grant.pk))
    if held.approved_at is not None or held.until is not None:
        raise GuardRefused(LettingGuard.STILL_WAITS)
    return held, case


def may_ask_still(grant: AccessGrant, case: Case) -> bool:
    """Whether the asker could ask for the same today: roles, teams and profiles change while a request waits."""
    asker = member_of(grant.user, case.partner_id)
    return asker is not None and case.erased_at is None and may_ask(asker, case, grant.ground)


def _task(case: Case, kind: TaskKind, mark: str, user: int, due_at: datetime) -> None:
    """For somebody in person; with the case only for who is in charge of it, for the others may not see it."""
    about = case if user in (case.owner_id, case.deputy_id) else None
    usual = {"partner": case.partner, "owner_id": user, "kind": kind, "due_at": due_at, "case": about}
    Task.objects.get_or_create(mark=mark, defaults=usual)


def _decided(grant: AccessGrant, what: str, by: Member) -> None:
    Task.objects.filter(mark__startswith=f"access:{grant.pk}:", done_at=None).update(done_at=timezone.now())
    _trail(grant, what, by)


def _trail(grant: AccessGrant, what: str, by: Member) -> None:
    kind = AuditKind.BREAK_GLASS if grant.kind == AccessGrant.Kind.BREAK_GLASS else AuditKind.CHANGE
    audit.record(kind, what, by=by.by, case_id=grant.case_id, fields=[grant.ground])
