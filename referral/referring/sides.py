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
READ_OF_SERVICE = (
    "uuid",
    "live",
    "suspended_until",
    "capacity",
    "accepts_referrals",
    "women_only",
    "welcome",
    "welcomes",
    "category__key",
    "organisation__live",
    "organisation__kind",
)  # fmt: skip  (each column of a long row costs; what is not named here is fetched when it is asked for)
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
    try:
        service = held_service(referrals=referral_id)
    except Service.DoesNotExist as error:
        raise NotFound(str(referral_id)) from error
    rows = Referral.objects.select_related("sender__index_secret", "receiver")
    referral = rows.select_for_update(of=("self",)).get(pk=referral_id)
    referral.service = service
    referral.case = Case.objects.select_for_update().get(pk=referral.case_id)
    if referral.case.partner_id == referral.sender_id:
        referral.case.partner = referral.sender
    return referral


def held_service(**which: object) -> Service:
    """What the machine reads of a service, of its category and its organisation, locked until the transaction ends."""
    rows = Service.objects.select_related("category", "organisation").only(*READ_OF_SERVICE)
    return rows.select_for_update(of=("self",)).get(**which)


def held_case(case_id: uuid.UUID) -> Case:
    """A case with its partner, locked until the transaction ends."""
    rows = Case.objects.select_related("partner__index_secret")
    return rows.select_for_update(of=("self",)).get(pk=case_id)


def check_link(by: Asker) -> None:
    """Gone, if this is somebody with a link that was revoked or has expired since it was opened."""
    if not isinstance(by, Linked):
        return
    links = ReceiverLink.objects.filter(pk=by.link_id, referral=by.referral_id, revoked_at=None)
    if not links.filter(expires_at__gt=timezone.now()).exists():
        raise Gone
