"""New keys for old: the operator's key ring, and the key of a partner, while the work goes on."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import timedelta
from typing import Any, NamedTuple

from django.db import models, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from referral.encryption import Box, CannotOpen, ring
from referral.models import (
    AuditHead,
    CaseKey,
    Complaint,
    DataRequest,
    FollowUpSecret,
    IndexSecret,
    PacketKey,
    Partner,
    PartnerKey,
)
from referral.safety.audit import TRAIL
from referral.safety.isolation import as_system
from referral.safety.keys import (
    FOLLOW_UP,
    add_key,
    box_under,
    newest_key,
    partner_box,
    place_of_index,
    place_of_key,
    place_of_partner_key,
    unwrapped,
)

BATCH = 50  # rows an UPDATE: longer ones cost the square of their length
CHUNK = 500  # rows a transaction: others wait for them a fraction of a second at most
# How long a replaced key is kept: a draft (72 hours) or the words of a transfer (14 days to answer) may still be under it.
KEPT = timedelta(days=90)


class Rotated(NamedTuple):
    """How many keys of cases and packets were wrapped anew, and how many cannot be opened any more and stay as they are."""

    done: int
    damaged: int


@transaction.atomic
def rotate_ring() -> int:
    """Wrap with the current key of the ring what an older one wrapped: keys and index secrets of partners, the secrets of
    the trail and of follow-up codes.

    How many were wrapped anew. Safe to repeat. Afterwards the older key may leave the ring.
    """
    keys = [(row, place_of_partner_key(row)) for row in PartnerKey.objects.select_for_update()]
    secrets = [(row, place_of_index(row.partner_id)) for row in IndexSecret.objects.select_for_update()]
    trail = [(row, TRAIL) for row in AuditHead.objects.select_for_update()]
    codes = [(row, FOLLOW_UP) for row in FollowUpSecret.objects.select_for_update()]
    return sum([
        _wrapped_anew(PartnerKey, keys),
        _wrapped_anew(IndexSecret, secrets),
        _wrapped_anew(FollowUpSecret, codes),
        _wrapped_anew(AuditHead, trail, "secret"),
    ])  # fmt: skip


def rotate_partner(partner: Partner, chunk: int = CHUNK) -> Rotated:
    """Give a partner a new key, and wrap its keys of cases and packets with it. Safe to stop and to repeat.

    Nobody waits: what was wrapped by the older key opens until it has been wrapped anew. The older key goes at a later
    rotation, once it was replaced 90 days ago and nothing needs it, so that no transaction of this moment is left with it.
    """
    current = newest_key(partner)
    unwrapped(current)  # a ring that lacks its key fails before anything is made
    _seal_anew(partner)  # what came under the older key after the last rotation must not go with it
    _drop_unused(partner)
    by = add_key(partner, current.number + 1)
    done = damaged = 0
    for model in (CaseKey, PacketKey):
        last = 0
        while found := _rewrap(model, by, last, chunk):
            last, opened = found
            done, damaged = done + sum(opened), damaged + opened.count(False)
    _seal_anew(partner)
    return Rotated(done, damaged)


def _wrapped_anew(model: type[models.Model], rows: Iterable[tuple[Any, str]], column: str = "wrapped") -> int:
    changed = []
    for row, place in rows:
        old = bytes(getattr(row, column))
        if not ring().is_current(old):
            setattr(row, column, ring().wrap(ring().unwrap(old, place), place))
            changed.append(row)
    model._default_manager.bulk_update(changed, [column], batch_size=BATCH)
    return len(changed)


@as_system()
@transaction.atomic
def _rewrap(model: type[CaseKey | PacketKey], by: PartnerKey, last: int, chunk: int) -> tuple[int, list[bool]] | None:
    """The next rows after `last`: which was the last of them, and for each whether it could be opened. None at the end."""
    manager: Any = model._default_manager
    rows = manager.filter(partner=by.partner_id, pk__gt=last).exclude(by=by).order_by("pk")
    found = list(rows.select_related("by").select_for_update(of=("self",))[:chunk])
    boxes = {key.pk: box_under(key) for key in {by, *(row.by for row in found)}}
    opened = [_wrap_by(by, row, boxes) for row in found]
    manager.bulk_update(found, ["by", "wrapped"], batch_size=BATCH)
    return (found[-1].pk, opened) if found else None


def _wrap_by(by: PartnerKey, row: CaseKey | PacketKey, boxes: dict[int, Box]) -> bool:
    try:
        key = boxes[row.by_id].open_bytes(bytes(row.wrapped), place_of_key(row))
    except CannotOpen:
        return False
    row.by, row.wrapped = by, boxes[by.pk].seal_bytes(key, place_of_key(row))
    return True


@as_system()
@transaction.atomic
def _seal_anew(partner: Partner) -> None:
    """Requests about data and complaints stand under the partner's key itself, and outlive it: sealed with the newest."""
    box = partner_box(partner)
    for model in (DataRequest, Complaint):
        for row in model._default_manager.select_for_update().filter(partner=partner):
            with suppress(CannotOpen):
                row.seal(box, **row.opened(box))
                row.save(update_fields=row.sealed_names())


@as_system()
def _drop_unused(partner: Partner) -> None:
    """Delete the keys that were replaced long enough ago and that wrap nothing."""
    newest = newest_key(partner)
    if newest.made_at > timezone.now() - KEPT:
        return
    older = PartnerKey.objects.filter(partner=partner, number__lt=newest.number)
    needed = [Exists(model.objects.filter(by=OuterRef("pk"))) for model in (CaseKey, PacketKey)]
    older.exclude(needed[0] | needed[1]).delete()
