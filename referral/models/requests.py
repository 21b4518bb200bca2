"""What a person asks of a partner about their data, and what somebody complains about: sealed under the key of the partner."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from referral.encryption import SealedField
from referral.words.request_choices import Asker, ComplaintOutcome, Outcome, RequestKind

from .sealed import SealedRow

USER = settings.AUTH_USER_MODEL


class DataRequest(SealedRow):
    """Somebody asks to see, correct, erase or stop the use of their data (law 09-08, arts 7–9). Ten days to answer."""

    partner = models.ForeignKey("referral.Partner", models.PROTECT, related_name="data_requests")
    case = models.ForeignKey("referral.Case", models.SET_NULL, null=True, blank=True, related_name="data_requests")
    kind = models.CharField(max_length=15, choices=RequestKind)
    asked_by = models.CharField(max_length=20, choices=Asker, default=Asker.PERSON)
    received_on = models.DateField(default=timezone.localdate)
    due_on = models.DateField()
    recorded_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    handled_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    erasure_asked_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=15, choices=Outcome, blank=True)
    is_training = models.BooleanField(default=True)
    words = SealedField(tier=3)  # what was asked
    answer = SealedField(tier=3)  # what was answered, or why it was refused

    class Meta:
        ordering = ("due_on", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True) | ~Q(outcome=""), name="an_answered_data_request_has_an_outcome"
            )
        ]
        indexes = [
            models.Index(fields=["partner", "due_on"], condition=Q(answered_at__isnull=True), name="data_request_open")
        ]


class Complaint(SealedRow):
    """A complaint about somebody who works here, or about how a case is handled. Never for the eyes of who it is about."""

    partner = models.ForeignKey("referral.Partner", models.PROTECT, related_name="complaints")
    case = models.ForeignKey("referral.Case", models.SET_NULL, null=True, blank=True, related_name="complaints")
    about = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    received_on = models.DateField(default=timezone.localdate)
    recorded_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    answered_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=15, choices=ComplaintOutcome, blank=True)
    is_training = models.BooleanField(default=True)
    words = SealedField(tier=4)
    answer = SealedField(tier=4)

    class Meta:
        ordering = ("received_on", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_by__isnull=True) | Q(about__isnull=True) | ~Q(answered_by=models.F("about")),
                name="nobody_answers_a_complaint_about_oneself",
            )
        ]
