"""How delicate a value somebody may read in a case (referral.md d.3): 0 nothing, 2 content, 3 identity, 4 what can kill."""

from __future__ import annotations

from django.utils import timezone

from referral.access import Member
from referral.models import AccessGrant, Case
from referral.permissions import cases_for, kind_at_case
from referral.states.case_states import CaseActor
from referral.words.request_choices import Ground

BY_KIND = {CaseActor.OWNER: 4, CaseActor.SUPERVISOR: 3, CaseActor.INTAKE: 3}
LET_IN = 4  # by a request that somebody else has approved, for as long as it lasts
# But who looks into a complaint or a breach needs no identity (b.6). A request about data is answered with all of one's own.
BY_GROUND = {str(Ground.COMPLAINT): 2, str(Ground.BREACH): 2}


def most_tier(member: Member, case: Case) -> int:
    """The highest tier that this member may read in this case now; 0 for a case that they may not see."""
    if not cases_for(member).filter(pk=case.pk).exists():
        return 0
    now = timezone.now()
    grants = AccessGrant.objects.filter(case=case, user=member.user_id, approved_at__lte=now, until__gt=now)
    let_in = [BY_GROUND.get(ground, LET_IN) for ground in grants.values_list("ground", flat=True)]
    return max([BY_KIND.get(kind_at_case(member, case), 0), *let_in])
