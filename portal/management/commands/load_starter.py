"""Loads the starter content. Safe to run again: what editors have changed stays."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.starter.loading import StarterFaults, load
from services.starter import DirectoryFaults, load_directory


class Command(BaseCommand):
    help = __doc__

    def handle(self, **_options: Any) -> None:
        try:
            load_directory(self.stdout.write)
            load(self.stdout.write)
        except (DirectoryFaults, StarterFaults) as error:
            raise CommandError(f"Nothing was loaded. {len(error.faults)} faults:\n{error}") from None
