"""The trail: adds a row, chained to the one before; checks the chain. The database itself refuses to change or delete a row."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC

from django.db import transaction
from django.utils import timezone

from referral.encryption import CannotOpen, keyed_digest, new_key, ring
from referral.models import AuditEntry, AuditHead, AuditKind

START = "0" * 64
CHUNK = 2000
TRAIL = "trail"  # what its wrapped secret is bound to
WORD = re.compile(
    r"[a-z][a-z0-9_.:-]{0,59}"
)  # names of events, screens, commands, fields; hardly ever a value of a case


@dataclass(frozen=True)
class Break:
    """Where the chain breaks: the number of the row, and what is wrong with it."""

    number: int
    why: str


@dataclass(frozen=True)
class By:
    """Who did it, as the trail names them: numbers, never names."""

    user_id: int | None = None
    partner_id: uuid.UUID | None = None


def record(  # noqa: PLR0913  (each part of the row by its name)
    kind: AuditKind,
    what: str,
    *,
    by: By,
    case_id: uuid.UUID | None = None,
    referral_id: uuid.UUID | None = None,
    fields: Iterable[str] = (),
    rows: int | None = None,
) -> AuditEntry:
    """Add a row to the trail, in the transaction of the caller: what is not recorded does not happen.

    What must stay although the caller's transaction is rolled back (a denial, a refusal) is recorded after it has ended:
    see `referral.attempts`. Call it last: the end of the chain is locked until the transaction ends. Raises ValueError if
    `what` or one of `fields` is not a plain word, so that no value of a case comes here.
    """
    what, names = str(what), sorted(str(name) for name in fields)
    if not all(WORD.fullmatch(word) for word in (what, *names)):
        raise ValueError("The trail takes names of events and fields only: small letters, digits, “_.:-”.")
    with transaction.atomic(savepoint=False):  # a row that fails takes the whole transaction with it
        head = _head()
        entry = AuditEntry(
            id=head.number + 1, at=timezone.now(), kind=kind, user_id=by.user_id, partner_id=by.partner_id,
            case_id=case_id, referral_id=referral_id, what=what, fields=names, rows=rows, before=head.digest,
        )  # fmt: skip
        entry.digest = digest_of(entry, _secret(head))
        entry.save(force_insert=True)  # and a trigger moves the end of the chain to it
    return entry


def digest_of(entry: AuditEntry, secret: bytes) -> str:
    """HMAC-SHA256 over the digest before and everything in this row: who has only the database cannot make another chain."""
    at = entry.at.astimezone(UTC).isoformat(timespec="microseconds")
    parts: Sequence[object] = (
        entry.pk, at, entry.kind, entry.user_id, entry.partner_id, entry.case_id, entry.referral_id, entry.what,
        entry.fields, entry.rows, entry.before,
    )  # fmt: skip
    text = json.dumps([str(part) if isinstance(part, uuid.UUID) else part for part in parts], ensure_ascii=False)
    return keyed_digest(secret, text.encode())


def verify(kept: tuple[int, str] | None = None) -> tuple[int, Break | None]:
    """How many rows were checked, and the first break of the chain; None if every row is as it was written.

    A cut at the end is found too, for the end of the chain is kept apart. An old copy of the whole trail is as true as it
    was: against that, `kept` is a number and its digest that were noted elsewhere (`verify_audit` prints them).
    Rows that are added meanwhile are checked with the others.
    """
    head = AuditHead.objects.filter(pk=1).first()
    if head is None:
        return 0, Break(1, "the end of the chain is gone") if kept or AuditEntry.objects.exists() else None
    if (fault := _fault_before_the_first(head)) is not None:
        return 0, fault
    secret = _secret(head)
    number, before = 0, START
    while True:
        for entry in AuditEntry.objects.filter(pk__gt=number).order_by("pk").iterator(chunk_size=CHUNK):
            if (why := _fault(entry, number + 1, before, secret, kept)) is not None:
                return number, Break(number + 1, why)
            number, before = entry.pk, entry.digest
        head.refresh_from_db()
        if head.number <= number:
            return number, _fault_at_the_end(head, number, before, kept)
        if not AuditEntry.objects.filter(pk__gt=number).exists():
            return number, Break(number + 1, "rows at the end are missing")


def last_digest() -> tuple[int, str]:
    """The number of the last row and its digest: what an operator keeps elsewhere."""
    entry = AuditEntry.objects.order_by("-pk").first()
    return (entry.pk, entry.digest) if entry else (0, START)


def _fault_before_the_first(head: AuditHead) -> Break | None:
    try:
        _secret(head)
    except CannotOpen:
        return Break(1, "the secret of the trail was changed, or CASE_KEYS lacks the key that wrapped it")
    if AuditEntry.objects.filter(pk__lt=1).exists():
        return Break(0, "a row does not belong to the chain")
    return None


def _fault(entry: AuditEntry, number: int, before: str, secret: bytes, kept: tuple[int, str] | None) -> str | None:
    if entry.pk != number:
        return "a row is missing"
    if entry.before != before:
        return "the row before it was changed"
    if entry.digest != digest_of(entry, secret):
        return "the row was changed"
    if kept is not None and kept[0] == number and kept[1] != entry.digest:
        return "this is not the row whose digest was kept"
    return None


def _fault_at_the_end(head: AuditHead, number: int, before: str, kept: tuple[int, str] | None) -> Break | None:
    if head.number < number or head.digest != before:
        return Break(number, "the end of the chain was changed")
    if kept is not None and kept[0] > number:
        return Break(number + 1, "rows at the end are missing: the digest of a later one was kept")
    return None


def _secret(head: AuditHead) -> bytes:
    return ring().unwrap(bytes(head.secret), TRAIL)


def _head() -> AuditHead:
    found = AuditHead.objects.select_for_update().filter(pk=1).first()
    if found is None:
        fresh = {"digest": START, "number": 0, "secret": ring().wrap(new_key(), TRAIL)}
        AuditHead.objects.get_or_create(pk=1, defaults=fresh)
        found = AuditHead.objects.select_for_update().get(pk=1)
    return found
