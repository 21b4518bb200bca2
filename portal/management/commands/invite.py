"""Invites the first administrator of an organisation that works with cases, or another role that two administrators would give.

Makes the organisation where it is not there yet.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email

from portal.accounts import people
from referral.models import AuditKind, Partner, PartnerKind
from referral.safety import audit
from referral.words.choices import CaseRole
from services.models import Organisation


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--admin", "--email", required=True, help="e-mail address of who is invited")
        parser.add_argument("--partner", required=True, help="key of the organisation, such as oujda-aid")
        parser.add_argument("--name", default="", help="name of who is invited")
        parser.add_argument(
            "--role", action="append", choices=CaseRole.values, help="may be repeated; administrator if none is given"
        )
        parser.add_argument(
            "--language", default=settings.LANGUAGE_CODE, choices=[code for code, _ in settings.LANGUAGES]
        )
        parser.add_argument(
            "--new", choices=PartnerKind.values, help="what kind of organisation it is, if it is new here"
        )
        parser.add_argument("--listed-as", help="key of its record in the directory, whose services it may answer for")

    def handle(self, **given: Any) -> None:
        """Prints the link, for a site that sends no mail yet. The link works once, for 72 hours."""
        validate_email(given["admin"])
        partner = Partner.objects.filter(key=given["partner"]).first() or self._new(given)
        guest = people.Guest(
            given["name"], given["admin"], given["language"], given["role"] or [CaseRole.ORGANISATION_ADMIN]
        )
        made = people.invite(partner, guest, by=None)
        self.stdout.write(f"{settings.BASE_URL}{people.link_of(made)}")
        if not people.send(made):
            self.stderr.write("The mail did not leave: hand the link over yourself, to nobody but its owner.")

    def _new(self, given: dict[str, Any]) -> Partner:
        if not given["new"]:
            raise CommandError(f"There is no organisation with the key {given['partner']}. --new KIND makes it.")
        listed = Organisation.objects.filter(key=given["listed_as"]).first() if given["listed_as"] else None
        if given["listed_as"] and listed is None:
            raise CommandError(f"The directory has no organisation with the key {given['listed_as']}.")
        names = {code: getattr(listed, f"name_{code}", "") or "" for code, _name in settings.LANGUAGES}
        partner = Partner(key=given["partner"], kind=given["new"], names=names, listed_as=listed)
        partner.full_clean(exclude=["names"])
        partner.save(force_insert=True)
        audit.record(AuditKind.CHANGE, "organisation.new", by=audit.By(partner_id=partner.pk))
        return partner
