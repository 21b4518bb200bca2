"""What a page refuses before any action is asked leaves its row in the trail too."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from referral.models import AuditKind
from referral.safety import audit
from referral.safety.audit import By
from referral.states.machine import NotYours, Refused


@contextmanager
def on_record(
    what: str, *, by: By, case_id: uuid.UUID | None = None, referral_id: uuid.UUID | None = None
) -> Iterator[None]:
    """Around a transaction, never inside one: “denied” for what somebody may not do, “refused” for what cannot be done now."""
    try:
        yield
    except Refused as refused:
        kind = AuditKind.DENIED if isinstance(refused, NotYours) else AuditKind.REFUSED
        audit.record(kind, what, by=by, case_id=case_id, referral_id=referral_id)
        raise
