"""Wraps keys anew while the site runs: with the first key of CASE_KEYS, or with a new key of a partner."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from referral.encryption import CannotOpen
from referral.models import AuditKind, Partner
from referral.safety import audit
from referral.safety.rotation import rotate_partner, rotate_ring


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--partner", action="append", default=[], help="key of a partner that gets a new key")
        parser.add_argument("--all-partners", action="store_true", help="every partner gets a new key")

    def handle(self, *, partner: list[str], all_partners: bool, **_options: Any) -> None:
        """Safe to stop and to repeat. Prints numbers only; one row of the trail for each thing that was rotated."""
        found = list(Partner.objects.all() if all_partners else Partner.objects.filter(key__in=partner))
        if unknown := set(partner) - {one.key for one in found}:
            raise CommandError(f"There is no partner with the key {', '.join(sorted(unknown))}.")
        try:
            if not found:
                self._ring()
            for one in found:
                self._partner(one)
        except CannotOpen:
            raise CommandError(
                "CASE_KEYS lacks a key that is still needed: keep the older keys behind the new one."
            ) from None

    def _ring(self) -> None:
        with transaction.atomic():
            done = rotate_ring()
            audit.record(AuditKind.CHANGE, "rotate_ring", by=audit.By(), rows=done)
        self.stdout.write(f"{done} keys wrapped with the first key of CASE_KEYS.")

    def _partner(self, partner: Partner) -> None:
        done, damaged = rotate_partner(partner)
        audit.record(AuditKind.CHANGE, "rotate_partner", by=audit.By(partner_id=partner.pk), rows=done)
        self.stdout.write(f"{partner.key}: {done} keys of cases and packets wrapped with its new key.")
        if damaged:
            self.stderr.write(
                f"{partner.key}: {damaged} keys were damaged; they cannot be opened and stay as they are."
            )
