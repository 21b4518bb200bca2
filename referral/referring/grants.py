"""Whether somebody has said yes to sharing just this with just this service, at this instant; or a supervisor must answer for it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone

from referral.models import Case, Consent, Grant, Membership
from referral.words.choices import CaseRole
from referral.words.consent_choices import NEVER_IN_PACKET, LegalBasis, Purpose
from services.models import Service


def live_grant(
    case: Case, service: Service, categories: Iterable[str], *, sender_id: int | None, at: datetime
) -> Grant | None:
    """The grant on which these categories may go to this service now; None if there is none.

    The newest answer about this service decides: a refusal or a withdrawal undoes what was agreed before it. An override
    counts only if somebody else than the sender approved it, who was a supervisor of the case's partner and still is.
    """
    of_case = Consent.objects.filter(case=case).values("pk")  # few, and found first: a service has thousands of grants
    grant = (
        Grant.objects.filter(consent__in=of_case, purpose=Purpose.REFERRAL, service=service)
        .select_related("consent__representative")
        .order_by("-consent__given_at", "-pk")
        .first()
    )
    if grant is not None:
        grant.consent.case = case
    if grant is None or not grant.is_live(at) or not _is_approved(grant.consent, sender_id):
        return None
    wanted = set(categories)
    return grant if wanted <= set(grant.categories) and not wanted & set(NEVER_IN_PACKET) else None


def is_override(grant: Grant | None) -> bool:
    """Whether this share rests on something else than the person's yes."""
    return grant is not None and grant.consent.legal_basis != LegalBasis.CONSENT


def _is_approved(consent: Consent, sender_id: int | None) -> bool:
    if consent.legal_basis == LegalBasis.CONSENT:
        return True
    if consent.approved_by_id == sender_id:
        return False
    case, on = consent.case, timezone.localdate(consent.given_at)
    then = Membership.objects.filter(partner=case.partner_id, user=consent.approved_by_id, role=CaseRole.SUPERVISOR)
    return then.valid(on).exists() and then.valid().exists()
