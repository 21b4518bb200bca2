"""An organisation's own papers, teams and receptions, kept by its administrator."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from referral.access import Member
from referral.models import AuditKind, Partner, Reception, Team
from referral.safety import audit
from services.models import Service

AUTHORISATION = ("authorisation", "agreement_from", "agreement_until")


@transaction.atomic
def set_papers(*, by: Member, authorisation: str, agreement_from: date | None, agreement_until: date | None) -> None:
    """Number of the data-protection authorisation, and from when until when the data-sharing agreement holds."""
    partner = Partner.objects.select_for_update().get(pk=by.partner.pk)
    given: dict[str, Any] = dict(
        zip(AUTHORISATION, (authorisation.strip(), agreement_from, agreement_until), strict=True)
    )
    changed = [name for name, value in given.items() if getattr(partner, name) != value]
    for name in changed:
        setattr(partner, name, given[name])
    if changed:
        partner.save(update_fields=changed)
        audit.record(AuditKind.CHANGE, "organisation.papers", by=by.by, fields=changed)


@transaction.atomic
def add_team(name: str, *, by: Member) -> None:
    """A team of caseworkers with its supervisors; the same name twice is one team."""
    _team, made = Team.objects.get_or_create(partner=by.partner, name=name.strip())
    if made:
        audit.record(AuditKind.CHANGE, "organisation.team", by=by.by)


def own_services(partner: Partner) -> QuerySet[Service]:
    """What its record in the directory offers: an organisation answers for nobody else's services."""
    if partner.listed_as_id is None:
        return Service.objects.none()
    return Service.objects.filter(organisation=partner.listed_as_id, live=True)


@transaction.atomic
def set_reception(service: Service, *, by: Member, answered: bool, places: int | None) -> None:
    """Whether referrals to this service come into the organisation's own inbox, and how many places are left (None: not counted)."""
    if not own_services(by.partner).filter(pk=service.pk).exists():
        return
    if answered:
        Reception.objects.update_or_create(service=service, defaults={"partner": by.partner, "places": places})
    else:
        Reception.objects.filter(service=service, partner=by.partner).delete()
    audit.record(AuditKind.CHANGE, "organisation.reception", by=by.by, fields=["service", "places"])
