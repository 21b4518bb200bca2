"""Leaves a row in the trail for what was refused, although everything else of the attempt is rolled back."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from referral.models import AuditKind
from referral.permissions import NotFound
from referral.safety.audit import By, record
from referral.states.machine import NotYours, Refused


@contextmanager
def kept(
    what: str, *, by: By, case_id: uuid.UUID | None = None, referral_id: uuid.UUID | None = None
) -> Iterator[None]:
    """Around a transaction, never inside one: whoever is refused is on record, in a transaction of its own.

    “denied” for what somebody may not see or do, “refused” for what cannot be done now. The exception goes on.
    RuntimeError if a transaction is open, for its rollback would take the row away.
    """
    try:
        yield
    except (Refused, NotFound) as refusal:
        kind = AuditKind.DENIED if isinstance(refusal, NotYours | NotFound) else AuditKind.REFUSED
        with transaction.atomic(durable=True):
            record(kind, what, by=by, case_id=case_id, referral_id=referral_id)
        raise
