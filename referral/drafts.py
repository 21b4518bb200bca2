"""Keeps what somebody types in a form for three days, sealed, so that a lost connection costs nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from referral.safety.isolation import as_partner
from referral.safety.keys import partner_box

from .access import Member
from .encryption import CannotOpen
from .models import Draft

LASTS = timedelta(hours=72)
MOST = 64 * 1024  # characters of one form


class TooLong(ValueError):
    """What was typed is longer than a form can be. Nothing of it is in the message."""


@transaction.atomic
def save(member: Member, form: str, typed: Mapping[str, Any]) -> None:
    """Keep what is in this form now, in place of what was kept before, for 72 hours. Raises TooLong."""
    if len(json.dumps(typed)) > MOST:
        raise TooLong(form)
    with as_partner(member.partner):
        row = _row(member, form) or Draft(user_id=member.user_id, partner=member.partner, form=form)
        row.changed_at = timezone.now()
        row.expires_at = row.changed_at + LASTS
        row.seal(partner_box(member.partner), typed=dict(typed))
        row.save()


def load(member: Member, form: str) -> dict[str, Any] | None:
    """What this member typed in this form; None if nothing is kept, its time is over, or it can no longer be opened."""
    with as_partner(member.partner):
        row = _row(member, form)
    if row is None or row.expires_at <= timezone.now():
        return None
    try:
        found = row.opened(partner_box(member.partner))["typed"]
    except CannotOpen:
        return None
    return dict(found) if found is not None else None


def forget(member: Member, form: str) -> None:
    """Drop what was kept of this form: it was sent, or thrown away."""
    with as_partner(member.partner):
        Draft.objects.filter(user=member.user_id, partner=member.partner, form=form).delete()


def forget_expired() -> int:
    """Delete every draft whose time is over; how many. For the timer."""
    return Draft.objects.filter(expires_at__lte=timezone.now()).delete()[0]


def _row(member: Member, form: str) -> Draft | None:
    return Draft.objects.filter(user=member.user_id, partner=member.partner, form=form).first()
