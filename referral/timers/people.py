"""Whom a timer tells: who is in charge of a case, who answers for a service, who supervises, who protects the data."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from referral.models import Case, Membership, Referral
from referral.words.choices import CaseRole


def in_charge(case: Case) -> list[int]:
    """The owner and the deputy of a case, if they still work for its partner; else its supervisors, so that somebody looks."""
    found = _users(case.partner_id, users=[case.owner_id, case.deputy_id])
    return found or supervisors(case.partner_id, case.team_id)


def at_work(case: Case) -> bool:
    """Whether the owner still works for the partner, as a caseworker, a supervisor, or at the reception."""
    roles = (CaseRole.CASEWORKER, CaseRole.SUPERVISOR, CaseRole.INTAKE)
    return bool(_users(case.partner_id, roles, [case.owner_id]))


def focal_points(referral: Referral) -> list[int]:
    """Everybody who may answer for the receiving partner; nobody if it has no account here."""
    return _users(referral.receiver_id, (CaseRole.FOCAL_POINT,)) if referral.receiver_id else []


def supervisors(partner_id: uuid.UUID | None, team_id: uuid.UUID | None = None) -> list[int]:
    """The supervisors of a team; of the whole partner, where no team is named or the team has none."""
    if partner_id is None:
        return []
    everybody = _users(partner_id, (CaseRole.SUPERVISOR,))
    of_team = Membership.objects.valid().filter(partner=partner_id, role=CaseRole.SUPERVISOR, team=team_id)
    return sorted(set(of_team.values_list("user_id", flat=True))) or everybody if team_id else everybody


def data_protection(partner_id: uuid.UUID | None) -> list[int]:
    """The data-protection officers of a partner."""
    return _users(partner_id, (CaseRole.DPO,)) if partner_id else []


def _users(
    partner_id: uuid.UUID, roles: Iterable[CaseRole] = (), users: Iterable[int | None] | None = None
) -> list[int]:
    """Ids of users with a membership that holds today."""
    rows = Membership.objects.valid().filter(partner=partner_id)
    if roles:
        rows = rows.filter(role__in=roles)
    if users is not None:
        rows = rows.filter(user__in=[user for user in users if user])
    return sorted(set(rows.values_list("user_id", flat=True)))
