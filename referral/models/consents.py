"""What the person agreed to: for each purpose, for each recipient, for each category of data; and the withdrawal."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils import timezone

from referral.encryption import SealedField
from referral.words.consent_choices import ConsentGiver, ConsentMethod, InterpreterKind, LegalBasis, Purpose

from .sealed import SealedRow

USER = settings.AUTH_USER_MODEL


class Consent(SealedRow):
    """One conversation about consent: how it was asked and answered. What it allows stands in its grants."""

    case = models.ForeignKey("referral.Case", models.CASCADE, related_name="consents")
    given_by = models.CharField(max_length=20, choices=ConsentGiver, default=ConsentGiver.PERSON)
    representative = models.ForeignKey(
        "referral.Representative", models.PROTECT, null=True, blank=True, related_name="consents"
    )
    child_assent = models.BooleanField(null=True, blank=True)
    language = models.CharField(max_length=10)
    interpreter = models.CharField(max_length=20, choices=InterpreterKind)
    method = models.CharField(max_length=20, choices=ConsentMethod)
    script_version = models.CharField(max_length=20)
    read_back = models.BooleanField(default=False)
    legal_basis = models.CharField(max_length=30, choices=LegalBasis, default=LegalBasis.CONSENT)
    approved_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    asked_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    given_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_through = models.CharField(max_length=20, blank=True)
    words = SealedField(tier=3)  # what was said, what must not be told to whom; the reason of an override

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(legal_basis=LegalBasis.CONSENT) | models.Q(approved_by__isnull=False),
                name="without_consent_only_with_a_supervisor",
            )
        ]

    def is_live(self, at: datetime | None = None) -> bool:
        """Whether it holds at this instant.

        A representative's only while that one counts; never against the will of the child: that takes an override.
        """
        at = at or timezone.now()
        if self.child_assent is False:
            return False
        if self.given_by == ConsentGiver.REPRESENTATIVE and not (self.representative and self.representative.counts):
            return False
        return self.withdrawn_at is None and self.given_at <= at and (self.expires_at is None or at < self.expires_at)


class Grant(models.Model):
    """One thing that was asked: a purpose and, for sharing, a recipient with the categories of data. A refusal is a row too.

    The recipient of a referral is a service; that of a transfer is a partner.
    """

    consent = models.ForeignKey(Consent, models.CASCADE, related_name="grants")
    purpose = models.CharField(max_length=30, choices=Purpose)
    service = models.ForeignKey("services.Service", models.PROTECT, null=True, blank=True, related_name="+")
    partner = models.ForeignKey("referral.Partner", models.PROTECT, null=True, blank=True, related_name="+")
    categories = models.JSONField(default=list)
    given = models.BooleanField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)  # this one thing alone

    class Meta:
        constraints = [
            models.UniqueConstraint("consent", "purpose", "service", "partner", name="a_thing_is_asked_once_a_consent")
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.service_id or self.partner_id or ''}".strip()

    def is_live(self, at: datetime | None = None) -> bool:
        """Whether it allows this at this instant: said yes, and neither it nor the whole consent was taken back."""
        return self.given and self.withdrawn_at is None and self.consent.is_live(at)
