"""The referral: its state, the frozen packet that the receiver gets, the trail of events, the link of a receiver without account."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from referral.encryption import SealedField
from referral.states.workflow import LIVE, Actor, Event, Status
from referral.words.choices import DeclineReason, Handover, NotDeliveredReason, ServiceType, Urgency

from .sealed import SealedRow

USER = settings.AUTH_USER_MODEL
OPEN_STATES = [str(status) for status in Status if status in LIVE]


class Referral(SealedRow):
    """One case, one service, one request. Changed by `referral.actions` alone."""

    case = models.ForeignKey("referral.Case", models.PROTECT, related_name="referrals")
    service = models.ForeignKey("services.Service", models.PROTECT, related_name="referrals")
    sender = models.ForeignKey("referral.Partner", models.PROTECT, related_name="sent_referrals")
    receiver = models.ForeignKey(
        "referral.Partner", models.PROTECT, null=True, blank=True, related_name="received_referrals"
    )
    created_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    status = models.CharField(max_length=20, choices=Status, default=Status.DRAFT)
    urgency = models.CharField(max_length=10, choices=Urgency)
    service_type = models.CharField(max_length=40, choices=ServiceType)
    handover = models.CharField(max_length=20, choices=Handover)
    categories = models.JSONField(default=list)
    grant = models.ForeignKey("referral.Grant", models.PROTECT, null=True, blank=True, related_name="referrals")
    replaces = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="replaced_by")
    decline_reason = models.CharField(max_length=30, choices=DeclineReason, blank=True)
    not_delivered_reason = models.CharField(max_length=30, choices=NotDeliveredReason, blank=True)
    suggested = models.ForeignKey("services.Service", models.SET_NULL, null=True, blank=True, related_name="+")
    rules = models.JSONField(default=dict)  # which rules of the procedure held when it was sent
    is_training = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)  # accepted, declined or waitlisted first
    first_contact_on = models.DateField(null=True, blank=True)
    expected_on = models.DateField(null=True, blank=True)
    service_date = models.DateField(null=True, blank=True)
    acknowledge_by = models.DateTimeField(null=True, blank=True)
    decide_by = models.DateTimeField(null=True, blank=True)
    deliver_by = models.DateTimeField(null=True, blank=True)
    verify_by = models.DateTimeField(null=True, blank=True)
    paused_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)  # the next of these: what an inbox is ordered by
    alarms = models.JSONField(default=list)  # those that have gone: nobody hears of one twice
    service_closed_at = models.DateTimeField(null=True, blank=True)
    disputes = models.PositiveSmallIntegerField(default=0)
    confirmed = models.CharField(max_length=15, blank=True)  # yes, unreachable
    version = models.PositiveIntegerField(default=0)
    reason = SealedField(tier=2)
    special_needs = SealedField(tier=2)
    outcome = SealedField(tier=2)  # what the service did, next steps, satisfaction, barriers
    recipient_ref = SealedField(tier=2)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "service"],
                condition=Q(status__in=OPEN_STATES),
                name="one_live_referral_a_case_and_service",
            ),
            models.CheckConstraint(condition=Q(status__in=Status.values), name="a_referral_has_a_known_status"),
            models.CheckConstraint(
                condition=~Q(status=Status.DECLINED) | ~Q(decline_reason=""), name="a_declined_referral_has_a_reason"
            ),
            models.CheckConstraint(
                condition=~Q(status=Status.NOT_DELIVERED) | ~Q(not_delivered_reason=""),
                name="a_referral_not_delivered_has_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(status__in=[Status.DRAFT, Status.ENTERED_IN_ERROR, Status.WITHDRAWN])
                | Q(grant__isnull=False),
                name="a_sent_referral_has_a_grant",
            ),
        ]
        indexes = [
            models.Index(fields=["sender", "due_at"], condition=Q(status__in=OPEN_STATES), name="referral_sent_open"),
            models.Index(
                fields=["receiver", "due_at"], condition=Q(status__in=OPEN_STATES), name="referral_received_open"
            ),
            models.Index(
                fields=["receiver", "due_at"], condition=Q(due_at__isnull=False), name="referral_received_due"
            ),
            models.Index(fields=["sender", "due_at"], condition=Q(due_at__isnull=False), name="referral_sent_due"),
            models.Index(fields=["case", "service"], name="referral_case_service"),
            models.Index(fields=["created_by", "created_at"], condition=Q(status=Status.DRAFT), name="referral_drafts"),
        ]

    def __str__(self) -> str:
        return f"{self.case} → {self.service_id}"


class Packet(SealedRow):
    """What the receiver gets: the agreed fields, frozen. Sealed under a key of its own, so that it never opens the case."""

    referral = models.ForeignKey(Referral, models.PROTECT, related_name="packets")
    number = models.PositiveSmallIntegerField()
    grant = models.ForeignKey("referral.Grant", models.PROTECT, related_name="+")
    categories = models.JSONField()
    made_at = models.DateTimeField(default=timezone.now)
    digest = models.CharField(max_length=64)  # keys.packet_digest: keyed, so that nobody can try out names on it
    revoked_at = models.DateTimeField(null=True, blank=True)
    fields = SealedField(tier=3)

    class Meta:
        constraints = [models.UniqueConstraint("referral", "number", name="packets_of_a_referral_are_numbered")]


class ReferralEvent(SealedRow):
    """What happened to a referral, by whom, when. Only ever added: the database refuses anything else."""

    referral = models.ForeignKey(Referral, models.PROTECT, related_name="events")
    number = models.PositiveIntegerField()
    event = models.CharField(max_length=20, choices=Event)
    before = models.CharField(max_length=20, blank=True)
    after = models.CharField(max_length=20, blank=True)
    kind_of_actor = models.CharField(max_length=20, choices=[(actor.value, actor.value) for actor in Actor])
    user = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    partner = models.ForeignKey("referral.Partner", models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    words = SealedField(tier=2)  # question, answer, note: for both sides; under the packet's key

    class Meta:
        ordering = ("number",)
        constraints = [models.UniqueConstraint("referral", "number", name="events_of_a_referral_are_numbered")]


class ReceiverLink(models.Model):
    """The way of a receiver without an account: a signed address, opened by a short code that is read out by phone."""

    referral = models.ForeignKey(Referral, models.CASCADE, related_name="links")
    token_hash = models.CharField(max_length=64, unique=True)
    code_hash = models.CharField(max_length=128)
    wrapped = models.BinaryField()  # the packet's key, under a key of token and code: the site alone cannot open it
    made_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    failed = models.PositiveSmallIntegerField(default=0)
    opened_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return str(self.referral_id)
