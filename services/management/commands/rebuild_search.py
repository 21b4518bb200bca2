"""Builds the search index anew beside the one in use and swaps it in. Readers never see a gap. Safe at any time."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from services import search
from services.search.entries import EngineFailed

EVERY_S = 1.0


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--engine", default="", choices=["", "embedded", "elasticsearch"], help="all, unless one is named"
        )

    def handle(self, *, engine: str, **_options: Any) -> None:
        began = said = time.monotonic()

        def step(done: int) -> None:
            nonlocal said
            if time.monotonic() - said > EVERY_S:
                said = time.monotonic()
                self.stdout.write(f"  {done:,} entries ({done / (said - began):,.0f} a second)")
                self.stdout.flush()

        try:
            built = search.rebuild(step, engine)
        except EngineFailed as error:
            raise CommandError(f"The index could not be built: {error}. The old one stays in use.") from None
        for name, entries in built.items():
            self.stdout.write(f"Search index ({name}): {entries:,} entries in {time.monotonic() - began:.1f} s.")
