"""Does what is due: reminders, escalations, expiry, retention, mails. Run it every few minutes; twice or late does no harm."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from referral import outbox, timers
from referral.safety.isolation import as_system
from referral.timers import retention


class Command(BaseCommand):
    help = __doc__

    def handle(self, **_options: Any) -> None:
        """Print one line a kind, with numbers only: never a code, never a name."""
        for count in timers.run():
            self.stdout.write(str(count))
        with as_system():
            self.stdout.write(f"kept by a legal hold: {retention.held().count()}")
        sent = outbox.send()
        more = f", {sent.failed} failed" if sent.failed else ""
        self.stdout.write(f"mails: {sent.mails}{more}, {outbox.given_up().count()} given up in all")
