"""On which side of a referral somebody stands, the sender's or the receiver's; and the referral itself, held under locks."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.utils import timezone

from referral.access import Asker, Linked
from referral.models import Case, ReceiverLink, Referral
from referral.permissions import NotFound, kind_at_referral
from referral.refusals import Gone
from referral.states.workflow import Actor
from services.models import Service

SENDERS = frozenset({Actor.REFERRER, Actor.SUPERVISOR})
RECEIVERS = frozenset({Actor.RECEIVER, Actor.LINK_RECEIVER})


@dataclass(frozen=True)
class Side:
    """A referral as one side sees it."""

    referral: Referral
    receives: bool


def side_of(referral_id: uuid.UUID, by: Asker) -> Side:
    """The side on which somebody stands. NotFound for who stands on none; Gone for a link that has ended."""
    rows = Referral.objects.select_related("case__partner", "case__owner", "sender", "receiver")
    referral = rows.filter(pk=referral_id).first()
    if referral is None:
        raise NotFound(str(referral_id))
    kind = kind_at_referral(by, referral)
    if kind not in SENDERS | RECEIVERS or (kind in RECEIVERS and referral.sent_at is None):
        raise NotFound(str(referral_id))
    check_link(by)
    return Side(referral, kind in RECEIVERS)


def held(referral_id: uuid.UUID) -> Referral:
    """The referral as it is now, with its service and its case, locked until the transaction ends: always in this order.

    NotFound if there is none.
    """
    found = Referral.objects.filter(pk=referral_id).values_list("service_id", flat=True).first()
    if found is None:
        raise NotFound(str(referral_id))
    service = Service.objects.select_for_update().get(pk=found)
    referral = Referral.objects.select_for_update().get(pk=referral_id)
    referral.service, referral.case = service, Case.objects.select_for_update().get(pk=referral.case_id)
    return referral


def check_link(by: Asker) -> None:
    """Gone, if this is somebody with a link that was revoked or has expired since it was opened."""
    if not isinstance(by, Linked):
        return
    links = ReceiverLink.objects.filter(pk=by.link_id, referral=by.referral_id, revoked_at=None)
    if not links.filter(expires_at__gt=timezone.now()).exists():
        raise Gone
