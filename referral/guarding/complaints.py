"""Takes complaints: about somebody who works here or about a case, never shown to whom they are about (scenario 75)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet, TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from referral import outbox
from referral.access import Member
from referral.actions.case_desk import has_role, needed_text, one_of
from referral.actions.cases import is_training
from referral.attempts import action
from referral.models import AuditKind, Case, Complaint, Membership, Partner, Task, TaskKind
from referral.permissions import NotFound
from referral.refusals import GuardRefused, WrongField
from referral.safety import audit
from referral.safety.isolation import as_partner
from referral.safety.keys import partner_box
from referral.states.clock import add_days
from referral.states.machine import NotYours
from referral.words.choices import CaseRole
from referral.words.request_choices import ComplaintOutcome

DESKS = (CaseRole.INTAKE, CaseRole.CASEWORKER, CaseRole.SUPERVISOR, CaseRole.FOCAL_POINT, CaseRole.DPO)
HANDLERS = (CaseRole.SUPERVISOR, CaseRole.DPO)
DAYS = 10  # our design: as long as for a request about data


class ComplaintGuard(TextChoices):
    """What must hold before a complaint is answered. The label is the sentence that refuses."""

    NOT_ANSWERED = "not_answered", _("This complaint was already answered.")


@dataclass(frozen=True)
class ComplaintShown:
    """A complaint with its words, for who answers it."""

    complaint: Complaint
    words: str
    answer: str


@action("complaint.record")
def record(
    *, by: Member, words: str, about: int | None = None, code: str = "", training: bool = False
) -> Complaint | None:
    """Write down a complaint of a person. `about`: a member of the partner. `code`: of a case of the partner; one that is none
    is left out in silence, so that nobody learns which codes there are. Raises NotYours, WrongField."""
    if not by.has(*DESKS):
        raise NotYours("record", "outsider")
    text = needed_text("words", words)
    if about is not None and not has_role(by.partner, about, *CaseRole.values):
        raise WrongField("about")
    case = Case.objects.filter(partner=by.partner, code=code).first() if code and "\0" not in code else None
    row = Complaint(partner=by.partner, about_id=about, case=case, recorded_by_id=by.user_id)
    row.is_training = training or is_training(by.partner, asked=not by.partner.may_share())
    row.seal(partner_box(by.partner), words=text)
    row.save(force_insert=True)
    due_at = add_days(timezone.now(), DAYS)
    for user in handlers(row):
        mark = f"complaint:{row.pk}:{user}"
        usual = {"partner": by.partner, "owner_id": user, "kind": TaskKind.COMPLAINT, "due_at": due_at}
        Task.objects.get_or_create(mark=mark, defaults=usual)
    outbox.tell([user for user in handlers(row) if user != by.user_id], f"complaint:{row.pk}")
    audit.record(AuditKind.CHANGE, "complaint.record", by=by.by)  # without the case: its owner reads who touched it
    return row


@action("complaint.answer")
def answer(complaint: Complaint, *, by: Member, outcome: str, words: str) -> Complaint:
    """Write what came of it: what the person is told, and what is done. Never by whom it is about."""
    held = complaints_for(by).select_for_update(of=("self",)).filter(pk=complaint.pk).first()
    if held is None:
        raise NotFound(str(complaint.pk))
    if held.answered_at is not None:
        raise GuardRefused(ComplaintGuard.NOT_ANSWERED)
    held.outcome = one_of("outcome", outcome, ComplaintOutcome)
    held.seal(partner_box(by.partner), answer=needed_text("answer", words))
    held.answered_by_id, held.answered_at = by.user_id, timezone.now()
    held.save()
    Task.objects.filter(mark__startswith=f"complaint:{held.pk}:", done_at=None).update(done_at=timezone.now())
    audit.record(AuditKind.CHANGE, "complaint.answer", by=by.by, fields=["answer", "outcome"])
    return held


def complaints_for(member: Member) -> QuerySet[Complaint]:
    """The complaints that this member handles: never one about themself, nor about a case that they are in charge of."""
    if not member.has(*HANDLERS):
        return Complaint.objects.none()
    me = member.user_id
    rows = Complaint.objects.filter(partner=member.partner).exclude(about=me)
    rows = rows.exclude(Q(case__isnull=False) & (Q(case__owner=me) | Q(case__deputy=me)))
    if not member.has(CaseRole.DPO):
        rows = rows.filter(Q(case=None) | Q(case__team=None) | Q(case__team__in=member.supervised))
    return rows


def handlers(complaint: Complaint) -> list[int]:
    """Who answers it, as `complaints_for` has it: the supervisors (of the team of its case) and the data-protection officers."""
    case = complaint.case
    rows = Membership.objects.valid().filter(partner=complaint.partner_id)
    supervisors = rows.filter(role=CaseRole.SUPERVISOR)
    if case is not None and case.team_id is not None:
        supervisors = supervisors.filter(team=case.team_id)
    found = {*supervisors.values_list("user_id", flat=True)}
    found |= {*rows.filter(role=CaseRole.DPO).values_list("user_id", flat=True)}
    in_charge = {case.owner_id, case.deputy_id} if case is not None else set()
    return sorted(found - in_charge - {complaint.about_id})


def read(member: Member, complaint_id: uuid.UUID) -> ComplaintShown:
    """A complaint, opened for who handles it. NotFound for anybody else, first of all for whom it is about."""
    with as_partner(member.partner):
        rows = complaints_for(member).select_related("about", "case", "recorded_by", "answered_by")
        row = rows.filter(pk=complaint_id).first()
        if row is None:
            raise NotFound(str(complaint_id))
        found: Mapping[str, Any] = row.opened(partner_box(member.partner))
        audit.record(AuditKind.READ, "complaint.read", by=member.by, fields=["words", "answer"])
    return ComplaintShown(row, str(found["words"] or ""), str(found["answer"] or ""))


def colleagues(partner: Partner) -> dict[int, str]:
    """Whom a complaint may be about: everybody who works for the partner today, by name."""
    rows = Membership.objects.valid().filter(partner=partner).select_related("user")
    names = {row.user_id: str(row.user.get_full_name() or row.user) for row in rows}
    return dict(sorted(names.items(), key=lambda pair: pair[1]))
