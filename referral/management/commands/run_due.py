"""Does what is due: reminders, escalations, expiry, retention, mails. Run it every few minutes; twice or late does no harm."""

from __future__ import annotations

import logging
import os
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError, close_old_connections

from referral import outbox, timers
from referral.safety.isolation import as_system
from referral.timers import retention

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--every", type=int, metavar="SECONDS", help="go on for as long as the process that started this one lives"
        )

    def handle(self, *, every: int | None = None, **_options: Any) -> None:
        """Print one line a kind, with numbers only: never a code, never a name."""
        if every is None:
            self._once()
            return
        parent = os.getppid()
        while os.getppid() == parent:
            try:
                self._once(silent=True)
            except DatabaseError as error:  # the next round tries again
                logger.warning("run_due: the database did not answer (%s)", type(error).__name__)
            close_old_connections()
            _wait(every, parent)

    def _once(self, *, silent: bool = False) -> None:
        lines = [str(count) for count in timers.run()]
        with as_system():
            lines.append(f"kept by a legal hold: {retention.held().count()}")
        sent = outbox.send()
        more = f", {sent.failed} failed" if sent.failed else ""
        lines.append(f"mails: {sent.mails}{more}, {outbox.given_up().count()} given up in all")
        if not silent:
            self.stdout.write("\n".join(lines))


def _wait(seconds: int, parent: int) -> None:
    """Wait, and end early when whoever started this process is gone."""
    until = time.monotonic() + seconds
    while time.monotonic() < until and os.getppid() == parent:
        time.sleep(min(1.0, seconds))
