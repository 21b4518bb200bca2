"""Keeps a case from erasure while a court, an inquiry or a claim needs it: set and lifted with a reason, listed."""

from __future__ import annotations

from django.db.models import QuerySet, TextChoices
from django.utils.translation import gettext_lazy as _

from referral.access import Member
from referral.actions.case_desk import keep_reason, locked, needed_text, save, tell, write_trail
from referral.attempts import action
from referral.models import Case
from referral.permissions import NotFound, codes_for, supervises
from referral.refusals import GuardRefused
from referral.words.choices import CaseRole


class HoldGuard(TextChoices):
    """What must hold before a hold is set or lifted. The label is the sentence that refuses."""

    NOT_HELD = "not_held", _("This case is already on legal hold.")
    HELD = "held", _("This case is not on legal hold.")


@action("case.set_hold")
def set_hold(case: Case, *, by: Member, reason: str) -> Case:
    """Nothing of this case is erased from now on, whatever its dates say."""
    return _put(case, by, held=True, reason=reason)


@action("case.lift_hold")
def lift_hold(case: Case, *, by: Member, reason: str) -> Case:
    """The rules of retention count again."""
    return _put(case, by, held=False, reason=reason)


def may_hold(member: Member, case: Case) -> bool:
    """The data-protection officer, and the supervisor of the team."""
    return member.partner.pk == case.partner_id and (member.has(CaseRole.DPO) or supervises(member, case))


def held_for(member: Member) -> QuerySet[Case]:
    """The cases on hold that this member may know by code; none for who may set no hold."""
    if not member.has(CaseRole.DPO, CaseRole.SUPERVISOR):
        return Case.objects.none()
    return codes_for(member).filter(legal_hold=True, erased_at=None).order_by("changed_at", "pk")


def _put(case: Case, by: Member, *, held: bool, reason: str) -> Case:
    row = locked(case)
    if row.erased_at is not None or not may_hold(by, row):
        raise NotFound(row.code)
    if row.legal_hold == held:
        raise GuardRefused(HoldGuard.NOT_HELD if held else HoldGuard.HELD)
    what = "set_hold" if held else "lift_hold"
    keep_reason(row, what, by, needed_text("reason", reason))
    row.legal_hold = held
    save(row)
    tell([row.owner_id], f"{what}:{row.pk}:{row.version}", by)
    write_trail(row, f"case.{what}", by, ("legal_hold", "reasons"))
    return row
