"""Makes synthetic services for load tests, or takes them away. Keys begin with “synthetic-”."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from services.models import Category, Place, Service
from services.starter import synthetic


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--services", type=int, help="how many")
        parser.add_argument("--seed", type=int, default=1, help="the same number and seed give the same services")
        parser.add_argument("--remove", action="store_true", help="take away all synthetic services")
        parser.add_argument("--yes", action="store_true", help="even where DEBUG is off")

    def handle(self, *, services: int | None, seed: int, remove: bool, yes: bool, **_options: Any) -> None:
        if not settings.DEBUG and not yes:
            raise CommandError("DEBUG is off: this may be a site that people read. Say --yes if you are sure.")
        if remove:
            self.stdout.write(f"{synthetic.remove()} services removed. Now run rebuild_search.")
            return
        if services is None or services < 1:
            raise CommandError("Say how many: --services N, at least 1.")
        if Service.objects.filter(key__startswith=synthetic.PREFIX).exists():
            raise CommandError("There are synthetic services already. Take them away first, with --remove.")
        if not Place.objects.exists() or not Category.objects.exists():
            raise CommandError("Load the starter directory first, with load_starter.")
        synthetic.make(services, seed, self.stdout.write)
        self.stdout.write("Now run rebuild_search.")
