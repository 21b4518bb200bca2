"""Loads a demonstration: three organisations that do not exist, an account a role, training cases in every state.

Safe to run again: accounts get the same password and secret of the second factor, cases are made once. Nothing of it reaches the
public directory: services of the starter content are answered by demonstration organisations inside casework alone.
"""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.management.demo.people import HOUSES, make_people
from portal.management.demo.stories import tell_stories
from services.models import Service


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print the accounts as JSON and nothing else")
        parser.add_argument("--yes-demo", action="store_true", help="even where DEBUG is off")

    def handle(self, *, json: bool, yes_demo: bool, **_options: Any) -> None:
        if not settings.DEBUG and not yes_demo:
            raise CommandError("DEBUG is off: this may be a site that people use. Say --yes-demo if you are sure.")
        if not Service.objects.filter(key__in=[key for house in HOUSES for key in house.receives]).exists():
            raise CommandError(
                "Load the starter content first, with load_starter: people are referred to its services."
            )
        accounts = make_people()
        told = tell_stories()
        if json:
            self.stdout.write(_as_json([account.as_dict() for account in accounts]))
            return
        for account in accounts:
            words = (account.organisation or "–", account.role, account.username, account.password, account.totp_secret)
            self.stdout.write("  ".join(words))
        self.stdout.write(f"{len(accounts)} accounts; {told or 'no'} new cases. Everything is training.")


def _as_json(rows: list[dict[str, str]]) -> str:
    return json.dumps(rows, indent=1)
