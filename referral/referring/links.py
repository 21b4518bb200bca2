"""The way of a receiver without an account: a long random address, and a short code that the sender reads out by phone."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from datetime import datetime, timedelta
from typing import NamedTuple

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.contrib.auth.hashers import check_password, make_password
from django.utils import timezone

from referral import outbox
from referral.access import Linked, Member
from referral.attempts import action
from referral.encryption import Box
from referral.identifiers import WrongCode, new_short_code, parse_short_code
from referral.models import AuditKind, ReceiverLink, Referral
from referral.permissions import kind_at_referral
from referral.referring import packets
from referral.referring.sides import SENDERS, held
from referral.refusals import Gone, LinkRefused
from referral.safety import audit, slow_hashes
from referral.safety.isolation import in_one_transaction
from referral.states.events import Event
from referral.states.machine import NotYours
from referral.states.workflow import LIVE

TOKEN_BYTES = 32
LONGEST_TOKEN = 100  # characters: more is no token, and is not looked at
WRONG_CODES = 5
SHORTEST = timedelta(days=7)


class NewLink(NamedTuple):
    """What exists in plain only now: the token for the address, and the code to read out. Show it once."""

    token: str
    code: str


@action("referral.make_link")
def make_link(referral_id: uuid.UUID, *, by: Member) -> NewLink:
    """A link to a live referral whose receiver has no inbox here. The one made before opens nothing any more.

    Neither the token nor the code is stored; the key of the packet is wrapped under both, so that the database alone opens
    nothing. It ends with the referral; at the latest twice the time for the service after the sending, but not within a
    week. Raises NotFound, NotYours; Gone if there is nothing to open (over, revoked, or a receiver with an inbox).
    """
    referral = held(referral_id)
    if (kind := kind_at_referral(by, referral)) not in SENDERS:
        raise NotYours(Event.SEND, kind)
    packet = packets.latest(referral)
    if referral.status not in LIVE or referral.receiver_id is not None or packet is None or packet.revoked_at:
        raise Gone
    now = timezone.now()
    ReceiverLink.objects.filter(referral=referral, revoked_at=None).update(revoked_at=now)
    made = NewLink(secrets.token_urlsafe(TOKEN_BYTES), new_short_code())
    token_hash = _hash(made.token)
    ReceiverLink.objects.create(
        referral=referral, token_hash=token_hash, code_hash=make_password(made.code), made_by_id=by.user_id,
        made_at=now, expires_at=_end(referral, now), wrapped=_box(made).seal_bytes(packets.key_for(packet, by), token_hash),
    )  # fmt: skip
    audit.record(AuditKind.CHANGE, "make_link", by=by.by, case_id=referral.case_id, referral_id=referral.pk)
    return made


def _end(referral: Referral, now: datetime) -> datetime:
    """Twice the time for the service after the sending, and a week from now at least."""
    since, until = referral.sent_at or now, referral.deliver_by or now
    return max(until + (until - since), now + SHORTEST)


def open_link(token: str, code: str) -> Linked:
    """Who has the address and the code acts for the receiver. LinkRefused in one way for everything that is wrong.

    The fifth wrong code ends the link for good, and its maker is noticed; tries at the same moment count like tries one
    after the other. Every try at a link is in the trail. An unknown address takes as long as a wrong code. Call it outside
    a transaction: a try that is refused must stay counted. Raises Crowded, and then nothing is counted.
    """
    with slow_hashes.place():
        link = _claim(token)
        opened = _try(link, token, code)  # slow, so while nothing is locked
    if link is not None:
        _settle(link, opened)
    if opened is None:
        raise LinkRefused
    return opened


def _claim(token: str) -> ReceiverLink | None:
    """The link of this address if it still opens anything, with one try less."""
    if not token or len(token) > LONGEST_TOKEN:
        return None
    with in_one_transaction():
        rows = ReceiverLink.objects.select_for_update().filter(token_hash=_hash(token), failed__lt=WRONG_CODES)
        link = rows.filter(revoked_at=None, expires_at__gt=timezone.now()).first()
        live = [str(status) for status in LIVE]
        if link is None or not Referral.objects.filter(pk=link.referral_id, status__in=live).exists():
            return None
        link.failed += 1
        link.save(update_fields=["failed"])
        return link


def _try(link: ReceiverLink | None, token: str, code: str) -> Linked | None:
    try:
        digits = parse_short_code(code)
    except WrongCode:
        digits = ""
    if link is None:
        make_password(digits)  # as long as checking one
        return None
    if not check_password(digits, link.code_hash):
        return None
    key = _box(NewLink(token, digits)).open_bytes(bytes(link.wrapped), link.token_hash)
    return Linked(link.pk, link.referral_id, key)


def _settle(link: ReceiverLink, opened: Linked | None) -> None:
    """Give the try back if the code was right; end the link if it was the last one."""
    now = timezone.now()
    with in_one_transaction():
        row = ReceiverLink.objects.select_for_update().get(pk=link.pk)
        if opened is not None:
            row.failed, row.opened_at = row.failed - 1, row.opened_at or now
        elif row.failed >= WRONG_CODES and row.revoked_at is None:
            row.revoked_at = now
            outbox.tell([row.made_by_id], f"link:{row.pk}")
        row.save(update_fields=["failed", "opened_at", "revoked_at"])
        kind = AuditKind.DENIED if opened is None else AuditKind.SIGN_IN
        audit.record(kind, "open_link", by=Linked.by, referral_id=row.referral_id)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def _box(link: NewLink) -> Box:
    """The box of token and code together: HKDF-SHA256 (RFC 5869), the code as its salt."""
    key = HKDF(algorithm=SHA256(), length=32, salt=link.code.encode(), info=b"dalil link").derive(link.token.encode())
    return Box(key, "link")
