"""Loads the starter content. Safe to run again: what editors have changed stays."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.starter.loading import StarterFaults, load


class Command(BaseCommand):
    help = __doc__

    def handle(self, **_options: Any) -> None:
        try:
            load(self.stdout.write)
        except StarterFaults as error:
            raise CommandError(f"Nothing was loaded. {len(error.faults)} faults:\n{error}") from None
