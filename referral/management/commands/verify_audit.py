"""Checks every row of the trail of cases, and prints the last digest, to be kept where nobody who runs the site can change it."""

from __future__ import annotations

import re
from argparse import ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from referral.safety import audit


def kept_digest(text: str) -> tuple[int, str]:
    """“number:digest” as this command prints it."""
    if (found := re.fullmatch(r"(\d{1,18}):([0-9a-f]{64})", text)) is None:
        raise ArgumentTypeError("“number:digest” is needed, as this command prints it")
    return int(found[1]), found[2]


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--kept", type=kept_digest, help="number:digest of an earlier run, to be found again")

    def handle(self, *, kept: tuple[int, str] | None, **_options: Any) -> None:
        """Prints how many rows were checked and the last digest; exits with 1 and the place where the chain breaks."""
        rows, found = audit.verify(kept)
        if found is not None:
            raise CommandError(f"The trail breaks at row {found.number}: {found.why}. {rows} rows before it are whole.")
        number, digest = audit.last_digest()
        self.stdout.write(f"{rows} rows checked; every one is as it was written.\n{number}:{digest}")
