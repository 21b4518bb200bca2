"""Who may see and do what (referral.md b.6): one queryset of cases, one of referrals, for every screen, export, file and search.

Deny by default. A case that somebody may not see does not exist for them: the same answer as for a code that was never given.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator

from django.db.models import Q, QuerySet
from django.utils import timezone

from referral.states.case_states import CaseActor
from referral.states.events import Actor, Status
from referral.words.choices import CaseRole
from referral.words.request_choices import Ground

from .access import Asker, Linked, Member, System
from .models import AccessGrant, Case, CaseTransfer, Referral

# Grounds on which somebody looks at a case and does not work on it.
ONLY_TO_READ = (Ground.COMPLAINT, Ground.BREACH, Ground.DATA_REQUEST, Ground.EMERGENCY)


class NotFound(Exception):
    """There is no such thing for this asker: answer 404, and one row in the trail."""


def cases_for(member: Member) -> QuerySet[Case]:
    """The cases that this member may read."""
    wanted = _own_or_of_team(member)
    if member.has(CaseRole.SUPERVISOR, CaseRole.DPO):
        wanted |= Q(pk__in=_let_in(member))
    return Case.objects.filter(wanted, partner=member.partner)


def takeable_by(member: Member) -> QuerySet[Case]:
    """The cases whose rows this member may take away: being let in to read a case for a while is no leave to export it."""
    if member.has(CaseRole.DPO):
        return codes_for(member)
    return Case.objects.filter(_own_or_of_team(member), partner=member.partner)


def _own_or_of_team(member: Member) -> Q:
    mine = Q(owner=member.user_id) | Q(deputy=member.user_id)
    wanted = Q(pk__in=())
    if member.has(CaseRole.CASEWORKER, CaseRole.SUPERVISOR):
        wanted |= mine
    if member.has(CaseRole.INTAKE):  # its own intake, until it is handed over
        wanted |= Q(owner=member.user_id, opened_by=member.user_id)
    if member.has(CaseRole.SUPERVISOR):
        wanted |= Q(is_restricted=False) & (Q(team=None) | Q(team__in=member.supervised))
    return wanted


def codes_for(member: Member) -> QuerySet[Case]:
    """The cases whose row (tier 1) this member may know by code: for the data-protection officer, every one of the partner.

    Nothing sealed may be opened for it: holds, exports, and who has looked at a case.
    """
    if member.has(CaseRole.DPO):
        return Case.objects.filter(partner=member.partner)
    return cases_for(member)


def _let_in(member: Member, *kinds: AccessGrant.Kind) -> QuerySet[AccessGrant, uuid.UUID]:
    """Cases for which somebody else has approved this member's request, for as long as it lasts. All kinds if none is named."""
    now = timezone.now()
    valid = AccessGrant.objects.filter(
        user=member.user_id, approved_by__isnull=False, approved_at__lte=now, until__gt=now
    )
    return (valid.filter(kind__in=kinds) if kinds else valid).values_list("case_id", flat=True)


def get_case_for(member: Member, code: str) -> Case:
    """The case of this code, if this member may read it. NotFound otherwise, whether it exists or not."""
    known = "\0" not in code  # which PostgreSQL takes for a fault of ours
    found = cases_for(member).select_related("partner").filter(code=code).first() if known else None
    if found is None:
        raise NotFound(code)
    return found


def kind_at_case(asker: Asker, case: Case) -> CaseActor:
    """The closest kind of actor at a case: what its machine may be asked for."""
    if isinstance(asker, System):
        return CaseActor.SYSTEM
    if not isinstance(asker, Member):
        return CaseActor.OUTSIDER
    return _inside(asker, case) if asker.partner.pk == case.partner_id else _outside(asker, case)


def _outside(member: Member, case: Case) -> CaseActor:
    """Of another partner: nobody, unless a transfer waits for its answer."""
    waits = CaseTransfer.objects.filter(case=case, taker=member.partner, state=CaseTransfer.State.PENDING).exists()
    may_take = member.has(CaseRole.CASEWORKER, CaseRole.SUPERVISOR)
    return CaseActor.RECEIVING if waits and may_take else CaseActor.OUTSIDER


def _inside(member: Member, case: Case) -> CaseActor:
    in_charge = member.user_id in (case.owner_id, case.deputy_id)
    if in_charge and member.has(CaseRole.CASEWORKER, CaseRole.SUPERVISOR):
        return CaseActor.OWNER
    if supervises(member, case):
        return CaseActor.SUPERVISOR
    if member.has(CaseRole.INTAKE) and member.user_id == case.owner_id == case.opened_by_id:
        return CaseActor.INTAKE
    return CaseActor.CASEWORKER if member.has(CaseRole.CASEWORKER) else CaseActor.OUTSIDER


def supervises(member: Member, case: Case) -> bool:
    """Whether this member is a supervisor of the team of this case.

    At a restricted case only who is in charge of it, or has a recorded request that was approved: emergency access reads.
    """
    same_team = case.team_id is None or case.team_id in member.supervised
    if not (member.partner.pk == case.partner_id and same_team and member.has(CaseRole.SUPERVISOR)):
        return False
    if not case.is_restricted or member.user_id in (case.owner_id, case.deputy_id):
        return True
    let_in = _let_in(member, AccessGrant.Kind.REQUEST).filter(case=case)
    return let_in.exclude(ground__in=[str(ground) for ground in ONLY_TO_READ]).exists()


def kinds_at_case(by: Asker, case: Case) -> Iterator[CaseActor]:
    """Every kind of actor that somebody is at this case, the closest first: an owner may be the supervisor too."""
    closest = kind_at_case(by, case)
    yield closest
    if isinstance(by, Member) and closest == CaseActor.OWNER and supervises(by, case):
        yield CaseActor.SUPERVISOR


def may_write(member: Member, case: Case) -> bool:
    """Whether this member may change what is in a case: who is in charge of it, and the supervisor of the team."""
    return kind_at_case(member, case) in (CaseActor.OWNER, CaseActor.SUPERVISOR, CaseActor.INTAKE)


def sent_by(member: Member) -> QuerySet[Referral]:
    """The referrals of the cases that this member may read."""
    return Referral.objects.filter(case__in=cases_for(member), sender=member.partner)


def received_by(member: Member) -> QuerySet[Referral]:
    """The referrals that this member may answer for the partner: never a draft, and nothing of the case."""
    if not member.has(CaseRole.FOCAL_POINT):
        return Referral.objects.none()
    return Referral.objects.filter(receiver=member.partner, sent_at__isnull=False).exclude(status=Status.DRAFT)


def get_referral_for(member: Member, referral_id: uuid.UUID) -> Referral:
    """The referral, if this member may see it from one of its sides. NotFound otherwise.

    From the receiver's side it comes without its case, which is not for them (and which the database hides: isolation.py).
    """
    sides = (sent_by(member).select_related("case"), received_by(member))
    for visible in sides:
        if (found := visible.select_related("sender", "receiver").filter(pk=referral_id).first()) is not None:
            return found
    raise NotFound(str(referral_id))


def kind_at_referral(asker: Asker, referral: Referral) -> Actor:
    """The kind of actor that somebody is at a referral: the sender's side first, so that nobody acts on both."""
    if isinstance(asker, System):
        return Actor.SYSTEM
    if isinstance(asker, Linked):
        return Actor.LINK_RECEIVER if asker.referral_id == referral.pk else Actor.OUTSIDER
    if asker.partner.pk == referral.sender_id:
        at_case = kind_at_case(asker, referral.case)
        if at_case == CaseActor.OWNER:
            return Actor.REFERRER
        if at_case == CaseActor.SUPERVISOR:
            return Actor.SUPERVISOR
    if asker.partner.pk == referral.receiver_id and asker.has(CaseRole.FOCAL_POINT):
        return Actor.RECEIVER
    return Actor.OUTSIDER
