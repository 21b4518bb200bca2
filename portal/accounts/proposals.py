"""Roles that two people give: one administrator proposes, another one confirms; then the mail leaves, or the roles hold.

Two accounts of one person would defeat every rule of four eyes in casework. An organisation with one administrator asks the
operator, who invites on the server.
"""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from portal.models import Invitation
from referral.access import Member
from referral.models import AuditKind, Partner
from referral.permissions import NotFound
from referral.safety import audit
from referral.words.choices import CaseRole

from . import people

WAITS = timedelta(days=14)


def proposed(partner: Partner) -> QuerySet[Invitation]:
    """What waits for a second administrator."""
    rows = people.open_ones(partner).filter(is_proposal=True, made_at__gt=timezone.now() - WAITS)
    return rows.select_related("made_by", "member", "team")


def may_confirm(proposal: Invitation, by: Member) -> bool:
    """Whether this member is the second administrator: not who proposed, nor who would get the roles."""
    if not by.has(CaseRole.ORGANISATION_ADMIN) or by.partner.pk != proposal.partner_id:
        return False
    email = get_user_model().objects.get(pk=by.user_id).email
    theirs = by.user_id == proposal.member_id or email.lower() == proposal.email.lower()
    return proposal.made_by_id not in (None, by.user_id) and not theirs


@transaction.atomic
def confirm(pk: uuid.UUID, *, by: Member) -> Invitation:
    """From now on the link works, for 72 hours (send it), or the roles of a colleague hold.

    Raises NotFound for what does not wait here, OwnRoles for one's own proposal or one to oneself, LastAdministrator.
    """
    found = proposed(by.partner).select_for_update(of=("self",)).filter(pk=pk).first()
    if found is None:
        raise NotFound(str(pk))
    if not may_confirm(found, by):
        raise people.OwnRoles
    now = timezone.now()
    found.is_proposal, found.confirmed_by_id, found.made_at = False, by.user_id, now
    audit.record(AuditKind.CHANGE, "account.confirm", by=by.by, fields=found.roles)
    if found.member is not None:
        if not people.members(by.partner).filter(user=found.member).exists():
            raise NotFound(str(pk))
        people.set_roles(found.member, found.roles, found.team, by=by)
        found.accepted_at = now
    found.save()
    return found
