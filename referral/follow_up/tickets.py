"""What an opened page carries in place of code and PIN: sealed, for five minutes, for one code."""

from __future__ import annotations

import base64
import binascii
from datetime import timedelta

from django.utils import timezone

from referral.encryption import CannotOpen
from referral.models import FollowUpCode
from referral.safety.isolation import as_system

from .hashing import ticket_box
from .looking import is_usable

LASTS = timedelta(minutes=5)
PLACE = "ticket"
LONGEST = 400  # characters: more is none of ours


def new_ticket(row: FollowUpCode) -> str:
    """A ticket for the code that was just opened."""
    until = int((timezone.now() + LASTS).timestamp())
    return base64.urlsafe_b64encode(ticket_box().seal([row.pk, until], PLACE)).decode()


@as_system()
def holder_of(ticket: str) -> FollowUpCode | None:
    """The row of the code that this ticket stands for; None once it is old, false, or the code has ended."""
    now = timezone.now()
    try:
        code_id, until = ticket_box().open(base64.urlsafe_b64decode(ticket[:LONGEST].encode()), PLACE)
    except (CannotOpen, binascii.Error, ValueError):
        return None
    if now.timestamp() >= until:
        return None
    row = FollowUpCode.objects.select_related("case__partner").filter(pk=code_id).first()
    return row if row is not None and is_usable(row, now) else None
