"""The packet that the receiver gets: frozen, sealed under a key that opens nothing of the case, read by two sides only.

A referral has one such key; a later version of the packet is sealed under it too, as is what both sides write to each other.
What the sender writes for itself (a draft, why it was withdrawn) stays under the key of the case.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from referral.access import Asker, Linked, Member
from referral.encryption import Box, CannotOpen, new_key
from referral.models import AuditKind, Packet, Partner, Reception, Referral, ReferralEvent
from referral.permissions import NotFound
from referral.referring.attempt import Attempt
from referral.referring.sides import side_of
from referral.refusals import Gone
from referral.safety import audit, keys
from referral.safety.isolation import as_system, in_one_transaction
from referral.states.workflow import LIVE, Event, Status
from services.models import Service

PRIVATE = frozenset({Event.CREATE, Event.DISCARD, Event.WITHDRAW, Event.MARK_ERROR})  # the sender's own words


@dataclass(frozen=True)
class Opened:
    """A packet with what is in it."""

    packet: Packet
    content: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True)
class Told:
    """An event with the words that came with it; none for somebody who may not read them."""

    event: ReferralEvent
    words: Mapping[str, Any] = field(repr=False)


def receiver_of(service: Service) -> Partner | None:
    """The partner that answers for this service in its own inbox; None: it gets a signed link."""
    reception = Reception.objects.filter(service=service).select_related("partner").first()
    return reception.partner if reception else None


def freeze(attempt: Attempt) -> Packet:
    """Seal what the guard has fixed as the next packet of the referral, readable for both partners. Saves it."""
    referral, grant = attempt.referral, attempt.grant
    if grant is None or not attempt.content:
        raise ValueError("No packet without a grant and without content.")
    last = latest(referral) if attempt.before != Status.DRAFT else None
    key = keys.packet_key(last, referral.sender) if last else new_key()
    packet = Packet(
        referral=referral, number=last.number + 1 if last else 1, grant=grant, categories=list(attempt.categories),
        made_at=attempt.now, digest=keys.packet_digest(key, attempt.content),
    )  # fmt: skip
    packet.seal(keys.packet_box(packet, key), fields=attempt.content)
    packet.save(force_insert=True)
    keys.give_new_packet_key(packet, [one for one in (referral.sender, referral.receiver) if one is not None], key)
    return packet


def latest(referral: Referral) -> Packet | None:
    """The packet that stands: the newest version."""
    packet = Packet.objects.filter(referral=referral).order_by("-number").first()
    if packet is not None:
        packet.referral = referral
    return packet


def revoke(packets: QuerySet[Packet], at: datetime) -> int:
    """Nobody reads these any more; how many that changes. What they held stays sealed until the case is erased."""
    return packets.filter(revoked_at=None).update(revoked_at=at)


def key_for(packet: Packet, by: Asker) -> bytes:
    """The key of a packet, as this side has it; the system acts for the sender. CannotOpen for anybody else."""
    if isinstance(by, Linked):
        return by.key
    return keys.packet_key(packet, by.partner if isinstance(by, Member) else packet.referral.sender)


def shared_box(referral: Referral, by: Asker) -> Box:
    """The box of what both sides may read. CannotOpen for who has no key to it, and before there is a packet."""
    if (packet := latest(referral)) is None:
        raise CannotOpen(str(referral.pk))
    return keys.packet_box(packet, key_for(packet, by))


def read(referral_id: uuid.UUID, *, by: Asker) -> Opened:
    """The packet, for either side. NotFound for anybody else; Gone once it is revoked, or over for the receiver.

    The receiver's first look sets `seen_at` and nothing else: that is no confirmation of receipt. Every look is recorded.
    """
    try:
        with in_one_transaction():
            return _read(referral_id, by)
    except Gone:
        audit.record(AuditKind.REFUSED, "packet", by=by.by, referral_id=referral_id)
        raise


def _read(referral_id: uuid.UUID, by: Asker) -> Opened:
    side = side_of(referral_id, by)
    if (packet := latest(side.referral)) is None:
        raise NotFound(str(referral_id))
    if packet.revoked_at is not None or (side.receives and side.referral.status not in LIVE):
        raise Gone
    key = key_for(packet, by)
    content = packet.opened(keys.packet_box(packet, key), ["fields"])["fields"]
    if content is None or keys.packet_digest(key, content) != packet.digest:
        raise CannotOpen(str(packet.pk))
    if side.receives:
        Referral.objects.filter(pk=referral_id, seen_at=None).update(seen_at=timezone.now())
    audit.record(
        AuditKind.READ, "packet", by=by.by, case_id=side.referral.case_id, referral_id=referral_id,
        fields=packet.categories,
    )  # fmt: skip
    return Opened(packet, content)


@as_system()
def timeline(referral_id: uuid.UUID, *, by: Asker) -> list[Told]:
    """What happened, oldest first, with the words that this side may read. NotFound for anybody else.

    The receiver has nothing of the draft, and no words once the referral is over: then it learns only the states.
    """
    side = side_of(referral_id, by)
    events = list(side.referral.events.select_related("user", "partner").order_by("number"))
    packet = latest(side.referral)
    if side.receives:
        sent = next((event.number for event in events if event.event == Event.SEND), len(events))
        events = [event for event in events if event.number >= sent]
    silent = side.receives and (packet is None or packet.revoked_at is not None or side.referral.status not in LIVE)
    return [Told(event, {} if silent else _words(event, side.referral, by, side.receives)) for event in events]


def seal_words(event: ReferralEvent, referral: Referral, by: Asker, words: dict[str, Any]) -> None:
    """Put the words of an event under the key of those who may read them. Does not save."""
    if words:
        event.seal(_own_box(referral) if _is_private(event) else shared_box(referral, by), words=words)


def _words(event: ReferralEvent, referral: Referral, by: Asker, receives: bool) -> dict[str, Any]:
    if event.words is None or (receives and _is_private(event)):
        return {}
    box = _own_box(referral) if _is_private(event) else shared_box(referral, by)
    words: dict[str, Any] = event.opened(box, ["words"])["words"]
    return words


def _is_private(event: ReferralEvent) -> bool:
    return event.event in PRIVATE or event.before in ("", Status.DRAFT)


def _own_box(referral: Referral) -> Box:
    return keys.case_box(referral.case, referral.sender)
