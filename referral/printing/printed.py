"""A packet that somebody prints: read through its own door, drawn, and written into the trail."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import TypeVar

from referral.access import Asker
from referral.models import AuditKind, Referral
from referral.printing.forms import referral_form, referral_page
from referral.referring import packets
from referral.referring.packets import Opened
from referral.safety import audit

Drawn = TypeVar("Drawn", bytes, str)


def as_pdf(referral_id: uuid.UUID, language: str, *, by: Asker) -> bytes:
    """The form as PDF. NotFound for a stranger; Gone once the packet is; NoPdfHere, and nothing was printed."""
    return _printed(referral_id, language, by, referral_form)


def as_page(referral_id: uuid.UUID, language: str, *, by: Asker) -> str:
    """The form as a page that the browser prints. NotFound, Gone."""
    return _printed(referral_id, language, by, referral_page)


def _printed(referral_id: uuid.UUID, language: str, by: Asker, draw: Callable[[Opened, Referral, str], Drawn]) -> Drawn:
    opened = packets.read(referral_id, by=by)
    referral = opened.packet.referral
    drawn = draw(opened, referral, language)
    audit.record(
        AuditKind.PRINT, "packet", by=by.by, case_id=referral.case_id, referral_id=referral_id,
        fields=opened.packet.categories,
    )  # fmt: skip
    return drawn
