"""Erases: the identity of a case, everything in it, what a receiver may read. Rows stay as stubs; what they held is gone."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q

from referral.access import System
from referral.attachments import storing
from referral.models import (
    AccessGrant,
    Attachment,
    AuditKind,
    Case,
    CaseTransfer,
    Consent,
    ContactAttempt,
    FollowUpCode,
    Need,
    Note,
    Packet,
    PacketKey,
    Person,
    ReceiverLink,
    Referral,
    Representative,
    Screening,
    StepDone,
    Task,
)
from referral.safety import audit, keys
from referral.states.case_states import CaseEvent

IDENTITY = 3  # the lowest tier that goes with the identity
OF_A_CASE: tuple[Any, ...] = (
    Person, Representative, Consent, StepDone, Screening, Need, Note, ContactAttempt, CaseTransfer, AccessGrant, Referral,
)  # fmt: skip


def holds_identity() -> Q:
    """Which cases still hold something that `erase_identity` takes."""
    found = Q(Exists(Attachment.objects.filter(case=OuterRef("pk"))))
    found |= Q(Exists(PacketKey.objects.filter(packet__referral__case=OuterRef("pk"))))
    indexed = Person.objects.filter(case=OuterRef("pk")).exclude(phone_index="", name_index="")
    found |= Q(Exists(indexed)) | _filled(Case)
    for model in OF_A_CASE:
        if filled := _filled(model):
            found |= Q(Exists(model.objects.filter(filled, case=OuterRef("pk"))))
    return found


def erase_identity(case: Case, now: datetime) -> bool:
    """Empty what names the person or could harm it (tiers 3 and 4), the blind indexes, the files; close the packets."""
    _empty(case, IDENTITY)
    Person.objects.filter(case=case).update(phone_index="", name_index="")
    _forget_files(case)
    _destroy_packets(case, now)
    audit.record(AuditKind.TIMER, "case.erase_identity", by=System.by, case_id=case.pk)
    return True


def erase_case(case: Case, now: datetime) -> bool:
    """Destroy the keys of the case, empty every sealed column and index, delete files, codes and tasks. Audit stays."""
    keys.erase(case)
    _empty(case, 0)
    _forget_files(case)
    _destroy_packets(case, now)
    FollowUpCode.objects.filter(case=case).delete()
    Task.objects.filter(case=case).delete()
    Task.objects.filter(referral__case=case).delete()
    Case.objects.filter(pk=case.pk).update(erased_at=now)
    audit.record(AuditKind.TIMER, f"case.{CaseEvent.PURGE}", by=System.by, case_id=case.pk)
    return True


def revoke_packet(packet: Packet, now: datetime) -> bool:
    """The receiver reads it no more; the sender, who has the case, still does."""
    referral = packet.referral
    Packet.objects.filter(pk=packet.pk).update(revoked_at=now)
    PacketKey.objects.filter(packet=packet).exclude(partner=referral.sender_id).delete()
    ReceiverLink.objects.filter(referral=referral).update(wrapped=b"")
    ReceiverLink.objects.filter(referral=referral, revoked_at=None).update(revoked_at=now)
    audit.record(AuditKind.TIMER, "packet.revoke", by=System.by, case_id=referral.case_id, referral_id=referral.pk)
    return True


def _names(model: Any, lowest: int) -> list[str]:
    """The sealed columns of at least this tier."""
    return sorted(set(model.sealed_names()) - set(model.sealed_names(lowest - 1)))


def _filled(model: Any) -> Q:
    found = Q()
    for name in _names(model, IDENTITY):
        found |= Q(**{f"{name}__isnull": False})
    return found


def _empty(case: Case, lowest: int) -> None:
    """Set the sealed columns of at least this tier to NULL, in every row of the case."""
    for model in (Case, *OF_A_CASE):
        if names := _names(model, lowest):
            rows = model.objects.filter(pk=case.pk) if model is Case else model.objects.filter(case=case)
            rows.update(**dict.fromkeys(names))


def _destroy_packets(case: Case, now: datetime) -> None:
    """Their fields are frozen, so their keys go: what both sides wrote to each other is noise with them."""
    packets = Packet.objects.filter(referral__case=case)
    packets.filter(revoked_at=None).update(revoked_at=now)
    PacketKey.objects.filter(packet__in=packets).delete()
    links = ReceiverLink.objects.filter(referral__case=case)
    links.filter(revoked_at=None).update(revoked_at=now)
    links.update(wrapped=b"")


def _forget_files(case: Case) -> None:
    """Files first, then their rows: after a crash between the two it is done again."""
    for attachment in Attachment.objects.filter(case=case):
        storing.forget(attachment.pk)
        attachment.delete()
