"""Which box opens what: keys of partners, keys of cases and packets wrapped for partners; erasure; blind indexes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from referral.encryption import Box, CannotOpen, keyed_digest, new_key, ring
from referral.models import (
    Case,
    CaseKey,
    FollowUpSecret,
    IndexSecret,
    Packet,
    PacketKey,
    Partner,
    PartnerKey,
    Person,
    ReceiverLink,
)
from referral.safety.isolation import as_system
from referral.spelling import plain_name, plain_number

FOLLOW_UP = "follow-up codes"  # what their wrapped secret is bound to
INDEX_LENGTH = 32  # hex: 128 bits
SPELLINGS: dict[str, Callable[[str], str]] = {"phone": plain_number, "name": plain_name}


class Erased(CannotOpen):
    """The key of this case is gone: nobody can read it any more, in backups neither."""


# Partners ---------------------------------------------------------------------------------------------------------


def partner_box(partner: Partner) -> Box:
    """The box of a partner: under it stand the keys of its cases, and drafts. It opens what its older keys sealed, too."""
    newest, *older = [unwrapped(row) for row in _keys_of(partner)]
    return Box(newest, _about(partner.pk), older)


def newest_key(partner: Partner) -> PartnerKey:
    """The row of the key that wraps what is new for a partner. Made at the first use."""
    return _keys_of(partner)[0]


def unwrapped(row: PartnerKey) -> bytes:
    """A key of a partner, out of the key ring. UnknownKey where the ring lacks the key that wrapped it."""
    return ring().unwrap(bytes(row.wrapped), place_of_partner_key(row))


def box_under(row: PartnerKey) -> Box:
    """The box of one key of a partner."""
    return Box(unwrapped(row), _about(row.partner_id))


def place_of_partner_key(row: PartnerKey) -> str:
    """What a wrapped key of a partner is bound to."""
    return f"partner {row.partner_id} key {row.number}"


def _keys_of(partner: Partner) -> list[PartnerKey]:
    """The newest first."""
    return list(PartnerKey.objects.filter(partner=partner).order_by("-number")) or [add_key(partner, 1)]


def add_key(partner: Partner, number: int) -> PartnerKey:
    """A new key of a partner, under this number; the one that is there already, if another process was faster."""
    fresh = PartnerKey(partner=partner, number=number)
    wrapped = ring().wrap(new_key(), place_of_partner_key(fresh))
    row, _made = PartnerKey.objects.get_or_create(partner=partner, number=number, defaults={"wrapped": wrapped})
    return row


def _about(partner_id: Any) -> str:
    return f"partner {partner_id}"


# Cases ------------------------------------------------------------------------------------------------------------


def new_case_box(case: Case) -> Box:
    """Make the key of a new case, wrapped for the partner that opens it. Call it in the transaction that saves the case."""
    key = new_key()
    _wrap_case_key(case, case.partner, key)
    return _case_box(case, key)


def case_box(case: Case, partner: Partner) -> Box:
    """The box of a case, for a partner that holds its key. Erased if nobody does; CannotOpen if this partner does not."""
    return _case_box(case, _case_key(case, partner))


@as_system()
@transaction.atomic
def give_case_key(case: Case, holder: Partner, taker: Partner) -> None:
    """Let another partner read the case: for a transfer that was accepted, and nothing else. Erased if it was, meanwhile."""
    _lock(case)
    _wrap_case_key(case, taker, _case_key(case, holder))


@as_system()
def take_case_key(case: Case, holder: Partner) -> None:
    """This partner can no longer read the case."""
    CaseKey.objects.filter(case=case, partner=holder).delete()


@as_system()
@transaction.atomic
def erase(case: Case) -> None:
    """Destroy the keys of a case and of all that was sent of it, for everybody and for good: it is noise from now on.

    With them go the blind indexes, which would still tell a name or a number to who has the key ring and guesses well.
    """
    _lock(case)
    CaseKey.objects.filter(case=case).delete()
    PacketKey.objects.filter(packet__referral__case=case).delete()
    links = ReceiverLink.objects.filter(referral__case=case)
    links.filter(revoked_at=None).update(revoked_at=timezone.now())
    links.update(wrapped=b"")
    Person.objects.filter(case=case).update(phone_index="", name_index="")


def _lock(case: Case) -> None:
    """Nobody is given the key of a case while it is erased."""
    Case.objects.select_for_update().only("pk").get(pk=case.pk)


def _wrap_case_key(case: Case, partner: Partner, key: bytes) -> None:
    _save_wrapped(
        CaseKey.objects.filter(case=case, partner=partner).first() or CaseKey(case=case, partner=partner), key
    )


def _case_key(case: Case, partner: Partner) -> bytes:
    row = CaseKey.objects.select_related("by").filter(case=case, partner=partner).first()
    if row is None:
        raise CannotOpen(str(case.pk)) if CaseKey.objects.filter(case=case).exists() else Erased(str(case.pk))
    return box_under(row.by).open_bytes(bytes(row.wrapped), place_of_key(row))


def _case_box(case: Case, key: bytes) -> Box:
    return Box(key, f"case {case.pk}")


def _save_wrapped(row: CaseKey | PacketKey, key: bytes) -> None:
    row.by = newest_key(row.partner)
    row.wrapped = box_under(row.by).seal_bytes(key, place_of_key(row))
    row.save()


def place_of_key(row: CaseKey | PacketKey) -> str:
    """What a wrapped key is bound to."""
    return f"case {row.case_id}" if isinstance(row, CaseKey) else f"packet {row.packet_id}"


# Packets ----------------------------------------------------------------------------------------------------------


def packet_box(packet: Packet, key: bytes) -> Box:
    """The box of a packet and of what both sides write to each other about it."""
    return Box(key, f"packet {packet.referral_id}")


@as_system()
def give_packet_key(packet: Packet, partner: Partner, key: bytes) -> None:
    """Let a partner read a packet that is saved: its sender, or its receiver."""
    held = PacketKey.objects.filter(packet=packet, partner=partner).first()
    _save_wrapped(held or PacketKey(packet=packet, partner=partner), key)


@as_system()
def give_new_packet_key(packet: Packet, partners: Iterable[Partner], key: bytes) -> None:
    """Let these partners read a packet that nobody was given before: its sender, and its receiver if it has an inbox."""
    wanted = {partner.pk: partner for partner in partners}
    newest = {row.partner_id: row for row in PartnerKey.objects.filter(partner__in=wanted).order_by("number")}
    rows = [
        PacketKey(packet=packet, partner=partner, by=newest.get(pk) or newest_key(partner))
        for pk, partner in wanted.items()
    ]
    for row in rows:
        row.wrapped = box_under(row.by).seal_bytes(key, place_of_key(row))
    PacketKey.objects.bulk_create(rows)


def packet_key(packet: Packet, partner: Partner) -> bytes:
    """The key of a packet again. CannotOpen for a partner it was not given to, and for a receiver once it is revoked."""
    row = PacketKey.objects.select_related("by").filter(packet=packet, partner=partner).first()
    is_sender = partner.pk == packet.referral.sender_id
    if row is None or not (is_sender or (partner.pk == packet.referral.receiver_id and packet.revoked_at is None)):
        raise CannotOpen(str(packet.pk))
    return box_under(row.by).open_bytes(bytes(row.wrapped), place_of_key(row))


@as_system()
def hand_over_packet_key(packet: Packet, source: Partner, taker: Partner) -> None:
    """The case goes to another partner, and what was sent of it with it: before the referral names its new sender."""
    give_packet_key(packet, taker, packet_key(packet, source))
    if source.pk not in (taker.pk, packet.referral.receiver_id):
        PacketKey.objects.filter(packet=packet, partner=source).delete()


def packet_digest(key: bytes, fields: Mapping[str, Any]) -> str:
    """What proves later which fields a packet held. Under the packet's key: a plain hash of a name invites guessing."""
    plain = json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return keyed_digest(key, plain.encode("utf-8", "surrogatepass"))


# Finding ----------------------------------------------------------------------------------------------------------


def blind_index(partner: Partner, what: str, text: str) -> str:
    """A keyed hash that finds the same name or number again within one partner, and says nothing else. Empty for nothing.

    `what`: “phone” (digits count, the country's prefix does not), “name” (case, accents, hamzas and spaces do not count),
    or another word, for a text that must be the same to the letter.
    """
    if not (plain := SPELLINGS.get(what, str)(text)):
        return ""
    return keyed_digest(_index_secret(partner), f"{what}:{plain}".encode("utf-8", "surrogatepass"))[:INDEX_LENGTH]


def place_of_index(partner_id: Any) -> str:
    """What the wrapped secret of the blind indexes of a partner is bound to."""
    return f"partner {partner_id} index"


def _index_secret(partner: Partner) -> bytes:
    place = place_of_index(partner.pk)
    is_joined = Partner.index_secret.is_cached(partner)  # by the query that read the partner
    row = getattr(partner, "index_secret", None) if is_joined else _index_row(partner)
    if row is None:
        fresh = {"wrapped": ring().wrap(new_key(), place)}
        row, _made = IndexSecret.objects.get_or_create(partner=partner, defaults=fresh)
    return ring().unwrap(bytes(row.wrapped), place)


def _index_row(partner: Partner) -> IndexSecret | None:
    return IndexSecret.objects.filter(partner=partner).first()


# Codes of persons -------------------------------------------------------------------------------------------------


def follow_up_secret() -> bytes:
    """What follow-up codes are hashed with; the same for as long as there are codes, whatever becomes of the key ring."""
    row = FollowUpSecret.objects.filter(pk=1).first()
    if row is None:
        fresh = {"wrapped": ring().wrap(new_key(), FOLLOW_UP)}
        row, _made = FollowUpSecret.objects.get_or_create(pk=1, defaults=fresh)
    return ring().unwrap(bytes(row.wrapped), FOLLOW_UP)
