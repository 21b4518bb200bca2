"""Who decides on a request to read a case that is not one's own (referral.md b.6, scenario 40). Never who asks.

Usually any supervisor or data-protection officer of the partner. A restricted case is closer:

- Its supervisor asks to supervise it: whoever is in charge decides, or a supervisor who was let in for that already. The
  usual ones only where nobody is in charge any more, or nobody but who asks.
- A supervisor asks because of a complaint: an officer decides, or a supervisor who was let in. Not whoever is in charge,
  whom it may be about. The usual ones where there is nobody else.
- An emergency waits for no single person (trust S17), and what an officer asks may be about who is in charge: as usual.
"""

from __future__ import annotations

from django.utils import timezone

from referral.access import Member
from referral.models import AccessGrant, Case, Membership
from referral.permissions import ONLY_TO_READ
from referral.words.choices import CaseRole
from referral.words.request_choices import Ground

DECIDERS = (CaseRole.SUPERVISOR, CaseRole.DPO)
IN_CHARGE = (CaseRole.INTAKE, CaseRole.CASEWORKER, CaseRole.SUPERVISOR)


def deciders(case: Case, grant: AccessGrant) -> set[int]:
    """Who may answer this request about this case today."""
    closer = _closer(case, grant) if case.is_restricted else set()
    return (closer or users_with(case, *DECIDERS)) - {grant.user_id}


def may_decide(member: Member, grant: AccessGrant) -> bool:
    """Whether this member is one of them."""
    if grant.case.is_restricted:
        return member.partner.pk == grant.case.partner_id and member.user_id in deciders(grant.case, grant)
    return member.partner.pk == grant.case.partner_id and member.has(*DECIDERS) and member.user_id != grant.user_id


def users_with(case: Case, *roles: CaseRole) -> set[int]:
    """Who has one of these roles in the partner of this case, today."""
    rows = Membership.objects.valid().filter(partner=case.partner_id, role__in=roles)
    return set(rows.values_list("user_id", flat=True))


def _closer(case: Case, grant: AccessGrant) -> set[int]:
    asks, theirs = {grant.user_id}, {case.owner_id, case.deputy_id}
    if grant.ground == Ground.SUPERVISION:
        in_charge = (users_with(case, *IN_CHARGE) & theirs) - asks
        return in_charge | (_let_in(case) - asks) if in_charge else set()
    officers = users_with(case, CaseRole.DPO)
    if grant.ground == Ground.COMPLAINT and grant.user_id not in officers:
        return (officers | _let_in(case)) - asks - theirs
    return set()


def _let_in(case: Case) -> set[int]:
    """The supervisors who work on this case now by a request that was approved: not those who may only read it."""
    rows = AccessGrant.objects.filter(
        case=case, kind=AccessGrant.Kind.REQUEST, approved_at__isnull=False, until__gt=timezone.now()
    )
    rows = rows.exclude(ground__in=[str(ground) for ground in ONLY_TO_READ])
    return users_with(case, CaseRole.SUPERVISOR) & set(rows.values_list("user_id", flat=True))
