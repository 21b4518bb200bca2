"""What a receiver would see of a referral before anything is sent: composed as the packet itself is, and kept nowhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from referral import rules
from referral.access import Member
from referral.models import AuditKind, Case, Referral
from referral.permissions import NotFound, cases_for, kind_at_referral
from referral.referring.attempt import Attempt
from referral.referring.packet_content import SOURCES, compose
from referral.safety import audit, keys
from referral.safety.isolation import as_partner
from referral.states.machine import NotYours
from referral.states.workflow import MACHINE, Event, Status
from referral.tiers import most_tier
from referral.words.consent_choices import SHAREABLE, DataCategory
from referral.words.service_types import types_of
from services.models import Service

DELICATE = {DataCategory.HEALTH, DataCategory.ADDRESS}  # of tier 4: only for who may read them in the case


def may_refer(case: Case, by: Member) -> None:
    """NotFound for a case that this member may not see, NotYours for one that they may see and not refer."""
    if not cases_for(by).filter(pk=case.pk).exists():
        raise NotFound(case.code)
    kind = kind_at_referral(by, Referral(case=case, sender=case.partner))
    if kind not in MACHINE.by_event[Event.CREATE].who:
        raise NotYours(Event.CREATE, kind)


def of_form(case: Case, *, by: Member, service: Service, given: Mapping[str, Any]) -> dict[str, Any]:
    """The packet that this form would make. `given` as for `referrals.create`; what is missing is left out."""
    with as_partner(by.partner):
        may_refer(case, by)
        referral = Referral(
            case=case, service=service, sender=case.partner, service_type=types_of(service)[0],
            urgency=given.get("urgency", ""), handover=given.get("handover", ""),
            categories=list(given.get("categories", ())),
        )  # fmt: skip
        box = keys.case_box(case, case.partner)
        referral.seal(box, reason=given.get("reason"), special_needs=given.get("special_needs"))
        return _composed(referral, by, case)


def of_draft(referral: Referral, *, by: Member) -> dict[str, Any]:
    """The packet that this draft would make now."""
    with as_partner(by.partner):
        may_refer(referral.case, by)
        return _composed(referral, by, referral.case)


def known(case: Case, *, by: Member, service: Service) -> dict[str, Any]:
    """For each category that could go to this service what is known of it; None: nothing. Kept out: what the procedure forbids.

    What is more delicate than this member may read in the case is only said to be there: True.
    """
    forbidden = rules.excluded(case, service)
    names = [str(one) for one in SHAREABLE if one in SOURCES and one not in forbidden]
    with as_partner(by.partner):
        hidden = DELICATE if most_tier(by, case) < 4 else set()
    fields = of_form(case, by=by, service=service, given={"categories": names})["fields"]
    return {name: True if name in hidden and name in fields else fields.get(name) for name in names}


def _composed(referral: Referral, by: Member, case: Case) -> dict[str, Any]:
    kind = kind_at_referral(by, referral)
    content = compose(Attempt(Event.SEND, by, kind, referral, case, referral.service, {}, timezone.now(), Status.DRAFT))
    audit.record(AuditKind.READ, "packet.preview", by=by.by, case_id=case.pk, fields=sorted(content["fields"]))
    return content
