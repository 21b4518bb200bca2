"""Rows of referrals written straight into the tables, for tests of what stands below the actions: keys, permissions, isolation."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from referral.encryption import new_key
from referral.models import Case, Packet, Partner, Referral, ReferralEvent
from referral.safety.keys import give_packet_key, packet_box, packet_digest
from referral.states.workflow import Actor, Event, Status
from referral.words.choices import Handover, ServiceType, Urgency
from tests.referral import making

FIELDS = {"need": "health", "reason": "a cough since Tuesday"}


def referral(case: Case, receiver: Partner | None, status: Status = Status.SENT, **fields: Any) -> Referral:
    """A referral of this case to a service for which this partner answers."""
    service = fields.pop("service", None) or making.service(f"service-{next(making.NUMBERS)}")
    usual: dict[str, Any] = {
        "case": case,
        "service": service,
        "sender": case.partner,
        "receiver": receiver,
        "created_by": case.owner,
        "status": status,
        "urgency": Urgency.NORMAL,
        "service_type": ServiceType.HEALTH,
        "handover": Handover.INFORMATION,
        "sent_at": None if status == Status.DRAFT else timezone.now(),
        "grant": making.consent(case, service),
    }
    return Referral.objects.create(**{**usual, **fields})


def packet(of: Referral, key: bytes | None = None, **fields: Any) -> Packet:
    """A packet that both partners of the referral may read."""
    key, content = key or new_key(), {**FIELDS, **fields}
    made = Packet(
        referral=of,
        number=of.packets.count() + 1,
        grant=of.grant,
        categories=["need", "reason"],
        digest=packet_digest(key, content),
    )
    made.seal(packet_box(made, key), fields=content)
    made.save()
    for partner in filter(None, (of.sender, of.receiver)):
        give_packet_key(made, partner, key)
    return made


def event(of: Referral, event: Event = Event.SEND, **fields: Any) -> ReferralEvent:
    """One event of a referral, by the system unless told."""
    usual = {"number": of.events.count() + 1, "event": event, "kind_of_actor": Actor.SYSTEM, "after": of.status}
    return ReferralEvent.objects.create(referral=of, **{**usual, **fields})
