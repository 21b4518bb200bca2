"""Who works with cases: partner organisations with their agreements, their teams, their members, the services they answer for."""

from __future__ import annotations

import uuid
from datetime import date

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from referral.words.choices import CaseRole
from services.models.records import KEY


class PartnerKind(models.TextChoices):
    """What a partner is (referral.md b.1)."""

    STATE = "state", _("Public authority")
    NGO = "ngo", _("Association")
    IO = "io", _("International organisation")
    HEALTH = "health", _("Health service")
    JUSTICE = "justice", _("Justice")
    OTHER = "other", _("Other")


class Partner(models.Model):
    """An organisation that works with cases. Not the record of the directory, which everybody reads: `listed_as` names that."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.SlugField(_("Key"), max_length=60, unique=True, validators=[KEY])
    names = models.JSONField(_("Name in each language"), default=dict)
    kind = models.CharField(_("Kind"), max_length=10, choices=PartnerKind)
    listed_as = models.ForeignKey(
        "services.Organisation", models.SET_NULL, null=True, blank=True, related_name="partners"
    )
    is_active = models.BooleanField(_("Works with cases"), default=True)
    authorisation = models.CharField(_("CNDP authorisation number"), max_length=60, blank=True)
    agreement_from = models.DateField(_("Data-sharing agreement from"), null=True, blank=True)
    agreement_until = models.DateField(_("Data-sharing agreement until"), null=True, blank=True)

    class Meta:
        ordering = ("key",)
        verbose_name = _("partner")
        verbose_name_plural = _("partners")

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the active language, else in the first that it has, else the key."""
        codes = [get_language() or "", *settings.FALLBACK_LANGUAGES, *(code for code, _name in settings.LANGUAGES)]
        return next((self.names[code] for code in codes if self.names.get(code)), self.key)

    def may_share(self, on: date | None = None) -> bool:
        """Whether its authorisation and its agreement allow referrals on this day: no agreement, no real case."""
        on = on or timezone.localdate()
        if not (self.is_active and self.authorisation and self.agreement_from and self.agreement_until):
            return False
        return self.agreement_from <= on <= self.agreement_until


class Team(models.Model):
    """The caseworkers of one supervisor."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    partner = models.ForeignKey(Partner, models.CASCADE, related_name="teams")
    name = models.CharField(_("Name"), max_length=100)

    class Meta:
        constraints = [models.UniqueConstraint("partner", "name", name="no_two_teams_of_a_partner_with_one_name")]

    def __str__(self) -> str:
        return self.name


class MembershipQuerySet(models.QuerySet):
    def valid(self, on: date | None = None) -> MembershipQuerySet:
        """Those that hold on this day, of active people in active partners."""
        on = on or timezone.localdate()
        ends = models.Q(valid_to=None) | models.Q(valid_to__gte=on)
        return self.filter(ends, valid_from__lte=on, user__is_active=True, partner__is_active=True)


class Membership(models.Model):
    """What somebody may be in a partner. A person acts in exactly one partner per session."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="memberships")
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="members")
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="members")
    role = models.CharField(_("Role"), max_length=20, choices=CaseRole)
    valid_from = models.DateField(_("From"), default=timezone.localdate)
    valid_to = models.DateField(_("Until"), null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint("user", "partner", "role", name="one_membership_a_role_in_a_partner")]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()} · {self.partner}"


class Reception(models.Model):
    """The service of the directory whose referrals a partner answers in its own inbox. Others get a signed link."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    partner = models.ForeignKey(Partner, models.CASCADE, related_name="receptions")
    service = models.OneToOneField("services.Service", models.CASCADE, related_name="reception")
    places = models.PositiveSmallIntegerField(_("Places left"), null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.service} → {self.partner}"
