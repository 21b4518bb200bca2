"""Exceptions to “only your own”: transfers between partners, recorded requests, break-glass; the person's own code; files."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from referral.encryption import SealedField
from referral.words.request_choices import Ground

from .sealed import SealedRow

USER = settings.AUTH_USER_MODEL


class CaseTransfer(SealedRow):
    """A case offered to another partner, or asked for by one. At most one of a case waits for an answer."""

    class State(models.TextChoices):
        PENDING = "pending", _("Waiting for an answer")
        ACCEPTED = "accepted", _("Taken over")
        DECLINED = "declined", _("Declined")
        EXPIRED = "expired", _("Expired")

    case = models.ForeignKey("referral.Case", models.CASCADE, related_name="transfers")
    source = models.ForeignKey("referral.Partner", models.PROTECT, related_name="given_cases")
    taker = models.ForeignKey("referral.Partner", models.PROTECT, related_name="offered_cases")
    asked_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    is_offer = models.BooleanField(default=True)  # else: the taker asks for it
    state = models.CharField(max_length=10, choices=State, default=State.PENDING)
    made_at = models.DateTimeField(default=timezone.now)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    grant = models.ForeignKey("referral.Grant", models.PROTECT, null=True, blank=True, related_name="+")
    words = SealedField(tier=2)  # for whoever must read it next, under the box of that partner

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(state="pending"), name="one_transfer_of_a_case_waits")
        ]


class AccessGrant(SealedRow):
    """Leave to read a case that is not one's own: a recorded request, or break-glass. It ends by itself."""

    class Kind(models.TextChoices):
        REQUEST = "request", _("Recorded request")
        BREAK_GLASS = "break_glass", _("Emergency access")

    case = models.ForeignKey("referral.Case", models.CASCADE, related_name="access_grants")
    user = models.ForeignKey(USER, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind)
    ground = models.CharField(max_length=15, choices=Ground, blank=True)
    made_at = models.DateTimeField(default=timezone.now)
    approved_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    until = models.DateTimeField(null=True, blank=True)
    refused_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    reason = SealedField(tier=2)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=models.F("user")), name="nobody_lets_oneself_in"
            )
        ]


class FollowUpCode(models.Model):
    """The person's own code: only keyed hashes of it are here. See referral.md b.5."""

    case = models.ForeignKey("referral.Case", models.CASCADE, related_name="follow_up_codes")
    code_hash = models.CharField(max_length=64, unique=True)
    pin_hash = models.CharField(max_length=200)
    made_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    disabled_at = models.DateTimeField(null=True, blank=True)
    failed = models.PositiveSmallIntegerField(default=0)
    locked_until = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return str(self.case_id)


class FollowUpSecret(models.Model):
    """One row: what the hashes of follow-up codes are keyed with, wrapped by the key ring. It stays when the ring changes."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    wrapped = models.BinaryField()

    def __str__(self) -> str:
        return str(self.pk)


class FollowUpCount(models.Model):
    """How often something happened until it is forgotten: wrong tries of a network, forms that were sent. Only digests."""

    digest = models.CharField(max_length=64, primary_key=True)
    number = models.PositiveIntegerField(default=0)
    until = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.number} until {self.until}"


class Attachment(SealedRow):
    """A file of a case: sealed on disk under a random name, its own name sealed too."""

    case = models.ForeignKey("referral.Case", models.CASCADE, related_name="attachments")
    added_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)
    kind = models.CharField(max_length=10)  # jpg, png, pdf
    size = models.PositiveIntegerField()
    name = SealedField(tier=3)


class PackVersion(models.Model):
    """A version of a procedure that replaces the shipped one: proposed as text, approved by a supervisor or a DPO."""

    profile = models.CharField(max_length=10)
    version = models.CharField(max_length=20)
    text = models.TextField()
    proposed_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(default=timezone.now)
    approved_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    refused_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    refused_at = models.DateTimeField(null=True, blank=True)
    refusal = models.TextField(blank=True)  # why, for who proposed it

    class Meta:
        constraints = [
            models.UniqueConstraint("profile", "version", name="a_version_of_a_procedure_is_there_once"),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=models.F("proposed_by")),
                name="nobody_approves_their_own_procedure",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.profile} {self.version}"
